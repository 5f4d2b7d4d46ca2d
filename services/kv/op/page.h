/* services/kv/op/page.h - a page of items: Query and Scan
 *
 * A page ends where its limit, a megabyte looked at, or the items do. What a
 * filter drops has been looked at all the same, and is paid for. Where a local
 * index has not all that is asked for, each of its rows' items is read from the
 * table, and paid for by itself.
 */
#ifndef PARLOR_KV_PAGE_H
#define PARLOR_KV_PAGE_H

#include "services/kv/access/policy.h"
#include "services/kv/expr/expr.h"
#include "services/kv/op/cost.h"
#include "services/kv/usage/unit.h"

enum { KV_PAGE_BYTES = 1 << 20 };

/* Lives in the call's memory until `done`. */
struct kv_page {
	/* in */
	const struct kv_table *table;
	const struct kv_index *index; /* NULL: the table itself */
	const struct kv_node *filter; /* NULL: none */
	const char *filter_name;      /* NULL: a query's may be on keys, too */
	const struct kv_paths *paths; /* NULL: whole items */
	const struct kv_scope *scope; /* of the expressions */
	const char *action;	      /* NULL: the row's permission */
	/* as given, for policies; or empty */
	struct slice select, capacity;
	bool count_only;
	size_t limit; /* 0: none */
	enum kv_read price;
	struct slice start; /* ExclusiveStartKey, canonical; null data: none */
	/* Each item that passes; it lives until this returns. */
	void (*item)(struct kv_page *, struct slice item);
	void (*done)(struct call *, struct kv_page *); /* or the call failed */
	void *arg;
	/* out */
	int32_t count, scanned;
	struct slice last; /* LastEvaluatedKey; empty: there is no more */
	struct kv_cost cost;
	/* the operation's */
	bool fetches;		/* items from the table */
	size_t bytes, fetched;	/* looked at: rows; items of the table */
	int64_t fetched_halves; /* of a unit */
	struct slice row;	/* whose item is being fetched */
	struct arena_mark mark; /* before its key was made */
	struct call *call;
	struct store_read read;
	struct store_partition part;
	struct store_range range;
	struct store_scan scan;
};

struct kv_query {
	struct kv_page page;
	struct kv_key_condition condition;
	bool backward;
};

struct kv_scan {
	struct kv_page page;
	uint32_t segment, segments; /* segments at least 1 */
};

/* Each checks what is left to check, asks whether it may be, reads and bills.
 * `done` is always called. */
void kv_query(struct call *, struct kv_query *);
void kv_scan(struct call *, struct kv_scan *);

/* ---- for query.c and scan.c ------------------------------------------------
 */

/* Has the index what is asked for? 0, or the call has failed. */
int kv_page_index(struct call *, struct kv_page *);

/* The place of `start` and its keys; the index's is left alone without one.
 * 0, or the call has failed. */
int kv_page_start(struct call *, struct kv_page *, bool scanned,
		  struct store_place *, struct kv_key *table,
		  struct kv_key *index);

/* Do no paths of the filter or the projection lead into a key? 0, or the call
 * has failed. */
int kv_page_scalars(struct call *, const struct kv_page *);

/* May it be read under these leading keys? 0, or the call has failed. */
int kv_page_permit(struct call *, struct kv_page *, struct policy_values);

/* Sets up cost and read. 0, or the call has failed. */
int kv_page_begin(struct call *, struct kv_page *);

/* The number of the table or index that is read. */
uint32_t kv_page_number(const struct kv_page *);

#endif
