/* services/kv/op/index_update.c - global indexes made, changed and taken away
 */
#include "services/kv/op/index_update.h"
#include "services/kv/op/index_check.h"

#define INVALID "One or more parameter values were invalid: "

/* ---- the form --------------------------------------------------------------
 */

static void complain_name_of(struct complaints *c, struct slice name,
			     const char *at)
{
	char path[TABLE_PATH];

	table_path(path, "%s.indexName", at);
	complain_null(c, name, path);
	complain_length(c, name, path, KV_TABLE_NAME_MIN, KV_TABLE_NAME_MAX);
	complain_name(c, name, path);
}

static void complain_update(struct complaints *c,
			    const struct table_index_update *update,
			    const char *list, size_t i)
{
	char at[TABLE_PATH], path[TABLE_PATH];

	if (update->create) {
		table_path(at, "%s.%zu.member.create", list, i + 1);
		complain_index(c, &update->index, true, at);
	} else if (update->update) {
		table_path(at, "%s.%zu.member.update", list, i + 1);
		complain_name_of(c, update->index.name, at);
		table_path(path, "%s.provisionedThroughput", at);
		complain_throughput(c, &update->index.throughput, path);
	} else if (update->delete) {
		table_path(at, "%s.%zu.member.delete", list, i + 1);
		complain_name_of(c, update->index.name, at);
	}
}

void complain_index_updates(struct complaints *c, const struct table_update *u)
{
	complain_attributes(c, u->attributes, u->attribute_count);
	for (size_t i = 0; i < u->index_count; i++)
		complain_update(c, &u->indexes[i],
				"globalSecondaryIndexUpdates", i);
}

/* ---- without the table -----------------------------------------------------
 */

static int check_one(const struct table_update *u, size_t at, struct fault *why)
{
	const struct table_index_update *one = &u->indexes[at];

	if (!one->create && !one->update && !one->delete)
		return fault_set(why, E_INVALID,
				 INVALID
				 "One of GlobalSecondaryIndexUpdate.Update, "
				 "GlobalSecondaryIndexUpdate.Create, "
				 "GlobalSecondaryIndexUpdate.Delete must not "
				 "be null");
	if (one->create + one->update + one->delete > 1)
		return fault_set(why, E_INVALID,
				 INVALID "Only one global secondary index "
					 "action is allowed per "
					 "GlobalSecondaryIndexUpdate object");
	if (one->create && !u->attribute_count)
		return fault_set(why, E_INVALID,
				 INVALID
				 "AttributeDefinitions is not specified "
				 "for index: %.*s",
				 SLICE_ARGS(one->index.name));
	for (size_t i = 0; i < at; i++)
		if (slice_equal(u->indexes[i].index.name, one->index.name))
			return fault_set(why, E_INVALID,
					 INVALID
					 "Only one global secondary index "
					 "update per index is allowed "
					 "simultaneously. Index: %.*s",
					 SLICE_ARGS(one->index.name));
	return throughput_check_most(&one->index.throughput, u->region, why);
}

static int refuse_online(struct fault *why)
{
	return fault_set(why, E_LIMIT,
			 "Subscriber limit exceeded: Only 1 online index can "
			 "be created or deleted simultaneously per table");
}

int index_updates_check(const struct table_update *u, struct fault *why)
{
	int online = 0;

	for (size_t i = 0; i < u->index_count; i++) {
		if (check_one(u, i, why) < 0)
			return -why->code;
		online += !u->indexes[i].update;
	}
	return online > 1 ? refuse_online(why) : 0;
}

/* ---- with the table --------------------------------------------------------
 */

/* Does it make or take away an index other than one that is being filled? */
static bool is_online(const struct kv_table *t,
		      const struct table_index_update *one)
{
	const struct kv_index *index = kv_table_index(t, one->index.name);

	return one->create ||
	       (one->delete &&!(index && index->state == KV_INDEX_BACKFILLING));
}

int index_updates_allowed(const struct kv_table *t,
			  const struct table_update *u, struct fault *why)
{
	if (kv_table_is_settled(t))
		return 0;
	for (size_t i = 0; i < u->index_count; i++)
		if (is_online(t, &u->indexes[i]))
			return refuse_online(why);
	return kv_table_is_updating(t) ? table_refuse_in_use(why, t->name) : 0;
}

