/* services/kv/api/table_message.c - tables and what is asked of them as messages
 */
#include "services/kv/api/table_message.h"
#include "services/kv/op/permit.h"

char *message_text(struct call *c, struct slice text)
{
	return text.data ? arena_copy(c->mem, text.data, text.size) : NULL;
}

struct table_throughput api_throughput(
    const Parlor__Kv__V1__ProvisionedThroughput *from)
{
	if (!from)
		return (struct table_throughput){ 0 };
	return (struct table_throughput){
		.given = true,
		.has_read = from->has_read_capacity_units,
		.has_write = from->has_write_capacity_units,
		.read = from->read_capacity_units,
		.write = from->write_capacity_units,
	};
}

/* Of a message in which either may be left out. */
static struct table_throughput either(bool has_read, int64_t read,
				      bool has_write, int64_t write)
{
	return (struct table_throughput){
		.given = has_read || has_write,
		.has_read = has_read,
		.has_write = has_write,
		.read = read,
		.write = write,
	};
}

struct table_throughput api_on_demand(
    const Parlor__Kv__V1__OnDemandThroughput *from)
{
	return from ? either(from->has_max_read_request_units,
			     from->max_read_request_units,
			     from->has_max_write_request_units,
			     from->max_write_request_units)
		    : (struct table_throughput){ 0 };
}

struct table_throughput api_warm(const Parlor__Kv__V1__WarmThroughput *from)
{
	return from ? either(from->has_read_units_per_second,
			     from->read_units_per_second,
			     from->has_write_units_per_second,
			     from->write_units_per_second)
		    : (struct table_throughput){ 0 };
}

struct table_sse api_sse(const Parlor__Kv__V1__SSESpecification *from)
{
	if (!from)
		return (struct table_sse){ 0 };
	return (struct table_sse){
		.given = true,
		.has_enabled = from->has_enabled,
		.enabled = from->enabled,
		.type = slice_of(from->sse_type),
		.key = slice_of(from->kms_master_key_id),
	};
}

struct catalog_tag *api_tags(struct call *c, Parlor__Kv__V1__Tag *const *from,
			     size_t count)
{
	struct catalog_tag *tags = arena_array(c->mem, count, sizeof(*tags));

	for (size_t i = 0; tags && i < count; i++) {
		tags[i].key = slice_of(from[i]->key);
		tags[i].value = slice_of(from[i]->value);
	}
	return tags;
}

struct table_stream api_stream(const Parlor__Kv__V1__StreamSpecification *from)
{
	if (!from)
		return (struct table_stream){ 0 };
	return (struct table_stream){
		.given = true,
		.has_enabled = from->has_stream_enabled,
		.enabled = from->stream_enabled,
		.view = slice_of(from->stream_view_type),
	};
}

/* A cleared message that knows what it is; NULL when the memory is full. */
static void *make(struct call *c, size_t size, ProtobufCMessageInit init)
{
	void *message = arena_alloc(c->mem, size);

	if (message)
		init(message);
	return message;
}

