/* services/kv/op/collection.c - how much lies under one partition key */
#include "services/kv/op/collection.h"

enum { KEY_MAX = 4096 }; /* a name and a value of a partition key */

int kv_collections_init(struct kv_collections *list, struct call *c,
			size_t room)
{
	list->call = c;
	list->count = 0;
	list->rows = arena_array(c->mem, room, sizeof(*list->rows));
	list->sizes = arena_array(c->mem, room, sizeof(*list->sizes));
	return call_status(c);
}

static struct slice key_of(const struct kv_change *change, struct arena *mem)
{
	struct slice name = change->table->key.parts[0].name;
	struct item_value value = item_find_slice(change->item, name);
	struct buffer b;
	struct slice key;

	buffer_init(&b, KEY_MAX);
	item_put(&b, name, &value);
	key = arena_slice(mem, buffer_slice(&b));
	buffer_release(&b);
	return key;
}

void kv_collections_add(struct kv_collections *list,
			const struct kv_change *change)
{
	uint32_t table = change->table->number;

	if (!kv_table_has_collections(change->table))
		return;
	for (size_t i = 0; i < list->count; i++)
		if (list->sizes[i].table == table &&
		    slice_equal(list->sizes[i].hash_key, change->key.hash))
			return;
	list->sizes[list->count] =
	    (struct store_size){ .table = table, .hash_key = change->key.hash };
	list->rows[list->count++] = (struct kv_collection){
		.table = change->table,
		.key = key_of(change, list->call->mem),
	};
}

static void counted(struct store_read *read)
{
	struct kv_collections *list = read->arg;

	if (read->fault.code)
		list->count = 0;
	for (size_t i = 0; i < list->count; i++)
		list->rows[i].bytes = list->sizes[i].bytes;
	list->done(list->call, list);
}

void kv_collections_read(struct kv_collections *list)
{
	struct call *c = list->call;

	if (list->count == 0) {
		list->done(c, list);
		return;
	}
	list->read = (struct store_read){ .done = counted,
					  .arg = list,
					  .loop = c->loop };
	store_sizes(kv_of(c)->store, list->sizes, list->count, &list->read);
}
