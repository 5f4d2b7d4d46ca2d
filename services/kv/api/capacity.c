/* services/kv/api/capacity.c - ConsumedCapacity */
#include "services/kv/api/capacity.h"
#include "services/kv/api/request.h"

typedef Parlor__Kv__V1__Capacity capacity;
typedef Parlor__Kv__V1__ConsumedCapacity consumed;
typedef Parlor__Kv__V1__ConsumedCapacity__GlobalSecondaryIndexesEntry
    global_entry;
typedef Parlor__Kv__V1__ConsumedCapacity__LocalSecondaryIndexesEntry
    local_entry;

enum api_capacity api_capacity_of(const char *word)
{
	return api_is(word, "TOTAL")	 ? API_CAPACITY_TOTAL
	       : api_is(word, "INDEXES") ? API_CAPACITY_ALL
					 : API_CAPACITY_NONE;
}

static double units(int64_t halves)
{
	return (double)halves / 2;
}

static capacity *make_capacity(struct arena *mem, int64_t halves, bool split,
			       enum kv_unit unit)
{
	capacity *out = arena_alloc(mem, sizeof(*out));

	if (!out)
		return NULL;
	parlor__kv__v1__capacity__init(out);
	out->has_capacity_units = true;
	out->capacity_units = units(halves);
	out->has_read_capacity_units = split && unit == KV_READ_UNITS;
	out->read_capacity_units = units(halves);
	out->has_write_capacity_units = split && unit == KV_WRITE_UNITS;
	out->write_capacity_units = units(halves);
	return out;
}

static bool add_global(struct arena *mem, consumed *out, char *name,
		       capacity *value)
{
	global_entry *entry = arena_alloc(mem, sizeof(*entry));

	if (!entry)
		return false;
	parlor__kv__v1__consumed_capacity__global_secondary_indexes_entry__init(
	    entry);
	entry->key = name;
	entry->value = value;
	out->global_secondary_indexes[out->n_global_secondary_indexes++] =
	    entry;
	return true;
}

static bool add_local(struct arena *mem, consumed *out, char *name,
		      capacity *value)
{
	local_entry *entry = arena_alloc(mem, sizeof(*entry));

	if (!entry)
		return false;
	parlor__kv__v1__consumed_capacity__local_secondary_indexes_entry__init(
	    entry);
	entry->key = name;
	entry->value = value;
	out->local_secondary_indexes[out->n_local_secondary_indexes++] = entry;
	return true;
}

/* The table's part, and that of each index that was used. */
static bool add_parts(struct arena *mem, consumed *out,
		      const struct kv_cost *cost, bool split)
{
	const struct kv_table *table = cost->table;

	out->table =
	    make_capacity(mem, *kv_cost_of(cost, NULL), split, cost->unit);
	out->global_secondary_indexes =
	    arena_array(mem, table->index_count + 1, sizeof(void *));
	out->local_secondary_indexes =
	    arena_array(mem, table->index_count + 1, sizeof(void *));
	if (!out->table || !out->global_secondary_indexes ||
	    !out->local_secondary_indexes)
		return false;
	for (size_t i = 0; i < table->index_count; i++) {
		const struct kv_index *index = &table->indexes[i];
		int64_t halves = *kv_cost_of(cost, index);
		char *name =
		    arena_copy(mem, index->name.data, index->name.size);
		capacity *value;

		if (halves == 0)
			continue;
		value = make_capacity(mem, halves, split, cost->unit);
		if (!name || !value ||
		    !(index->local ? add_local : add_global)(mem, out, name,
							     value))
			return false;
	}
	return true;
}

consumed *api_capacity(struct arena *mem, const struct kv_cost *cost,
		       enum api_capacity kind, bool split)
{
	consumed *out;
	double total;

	if (kind == API_CAPACITY_NONE || !cost->rows)
		return NULL;
	out = arena_alloc(mem, sizeof(*out));
	if (!out)
		return NULL;
	parlor__kv__v1__consumed_capacity__init(out);
	total = units(kv_cost_total(cost));
	out->table_name =
	    arena_copy(mem, cost->table->name.data, cost->table->name.size);
	out->has_capacity_units = true;
	out->capacity_units = total;
	out->has_read_capacity_units = split && cost->unit == KV_READ_UNITS;
	out->read_capacity_units = total;
	out->has_write_capacity_units = split && cost->unit == KV_WRITE_UNITS;
	out->write_capacity_units = total;
	if (kind == API_CAPACITY_ALL && !add_parts(mem, out, cost, split))
		return NULL;
	return out;
}

/* Adds up what belongs to one table; the first of each is the sum. */
static size_t merge(struct call *c, const struct kv_cost *const *costs,
		    size_t count, struct kv_cost *sums)
{
	size_t tables = 0;

	for (size_t i = 0; i < count; i++) {
		size_t at = 0;

		while (at < tables && sums[at].table != costs[i]->table)
			at++;
		if (at == tables &&
		    !kv_cost_init(&sums[tables++], c, costs[i]->table,
				  costs[i]->unit))
			return 0;
		kv_cost_add(&sums[at], costs[i]);
	}
	return tables;
}

consumed **api_capacities(struct call *c, const struct kv_cost *const *costs,
			  size_t count, enum api_capacity kind, bool split,
			  size_t *out_count)
{
	struct kv_cost *sums = arena_array(c->mem, count + 1, sizeof(*sums));
	consumed **out = arena_array(c->mem, count + 1, sizeof(void *));
	size_t tables;

	*out_count = 0;
	if (kind == API_CAPACITY_NONE || !sums || !out)
		return NULL;
	tables = merge(c, costs, count, sums);
	for (size_t i = 0; i < tables; i++) {
		out[i] = api_capacity(c->mem, &sums[i], kind, split);
		if (!out[i])
			return NULL;
	}
	*out_count = tables;
	return out;
}
