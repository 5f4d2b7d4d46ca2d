/* services/kv/op/update_item.c - an item changed where it stands
 *
 * One that is not there yet begins as its key, unless the update makes none.
 */
#include "services/kv/model/item.h"
#include "services/kv/op/change.h"

int kv_update_prepare(struct call *c, struct kv_change *change, struct fault *f)
{
	const struct kv_table *table = change->table;

	if (kv_key_of_map(&table->key, change->item, c->mem, &change->key, f) ||
	    kv_update_check(&change->update, &table->key, f))
		return -E_INVALID;
	return kv_update_check_scalars(&change->update, table, f);
}

int kv_update_item_apply(struct kv_change *change, struct arena *mem,
			 struct fault *f)
{
	struct slice from = change->before.size ? change->before : change->item;

	if (change->update.makes_none && !change->before.size)
		return 0;
	if (kv_update_apply(&change->update, from, mem, &change->after, f))
		return -f->code;
	if (kv_item_size(change->after) > KV_ITEM_SIZE_MAX)
		return fault_set(f, E_INVALID,
				 "Item size to update has exceeded the maximum "
				 "allowed size");
	return 0;
}
