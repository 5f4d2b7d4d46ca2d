/* services/kv/op/usage.h - the ledger, read and added to */
#ifndef PARLOR_KV_OP_USAGE_H
#define PARLOR_KV_OP_USAGE_H

#include "services/kv/op/kv.h"
#include "services/kv/store/store.h"

enum { USAGE_ROWS_MAX = 1000 };

/* What is asked for; empty texts ask for any. */
struct usage_query {
	int64_t from_hour, to_hour; /* [from, to) */
	struct slice principal, resource, operation, unit;
	size_t limit;
	struct slice next_token; /* as answered; empty: from the start */
};

struct usage_page {
	struct store_usage *rows; /* texts in the call's memory */
	size_t count;
	struct slice next_token; /* empty: there is no more */
};

/* `page` is NULL if the call failed. */
void kv_get_usage(struct call *, const struct usage_query *,
		  void (*done)(struct call *, const struct usage_page *));

/* A daemon's totals; it can put its own only. */
void kv_put_usage(struct call *, const struct store_totals *,
		  void (*done)(struct call *));

#endif
