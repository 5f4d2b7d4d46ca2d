/* services/kv/usage/unit.h - what an operation costs
 *
 * DynamoDB's published rules for on-demand capacity, in halves of a unit, so
 * that sums stay whole numbers: a read unit is 4 KB read consistently, a write
 * unit 1 KB written; what is not there costs as much as the smallest item.
 * Items count as model/item.h says. The room is pure.
 */
#ifndef PARLOR_KV_UNIT_H
#define PARLOR_KV_UNIT_H

#include "services/kv/model/key.h"

/* Halves of a read unit for each 4 KB. */
enum kv_read {
	KV_READ_EVENTUAL = 1,
	KV_READ_CONSISTENT = 2,
	KV_READ_TRANSACTIONAL = 4,
};

/* Halves of a write unit for each KB. */
enum kv_write {
	KV_WRITE_PLAIN = 2,
	KV_WRITE_TRANSACTIONAL = 4,
};

/* Reading one item, or a page of a query or scan that looked at `size` bytes
 * altogether. */
int64_t kv_units_read(enum kv_read, size_t size);

/* A write of an item that had `before` bytes (0: was not there) and has `after`
 * (0: is deleted): the larger of the two is paid. A refused one costs what the
 * item that is there does: `after` is 0. */
int64_t kv_units_write(enum kv_write, size_t before, size_t after);

/* Reading an item, in a transaction, whose transactional write cost so many
 * halves. */
int64_t kv_units_reread(int64_t written);

/* What a write costs in one index: nothing where the row stays as it is, one
 * write where it comes, goes or changes, two where its key changes. NULL: there
 * is no such row. An index follows the table, so a transaction pays it once. */
int64_t kv_units_index(const struct kv_index_row *before,
		       const struct kv_index_row *after);

#endif
