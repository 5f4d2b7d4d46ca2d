/* services/kv/store/row.h - items and index rows in LMDB
 *
 * A row is the partition key and the item: the key holds only the partition
 * key's hash, so each read compares the partition key itself. Where the whole
 * key passes 511 bytes the row is a list, in order of whole keys, of entries
 * that hold theirs. A long key costs more, a short one nothing.
 */
#ifndef PARLOR_KV_STORE_ROW_H
#define PARLOR_KV_STORE_ROW_H

#include "services/kv/store/key.h"
#include "services/kv/store/lmdb.h"

/* What a change of one row did to the counts of its table; bytes are what items
 * count as (store_measure_fn). */
struct row_delta {
	int64_t rows, bytes;
};

/* The item, null data when there is none. */
struct slice row_find(struct lmdb_txn *, const struct row_key *,
		      struct slice hash_key);

/* The same, without leaving the place of a walk by row_each. */
struct slice row_find_beside(struct lmdb_txn *, const struct row_key *,
			     struct slice hash_key);

/* Writes in place of what stands there. E_INTERNAL sticks in the transaction
 * (as MDB_CORRUPTED) when two partition keys share their 16 bytes of hash. */
struct row_delta row_put(struct lmdb_txn *, const struct row_key *,
			 struct slice hash_key, struct slice item);

struct row_delta row_delete(struct lmdb_txn *, const struct row_key *,
			    struct slice hash_key);

/* Rows of [first, end) in order or backward, of any partition key when
 * `hash_key` has null data; until `visit` says so. */
void row_each(struct lmdb_txn *, const struct row_key *first,
	      const struct row_key *end, struct slice hash_key, bool backward,
	      enum store_visit (*visit)(void *arg, struct slice item),
	      void *arg);

/* Deletes up to `limit` LMDB rows of a table; false when none was left. */
bool row_drop(struct lmdb_txn *, uint32_t table, int limit);

#endif
