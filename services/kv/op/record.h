/* services/kv/op/record.h - what a change of an item was, for its table's stream
 *
 * A record is kept as an item, so that it is read with the same eyes as all the
 * rest.
 */
#ifndef PARLOR_KV_OP_RECORD_H
#define PARLOR_KV_OP_RECORD_H

#include "lib/base/arena.h"
#include "services/kv/model/table.h"

enum kv_event { KV_EVENT_INSERT, KV_EVENT_MODIFY, KV_EVENT_REMOVE };

struct kv_record {
	enum kv_event event;
	bool by_service; /* the store itself took the item away: it expired */
	struct slice keys;
	struct slice before, after; /* null data: not kept, or none */
};

/* Of an item that was `before` and is `after`, one of them empty where there
 * was none or is none. Null data when the table has no stream or the item is as
 * it was, and when the arena is full. */
struct slice kv_record_write(const struct kv_table *, struct slice before,
			     struct slice after, bool by_service,
			     struct arena *);

/* Points into the bytes. */
void kv_record_read(struct slice bytes, struct kv_record *);

/* As DynamoDB counts it: its keys and its images. */
size_t kv_record_size(const struct kv_record *);

#endif
