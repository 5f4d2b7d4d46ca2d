/* services/kv/op/batch_execute_statement.c - statements, each by itself */
#include "services/kv/op/batch_execute_statement.h"

/* An item as it is, and its rows in indexes. */
enum { WRITE_MEMORY = 16 << 20 };

static void one_less(struct call *c, struct kv_batch_execute *batch)
{
	if (--batch->pending == 0)
		batch->done(c, batch);
}

/* A failure of the call is that of one statement. */
static void finish(struct call *c, struct kv_executed *one)
{
	if (!one->fault.code)
		one->fault = c->fault;
	fault_clear(&c->fault);
	one_less(c, one->batch);
}

static void got(struct call *c, struct kv_get *get)
{
	struct kv_executed *one = get->arg;

	if (!call_failed(c))
		kv_cost_bill(&one->cost, c);
	one->item = one->wanted.item;
	finish(c, one);
}

static void read_one(struct call *c, struct kv_executed *one)
{
	one->wanted.cost = &one->cost;
	one->get = (struct kv_get){
		.wanted = &one->wanted, .count = 1, .done = got, .arg = one
	};
	kv_cost_init(&one->cost, c, one->wanted.table, KV_READ_UNITS);
	if (call_status(c) ||
	    kv_get_prepare(c, &one->get, one->batch->action, ""))
		finish(c, one);
	else
		kv_get_items(c, &one->get);
}

static void written(struct call *c, struct kv_item_write *write)
{
	struct kv_executed *one = write->arg;
	const struct kv_change *change = &write->change;
	struct slice item = { 0 };

	one->fault = write->fault;
	one->cost = change->cost;
	if (change->refused && change->show)
		item = change->before;
	else if (!call_failed(c) && !one->fault.code)
		item = kv_change_returned(change, &one->mem);
	if (item.size)
		one->item = arena_slice(c->mem, item);
	arena_release(&one->mem);
	finish(c, one);
}

static void write_one(struct call *c, struct kv_executed *one)
{
	arena_init(&one->mem, WRITE_MEMORY);
	one->write.mem = &one->mem;
	one->write.done = written;
	one->write.arg = one;
	kv_item_write_whole(c, &one->write);
}

void kv_batch_execute_statement(struct call *c, struct kv_batch_execute *batch)
{
	/* one more, so that it does not end before all are submitted */
	batch->pending = batch->count + 1;
	for (size_t i = 0; i < batch->count; i++) {
		struct kv_executed *one = &batch->all[i];

		one->batch = batch;
		if (one->fault.code)
			one_less(c, batch);
		else
			(one->reads ? read_one : write_one)(c, one);
	}
	one_less(c, batch);
}
