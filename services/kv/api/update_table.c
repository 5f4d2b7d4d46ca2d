/* services/kv/api/update_table.c - UpdateTable as messages */
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"

static void done(struct call *c, const struct table_description *d)
{
	Parlor__Kv__V1__UpdateTableResponse answer =
	    PARLOR__KV__V1__UPDATE_TABLE_RESPONSE__INIT;

	if (d)
		answer.table_description = table_message(c, d);
	call_reply(c, &answer.base);
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
		.billing_mode = slice_of(m->billing_mode),
		.throughput = api_throughput(m->provisioned_throughput),
		.stream = api_stream(m->stream_specification),
		.has_protection = m->has_deletion_protection_enabled,
		.deletion_protected = m->deletion_protection_enabled,
		.table_class = slice_of(m->table_class),
	};
	kv_update_table(c, update, done);
}
