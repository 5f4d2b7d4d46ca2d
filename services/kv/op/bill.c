/* services/kv/op/bill.c - what a call costs, under whom and what */
#include "services/kv/op/bill.h"
#include "lib/meter/spool.h"
#include "lib/rpc/op.h"

static const char *const units[] = {
	[KV_READ_UNITS] = "ReadRequestUnits",
	[KV_WRITE_UNITS] = "WriteRequestUnits",
	[KV_STREAM_UNITS] = "StreamReadRequestUnits",
};

static struct slice shortened(struct slice text)
{
	if (text.size > STORE_USAGE_TEXT_MAX)
		text.size = STORE_USAGE_TEXT_MAX;
	return text;
}

/* Every call makes it, so without printf. */
struct slice kv_usage_resource(struct arena *mem, const struct kv_table *table,
			       const struct kv_index *index)
{
	static const char between[] = "/index/";
	size_t middle = sizeof(between) - 1, size;
	uint8_t *text;

	if (!index)
		return table->name;
	size = table->name.size + middle + index->name.size;
	text = arena_alloc(mem, size);
	if (!text)
		return table->name;
	memcpy(text, table->name.data, table->name.size);
	memcpy(text + table->name.size, between, middle);
	memcpy(text + table->name.size + middle, index->name.data,
	       index->name.size);
	return shortened(slice_make(text, size));
}

/* The end user, where somebody else decides. */
static struct slice user_of(const struct call *c)
{
	return slice_equal(c->principal.text, c->user.text) ? SLICE("")
							    : c->user.text;
}

struct store_usage kv_usage(struct call *c, const struct kv_table *table,
			    const struct kv_index *index, enum kv_unit unit,
			    int64_t halves)
{
	return (struct store_usage){
		.principal = shortened(c->principal.text),
		.resource = kv_usage_resource(c->mem, table, index),
		.operation = slice_of(c->op->name),
		.unit = slice_of(units[unit]),
		.user = shortened(user_of(c)),
		.hour = kv_hour(c),
		.quantity = halves,
	};
}

void kv_bill(struct call *c, const struct store_usage *usage)
{
	const struct spool_key key = {
		.principal = usage->principal,
		.resource = usage->resource,
		.user = usage->user,
		.cost_tag = usage->cost_tag,
		.operation = c->op->name,
		.unit = (const char *)usage->unit.data,
		.hour = usage->hour,
	};

	if (kv_of(c)->spool)
		spool_add(kv_of(c)->spool, &key, usage->quantity);
}
