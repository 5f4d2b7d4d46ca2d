/* services/kv/op/table_check.c - is this a table that may be made?
 *
 * First the form of each field, all complaints together; then what the fields
 * mean to each other, the first complaint alone. The words are DynamoDB's.
 */
#include "services/kv/op/table_form.h"

#include <stdarg.h>
#include <stdio.h>

#define INVALID "One or more parameter values were invalid: "

enum {
	PATH = 120,
	INCLUDED_MAX = 20,	/* names of one index's projection */
	ALL_INCLUDED_MAX = 100, /* of all of a table's indexes */
};

/* ---- the form --------------------------------------------------------------
 */

static const char *path_of(char path[PATH], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static const char *path_of(char path[PATH], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(path, PATH, format, args);
	va_end(args);
	return path;
}

static void check_attributes(struct complaints *c,
			     const struct table_request *r)
{
	static const char *const types[] = { "B", "N", "S", NULL };
	char path[PATH];

	if (!r->attribute_count)
		complain_null(c, slice_make(NULL, 0), "attributeDefinitions");
	for (size_t i = 0; i < r->attribute_count; i++) {
		const struct table_attribute *a = &r->attributes[i];

		path_of(path, "attributeDefinitions.%zu.member.attributeName",
			i + 1);
		complain_null(c, a->name, path);
		complain_length(c, a->name, path, 1, KV_KEY_NAME_MAX);
		path_of(path, "attributeDefinitions.%zu.member.attributeType",
			i + 1);
		complain_null(c, a->type, path);
		complain_enum(c, a->type, path, types);
	}
}

/* The elements as Java prints them, which is what DynamoDB answers. */
static void complain_key_length(struct complaints *c,
				const struct table_key_element *key,
				size_t count, const char *path)
{
	char text[512] = "[";

	for (size_t i = 0; i < count; i++) {
		size_t used = strlen(text);

		snprintf(text + used, sizeof(text) - used,
			 "%sKeySchemaElement(attributeName=%.*s, keyType=%.*s)",
			 i ? ", " : "", SLICE_ARGS(key[i].name),
			 SLICE_ARGS(key[i].type));
	}
	if (strlen(text) < sizeof(text) - 1)
		text[strlen(text)] = ']';
	complain(c, slice_of(text), path,
		 "have length less than or equal to 2");
}

static void check_key(struct complaints *c, const struct table_key_element *key,
		      size_t count, const char *at)
{
	static const char *const types[] = { "HASH", "RANGE", NULL };
	char path[PATH];

	if (!count)
		complain_null(c, slice_make(NULL, 0), at);
	if (count > 2)
		complain_key_length(c, key, count, at);
	for (size_t i = 0; i < count && i < 2; i++) {
		path_of(path, "%s.%zu.member.attributeName", at, i + 1);
		complain_null(c, key[i].name, path);
		complain_length(c, key[i].name, path, 1, KV_KEY_NAME_MAX);
		path_of(path, "%s.%zu.member.keyType", at, i + 1);
		complain_null(c, key[i].type, path);
		complain_enum(c, key[i].type, path, types);
	}
}

/* The list as Java prints it. */
static void complain_included(struct complaints *c, const struct slice *names,
			      size_t count, const char *path)
{
	char text[512] = "[";
	size_t at = 1;

	for (size_t i = 0; i < count && at < sizeof(text) - 1; i++)
		at +=
		    (size_t)snprintf(text + at, sizeof(text) - 1 - at, "%s%.*s",
				     i ? ", " : "", SLICE_ARGS(names[i]));
	text[strlen(text)] = ']';
	complain(c, slice_of(text), path,
		 "have length less than or equal to 20");
}

static void check_projection(struct complaints *c,
			     const struct table_index_request *index,
			     const char *list, size_t i)
{
	static const char *const types[] = { "ALL", "INCLUDE", "KEYS_ONLY",
					     NULL };
	char path[PATH];

	path_of(path, "%s.%zu.member.projection", list, i + 1);
	if (!index->has_projection)
		complain_null(c, slice_make(NULL, 0), path);
	path_of(path, "%s.%zu.member.projection.projectionType", list, i + 1);
	complain_enum(c, index->projection, path, types);
	path_of(path, "%s.%zu.member.projection.nonKeyAttributes", list, i + 1);
	if (index->included_count > INCLUDED_MAX)
		complain_included(c, index->included, index->included_count,
				  path);
	for (size_t j = 0; j < index->included_count && j < INCLUDED_MAX; j++) {
		path_of(path,
			"%s.%zu.member.projection.nonKeyAttributes.%zu.member",
			list, i + 1, j + 1);
		complain_length(c, index->included[j], path, 1,
				KV_KEY_NAME_MAX);
	}
}

static void check_index(struct complaints *c,
			const struct table_index_request *index,
			const char *list, size_t i)
{
	char path[PATH];

	path_of(path, "%s.%zu.member.indexName", list, i + 1);
	complain_null(c, index->name, path);
	complain_length(c, index->name, path, KV_TABLE_NAME_MIN,
			KV_TABLE_NAME_MAX);
	complain_name(c, index->name, path);
	path_of(path, "%s.%zu.member.keySchema", list, i + 1);
	check_key(c, index->key, index->key_count, path);
	check_projection(c, index, list, i);
	path_of(path, "%s.%zu.member.provisionedThroughput", list, i + 1);
	complain_throughput(c, &index->throughput, path);
}

static int check_form(const struct table_request *r, struct fault *fault)
{
	struct complaints c = { 0 };

	check_attributes(&c, r);
	complain_null(&c, r->name, "tableName");
	complain_name(&c, r->name, "tableName");
	check_key(&c, r->key, r->key_count, "keySchema");
	complain_billing(&c, r->billing_mode);
	complain_throughput(&c, &r->throughput, "provisionedThroughput");
	complain_stream(&c, &r->stream);
	for (size_t i = 0; i < r->local_count && i < KV_LOCAL_INDEX_MAX; i++)
		check_index(&c, &r->local[i], "localSecondaryIndexes", i);
	for (size_t i = 0; i < r->global_count && i < KV_GLOBAL_INDEX_MAX; i++)
		check_index(&c, &r->global[i], "globalSecondaryIndexes", i);
	if (complaints_end(&c, fault) < 0)
		return -fault->code;
	if (r->name.size < KV_TABLE_NAME_MIN ||
	    r->name.size > KV_TABLE_NAME_MAX)
		return fault_set(
		    fault, E_INVALID,
		    "TableName must be at least %d characters long "
		    "and at most %d characters long",
		    KV_TABLE_NAME_MIN, KV_TABLE_NAME_MAX);
	return 0;
}

/* ---- the meaning -----------------------------------------------------------
 */

struct check {
	const struct table_request *request;
	struct kv_table *table;
	struct arena *mem;
	struct fault *fault;
};

static bool is_provisioned(const struct table_request *r)
{
	return !slice_is(r->billing_mode, "PAY_PER_REQUEST");
}

static int check_billing(struct check *k)
{
	const struct table_request *r = k->request;

	if (!is_provisioned(r) && r->throughput.given)
		return fault_set(k->fault, E_INVALID,
				 INVALID "Neither ReadCapacityUnits nor "
					 "WriteCapacityUnits can be specified "
					 "when BillingMode is PAY_PER_REQUEST");
	if (is_provisioned(r) && !r->throughput.given)
		return fault_set(
		    k->fault, E_INVALID,
		    INVALID "ReadCapacityUnits and WriteCapacityUnits must "
			    "both be specified when BillingMode is "
			    "PROVISIONED");
	return 0;
}

static int fill_attributes(struct check *k)
{
	const struct table_request *r = k->request;
	struct kv_key_part *parts =
	    arena_array(k->mem, r->attribute_count, sizeof(*parts));

	for (size_t i = 0; parts && i < r->attribute_count; i++) {
		parts[i].name = r->attributes[i].name;
		parts[i].type = slice_is(r->attributes[i].type, "S")   ? ITEM_S
				: slice_is(r->attributes[i].type, "N") ? ITEM_N
								       : ITEM_B;
		for (size_t j = 0; j < i; j++)
			if (slice_equal(parts[j].name, parts[i].name))
				return fault_set(k->fault, E_INVALID,
						 INVALID
						 "Duplicate AttributeName in "
						 "AttributeDefinitions: %.*s",
						 SLICE_ARGS(parts[i].name));
	}
	k->table->attributes = parts;
	k->table->attribute_count = parts ? r->attribute_count : 0;
	return 0;
}

static const struct kv_key_part *definition(const struct check *k,
					    struct slice name)
{
	for (size_t i = 0; i < k->table->attribute_count; i++)
		if (slice_equal(k->table->attributes[i].name, name))
			return &k->table->attributes[i];
	return NULL;
}

static int refuse_undefined(struct check *k,
			    const struct table_key_element *key, size_t count)
{
	char keys[300] = "", defined[400] = "";

	for (size_t i = 0; i < count; i++)
		snprintf(keys + strlen(keys), sizeof(keys) - strlen(keys),
			 "%s%.*s", i ? ", " : "", SLICE_ARGS(key[i].name));
	for (size_t i = 0; i < k->table->attribute_count; i++)
		snprintf(defined + strlen(defined),
			 sizeof(defined) - strlen(defined), "%s%.*s",
			 i ? ", " : "",
			 SLICE_ARGS(k->table->attributes[i].name));
	return fault_set(k->fault, E_INVALID,
			 INVALID "Some index key attributes are not defined in "
				 "AttributeDefinitions. Keys: [%s], "
				 "AttributeDefinitions: [%s]",
			 keys, defined);
}

/* A schema of a table or an index, in the words for both. */
static int fill_key(struct check *k, const struct table_key_element *key,
		    size_t count, struct kv_key_schema *out)
{
	if (!slice_is(key[0].type, "HASH"))
		return fault_set(k->fault, E_INVALID,
				 "Invalid KeySchema: The first "
				 "KeySchemaElement is not a HASH key type");
	if (count > 1 && !slice_is(key[1].type, "RANGE"))
		return fault_set(k->fault, E_INVALID,
				 "Invalid KeySchema: The second "
				 "KeySchemaElement is not a RANGE key type");
	if (count > 1 && slice_equal(key[0].name, key[1].name))
		return fault_set(k->fault, E_INVALID,
				 "Both the Hash Key and the Range Key element "
				 "in the KeySchema have the same name");
	for (size_t i = 0; i < count; i++)
		if (!definition(k, key[i].name))
			return refuse_undefined(k, key, count);
	out->hash = *definition(k, key[0].name);
	if (count > 1)
		out->range = *definition(k, key[1].name);
	return 0;
}

static int fill_projection(struct check *k,
			   const struct table_index_request *from,
			   struct kv_index *index)
{
	if (!from->projection.data)
		return fault_set(k->fault, E_INVALID,
				 INVALID "Unknown ProjectionType: null");
	index->projection = slice_is(from->projection, "ALL") ? KV_PROJECT_ALL
			    : slice_is(from->projection, "INCLUDE")
				? KV_PROJECT_INCLUDE
				: KV_PROJECT_KEYS_ONLY;
	if (index->projection != KV_PROJECT_INCLUDE && from->included_count)
		return fault_set(k->fault, E_INVALID,
				 INVALID "ProjectionType is %.*s, but "
					 "NonKeyAttributes is specified",
				 SLICE_ARGS(from->projection));
	if (index->projection == KV_PROJECT_INCLUDE && !from->included_count)
		return fault_set(k->fault, E_INVALID,
				 INVALID "ProjectionType is INCLUDE, but "
					 "NonKeyAttributes is not specified");
	index->included = from->included;
	index->included_count = from->included_count;
	return 0;
}

static int check_index_name(struct check *k, struct slice name)
{
	if (kv_table_index(k->table, name))
		return fault_set(k->fault, E_INVALID,
				 INVALID "Duplicate index name: %.*s",
				 SLICE_ARGS(name));
	return 0;
}

/* A local index orders what has its table's partition key in another way. */
static int check_local_key(struct check *k, const struct kv_index *index)
{
	struct slice hash = index->key.hash.name;

	if (!slice_equal(hash, k->table->key.hash.name))
		return fault_set(
		    k->fault, E_INVALID,
		    INVALID "Index KeySchema does not have the same leading "
			    "hash key as table KeySchema for index: %.*s. "
			    "index hash key: %.*s, table hash key: %.*s",
		    SLICE_ARGS(index->name), SLICE_ARGS(hash),
		    SLICE_ARGS(k->table->key.hash.name));
	if (kv_schema_parts(&index->key) < 2)
		return fault_set(k->fault, E_INVALID,
				 INVALID
				 "Index KeySchema does not have a range "
				 "key for index: %.*s",
				 SLICE_ARGS(index->name));
	return 0;
}

static int fill_throughput(struct check *k,
			   const struct table_index_request *from,
			   struct kv_index *index)
{
	bool provisioned = is_provisioned(k->request);

	if (index->local || from->throughput.given == provisioned) {
		index->throughput.read = from->throughput.read;
		index->throughput.write = from->throughput.write;
		return 0;
	}
	return fault_set(k->fault, E_INVALID,
			 provisioned
			     ? INVALID "ProvisionedThroughput is not specified "
				       "for index: %.*s"
			     : INVALID "ProvisionedThroughput should not be "
				       "specified for index: %.*s when "
				       "BillingMode is PAY_PER_REQUEST",
			 SLICE_ARGS(index->name));
}

/* The list's indexes behind those that are there; there is room. */
static int fill_indexes(struct check *k, struct kv_index *indexes,
			const struct table_index_request *from, size_t count,
			bool local)
{
	for (size_t i = 0; i < count; i++) {
		struct kv_index *index = &indexes[k->table->index_count];

		index->name = from[i].name;
		index->local = local;
		if (fill_key(k, from[i].key, from[i].key_count, &index->key) ||
		    (local && check_local_key(k, index)) ||
		    check_index_name(k, from[i].name) ||
		    fill_projection(k, &from[i], index) ||
		    fill_throughput(k, &from[i], index))
			return -k->fault->code;
		k->table->index_count++;
	}
	return 0;
}

static int check_included(struct check *k)
{
	size_t count = 0;

	for (size_t i = 0; i < k->table->index_count; i++)
		count += k->table->indexes[i].included_count;
	if (count > ALL_INCLUDED_MAX)
		return fault_set(k->fault, E_INVALID,
				 INVALID "Number of projected attributes in "
					 "all secondary indexes exceeds the "
					 "per-table limit of %d",
				 ALL_INCLUDED_MAX);
	return 0;
}

static int fill_all_indexes(struct check *k)
{
	const struct table_request *r = k->request;
	struct kv_index *indexes =
	    arena_array(k->mem, r->local_count + r->global_count,
			sizeof(*indexes));

	if (!indexes)
		return 0; /* the call sees that its memory is full */
	k->table->indexes = indexes;
	if (fill_indexes(k, indexes, r->local, r->local_count, true) ||
	    fill_indexes(k, indexes, r->global, r->global_count, false))
		return -k->fault->code;
	return check_included(k);
}

static bool is_used(const struct kv_table *t, struct slice name)
{
	if (kv_schema_has(&t->key, name))
		return true;
	for (size_t i = 0; i < t->index_count; i++)
		if (kv_schema_has(&t->indexes[i].key, name))
			return true;
	return false;
}

static int check_all_used(struct check *k)
{
	for (size_t i = 0; i < k->table->attribute_count; i++)
		if (!is_used(k->table, k->table->attributes[i].name))
			return fault_set(
			    k->fault, E_INVALID,
			    k->table->index_count ? INVALID
				"Some AttributeDefinitions are not used. "
				"AttributeDefinitions: [%.*s]"
						  : INVALID
				"Number of attributes in KeySchema does not "
				"exactly match number of attributes defined in "
				"AttributeDefinitions",
			    SLICE_ARGS(k->table->attributes[i].name));
	return 0;
}

static int check_counts(struct check *k)
{
	const struct table_request *r = k->request;

	if (r->local_count > KV_LOCAL_INDEX_MAX)
		return fault_set(k->fault, E_INVALID,
				 INVALID "Number of LocalSecondaryIndexes "
					 "exceeds per-table limit of %d",
				 KV_LOCAL_INDEX_MAX);
	if (r->local_count && r->key_count < 2)
		return fault_set(k->fault, E_INVALID,
				 INVALID
				 "Table KeySchema does not have a range "
				 "key, which is required when "
				 "specifying a LocalSecondaryIndex");
	if (r->global_count > KV_GLOBAL_INDEX_MAX)
		return fault_set(k->fault, E_INVALID,
				 INVALID "GlobalSecondaryIndex count exceeds "
					 "the per-table limit of %d",
				 KV_GLOBAL_INDEX_MAX);
	if (slice_starts(r->name, SLICE("parlor.")))
		return fault_set(k->fault, E_INVALID,
				 "TableName: names that begin with 'parlor.' "
				 "are the suite's own");
	return 0;
}

static int fill_stream(struct check *k)
{
	const struct table_stream *stream = &k->request->stream;

	if (stream->enabled && !stream->view.data)
		return fault_set(k->fault, E_INVALID,
				 INVALID "Table is being created with a stream "
					 "enabled, UpdateViewType is required");
	if (!stream->enabled && stream->view.data)
		return fault_set(k->fault, E_INVALID,
				 INVALID "Table is being created with a stream "
					 "disabled, UpdateViewType should not "
					 "be specified");
	k->table->stream = stream_of(stream->view);
	return 0;
}

static int check_policy(struct check *k)
{
	struct policy *policy;

	if (!k->request->policy.size)
		return 0;
	policy = policy_new(k->request->policy, POLICY_OF_RESOURCE, k->fault);
	policy_free(policy);
	return policy ? 0 : -k->fault->code;
}

int table_check(const struct table_request *r, const char *region,
		struct arena *mem, struct catalog_table *out,
		struct fault *fault)
{
	struct check k = { r, &out->table, mem, fault };

	*out = (struct catalog_table){
		.table = { .name = r->name,
			   .deletion_protected = r->deletion_protected },
		.provisioned = is_provisioned(r),
		.throughput = { .read = r->throughput.read,
				.write = r->throughput.write },
		.table_class = r->table_class,
		.policy_text = r->policy,
	};
	if (check_form(r, fault) < 0 || check_counts(&k) < 0 ||
	    check_billing(&k) < 0 || fill_attributes(&k) < 0 ||
	    fill_key(&k, r->key, r->key_count, &out->table.key) < 0 ||
	    fill_all_indexes(&k) < 0 || check_all_used(&k) < 0 ||
	    fill_stream(&k) < 0 || table_class_check(r->table_class, fault) ||
	    throughput_check_most(&r->throughput, region, fault) < 0)
		return -fault->code;
	return check_policy(&k);
}
