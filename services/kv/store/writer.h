/* services/kv/store/writer.h - the one thread that changes the LMDB file
 *
 * It takes everything that waits, applies it as one group in one transaction,
 * makes the group durable with one commit, and then answers each. A decider
 * sees what came before it in its group; one that refuses leaves nothing. When
 * a group fails, each of its writes is tried once more by itself, so that only
 * the one that cannot be done pays. Between groups it folds the ledger's log,
 * empties dropped tables and forgets old tokens and changes, each in small
 * steps.
 */
#ifndef PARLOR_KV_STORE_WRITER_H
#define PARLOR_KV_STORE_WRITER_H

#include "services/kv/store/followers.h"
#include "services/kv/store/lmdb.h"
#include "services/kv/store/store.h"

enum writer_kind {
	WRITER_ITEMS,
	WRITER_TOTALS, /* `state` is the struct store_totals */
	WRITER_FOLD,   /* moves all of the log into the ledger */
};

enum { WRITER_QUEUE_MAX = 8192 };

struct writer;

/* Whoever follows a table hears of each commit that changed it. */
struct writer *writer_new(struct lmdb *, struct followers *);

/* Any thread, without a lock. -E_EXHAUSTED when the queue is full. */
int writer_submit(struct writer *, struct store_write *, enum writer_kind);

/* Finishes what waits, then ends the thread. */
void writer_free(struct writer *);

bool writer_healthy(const struct writer *);

#endif
