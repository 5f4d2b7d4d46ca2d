/* services/kv/api/create_table.c - CreateTable as messages */
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"

static struct table_key_element *key_schema(
    struct call *c, Parlor__Kv__V1__KeySchemaElement *const *from, size_t count)
{
	struct table_key_element *key =
	    arena_array(c->mem, count, sizeof(*key));

	for (size_t i = 0; key && i < count; i++) {
		key[i].name = slice_of(from[i]->attribute_name);
		key[i].type = slice_of(from[i]->key_type);
	}
	return key;
}

static void read_index(struct call *c,
		       const Parlor__Kv__V1__SecondaryIndex *from,
		       struct table_index_request *index)
{
	const Parlor__Kv__V1__Projection *projection = from->projection;
	struct slice *names;

	index->name = slice_of(from->index_name);
	index->key = key_schema(c, from->key_schema, from->n_key_schema);
	index->key_count = index->key ? from->n_key_schema : 0;
	index->throughput = api_throughput(from->provisioned_throughput);
	if (!projection)
		return;
	index->has_projection = true;
	index->projection = slice_of(projection->projection_type);
	names = arena_array(c->mem, projection->n_non_key_attributes,
			    sizeof(*names));
	for (size_t i = 0; names && i < projection->n_non_key_attributes; i++)
		names[i] = slice_of(projection->non_key_attributes[i]);
	index->included = names;
	index->included_count = names ? projection->n_non_key_attributes : 0;
}

static const struct table_index_request *read_indexes(
    struct call *c, Parlor__Kv__V1__SecondaryIndex *const *from, size_t count,
    size_t *out_count)
{
	struct table_index_request *indexes =
	    arena_array(c->mem, count, sizeof(*indexes));

	*out_count = indexes ? count : 0;
	for (size_t i = 0; i < *out_count; i++)
		read_index(c, from[i], &indexes[i]);
	return indexes;
}

static void read_lists(struct call *c,
		       const Parlor__Kv__V1__CreateTableRequest *m,
		       struct table_request *r)
{
	struct table_attribute *attributes =
	    arena_array(c->mem, m->n_attribute_definitions,
			sizeof(*attributes));

	r->key = key_schema(c, m->key_schema, m->n_key_schema);
	r->attributes = attributes;
	r->local = read_indexes(c, m->local_secondary_indexes,
				m->n_local_secondary_indexes, &r->local_count);
	r->global =
	    read_indexes(c, m->global_secondary_indexes,
			 m->n_global_secondary_indexes, &r->global_count);
	if (c->mem->full)
		return;
	r->key_count = m->n_key_schema;
	r->attribute_count = m->n_attribute_definitions;
	for (size_t i = 0; i < r->attribute_count; i++) {
		attributes[i].name =
		    slice_of(m->attribute_definitions[i]->attribute_name);
		attributes[i].type =
		    slice_of(m->attribute_definitions[i]->attribute_type);
	}
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
		.name = slice_of(m->table_name),
		.billing_mode = slice_of(m->billing_mode),
		.throughput = api_throughput(m->provisioned_throughput),
		.stream = api_stream(m->stream_specification),
		.table_class = slice_of(m->table_class),
		.deletion_protected = m->deletion_protection_enabled,
		.policy = slice_of(m->resource_policy),
	};
	read_lists(c, m, &request);
	kv_create_table(c, &request, done);
}
