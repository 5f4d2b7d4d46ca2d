/* services/kv/store/rollup.h - old rows of the ledger become fewer
 *
 * Hours that are over for 40 days become their day's, days that are over for
 * 400 their month's (UTC): the quantities of rows that are equal but for their
 * hour are added to the row of the period's first hour. Every sum is kept, and
 * what comes late for such an hour goes to the same row. How far this has come
 * is kept with the rows, so it goes on after any end.
 */
#ifndef PARLOR_KV_STORE_ROLLUP_H
#define PARLOR_KV_STORE_ROLLUP_H

#include "services/kv/store/lmdb.h"

/* All before these hours is days, and months. */
struct rollup {
	uint32_t days, months;
	int64_t moved; /* rows, ever */
};

void rollup_read(struct lmdb_txn *, struct rollup *);

/* The hour under which a row of `hour` stands. */
int64_t rollup_hour(const struct rollup *, int64_t hour);

/* How many hours a row that stands under `hour` is about. */
int64_t rollup_hours(const struct rollup *, int64_t hour);

/* Moves some rows; false when nothing is left to be moved as of `now_ms`. */
bool rollup_step(struct lmdb_txn *, int64_t now_ms);

#endif