#define MAKE(c, type, name)            \
	((type *)make(c, sizeof(type), \
		      (ProtobufCMessageInit)parlor__kv__v1__##name##__init))

static char *type_text(enum item_type type)
{
	return type == ITEM_S ? "S" : type == ITEM_N ? "N" : "B";
}

static Parlor__Kv__V1__AttributeDefinition *attribute(
    struct call *c, const struct kv_key_part *part)
{
	Parlor__Kv__V1__AttributeDefinition *m =
	    MAKE(c, Parlor__Kv__V1__AttributeDefinition, attribute_definition);

	if (!m)
		return NULL;
	m->attribute_name = message_text(c, part->name);
	m->attribute_type = type_text(part->type);
	return m;
}

static Parlor__Kv__V1__KeySchemaElement *element(struct call *c,
						 const struct kv_key_part *part,
						 char *type)
{
	Parlor__Kv__V1__KeySchemaElement *m =
	    MAKE(c, Parlor__Kv__V1__KeySchemaElement, key_schema_element);

	if (!m)
		return NULL;
	m->attribute_name = message_text(c, part->name);
	m->key_type = type;
	return m;
}

size_t key_schema_message(struct call *c, const struct kv_key_schema *key,
			  Parlor__Kv__V1__KeySchemaElement ***out)
{
	*out = arena_array(c->mem, key->count,
			   sizeof(Parlor__Kv__V1__KeySchemaElement *));
	for (size_t i = 0; *out && i < key->count; i++)
		(*out)[i] = element(c, &key->parts[i],
				    i < key->hashes ? "HASH" : "RANGE");
	return *out ? key->count : 0;
}

static double seconds(int64_t ms)
{
	return (double)ms / 1000;
}

static Parlor__Kv__V1__ProvisionedThroughputDescription *throughput(
    struct call *c, const struct kv_throughput *t)
{
	Parlor__Kv__V1__ProvisionedThroughputDescription *m =
	    MAKE(c, Parlor__Kv__V1__ProvisionedThroughputDescription,
		 provisioned_throughput_description);

	if (!m)
		return NULL;
	m->has_read_capacity_units = m->has_write_capacity_units = 1;
	m->read_capacity_units = t->read;
	m->write_capacity_units = t->write;
	m->has_last_increase_date_time = t->increased_ms != 0;
	m->last_increase_date_time = seconds(t->increased_ms);
	m->has_last_decrease_date_time = t->decreased_ms != 0;
	m->last_decrease_date_time = seconds(t->decreased_ms);
	m->has_number_of_decreases_today = 1;
	m->number_of_decreases_today = kv_throughput_decreases(t, c->now_ms);
	return m;
}

/* NULL where there is no bound, or what holds was provisioned. */
static Parlor__Kv__V1__OnDemandThroughput *on_demand(
    struct call *c, const struct kv_throughput *t)
{
	Parlor__Kv__V1__OnDemandThroughput *m;

	if (t->read || (!t->most_read && !t->most_write))
		return NULL;
	m = MAKE(c, Parlor__Kv__V1__OnDemandThroughput, on_demand_throughput);
	if (!m)
		return NULL;
	m->has_max_read_request_units = t->most_read != 0;
	m->max_read_request_units = t->most_read;
	m->has_max_write_request_units = t->most_write != 0;
	m->max_write_request_units = t->most_write;
	return m;
}

static Parlor__Kv__V1__WarmThroughputDescription *warm(
    struct call *c, const struct kv_throughput *t)
{
	Parlor__Kv__V1__WarmThroughputDescription *m =
	    MAKE(c, Parlor__Kv__V1__WarmThroughputDescription,
		 warm_throughput_description);

	if (!m)
		return NULL;
	m->has_read_units_per_second = m->has_write_units_per_second = 1;
	m->read_units_per_second = t->warm_read;
	m->write_units_per_second = t->warm_write;
	m->status = "ACTIVE";
	return m;
}

static Parlor__Kv__V1__Projection *projection(struct call *c,
					      const struct kv_index *index)
{
	static char *const types[] = {
		[KV_PROJECT_ALL] = "ALL",
		[KV_PROJECT_KEYS_ONLY] = "KEYS_ONLY",
		[KV_PROJECT_INCLUDE] = "INCLUDE",
	};
	Parlor__Kv__V1__Projection *m =
	    MAKE(c, Parlor__Kv__V1__Projection, projection);

	if (!m)
		return NULL;
	m->projection_type = types[index->projection];
	m->non_key_attributes = arena_array(c->mem, index->included_count,
					    sizeof(*m->non_key_attributes));
	if (!m->non_key_attributes)
		return NULL;
	for (size_t i = 0; i < index->included_count; i++)
		m->non_key_attributes[i] = message_text(c, index->included[i]);
	m->n_non_key_attributes = index->included_count;
	return m;
}

/* What a global index has that a local one has not. */
static void add_global(struct call *c, const struct table_description *d,
		       const struct kv_index *index,
		       Parlor__Kv__V1__IndexDescription *m)
{
	static char *const states[] = {
		[KV_INDEX_ACTIVE] = "ACTIVE",
		[KV_INDEX_CREATING] = "CREATING",
		[KV_INDEX_BACKFILLING] = "CREATING",
		[KV_INDEX_DELETING] = "DELETING",
	};
	/* it comes and goes with its table */
	bool with_table = strcmp(d->status, "CREATING") == 0 ||
			  strcmp(d->status, "DELETING") == 0;

	m->provisioned_throughput = throughput(c, &index->throughput);
	m->on_demand_throughput = on_demand(c, &index->throughput);
	m->warm_throughput = warm(c, &index->throughput);
	m->index_status = with_table ? (char *)d->status : states[index->state];
	m->has_backfilling = index->state == KV_INDEX_CREATING ||
			     index->state == KV_INDEX_BACKFILLING;
	m->backfilling = index->state == KV_INDEX_BACKFILLING;
}

static Parlor__Kv__V1__IndexDescription *index_message(
    struct call *c, const struct table_description *d, size_t i)
{
	const struct kv_index *index = &d->table->table.indexes[i];
	Parlor__Kv__V1__IndexDescription *m =
	    MAKE(c, Parlor__Kv__V1__IndexDescription, index_description);

	if (!m)
		return NULL;
	m->index_name = message_text(c, index->name);
	m->n_key_schema = key_schema_message(c, &index->key, &m->key_schema);
	m->projection = projection(c, index);
	m->index_arn =
	    arena_printf(c->mem, "%.*s/index/%.*s", SLICE_ARGS(d->arn),
			 SLICE_ARGS(index->name));
	if (!index->local)
		add_global(c, d, index, m);
	m->has_item_count = m->has_index_size_bytes = 1;
	m->item_count = d->sizes ? d->sizes[1 + i].rows : 0;
	m->index_size_bytes = d->sizes ? d->sizes[1 + i].bytes : 0;
	return m;
}

/* The table's local or its global indexes. */
static size_t indexes(struct call *c, const struct table_description *d,
		      bool local, Parlor__Kv__V1__IndexDescription ***out)
{
	const struct kv_table *t = &d->table->table;
	size_t count = 0;

	*out = arena_array(c->mem, t->index_count,
			   sizeof(Parlor__Kv__V1__IndexDescription *));
	for (size_t i = 0; *out && i < t->index_count; i++)
		if (t->indexes[i].local == local)
			(*out)[count++] = index_message(c, d, i);
	return count;
}

static void add_lists(struct call *c, const struct table_description *d,
		      Parlor__Kv__V1__TableDescription *m)
{
	const struct kv_table *t = &d->table->table;

	m->attribute_definitions =
	    arena_array(c->mem, t->attribute_count,
			sizeof(Parlor__Kv__V1__AttributeDefinition *));
	if (c->mem->full)
		return;
	m->n_attribute_definitions = t->attribute_count;
	for (size_t i = 0; i < t->attribute_count; i++)
		m->attribute_definitions[i] = attribute(c, &t->attributes[i]);
	m->n_local_secondary_indexes =
	    indexes(c, d, true, &m->local_secondary_indexes);
	m->n_global_secondary_indexes =
	    indexes(c, d, false, &m->global_secondary_indexes);
	m->n_key_schema = key_schema_message(c, &t->key, &m->key_schema);
}

/* A table that was never on demand has none; one that is being made has been
 * switched nowhere yet. */
static Parlor__Kv__V1__BillingModeSummary *billing(
    struct call *c, const struct table_description *d)
{
	const struct catalog_table *t = d->table;
	Parlor__Kv__V1__BillingModeSummary *m;

	if (!t->on_demand_ms)
		return NULL;
	m = MAKE(c, Parlor__Kv__V1__BillingModeSummary, billing_mode_summary);
	if (!m)
		return NULL;
	m->billing_mode = t->provisioned ? "PROVISIONED" : "PAY_PER_REQUEST";
	m->has_last_update_to_pay_per_request_date_time = d->sizes != NULL;
	m->last_update_to_pay_per_request_date_time = seconds(t->on_demand_ms);
	return m;
}

static Parlor__Kv__V1__TableClassSummary *table_class(
    struct call *c, const struct catalog_table *t)
{
	Parlor__Kv__V1__TableClassSummary *m;

	if (!t->table_class.size)
		return NULL;
	m = MAKE(c, Parlor__Kv__V1__TableClassSummary, table_class_summary);
	if (!m)
		return NULL;
	m->table_class = message_text(c, t->table_class);
	m->has_last_update_date_time = 1;
	m->last_update_date_time = seconds(t->class_ms);
	return m;
}

static Parlor__Kv__V1__SSEDescription *sse(struct call *c,
					   const struct catalog_table *t)
{
	Parlor__Kv__V1__SSEDescription *m;

	if (!t->sse_key.size)
		return NULL;
	m = MAKE(c, Parlor__Kv__V1__SSEDescription, ssedescription);
	if (!m)
		return NULL;
	m->status = "ENABLED";
	m->sse_type = "KMS";
	m->kms_master_key_arn = message_text(c, t->sse_key);
	return m;
}

/* The latest stream's name stays when it is switched off. */
static void add_stream(struct call *c, const struct table_description *d,
		       Parlor__Kv__V1__TableDescription *m)
{
	const struct kv_table *t = &d->table->table;
	Parlor__Kv__V1__StreamSpecification *s;
	char label[KV_STREAM_LABEL];

	if (t->stream_ms) {
		kv_stream_label(t, label);
		m->latest_stream_label = message_text(c, slice_of(label));
		m->latest_stream_arn = message_text(c, kv_stream_arn(c, t));
	}
	if (t->stream == KV_STREAM_NONE)
		return;
	s = MAKE(c, Parlor__Kv__V1__StreamSpecification, stream_specification);
	if (!s)
		return;
	s->has_stream_enabled = s->stream_enabled = true;
	s->stream_view_type = (char *)kv_stream_name(t->stream);
	m->stream_specification = s;
}

Parlor__Kv__V1__TableDescription *table_message(
    struct call *c, const struct table_description *d)
{
	const struct kv_table *t = &d->table->table;
	Parlor__Kv__V1__TableDescription *m =
	    MAKE(c, Parlor__Kv__V1__TableDescription, table_description);

	if (!m)
		return NULL;
	m->table_name = message_text(c, t->name);
	m->table_status = (char *)d->status;
	m->has_creation_date_time = 1;
	m->creation_date_time = seconds(t->created_ms);
	m->table_arn = message_text(c, d->arn);
	m->table_id = message_text(c, t->id);
	m->has_item_count = m->has_table_size_bytes = 1;
	m->item_count = d->sizes ? d->sizes[0].rows : 0;
	m->table_size_bytes = d->sizes ? d->sizes[0].bytes : 0;
	m->billing_mode_summary = billing(c, d);
	m->provisioned_throughput = throughput(c, &d->throughput);
	m->on_demand_throughput = on_demand(c, &t->throughput);
	m->warm_throughput = warm(c, &t->throughput);
	m->sse_description = sse(c, d->table);
	m->table_class_summary = table_class(c, d->table);
	m->has_deletion_protection_enabled = 1;
	m->deletion_protection_enabled = t->deletion_protected;
	m->index_consistency = t->index_count ? "STRONG" : NULL;
	add_lists(c, d, m);
	add_stream(c, d, m);
	return c->mem->full ? NULL : m;
}
