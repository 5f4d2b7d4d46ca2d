/* services/kv/op/batch_write_item.c - many puts and deletes */
#include "services/kv/op/batch_write_item.h"
#include "lib/rpc/op.h"
#include "services/kv/op/distinct.h"

/* An item as it is, and its rows in indexes. */
enum { WRITE_MEMORY = 16 << 20 };

/* What is known so far of what those before the `end`th use of their table. */
static int64_t used_before(const struct kv_batch_write *batch, size_t end)
{
	int64_t used = 0;

	for (size_t i = 0; i < end; i++)
		if (batch->writes[i].change.table ==
			batch->writes[end].change.table &&
		    !batch->writes[i].fault.code)
			used += kv_cost_total(&batch->writes[i].change.cost);
	return used;
}

/* What there is no capacity for is not done; if that is all of it, the call
 * fails. */
static int admit(struct call *c, struct kv_batch_write *batch)
{
	bool any = false;

	for (size_t i = 0; i < batch->count; i++) {
		struct kv_item_write *w = &batch->writes[i];

		kv_change_refused_cost(&w->change);
		if (kv_change_admit(c, &w->change, used_before(batch, i)))
			w->fault = c->fault;
		else
			any = true;
		if (any)
			fault_clear(&c->fault);
	}
	return call_status(c);
}

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
	return admit(c, batch);
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

		if (w->fault.code) {
			one_less(c, batch);
			continue;
		}
		arena_init(&batch->mems[i], WRITE_MEMORY);
		w->mem = &batch->mems[i];
		w->done = written;
		w->arg = batch;
		kv_item_write(c, w);
	}
	one_less(c, batch);
}
