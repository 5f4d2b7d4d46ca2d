/* services/kv/api/update_table.c - UpdateTable as messages */
#include "services/kv/api/table_message.h"
#include "services/kv/api/table_request.h"
#include "services/kv/api/tables.h"

static void done(struct call *c, const struct table_description *d)
{
	Parlor__Kv__V1__UpdateTableResponse answer =
	    PARLOR__KV__V1__UPDATE_TABLE_RESPONSE__INIT;

	if (d)
		answer.table_description = table_message(c, d);
	call_reply(c, &answer.base);
}

static struct table_index_update read_update(
    struct call *c, const Parlor__Kv__V1__GlobalSecondaryIndexUpdate *from)
{
	struct table_index_update update = { .create = from->create != NULL,
					     .update = from->update != NULL,
					     .delete = from->delete_ != NULL };

	if (from->create) {
		api_index(c, from->create, &update.index);
	} else if (from->update) {
		update.index.name = slice_of(from->update->index_name);
		update.index.throughput =
		    api_throughput(from->update->provisioned_throughput);
		update.index.on_demand =
		    api_on_demand(from->update->on_demand_throughput);
		update.index.warm = api_warm(from->update->warm_throughput);
	} else if (from->delete_) {
		update.index.name = slice_of(from->delete_->index_name);
	}
	return update;
}

static const struct table_index_update *read_updates(
    struct call *c, const Parlor__Kv__V1__UpdateTableRequest *m)
{
	struct table_index_update *updates =
	    arena_array(c->mem, m->n_global_secondary_index_updates,
			sizeof(*updates));

	for (size_t i = 0; updates && i < m->n_global_secondary_index_updates;
	     i++)
		updates[i] =
		    read_update(c, m->global_secondary_index_updates[i]);
	return updates;
}

void api_update_table(struct call *c)
{
	const Parlor__Kv__V1__UpdateTableRequest *m =
	    call_unpack(c, &parlor__kv__v1__update_table_request__descriptor);
	struct table_update *update = arena_alloc(c->mem, sizeof(*update));

	if (!m || !update) {
		call_end(c);
		return;
	}
	*update = (struct table_update){
		.name = slice_of(m->table_name),
		.region = kv_of(c)->region,
		.billing_mode = slice_of(m->billing_mode),
		.throughput = api_throughput(m->provisioned_throughput),
		.on_demand = api_on_demand(m->on_demand_throughput),
		.warm = api_warm(m->warm_throughput),
		.sse = api_sse(m->sse_specification),
		.stream = api_stream(m->stream_specification),
		.has_protection = m->has_deletion_protection_enabled,
		.deletion_protected = m->deletion_protection_enabled,
		.table_class = slice_of(m->table_class),
		.indexes = read_updates(c, m),
		.index_count = m->n_global_secondary_index_updates,
	};
	update->attributes = api_attributes(c, m->attribute_definitions,
					    m->n_attribute_definitions,
					    &update->attribute_count);
	if (call_status(c)) {
		call_end(c);
		return;
	}
	kv_update_table(c, update, done);
}
