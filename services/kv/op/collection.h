/* services/kv/op/collection.h - how much lies under one partition key
 *
 * An item collection is what has one partition key in a table with local
 * indexes: its items, and their rows in those. After a write that asked for it,
 * the sizes of those it touched are read, each once.
 */
#ifndef PARLOR_KV_COLLECTION_H
#define PARLOR_KV_COLLECTION_H

#include "services/kv/op/change.h"

struct kv_collection {
	const struct kv_table *table;
	struct slice key; /* the partition key's attribute, canonical */
	int64_t bytes;
};

/* Lives in the call's memory until `done`. */
struct kv_collections {
	struct kv_collection *rows;
	size_t count;
	void (*done)(struct call *, struct kv_collections *);
	void *arg;
	/* the operation's */
	struct call *call;
	struct store_size *sizes;
	struct store_read read;
};

/* Empty, with room for those of so many changes. Returns 0, or the call has
 * failed. */
int kv_collections_init(struct kv_collections *, struct call *, size_t room);

/* The collection of a change, unless it is there or its table has none. */
void kv_collections_add(struct kv_collections *, const struct kv_change *);

/* Reads how large they are. `done` is always called, perhaps before this
 * returns; what cannot be read is left out, since the writes are done. */
void kv_collections_read(struct kv_collections *);

#endif