static enum item_type type_of(struct slice text)
{
	return slice_is(text, "S")   ? ITEM_S
	       : slice_is(text, "N") ? ITEM_N
				     : ITEM_B;
}

/* Adds the definitions that are new. */
static int add_attributes(struct kv_table *t, const struct table_update *u,
			  struct arena *mem, struct fault *why)
{
	struct kv_key_part *parts =
	    arena_array(mem, t->attribute_count + u->attribute_count,
			sizeof(*parts));

	if (!parts)
		return 0; /* the engine sees that the arena is full */
	if (t->attribute_count)
		memcpy(parts, t->attributes,
		       t->attribute_count * sizeof(*parts));
	t->attributes = parts;
	for (size_t i = 0; i < u->attribute_count; i++) {
		struct kv_key_part part = { u->attributes[i].name,
					    type_of(u->attributes[i].type) };
		const struct kv_key_part *was =
		    kv_table_attribute(t, part.name);

		if (!was)
			parts[t->attribute_count++] = part;
		else if (was->type != part.type)
			return fault_set(why, E_INVALID,
					 INVALID
					 "AttributeDefinitions has another "
					 "type for an attribute of the table's "
					 "keys: %.*s",
					 SLICE_ARGS(part.name));
	}
	return 0;
}

static int check_new(const struct kv_table *t, struct slice name,
		     struct fault *why)
{
	size_t count = 0;

	for (size_t i = 0; i < t->index_count; i++)
		count += !t->indexes[i].local;
	if (kv_table_index(t, name))
		return fault_set(why, E_INVALID,
				 "Attempting to create an index which already "
				 "exists");
	if (count >= KV_GLOBAL_INDEX_MAX)
		return fault_set(why, E_LIMIT,
				 "Subscriber limit exceeded: Number of global "
				 "secondary indexes exceeds per-table limit of "
				 "%d",
				 KV_GLOBAL_INDEX_MAX);
	return 0;
}

static int create(struct catalog_table *table,
		  const struct table_index_request *from,
		  const struct throughput_subject *subject,
		  struct catalog_change *change, struct arena *mem,
		  struct fault *why)
{
	struct kv_table *t = &table->table;
	struct kv_index *indexes =
	    arena_array(mem, t->index_count + 1, sizeof(*indexes));
	struct kv_index *index;

	if (!indexes || check_new(t, from->name, why) < 0)
		return -why->code;
	index = &indexes[t->index_count];
	if (table_fill_index(t, subject, from, index, why) < 0)
		return -why->code;
	index->number = change->next_number++ | STORE_INDEX;
	index->state = KV_INDEX_CREATING;
	if (t->index_count)
		memcpy(indexes, t->indexes, t->index_count * sizeof(*indexes));
	t->indexes = indexes;
	t->index_count++;
	return table_check_included(t, why);
}

static int set_throughput(struct kv_index *index,
			  const struct table_throughput *asked,
			  const struct throughput_subject *subject,
			  int64_t now_ms, struct fault *why)
{
	if (!subject->provisioned)
		return fault_set(why, E_INVALID,
				 INVALID
				 "Neither ReadCapacityUnits nor "
				 "WriteCapacityUnits can be specified for "
				 "index: %.*s when BillingMode is "
				 "PAY_PER_REQUEST",
				 SLICE_ARGS(index->name));
	if (index->throughput.read)
		return kv_throughput_change(&index->throughput, asked->read,
					    asked->write, index->name, now_ms,
					    why);
	index->throughput.read = asked->read;
	index->throughput.write = asked->write;
	return 0;
}

static int refuse_nothing(const struct throughput_subject *subject,
			  struct fault *why)
{
	return fault_set(
	    why, E_INVALID,
	    subject->provisioned
		? INVALID "ProvisionedThroughput must be specified for index: "
			  "%.*s"
		: INVALID "The only Updates for index: %.*s when "
			  "TableThroughputMode is PAY_PER_REQUEST can be to "
			  "OnDemandThroughput, WarmThroughput",
	    SLICE_ARGS(subject->index));
}

