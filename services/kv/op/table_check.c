/* services/kv/op/table_check.c - is this a table that may be made?
 *
 * First the form of each field, all complaints together; then what the fields
 * mean to each other, the first complaint alone. The words are DynamoDB's.
 */
#include "services/kv/op/index_check.h"
#include "services/kv/op/policies.h"
#include "services/kv/op/tags.h"
#include "services/kv/op/throughput_check.h"

#define INVALID "One or more parameter values were invalid: "

/* ---- the form --------------------------------------------------------------
 */

static int check_name(struct slice name, struct fault *fault)
{
	if (complain_required(name, "TableName", fault) < 0)
		return -E_INVALID;
	if (name.size < KV_TABLE_NAME_MIN || name.size > KV_TABLE_NAME_MAX)
		return fault_set(
		    fault, E_INVALID,
		    "TableName must be at least %d characters long "
		    "and at most %d characters long",
		    KV_TABLE_NAME_MIN, KV_TABLE_NAME_MAX);
	return 0;
}

static int check_form(const struct table_request *r, struct fault *fault)
{
	struct complaints c = { 0 };
	char path[TABLE_PATH];

	if (!r->attribute_count && !r->attributes_empty)
		complain_null(&c, slice_make(NULL, 0), "attributeDefinitions");
	complain_attributes(&c, r->attributes, r->attribute_count);
	complain_name(&c, r->name, "tableName");
	complain_key(&c, r->key, r->key_count, r->key_empty, false,
		     "keySchema");
	complain_billing(&c, r->billing_mode);
	complain_throughput(&c, &r->throughput, "provisionedThroughput");
	complain_stream(&c, &r->stream);
	complain_sse(&c, &r->sse);
	for (size_t i = 0; i < r->local_count && i < KV_LOCAL_INDEX_MAX; i++)
		complain_index(&c, &r->local[i], false,
			       table_path(path,
					  "localSecondaryIndexes.%zu.member",
					  i + 1));
	for (size_t i = 0; i < r->global_count && i < KV_GLOBAL_INDEX_MAX; i++)
		complain_index(&c, &r->global[i], true,
			       table_path(path,
					  "globalSecondaryIndexes.%zu.member",
					  i + 1));
	return complaints_end(&c, fault);
}

/* ---- the meaning -----------------------------------------------------------
 */

struct check {
	const struct table_request *request;
	const char *region;
	struct kv_table *table;
	struct arena *mem;
	struct fault *fault;
};

static bool is_provisioned(const struct table_request *r)
{
	return !slice_is(r->billing_mode, "PAY_PER_REQUEST");
}

static struct throughput_subject subject_of(const struct check *k)
{
	return (struct throughput_subject){
		.region = k->region,
		.provisioned = is_provisioned(k->request),
		.made = true,
	};
}

static int check_billing(struct check *k)
{
	const struct throughput_subject subject = subject_of(k);
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
	if (throughput_bound(&k->table->throughput, &r->on_demand, &subject,
			     k->fault) < 0)
		return -k->fault->code;
	return throughput_warm(&k->table->throughput, &r->warm, &subject,
			       k->fault);
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
						 "Attribute Name is "
						 "duplicated: %.*s",
						 SLICE_ARGS(parts[i].name));
	}
	k->table->attributes = parts;
	k->table->attribute_count = parts ? r->attribute_count : 0;
	return 0;
}

static int check_all_defined(struct check *k)
{
	if (k->request->key_count > k->request->attribute_count)
		return fault_set(k->fault, E_INVALID,
				 "Invalid KeySchema: Some index key attribute "
				 "have no definition");
	return 0;
}

/* The list's indexes behind those that are there; there is room. */
static int fill_indexes(struct check *k, struct kv_index *indexes,
			const struct table_index_request *from, size_t count,
			bool local)
{
	const struct throughput_subject subject = subject_of(k);

	for (size_t i = 0; i < count; i++) {
		struct kv_index *index = &indexes[k->table->index_count];

		index->local = local;
		if (table_fill_index(k->table, &subject, &from[i], index,
				     k->fault))
			return -k->fault->code;
		k->table->index_count++;
	}
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
	if (r->local_empty || r->global_empty)
		return fault_set(k->fault, E_INVALID,
				 INVALID "List of %sSecondaryIndexes is empty",
				 r->local_empty ? "Local" : "Global");
	k->table->indexes = indexes;
	if (fill_indexes(k, indexes, r->local, r->local_count, true) ||
	    fill_indexes(k, indexes, r->global, r->global_count, false))
		return -k->fault->code;
	return table_check_included(k->table, k->fault);
}

static int check_all_used(struct check *k)
{
	const struct table_request *r = k->request;

	if (k->table->index_count)
		return table_check_used(k->table, r->attributes,
					r->attribute_count, k->fault);
	if (r->attribute_count != r->key_count)
		return fault_set(k->fault, E_INVALID,
				 INVALID
				 "Number of attributes in KeySchema does not "
				 "exactly match number of attributes defined "
				 "in AttributeDefinitions");
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
	struct slice policy = k->request->policy;

	return policy.size ? kv_check_resource_policy(policy, k->fault) : 0;
}

int table_check(const struct table_request *r, const char *region,
		struct arena *mem, struct catalog_table *out,
		struct fault *fault)
{
	struct check k = { r, region, &out->table, mem, fault };

	*out = (struct catalog_table){
		.table = { .name = r->name,
			   .deletion_protected = r->deletion_protected,
			   .throughput = { .read = r->throughput.read,
					   .write = r->throughput.write } },
		.provisioned = is_provisioned(r),
		.table_class = r->table_class,
		.tags = r->tags,
		.tag_count = r->tag_count,
		.policy_text = r->policy,
	};
	if (check_name(r->name, fault) < 0 || check_form(r, fault) < 0 ||
	    check_counts(&k) < 0 || check_billing(&k) < 0 ||
	    fill_attributes(&k) < 0 || check_all_defined(&k) < 0 ||
	    table_fill_key(&out->table, r->key, r->key_count, false,
			   &out->table.key, fault) < 0 ||
	    fill_all_indexes(&k) < 0 || check_all_used(&k) < 0 ||
	    fill_stream(&k) < 0 || table_class_check(r->table_class, fault) ||
	    sse_check(&r->sse, fault) < 0 ||
	    tags_check(r->tags, r->tag_count, fault) < 0 ||
	    throughput_check_most(&r->throughput, region, fault) < 0)
		return -fault->code;
	if (sse_is_on(&r->sse))
		out->sse_key = sse_key(&r->sse, region, mem);
	return check_policy(&k);
}
