/* services/kv/op/remover.h - takes away what has expired
 *
 * A thread with a loop of its own that goes round the tables with a time to
 * live, a bucket of the index of what expires after the other: a few items at a
 * time, and with pauses, so that everybody else's writes hardly notice. What it
 * takes away costs nobody anything, and the stream says that the service did it.
 * Where a time to live was set on a table that had items, it first puts these in
 * the index, in the same way.
 *
 * It sees to it that the suite's own tables have theirs.
 */
#ifndef PARLOR_KV_REMOVER_H
#define PARLOR_KV_REMOVER_H

#include "services/kv/op/kv.h"

struct remover;

struct remover *remover_start(struct kv *);

/* Waits for what is under way; before the store is closed. */
void remover_stop(struct remover *);

#endif
