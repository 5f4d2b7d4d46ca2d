/* services/kv/op/put_item.c - an item in the place of what was there */
#include "services/kv/model/item.h"
#include "services/kv/op/change.h"

int kv_put_prepare(struct call *c, struct kv_change *change, struct fault *f)
{
	int rows;

	if (kv_key_of_item(&change->table->key, change->item, c->mem,
			   &change->key, f))
		return -E_INVALID;
	if (kv_item_size(change->item) > KV_ITEM_SIZE_MAX)
		return fault_set(f, E_INVALID,
				 "Item size has exceeded the maximum allowed "
				 "size");
	change->rows = arena_array(c->mem, change->table->index_count + 1,
				   sizeof(*change->rows));
	if (!change->rows)
		return fault_set(f, E_HTTP_TOO_LARGE, "too much data");
	rows = kv_index_rows(change->table, change->item, false, c->mem,
			     change->rows, f);
	change->row_count = rows < 0 ? 0 : (size_t)rows;
	return rows < 0 ? rows : 0;
}

int kv_put_apply(struct kv_change *change, struct arena *mem, struct fault *f)
{
	(void)mem;
	(void)f;
	change->after = change->item;
	return 0;
}
