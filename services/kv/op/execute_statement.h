/* services/kv/op/execute_statement.h - a SELECT: queries one behind the other,
 * or a scan
 *
 * A condition on several partitions is a query of each. Limit and megabyte hold
 * for all of them together; each is billed as the query it is.
 */
#ifndef PARLOR_KV_EXECUTE_STATEMENT_H
#define PARLOR_KV_EXECUTE_STATEMENT_H

#include "services/kv/op/page.h"

/* Lives in the call's memory until `done`. */
struct kv_select {
	/* What is under way; before, what all of it has in common: its page's
	 * fields but for `done`, and `start` for where it begins. */
	union {
		struct kv_page page;
		struct kv_query query;
		struct kv_scan scan;
	} read;
	const struct kv_key_condition *conditions; /* a query each */
	size_t count;				   /* none: a scan */
	size_t at; /* the condition to begin with; in the end, to go on with */
	void (*done)(struct call *, struct kv_select *); /* or it failed */
	void *arg;
	/* out; page.last says more of where to go on */
	bool more;
	struct kv_cost cost;
	/* the operation's */
	struct kv_query begin; /* each query begins as this */
	size_t scanned, bytes;
};

/* `done` is always called. */
void kv_select(struct call *, struct kv_select *);

#endif
