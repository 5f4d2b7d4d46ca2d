/* services/kv/model/expiry.c - when the time of items that have one is over */
#include "services/kv/model/expiry.h"
#include "services/kv/model/item.h"

#include <inttypes.h>
#include <stdio.h>

enum { FIVE_YEARS = (5 * 365 + 1) * 24 * 60 * 60 };

struct slice kv_expiry_bucket(unsigned bucket)
{
	static const uint8_t names[KV_EXPIRY_BUCKETS] = { 0,  1,  2,  3, 4,  5,
							  6,  7,  8,  9, 10, 11,
							  12, 13, 14, 15 };

	return slice_make(&names[bucket % KV_EXPIRY_BUCKETS], 1);
}

/* Of its partition key (FNV-1a): the items of one expire one behind the other.
 */
static unsigned bucket_of(const struct kv_table *t, struct slice item)
{
	struct slice key = item_find_slice(item, t->key.parts[0].name).bytes;
	uint32_t hash = UINT32_C(2166136261);

	for (size_t i = 0; i < key.size; i++)
		hash = (hash ^ key.data[i]) * UINT32_C(16777619);
	return hash % KV_EXPIRY_BUCKETS;
}

/* A number as bytes in order. */
static struct slice encode(struct slice text, struct arena *mem)
{
	static const struct kv_key_schema seconds = {
		.parts = { { .type = ITEM_N } }, .count = 1
	};
	const struct item_value value = { .type = ITEM_N, .bytes = text };
	struct slice key = { 0 };
	struct fault why;

	fault_clear(&why);
	kv_key_values(&seconds, true, &value, 1, mem, &key, &why);
	return key;
}

static struct slice project(const struct kv_table *t, struct slice item,
			    struct arena *mem)
{
	struct slice rest = item, name, projected;
	struct item_value value;
	struct buffer out;

	buffer_init(&out, KV_ITEM_BYTES_MAX);
	while (item_next(&rest, &name, &value) > 0)
		if (kv_schema_has(&t->key, name) ||
		    slice_equal(name, t->ttl.attribute))
			item_put(&out, name, &value);
	projected = arena_slice(mem, buffer_slice(&out));
	buffer_release(&out);
	return projected;
}

bool kv_expiry_row(const struct kv_table *t, struct slice item,
		   struct arena *mem, struct kv_index_row *row)
{
	struct item_value end;

	if (!t->ttl.attribute.size || !item.size)
		return false;
	end = item_find_slice(item, t->ttl.attribute);
	if (end.type != ITEM_N)
		return false;
	*row = (struct kv_index_row){
		.key = { .hash = kv_expiry_bucket(bucket_of(t, item)),
			 .sort = encode(end.bytes, mem) },
		.item = project(t, item, mem),
	};
	return true;
}

static struct slice encode_second(int64_t second, struct arena *mem)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, second);
	return encode(slice_of(text), mem);
}

bool kv_expiry_range(int64_t now_ms, struct arena *mem, struct slice *low,
		     struct slice *high)
{
	*low = encode_second(now_ms / 1000 - FIVE_YEARS, mem);
	*high = encode_second(now_ms / 1000, mem);
	return !mem->full;
}
