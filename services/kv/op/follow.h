/* services/kv/op/follow.h - a table's changes, as they become durable
 *
 * What is behind the position goes out in batches, as fast as the reader takes
 * it; then it is quiet until the table changes. It ends with the call's fault:
 * the reader has gone, the store stops, the stream has ended.
 */
#ifndef PARLOR_KV_OP_FOLLOW_H
#define PARLOR_KV_OP_FOLLOW_H

#include "services/kv/op/stream.h"

struct kv_follow_batch {
	const struct kv_table *table;
	const struct kv_streamed *rows;
	size_t count;
	struct slice position; /* behind them */
};

/* Sends a batch, which lives until it returns; returns as call_send. */
typedef size_t kv_follow_send(struct call *, const struct kv_follow_batch *);

/* From behind `position`; null data: from now on. The first batch may be empty
 * and says that it has begun. Ends the call. */
void kv_follow(struct call *, struct slice table, struct slice position,
	       kv_follow_send *);

#endif
