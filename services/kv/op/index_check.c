/* services/kv/op/index_check.c - is this a key, or an index, that may be made?
 */
#include "services/kv/op/index_check.h"

#define INVALID "One or more parameter values were invalid: "

enum {
	INCLUDED_MAX = 20,	/* names of one index's projection */
	ALL_INCLUDED_MAX = 100, /* of all of a table's indexes */
};

/* ---- the form --------------------------------------------------------------
 */

void complain_attributes(struct complaints *c,
			 const struct table_attribute *attributes, size_t count)
{
	static const char *const types[] = { "B", "N", "S", NULL };
	char path[TABLE_PATH];

	for (size_t i = 0; i < count; i++) {
		const struct table_attribute *a = &attributes[i];

		table_path(path,
			   "attributeDefinitions.%zu.member.attributeName",
			   i + 1);
		complain_null(c, a->name, path);
		complain_length(c, a->name, path, 1, KV_KEY_NAME_MAX);
		table_path(path,
			   "attributeDefinitions.%zu.member.attributeType",
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

void complain_key(struct complaints *c, const struct table_key_element *key,
		  size_t count, bool empty, bool global, const char *at)
{
	static const char *const types[] = { "HASH", "RANGE", NULL };
	size_t most = global ? 2 * KV_KEY_PARTS_MAX : 2;
	char path[TABLE_PATH];

	complain_members(c, count, empty, "[]", at);
	if (count > most && !global)
		complain_key_length(c, key, count, at);
	for (size_t i = 0; i < count && i < most; i++) {
		table_path(path, "%s.%zu.member.attributeName", at, i + 1);
		complain_null(c, key[i].name, path);
		complain_length(c, key[i].name, path, 1, KV_KEY_NAME_MAX);
		table_path(path, "%s.%zu.member.keyType", at, i + 1);
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
			     const char *at)
{
	static const char *const types[] = { "ALL", "INCLUDE", "KEYS_ONLY",
					     NULL };
	char path[TABLE_PATH];

	table_path(path, "%s.projection", at);
	if (!index->has_projection)
		complain_null(c, slice_make(NULL, 0), path);
	table_path(path, "%s.projection.projectionType", at);
	complain_enum(c, index->projection, path, types);
	table_path(path, "%s.projection.nonKeyAttributes", at);
	if (index->included_empty)
		complain_members(c, 0, true, "[]", path);
	if (index->included_count > INCLUDED_MAX)
		complain_included(c, index->included, index->included_count,
				  path);
	for (size_t j = 0; j < index->included_count && j < INCLUDED_MAX; j++) {
		table_path(path, "%s.projection.nonKeyAttributes.%zu.member",
			   at, j + 1);
		complain_length(c, index->included[j], path, 1,
				KV_KEY_NAME_MAX);
	}
}

void complain_index(struct complaints *c,
		    const struct table_index_request *index, bool global,
		    const char *at)
{
	char path[TABLE_PATH];

	table_path(path, "%s.indexName", at);
	complain_null(c, index->name, path);
	complain_length(c, index->name, path, KV_TABLE_NAME_MIN,
			KV_TABLE_NAME_MAX);
	complain_name(c, index->name, path);
	table_path(path, "%s.keySchema", at);
	complain_key(c, index->key, index->key_count, index->key_empty, global,
		     path);
	check_projection(c, index, at);
	table_path(path, "%s.provisionedThroughput", at);
	complain_throughput(c, &index->throughput, path);
}

/* ---- the meaning -----------------------------------------------------------
 */

/* Adds a name to a list of them, as far as there is room. */
static void add_name(char *list, size_t size, struct slice name)
{
	size_t used = strlen(list);

	snprintf(list + used, size - used, "%s%.*s", used ? ", " : "",
		 SLICE_ARGS(name));
}

static void add_used(char *list, size_t size, const struct kv_table *t)
{
	for (size_t i = 0; i < t->attribute_count; i++)
		if (kv_table_uses(t, t->attributes[i].name))
			add_name(list, size, t->attributes[i].name);
}

int table_check_used(const struct kv_table *t,
		     const struct table_attribute *attributes, size_t count,
		     struct fault *why)
{
	char defined[400] = "", used[400] = "";
	bool all = true;

	for (size_t i = 0; i < count; i++) {
		all &= kv_table_uses(t, attributes[i].name);
		add_name(defined, sizeof(defined), attributes[i].name);
	}
	if (all)
		return 0;
	add_used(used, sizeof(used), t);
	return fault_set(why, E_INVALID,
			 INVALID "Some AttributeDefinitions are not used. "
				 "AttributeDefinitions: [%s], keys used: [%s]",
			 defined, used);
}

static int refuse_undefined(const struct kv_table *t,
			    const struct table_key_element *key, size_t count,
			    struct fault *why)
{
	char keys[300] = "", defined[400] = "";

	for (size_t i = 0; i < count; i++)
		add_name(keys, sizeof(keys), key[i].name);
	for (size_t i = 0; i < t->attribute_count; i++)
		add_name(defined, sizeof(defined), t->attributes[i].name);
	return fault_set(why, E_INVALID,
			 INVALID "Some index key attributes are not defined in "
				 "AttributeDefinitions. Keys: [%s], "
				 "AttributeDefinitions: [%s]",
			 keys, defined);
}

static bool is_hash(const struct table_key_element *element)
{
	return slice_is(element->type, "HASH");
}

static int check_counts(const struct table_key_element *key, size_t count,
			struct fault *why)
{
	size_t hashes = 0;

	for (size_t i = 0; i < count; i++) {
		if (is_hash(&key[i]) && hashes < i)
			return fault_set(why, E_INVALID,
					 "All HASH key attributes must precede "
					 "RANGE key attributes in the "
					 "KeySchema");
		hashes += is_hash(&key[i]);
	}
	if (hashes <= KV_KEY_PARTS_MAX && count - hashes <= KV_KEY_PARTS_MAX)
		return 0;
	return fault_set(why, E_INVALID,
			 "The KeySchema exceeds the maximum allowed number of "
			 "%s key attributes",
			 hashes > KV_KEY_PARTS_MAX ? "HASH" : "RANGE");
}

/* The types are in the order that there may be. */
static int check_types(const struct table_key_element *key, size_t count,
		       bool global, struct fault *why)
{
	if (!is_hash(&key[0]))
		return fault_set(why, E_INVALID,
				 "Invalid KeySchema: The first "
				 "KeySchemaElement is not a HASH key type");
	if (global)
		return check_counts(key, count, why);
	if (count > 1 && is_hash(&key[1]))
		return fault_set(why, E_INVALID,
				 "Invalid KeySchema: The second "
				 "KeySchemaElement is not a RANGE key type");
	return 0;
}

static int check_names(const struct table_key_element *key, size_t count,
		       struct fault *why)
{
	bool pair = count == 2 && !is_hash(&key[1]);

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (slice_equal(key[i].name, key[j].name))
				return fault_set(
				    why, E_INVALID,
				    pair ? "Both the Hash Key and the Range "
					   "Key element in the KeySchema have "
					   "the same name"
					 : "The KeySchema contains multiple "
					   "key attributes with the same name");
	return 0;
}

/* A schema of a table or an index, in the words for both. */
int table_fill_key(const struct kv_table *t,
		   const struct table_key_element *key, size_t count,
		   bool global, struct kv_key_schema *out, struct fault *why)
{
	if (check_types(key, count, global, why) ||
	    check_names(key, count, why))
		return -E_INVALID;
	*out = (struct kv_key_schema){ .count = count };
	for (size_t i = 0; i < count; i++) {
		const struct kv_key_part *part =
		    kv_table_attribute(t, key[i].name);

		if (!part)
			return refuse_undefined(t, key, count, why);
		out->parts[i] = *part;
		out->hashes += is_hash(&key[i]);
	}
	return 0;
}

static int check_distinct(const struct kv_index *index, struct fault *why)
{
	for (size_t i = 0; i < index->included_count; i++)
		for (size_t j = 0; j < i; j++)
			if (slice_equal(index->included[i], index->included[j]))
				return fault_set(why, E_INVALID,
						 INVALID
						 "Duplicate element in "
						 "NonKeyAttributes: %.*s",
						 SLICE_ARGS(
						     index->included[i]));
	return 0;
}

static int fill_projection(const struct table_index_request *from,
			   struct kv_index *index, struct fault *why)
{
	if (!from->projection.data)
		return fault_set(why, E_INVALID,
				 INVALID "Unknown ProjectionType: null");
	index->projection = slice_is(from->projection, "ALL") ? KV_PROJECT_ALL
			    : slice_is(from->projection, "INCLUDE")
				? KV_PROJECT_INCLUDE
				: KV_PROJECT_KEYS_ONLY;
	if (index->projection != KV_PROJECT_INCLUDE && from->included_count)
		return fault_set(why, E_INVALID,
				 INVALID "ProjectionType is %.*s, but "
					 "NonKeyAttributes is specified",
				 SLICE_ARGS(from->projection));
	if (index->projection == KV_PROJECT_INCLUDE && !from->included_count)
		return fault_set(why, E_INVALID,
				 INVALID "ProjectionType is INCLUDE, but "
					 "NonKeyAttributes is not specified");
	index->included = from->included;
	index->included_count = from->included_count;
	return check_distinct(index, why);
}

static int check_index_name(const struct kv_table *t, struct slice name,
			    struct fault *why)
{
	if (kv_table_index(t, name))
		return fault_set(why, E_INVALID,
				 INVALID "Duplicate index name: %.*s",
				 SLICE_ARGS(name));
	return 0;
}

/* A local index orders what has its table's partition key in another way. */
static int check_local_key(const struct kv_table *t,
			   const struct kv_index *index, struct fault *why)
{
	struct slice hash = index->key.parts[0].name;

	if (!slice_equal(hash, t->key.parts[0].name))
		return fault_set(
		    why, E_INVALID,
		    INVALID "Index KeySchema does not have the same leading "
			    "hash key as table KeySchema for index: %.*s. "
			    "index hash key: %.*s, table hash key: %.*s",
		    SLICE_ARGS(index->name), SLICE_ARGS(hash),
		    SLICE_ARGS(t->key.parts[0].name));
	if (index->key.count < 2)
		return fault_set(why, E_INVALID,
				 INVALID
				 "Index KeySchema does not have a range "
				 "key for index: %.*s",
				 SLICE_ARGS(index->name));
	return 0;
}

static int fill_throughput(const struct throughput_subject *table,
			   const struct table_index_request *from,
			   struct kv_index *index, struct fault *why)
{
	struct throughput_subject subject = *table;

	subject.index = index->name;
	index->throughput.read = from->throughput.read;
	index->throughput.write = from->throughput.write;
	if (index->local)
		return 0;
	if (from->throughput.given != table->provisioned)
		return fault_set(
		    why, E_INVALID,
		    table->provisioned
			? INVALID "ProvisionedThroughput is not specified for "
				  "index: %.*s"
			: INVALID "ProvisionedThroughput should not be "
				  "specified for index: %.*s when BillingMode "
				  "is PAY_PER_REQUEST",
		    SLICE_ARGS(index->name));
	if (throughput_bound(&index->throughput, &from->on_demand, &subject,
			     why) < 0)
		return -why->code;
	return throughput_warm(&index->throughput, &from->warm, &subject, why);
}

int table_fill_index(const struct kv_table *t,
		     const struct throughput_subject *subject,
		     const struct table_index_request *from,
		     struct kv_index *index, struct fault *why)
{
	index->name = from->name;
	if (table_fill_key(t, from->key, from->key_count, !index->local,
			   &index->key, why) ||
	    (index->local && check_local_key(t, index, why)) ||
	    check_index_name(t, from->name, why) ||
	    fill_projection(from, index, why))
		return -why->code;
	return fill_throughput(subject, from, index, why);
}

int table_check_included(const struct kv_table *t, struct fault *why)
{
	size_t count = 0;

	for (size_t i = 0; i < t->index_count; i++)
		count += t->indexes[i].included_count;
	if (count > ALL_INCLUDED_MAX)
		return fault_set(why, E_INVALID,
				 INVALID "Number of projected attributes in "
					 "all secondary indexes exceeds the "
					 "per-table limit of %d",
				 ALL_INCLUDED_MAX);
	return 0;
}
