/* services/kv/usage/unit.c - what an operation costs */
#include "services/kv/usage/unit.h"
#include "services/kv/model/item.h"

enum { READ_BLOCK = 4096, WRITE_BLOCK = 1024 };

static int64_t blocks(size_t size, size_t block)
{
	return size ? (int64_t)((size + block - 1) / block) : 1;
}

int64_t kv_units_read(enum kv_read kind, size_t size)
{
	return blocks(size, READ_BLOCK) * (int64_t)kind;
}

int64_t kv_units_write(enum kv_write kind, size_t before, size_t after)
{
	return blocks(before > after ? before : after, WRITE_BLOCK) *
	       (int64_t)kind;
}

int64_t kv_units_reread(int64_t written)
{
	size_t size = (size_t)(written / KV_WRITE_TRANSACTIONAL) * WRITE_BLOCK;

	return kv_units_read(KV_READ_TRANSACTIONAL, size);
}

static bool same_key(const struct kv_index_row *a, const struct kv_index_row *b)
{
	return slice_equal(a->key.hash, b->key.hash) &&
	       slice_equal(a->key.sort, b->key.sort);
}

int64_t kv_units_index(const struct kv_index_row *before,
		       const struct kv_index_row *after)
{
	size_t old = before ? kv_item_size(before->item) : 0;
	size_t new = after ? kv_item_size(after->item) : 0;

	if (!before && !after)
		return 0;
	if (!before || !after)
		return kv_units_write(KV_WRITE_PLAIN, old, new);
	if (!same_key(before, after))
		return kv_units_write(KV_WRITE_PLAIN, old, 0) +
		       kv_units_write(KV_WRITE_PLAIN, 0, new);
	if (slice_equal(before->item, after->item))
		return 0;
	return kv_units_write(KV_WRITE_PLAIN, old, new);
}
