/* services/kv/store/sizes.h - rows and bytes of each table, kept with its
 * writes
 *
 * A group's changes gather here and are added to the stored counts once, before
 * the group commits.
 */
#ifndef PARLOR_KV_STORE_SIZES_H
#define PARLOR_KV_STORE_SIZES_H

#include "services/kv/store/row.h"

enum { SIZES_GATHERED = 64 };

struct sizes {
	size_t count;
	struct {
		uint32_t table;
		struct row_delta delta;
	} rows[SIZES_GATHERED];
};

void sizes_add(struct sizes *, struct lmdb_txn *, uint32_t table,
	       struct row_delta);
void sizes_flush(struct sizes *, struct lmdb_txn *);

/* Of one table, zeros when it never had a row. */
void sizes_read(struct lmdb_txn *, struct store_size *);
void sizes_forget(struct lmdb_txn *, uint32_t table);

#endif
