/* services/kv/store/sizes.h - rows, bytes and storage of each table, kept with
 * its writes
 *
 * A group's changes gather here and are added to the stored counts once, before
 * the group commits. Storage is bytes times seconds: a size holds from the
 * second of the group that made it to that of the next. What a table held in an
 * hour goes to the ledger when the hour is over or the ledger is read; it is
 * kept in the row that every change writes anyway, so SIGKILL loses nothing and
 * a table at rest costs no work.
 */
#ifndef PARLOR_KV_STORE_SIZES_H
#define PARLOR_KV_STORE_SIZES_H

#include "services/kv/store/ledger.h"
#include "services/kv/store/row.h"

enum { SIZES_GATHERED = 64 };

struct sizes {
	struct ledger *ledger; /* where storage goes */
	int64_t now_ms;	       /* never goes back */
	size_t count;
	struct {
		uint32_t table;
		struct row_delta delta;
	} rows[SIZES_GATHERED];
};

void sizes_add(struct sizes *, struct lmdb_txn *, uint32_t table,
	       struct row_delta);
void sizes_flush(struct sizes *, struct lmdb_txn *);

/* Counts the table's storage from now on, if it is not counted yet. */
void sizes_meter(struct sizes *, struct lmdb_txn *,
		 const struct store_metered *);

/* Brings the storage of all tables into the ledger up to now. */
void sizes_settle(struct sizes *, struct lmdb_txn *);

/* Forgets a table, whose storage has been counted up to now. */
void sizes_forget(struct sizes *, struct lmdb_txn *, uint32_t table);

/* Of one table, zeros when it never had a row. */
void sizes_read(struct lmdb_txn *, struct store_size *);

#endif
