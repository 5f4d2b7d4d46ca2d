/* services/kv/op/batch_write_item.h - many puts and deletes, each by itself
 *
 * All are checked before any is done. What there is no capacity for, and what
 * the engine would not take, comes back as not done, for the caller to ask
 * again.
 */
#ifndef PARLOR_KV_BATCH_WRITE_ITEM_H
#define PARLOR_KV_BATCH_WRITE_ITEM_H

#include "services/kv/op/item_write.h"

enum { KV_BATCH_WRITE_MAX = 25 };

/* Lives in the call's memory until `done`. */
struct kv_batch_write {
	struct kv_item_write *writes; /* a change each, without a condition */
	size_t count;
	/* Each write's fault says whether it was done; or the call failed. */
	void (*done)(struct call *, struct kv_batch_write *);
	void *arg;
	/* the operation's */
	struct arena *mems;
	size_t pending;
	struct call *call;
};

/* `done` is always called. */
void kv_batch_write_item(struct call *, struct kv_batch_write *);

#endif
