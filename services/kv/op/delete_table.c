/* services/kv/op/delete_table.c - a table goes, its rows follow */
#include "services/kv/op/permit.h"
#include "services/kv/op/table.h"
#include "services/kv/op/table_row.h"

struct delete
{
	struct catalog_change change;
	struct table_description description;
	table_done_fn *done;
};

static int decide(struct catalog_change *change, struct arena *mem,
		  struct slice have, struct fault *why)
{
	struct catalog_table table;

	if (!have.data)
		return table_refuse_missing(why, change->name);
	if (table_row_read(have, mem, &table, why) < 0)
		return -why->code;
	if (!kv_table_is_settled(&table.table))
		return table_refuse_in_use(why, change->name);
	if (table.table.deletion_protected)
		return fault_set(why, E_INVALID,
				 "Resource cannot be deleted as it is "
				 "currently protected against deletion. "
				 "Disable deletion protection first.");
	change->drops = arena_array(mem, 2 + table.table.index_count,
				    sizeof(*change->drops));
	if (!change->drops)
		return 0; /* the engine sees that the arena is full */
	change->drops[change->drop_count++] = table.table.number;
	for (size_t i = 0; i < table.table.index_count; i++)
		change->drops[change->drop_count++] =
		    table.table.indexes[i].number;
	if (table.table.ttl.attribute.size)
		change->drops[change->drop_count++] = table.table.ttl.number;
	return 0;
}

static void deleted(struct call *c, struct catalog_change *change)
{
	struct delete *delete = change->arg;

	delete->done(c, call_failed(c) ? NULL : &delete->description);
}

void kv_delete_table(struct call *c, struct slice name, table_done_fn *done)
{
	struct delete *delete = arena_zalloc(c->mem, sizeof(*delete));
	const struct catalog_table *table = table_find(c, name);

	if (call_status(c) < 0 || !delete || !table) {
		done(c, NULL);
		return;
	}
	delete->done = done;
	delete->description = (struct table_description){
		.table = table,
		.status = "DELETING",
		.throughput = table->table.throughput,
		.arn = kv_arn(c, &table->table, NULL),
	};
	delete->change = (struct catalog_change){ .kind = CATALOG_TABLE,
						  .name = table->table.name,
						  .decide = decide,
						  .done = deleted,
						  .arg = delete };
	catalog_change(c, &delete->change);
}
