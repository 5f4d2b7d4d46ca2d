/* services/kv/api/create_table.c - CreateTable as messages */
#include "services/kv/api/request.h"
#include "services/kv/api/table_message.h"
#include "services/kv/api/table_request.h"
#include "services/kv/api/tables.h"
#include "services/kv/op/permit.h"

static const struct table_index_request *read_indexes(
    struct call *c, Parlor__Kv__V1__SecondaryIndex *const *from, size_t count,
    size_t *out_count)
{
	struct table_index_request *indexes =
	    arena_array(c->mem, count, sizeof(*indexes));

	*out_count = indexes ? count : 0;
	for (size_t i = 0; i < *out_count; i++)
		api_index(c, from[i], &indexes[i]);
	return indexes;
}

static void read_lists(struct call *c,
		       const Parlor__Kv__V1__CreateTableRequest *m,
		       struct table_request *r)
{
	r->key = api_key(c, m->key_schema, m->n_key_schema);
	r->key_count = r->key ? m->n_key_schema : 0;
	r->attributes =
	    api_attributes(c, m->attribute_definitions,
			   m->n_attribute_definitions, &r->attribute_count);
	r->local = read_indexes(c, m->local_secondary_indexes,
				m->n_local_secondary_indexes, &r->local_count);
	r->global =
	    read_indexes(c, m->global_secondary_indexes,
			 m->n_global_secondary_indexes, &r->global_count);
	r->key_empty = API_EMPTY(m, key_schema);
	r->attributes_empty = API_EMPTY(m, attribute_definitions);
	r->local_empty = API_EMPTY(m, local_secondary_indexes);
	r->global_empty = API_EMPTY(m, global_secondary_indexes);
}

/* An ARN, too, names the table that is to be made. */
static struct slice name_of(struct slice text)
{
	struct slice name = kv_table_name(text);

	return name.size ? name : text;
}

static void done(struct call *c, const struct table_description *d)
{
	Parlor__Kv__V1__CreateTableResponse answer =
	    PARLOR__KV__V1__CREATE_TABLE_RESPONSE__INIT;

	if (d)
		answer.table_description = table_message(c, d);
	call_reply(c, &answer.base);
}

void api_create_table(struct call *c)
{
	const Parlor__Kv__V1__CreateTableRequest *m =
	    call_unpack(c, &parlor__kv__v1__create_table_request__descriptor);
	struct table_request request;

	if (!m) {
		call_end(c);
		return;
	}
	request = (struct table_request){
		.name = name_of(slice_of(m->table_name)),
		.billing_mode = slice_of(m->billing_mode),
		.throughput = api_throughput(m->provisioned_throughput),
		.on_demand = api_on_demand(m->on_demand_throughput),
		.warm = api_warm(m->warm_throughput),
		.sse = api_sse(m->sse_specification),
		.stream = api_stream(m->stream_specification),
		.table_class = slice_of(m->table_class),
		.tags = api_tags(c, m->tags, m->n_tags),
		.tag_count = m->n_tags,
		.deletion_protected = m->deletion_protection_enabled,
		.policy = slice_of(m->resource_policy),
	};
	read_lists(c, m, &request);
	kv_create_table(c, &request, done);
}
