/* services/kv/op/record.c - what a change of an item was */
#include "services/kv/op/record.h"
#include "services/kv/model/item.h"
#include "services/kv/model/key.h"

enum { RECORD_MAX = 2 << 20 };

static const struct {
	bool before, after;
} kept[KV_STREAM_COUNT] = {
	[KV_STREAM_NEW_IMAGE] = { false, true },
	[KV_STREAM_OLD_IMAGE] = { true, false },
	[KV_STREAM_NEW_AND_OLD_IMAGES] = { true, true },
};

static void put_image(struct buffer *b, const char *name, bool wanted,
		      struct slice item)
{
	if (wanted && item.size)
		item_put_inner(b, name, ITEM_M, item);
}

struct slice kv_record_write(const struct kv_table *table, struct slice before,
			     struct slice after, bool by_service,
			     struct arena *mem)
{
	struct slice item = after.size ? after : before, record = { 0 };
	struct buffer b;

	if (table->stream == KV_STREAM_NONE || slice_equal(before, after))
		return record;
	buffer_init(&b, RECORD_MAX);
	item_put_i64(&b, "event",
		     !before.size  ? KV_EVENT_INSERT
		     : !after.size ? KV_EVENT_REMOVE
				   : KV_EVENT_MODIFY);
	if (by_service)
		item_put_bool(&b, "service", true);
	item_put_inner(&b, "keys", ITEM_M,
		       kv_key_attributes(table, NULL, item, mem));
	put_image(&b, "before", kept[table->stream].before, before);
	put_image(&b, "after", kept[table->stream].after, after);
	record = arena_slice(mem, buffer_slice(&b));
	buffer_release(&b);
	return record;
}

void kv_record_read(struct slice bytes, struct kv_record *out)
{
	out->event = (enum kv_event)item_find_i64(bytes, "event", 0);
	out->by_service = item_find(bytes, "service").truth;
	out->keys = item_find(bytes, "keys").bytes;
	out->before = item_find(bytes, "before").bytes;
	out->after = item_find(bytes, "after").bytes;
}

size_t kv_record_size(const struct kv_record *record)
{
	return kv_item_size(record->keys) + kv_item_size(record->before) +
	       kv_item_size(record->after);
}
