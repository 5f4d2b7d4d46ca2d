/* services/kv/op/item_write.h - one item written: PutItem, UpdateItem,
 * DeleteItem
 *
 * Which of them it is says the change's kind; each has its own file for what is
 * its own.
 */
#ifndef PARLOR_KV_ITEM_WRITE_H
#define PARLOR_KV_ITEM_WRITE_H

#include "services/kv/op/change.h"

/* Lives in the call's memory until `done`. */
struct kv_item_write {
	struct kv_change change;
	struct arena *mem; /* the decider's; NULL: the call's */
	/* The item is written, or the fault says why not. */
	void (*done)(struct call *, struct kv_item_write *);
	void *arg;
	struct fault fault;
	/* the operation's */
	struct call *call;
	struct store_key key;
	struct store_write write;
};

/* Submits a prepared and permitted change. `done` is always called, perhaps
 * before this returns. */
void kv_item_write(struct call *, struct kv_item_write *);

/* Prepares it, asks whether it may be, and submits it. */
void kv_item_write_whole(struct call *, struct kv_item_write *);

#endif
