/* services/kv/op/delete_item.c - no item in the place of what was there
 *
 * And the check of a transaction, which leaves it there.
 */
#include "services/kv/op/change.h"

int kv_delete_prepare(struct call *c, struct kv_change *change, struct fault *f)
{
	return kv_key_of_map(&change->table->key, change->item, c->mem,
			     &change->key, f);
}

int kv_delete_apply(struct kv_change *change, struct arena *mem,
		    struct fault *f)
{
	(void)mem;
	(void)f;
	change->after = slice_make(NULL, 0);
	return 0;
}

int kv_check_apply(struct kv_change *change, struct arena *mem, struct fault *f)
{
	(void)mem;
	(void)f;
	change->after = change->before;
	return 0;
}
