/* services/kv/store/collections.h - bytes of each partition of a table
 *
 * Kept with the writes of tables that ask for it, since a partition may not be
 * walked to be measured. Where none does nothing of this costs anything.
 */
#ifndef PARLOR_KV_STORE_COLLECTIONS_H
#define PARLOR_KV_STORE_COLLECTIONS_H

#include "services/kv/store/lmdb.h"
#include "services/kv/store/store.h"

void collections_add(struct lmdb_txn *, const struct store_partition *,
		     int64_t bytes);

/* 0 when nothing is there, or nothing was counted. */
int64_t collections_read(struct lmdb_txn *, const struct store_partition *);

/* Forgets up to `limit` partitions of a table; false when none was left. */
bool collections_drop(struct lmdb_txn *, uint32_t table, int limit);

#endif
