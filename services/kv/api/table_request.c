/* services/kv/api/table_request.c - what is asked of a table's keys and indexes
 */
#include "services/kv/api/table_request.h"
#include "services/kv/api/request.h"
#include "services/kv/api/table_message.h"

struct table_key_element *api_key(struct call *c,
				  Parlor__Kv__V1__KeySchemaElement *const *from,
				  size_t count)
{
	struct table_key_element *key =
	    arena_array(c->mem, count, sizeof(*key));

	for (size_t i = 0; key && i < count; i++) {
		key[i].name = slice_of(from[i]->attribute_name);
		key[i].type = slice_of(from[i]->key_type);
	}
	return key;
}

void api_index(struct call *c, const Parlor__Kv__V1__SecondaryIndex *from,
	       struct table_index_request *index)
{
	const Parlor__Kv__V1__Projection *projection = from->projection;
	struct slice *names;

	index->name = slice_of(from->index_name);
	index->key = api_key(c, from->key_schema, from->n_key_schema);
	index->key_count = index->key ? from->n_key_schema : 0;
	index->key_empty = API_EMPTY(from, key_schema);
	index->throughput = api_throughput(from->provisioned_throughput);
	index->on_demand = api_on_demand(from->on_demand_throughput);
	index->warm = api_warm(from->warm_throughput);
	if (!projection)
		return;
	index->has_projection = true;
	index->projection = slice_of(projection->projection_type);
	names = arena_array(c->mem, projection->n_non_key_attributes,
			    sizeof(*names));
	for (size_t i = 0; names && i < projection->n_non_key_attributes; i++)
		names[i] = slice_of(projection->non_key_attributes[i]);
	index->included_empty = API_EMPTY(projection, non_key_attributes);
	index->included = names;
	index->included_count = names ? projection->n_non_key_attributes : 0;
}

const struct table_attribute *api_attributes(
    struct call *c, Parlor__Kv__V1__AttributeDefinition *const *from,
    size_t count, size_t *out_count)
{
	struct table_attribute *attributes =
	    arena_array(c->mem, count, sizeof(*attributes));

	*out_count = attributes ? count : 0;
	for (size_t i = 0; i < *out_count; i++) {
		attributes[i].name = slice_of(from[i]->attribute_name);
		attributes[i].type = slice_of(from[i]->attribute_type);
	}
	return attributes;
}
