/* services/kv/op/cost.h - what a call uses of one table
 *
 * Counted apart for the table and each of its indexes. Its texts are made
 * before the work begins, on the call's thread; the counts may be set by a
 * decider on another.
 */
#ifndef PARLOR_KV_COST_H
#define PARLOR_KV_COST_H

#include "services/kv/op/bill.h"

struct kv_cost {
	const struct kv_table *table;
	enum kv_unit unit;
	/* the table's, then each index's in order: the quantity is in halves of
	 * a unit */
	struct store_usage *rows;
	size_t count;
};

/* Nothing yet. False when the call's memory is full. */
bool kv_cost_init(struct kv_cost *, struct call *, const struct kv_table *,
		  enum kv_unit);

/* The count of the table (NULL) or an index. */
int64_t *kv_cost_of(const struct kv_cost *, const struct kv_index *);

void kv_cost_clear(struct kv_cost *);

/* Adds another one of the same table. */
void kv_cost_add(struct kv_cost *, const struct kv_cost *);

int64_t kv_cost_total(const struct kv_cost *);

/* Copies the rows that count something to `out`; returns how many. */
size_t kv_cost_rows(const struct kv_cost *, struct store_usage *out);

/* Counts it in the spool, and takes it from what may be used. */
void kv_cost_bill(const struct kv_cost *, struct call *);

#endif
