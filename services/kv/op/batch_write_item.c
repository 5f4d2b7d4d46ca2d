/* services/kv/op/batch_write_item.c - many puts and deletes */
#include "services/kv/op/batch_write_item.h"
#include "lib/rpc/op.h"
#include "services/kv/op/distinct.h"

/* An item as it is, and its rows in indexes. */
enum { WRITE_MEMORY = 16 << 20 };

static int prepare(struct call *c, struct kv_batch_write *batch)
{
	struct store_key *keys =
	    arena_array(c->mem, batch->count, sizeof(*keys));

	batch->call = c;
	batch->mems = arena_array(c->mem, batch->count, sizeof(*batch->mems));
	if (call_status(c))
		return -c->fault.code;
	for (size_t i = 0; i < batch->count; i++) {
		struct kv_change *change = &batch->writes[i].change;

		change->action = c->op->permission;
		if (kv_key_of_batched(&change->table->key, change->item, c->mem,
				      &change->key, &c->fault) ||
		    kv_change_prepare(c, change, &c->fault))
			return -c->fault.code;
		keys[i] = kv_change_key(change);
	}
	if (!kv_keys_distinct(keys, batch->count, c->mem))
		return call_fail(c, E_INVALID,
				 "Provided list of item keys contains "
				 "duplicates");
	for (size_t i = 0; i < batch->count; i++)
		if (kv_change_permit(c, &batch->writes[i].change))
			return -c->fault.code;
	return call_status(c);
}

static void one_less(struct call *c, struct kv_batch_write *batch)
{
	if (--batch->pending == 0)
		batch->done(c, batch);
}

static void written(struct call *c, struct kv_item_write *w)
{
	struct kv_batch_write *batch = w->arg;

	arena_release(w->mem);
	one_less(c, batch);
}

void kv_batch_write_item(struct call *c, struct kv_batch_write *batch)
{
	if (call_failed(c) || prepare(c, batch)) {
		batch->done(c, batch);
		return;
	}
	/* one more, so that it does not end before all are submitted */
	batch->pending = batch->count + 1;
	for (size_t i = 0; i < batch->count; i++) {
		struct kv_item_write *w = &batch->writes[i];

		arena_init(&batch->mems[i], WRITE_MEMORY);
		w->mem = &batch->mems[i];
		w->done = written;
		w->arg = batch;
		kv_item_write(c, w);
	}
	one_less(c, batch);
}
