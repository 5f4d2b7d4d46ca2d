/* services/kv/op/usage.h - the ledger, read and added to */
#ifndef PARLOR_KV_OP_USAGE_H
#define PARLOR_KV_OP_USAGE_H

#include "services/kv/op/kv.h"
#include "services/kv/store/store.h"
#include "services/kv/usage/price.h"

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

/* ---- the bill --------------------------------------------------------------
 */

enum { BILL_LINES_MAX = 5000 };

/* What lines are told apart by, besides month and unit. */
enum bill_by {
	BILL_BY_RESOURCE = 1 << 0,
	BILL_BY_PRINCIPAL = 1 << 1,
	BILL_BY_OPERATION = 1 << 2,
	BILL_BY_USER = 1 << 3,
	BILL_BY_COST_TAG = 1 << 4,
};

struct bill_query {
	struct usage_query rows; /* without limit and token */
	unsigned by;
};

struct bill_line {
	struct store_usage sum; /* its hour is the month's first, of `hours` */
	const struct price *price; /* NULL: the unit has none */
	price_amount amount;
};

struct bill {
	struct price_sheet sheet;
	struct bill_line *lines; /* in order */
	size_t count;
	price_amount total; /* of the lines' amounts */
};

/* `bill` is NULL if the call failed. */
void kv_get_bill(struct call *, const struct bill_query *,
		 void (*done)(struct call *, const struct bill *));

/* ---- for both --------------------------------------------------------------
 */

/* Is it one of the rows that are asked for? */
bool usage_matches(const struct usage_query *, const struct store_usage *);

/* Fails the call when the hours are none. */
int usage_check_hours(struct call *, const struct usage_query *);

/* Copies the row, its texts into the arena. */
void usage_copy(struct store_usage *, const struct store_usage *,
		struct arena *);

/* ---- adding ----------------------------------------------------------------
 */

/* A daemon's totals; it can put its own only. */
void kv_put_usage(struct call *, const struct store_totals *,
		  void (*done)(struct call *));

#endif
