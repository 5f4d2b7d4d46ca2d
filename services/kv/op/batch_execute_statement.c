/* services/kv/op/batch_execute_statement.c - statements, each by itself */
#include "services/kv/op/batch_execute_statement.h"
#include "services/kv/op/distinct.h"

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

/* Checks and finds what one statement is on. */
static int prepare_read(struct call *c, struct kv_executed *one)
{
	one->wanted.cost = &one->cost;
	one->get = (struct kv_get){
		.wanted = &one->wanted, .count = 1, .done = got, .arg = one
	};
	kv_cost_init(&one->cost, c, one->wanted.table, KV_READ_UNITS);
	if (call_status(c) ||
	    kv_get_prepare(c, &one->get, one->batch->action, ""))
		return -c->fault.code;
	one->key = one->get.keys[0];
	return 0;
}

static int prepare_write(struct call *c, struct kv_executed *one)
{
	struct kv_change *change = &one->write.change;

	if (kv_change_prepare(c, change, &c->fault) ||
	    kv_change_permit(c, change) || kv_change_admit(c, change, 0))
		return -c->fault.code;
	one->key = kv_change_key(change);
	return call_status(c);
}

/* As DynamoDB's batches: no item may be twice among those that can be done. */
static int prepare(struct call *c, struct kv_batch_execute *batch)
{
	struct store_key *keys =
	    arena_array(c->mem, batch->count + 1, sizeof(*keys));
	size_t count = 0;

	for (size_t i = 0; keys && i < batch->count; i++) {
		struct kv_executed *one = &batch->all[i];

		one->batch = batch;
		if (one->fault.code)
			continue;
		if ((one->reads ? prepare_read : prepare_write)(c, one) == 0)
			keys[count++] = one->key;
		one->fault = c->fault;
		fault_clear(&c->fault);
	}
	if (keys && !kv_keys_distinct(keys, count, c->mem))
		call_fail(c, E_INVALID,
			  "Provided list of item keys contains duplicates");
	return call_status(c);
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

static void submit(struct call *c, struct kv_executed *one)
{
	if (one->reads) {
		kv_get_items(c, &one->get);
		return;
	}
	arena_init(&one->mem, WRITE_MEMORY);
	one->write.mem = &one->mem;
	one->write.done = written;
	one->write.arg = one;
	kv_item_write(c, &one->write);
}

void kv_batch_execute_statement(struct call *c, struct kv_batch_execute *batch)
{
	if (prepare(c, batch)) {
		batch->done(c, batch);
		return;
	}
	/* one more, so that it does not end before all are submitted */
	batch->pending = batch->count + 1;
	for (size_t i = 0; i < batch->count; i++) {
		if (batch->all[i].fault.code)
			one_less(c, batch);
		else
			submit(c, &batch->all[i]);
	}
	one_less(c, batch);
}
