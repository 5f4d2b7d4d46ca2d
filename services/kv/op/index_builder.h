/* services/kv/op/index_builder.h - indexes that are being made or taken away
 *
 * A thread of its own, which goes through the catalog whenever it is woken. An
 * index that UpdateTable made is kept by all writes from the moment it is in
 * the catalog's view; what was there before is then brought in, some items at a
 * time, each of them read and its row written in one write, so that no order of
 * writes can leave a wrong row; how far that came is written with it. It is read
 * from when all are in. An index that is to go is first out of all writes' sight,
 * and then dropped. All of this stands in the store, so a start goes on where a
 * stop left it.
 */
#ifndef PARLOR_KV_INDEX_BUILDER_H
#define PARLOR_KV_INDEX_BUILDER_H

#include "services/kv/op/kv.h"

struct index_builder;

/* Begins with what it finds in the catalog. */
struct index_builder *index_builder_new(struct kv *);

/* Any thread: there may be something to do. NULL is all right. */
void index_builder_wake(struct index_builder *);

/* Finishes the write under way. NULL is all right. */
void index_builder_free(struct index_builder *);

#endif