static int update(struct kv_index *index,
		  const struct table_index_request *asked,
		  const struct throughput_subject *table, int64_t now_ms,
		  struct fault *why)
{
	struct throughput_subject subject = *table;

	subject.index = index->name;
	subject.made = false;
	if (!asked->throughput.given && !asked->on_demand.given &&
	    !asked->warm.given)
		return refuse_nothing(&subject, why);
	if ((asked->throughput.given &&
	     set_throughput(index, &asked->throughput, &subject, now_ms, why) <
		 0) ||
	    throughput_bound(&index->throughput, &asked->on_demand, &subject,
			     why) < 0)
		return -why->code;
	return throughput_warm(&index->throughput, &asked->warm, &subject, why);
}

/* NULL with words when there is no such global index. In a table whose
 * definition is the caller's own. */
static struct kv_index *get(struct kv_table *t,
			    const struct table_index_update *one,
			    struct fault *why)
{
	struct slice name = one->index.name;
	struct kv_index *index = (struct kv_index *)kv_table_index(t, name);

	if (index && !index->local)
		return index;
	if (index)
		fault_set(why, E_INVALID,
			  "Cannot %s an index that is not a "
			  "GlobalSecondaryIndex: %.*s",
			  one->update ? "update" : "delete", SLICE_ARGS(name));
	else
		fault_set(why, E_MISSING,
			  "Requested resource not found: Index %.*s for table "
			  "%.*s",
			  SLICE_ARGS(name), SLICE_ARGS(t->name));
	return NULL;
}

static int apply(struct catalog_table *table, const struct table_update *u,
		 const struct table_index_update *one, int64_t now_ms,
		 struct catalog_change *change, struct arena *mem,
		 struct fault *why)
{
	const struct throughput_subject subject = {
		.region = u->region,
		.provisioned = table->provisioned,
		.made = true,
	};
	struct kv_index *index;

	if (one->create)
		return create(table, &one->index, &subject, change, mem, why);
	index = get(&table->table, one, why);
	if (!index)
		return -why->code;
	if (one->update)
		return update(index, &one->index, &subject, now_ms, why);
	index->state = KV_INDEX_DELETING;
	return 0;
}

/* A provisioned table's indexes are provisioned each by itself. */
static int check_provisioned(const struct catalog_table *table,
			     struct fault *why)
{
	const struct kv_table *t = &table->table;

	for (size_t i = 0; i < t->index_count; i++)
		if (!t->indexes[i].local && !t->indexes[i].throughput.read)
			return fault_set(why, E_INVALID,
					 INVALID "ProvisionedThroughput is not "
						 "specified for index: %.*s",
					 SLICE_ARGS(t->indexes[i].name));
	return 0;
}

int index_updates_apply(struct catalog_table *table,
			const struct table_update *u, int64_t now_ms,
			struct catalog_change *change, struct arena *mem,
			struct fault *why)
{
	if (u->index_count && add_attributes(&table->table, u, mem, why) < 0)
		return -why->code;
	for (size_t i = 0; i < u->index_count; i++)
		if (apply(table, u, &u->indexes[i], now_ms, change, mem, why) <
		    0)
			return -why->code;
	if (u->index_count) {
		if (table_check_used(&table->table, u->attributes,
				     u->attribute_count, why) < 0)
			return -why->code;
		table_forget_attributes(&table->table);
	}
	return slice_is(u->billing_mode, "PROVISIONED")
		   ? check_provisioned(table, why)
		   : 0;
}

void index_updates_on_demand(struct kv_table *t)
{
	struct kv_index *indexes = (struct kv_index *)t->indexes;

	for (size_t i = 0; i < t->index_count; i++)
		indexes[i].throughput.read = indexes[i].throughput.write = 0;
}

void table_forget_attributes(struct kv_table *t)
{
	struct kv_key_part *parts = (struct kv_key_part *)t->attributes;
	size_t count = 0;

	for (size_t i = 0; i < t->attribute_count; i++)
		if (kv_table_uses(t, parts[i].name))
			parts[count++] = parts[i];
	t->attribute_count = count;
}
