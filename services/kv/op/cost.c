/* services/kv/op/cost.c - what a call uses of one table */
#include "services/kv/op/cost.h"
#include "services/kv/op/capacity.h"

bool kv_cost_init(struct kv_cost *cost, struct call *c,
		  const struct kv_table *table, enum kv_unit unit)
{
	*cost = (struct kv_cost){ .table = table, .unit = unit };
	cost->rows =
	    arena_array(c->mem, 1 + table->index_count, sizeof(*cost->rows));
	if (!cost->rows)
		return false;
	cost->count = 1 + table->index_count;
	for (size_t i = 0; i < cost->count; i++)
		cost->rows[i] =
		    kv_usage(c, table, i ? &table->indexes[i - 1] : NULL, unit,
			     0);
	return true;
}

int64_t *kv_cost_of(const struct kv_cost *cost, const struct kv_index *index)
{
	size_t at = index ? 1 + (size_t)(index - cost->table->indexes) : 0;

	return &cost->rows[at].quantity;
}

void kv_cost_clear(struct kv_cost *cost)
{
	for (size_t i = 0; i < cost->count; i++)
		cost->rows[i].quantity = 0;
}

void kv_cost_add(struct kv_cost *cost, const struct kv_cost *more)
{
	for (size_t i = 0; i < cost->count; i++)
		cost->rows[i].quantity += more->rows[i].quantity;
}

int64_t kv_cost_total(const struct kv_cost *cost)
{
	int64_t total = 0;

	for (size_t i = 0; i < cost->count; i++)
		total += cost->rows[i].quantity;
	return total;
}

size_t kv_cost_rows(const struct kv_cost *cost, struct store_usage *out)
{
	size_t count = 0;

	for (size_t i = 0; i < cost->count; i++)
		if (cost->rows[i].quantity)
			out[count++] = cost->rows[i];
	return count;
}

void kv_cost_bill(const struct kv_cost *cost, struct call *c)
{
	for (size_t i = 0; i < cost->count; i++)
		if (cost->rows[i].quantity)
			kv_bill(c, &cost->rows[i]);
	kv_capacity_use(c, cost);
}
