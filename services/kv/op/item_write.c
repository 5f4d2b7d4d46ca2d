/* services/kv/op/item_write.c - one item written */
#include "services/kv/op/item_write.h"
#include "services/kv/op/capacity.h"

static int decide(struct store_write *write, struct arena *mem,
		  const struct slice *have, struct store_change *out)
{
	struct kv_item_write *w = write->arg;
	struct store_usage *usage =
	    arena_array(mem, w->change.cost.count, sizeof(*usage));

	if (!usage)
		return fault_set(&write->fault, E_HTTP_TOO_LARGE,
				 "too much data");
	if (kv_change_decide(&w->change, mem, have[0], &out[0], &write->fault))
		return -write->fault.code;
	write->usage = usage;
	write->usage_count = kv_cost_rows(&w->change.cost, usage);
	return 0;
}

static void again(struct kv_item_write *w)
{
	fault_clear(&w->fault);
	if (kv_change_renew(w->call, &w->change, &w->fault))
		w->done(w->call, w);
	else
		kv_item_write(w->call, w);
}

/* A refused condition costs too, and nothing was written that it could be
 * committed with. */
static void written(struct store_write *write)
{
	struct kv_item_write *w = write->arg;

	if (w->change.stale) {
		again(w);
		return;
	}
	w->fault = write->fault;
	if (write->outcome == STORE_UNKNOWN)
		fault_set(&w->fault, E_UNKNOWN,
			  "the write may or may not have taken place");
	else if (w->fault.code && w->change.refused)
		kv_cost_bill(&w->change.cost, w->call);
	else if (!w->fault.code)
		kv_capacity_use(w->call, &w->change.cost);
	w->done(w->call, w);
}

void kv_item_write(struct call *c, struct kv_item_write *w)
{
	w->call = c;
	w->key = kv_change_key(&w->change);
	w->write = (struct store_write){
		.keys = &w->key,
		.key_count = 1,
		.now_ms = c->now_ms,
		.decide = decide,
		.done = written,
		.arg = w,
		.loop = c->loop,
		.mem = w->mem ? w->mem : c->mem,
	};
	if (store_write(kv_of(c)->store, &w->write)) {
		w->fault = w->write.fault;
		w->done(c, w);
	}
}

void kv_item_write_whole(struct call *c, struct kv_item_write *w)
{
	if (call_failed(c) || kv_change_prepare(c, &w->change, &c->fault) ||
	    kv_change_permit(c, &w->change) ||
	    kv_change_admit(c, &w->change, 0) || call_status(c)) {
		w->done(c, w);
		return;
	}
	kv_item_write(c, w);
}
