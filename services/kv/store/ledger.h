/* services/kv/store/ledger.h - what everything cost, kept with the writes
 *
 * A row per hour and all that a count is counted under. A write's usage goes
 * first, one row a group, into a log beside the ledger: there it takes a page
 * or two however many principals wrote. About once a second the log is folded
 * into the ledger, in bounded steps; reading the ledger folds it first. Beside
 * that old rows are rolled up (rollup.h).
 */
#ifndef PARLOR_KV_STORE_LEDGER_H
#define PARLOR_KV_STORE_LEDGER_H

#include "lib/base/buffer.h"
#include "services/kv/store/lmdb.h"
#include "services/kv/store/store.h"

struct ledger {
	struct buffer gathered; /* of the group */
	uint64_t next;		/* sequence of its row in the log */
};

void ledger_init(struct ledger *, struct lmdb_txn *);
void ledger_release(struct ledger *);

/* Gathers rows of the group; ledger_flush puts them into the log. */
void ledger_add(struct ledger *, const struct store_usage *, size_t count);
void ledger_forget(struct ledger *);
void ledger_flush(struct ledger *, struct lmdb_txn *);

/* Gathers what a spool's totals have grown by. */
void ledger_add_totals(struct ledger *, struct lmdb_txn *,
		       const struct store_totals *);

/* Moves some of the log into the ledger; false when nothing is left. */
bool ledger_fold(struct lmdb_txn *);

/* Adds to the row of that hour and texts, a row's own bytes. */
void ledger_put(struct lmdb_txn *, int64_t hour, struct slice texts,
		int64_t quantity);

/* Hour and quantity of a ledger's row, and its texts as they stand. */
int64_t ledger_hour(struct slice key);
int64_t ledger_quantity(struct slice value);
struct slice ledger_texts(struct slice value);

void ledger_each(struct lmdb_txn *, struct store_ledger_read *);

#endif
