/* services/kv/op/table_row.c - a table and a role as the catalog keeps them */
#include "services/kv/op/table_row.h"
#include "lib/item/item.h"
#include "services/kv/access/access.h"

enum { ROW_MAX = 256 << 10 };

#define STREAM_ENDED "stream_ended"

void table_begin_stream(struct kv_table *table, struct catalog_change *change)
{
	if (table->stream == KV_STREAM_NONE)
		return;
	table->stream_number = change->next_number++;
	table->stream_ms = change->write.now_ms;
}

/* ---- writing ---------------------------------------------------------------
 */

static void put_text(struct buffer *b, const char *name, struct slice text)
{
	if (text.size)
		item_put_text(b, name, ITEM_S, text);
}

static const char *const hash_names[KV_KEY_PARTS_MAX] = { "hash", "hash2",
							  "hash3", "hash4" };
static const char *const range_names[KV_KEY_PARTS_MAX] = { "range", "range2",
							   "range3", "range4" };

static void put_schema(struct buffer *b, const struct kv_key_schema *key)
{
	for (size_t i = 0; i < key->count; i++)
		put_text(b,
			 i < key->hashes ? hash_names[i]
					 : range_names[i - key->hashes],
			 key->parts[i].name);
}

static void put_throughput(struct buffer *b, const struct kv_throughput *t)
{
	item_put_i64(b, "read", t->read);
	item_put_i64(b, "write", t->write);
	item_put_i64(b, "increased", t->increased_ms);
	item_put_i64(b, "decreased", t->decreased_ms);
	item_put_i64(b, "decreases", t->decreases);
	item_put_i64(b, "most_read", t->most_read);
	item_put_i64(b, "most_write", t->most_write);
	item_put_i64(b, "warm_read", t->warm_read);
	item_put_i64(b, "warm_write", t->warm_write);
}

static void write_attribute(struct buffer *b, const void *row)
{
	const struct kv_key_part *part = row;

	put_text(b, "name", part->name);
	item_put_i64(b, "type", part->type);
}

static void write_index(struct buffer *b, const void *row)
{
	const struct kv_index *index = row;
	struct buffer names;

	buffer_init(&names, ROW_MAX);
	put_text(b, "name", index->name);
	item_put_i64(b, "number", index->number);
	item_put_bool(b, "local", index->local);
	item_put_i64(b, "state", index->state);
	put_schema(b, &index->key);
	item_put_i64(b, "projection", index->projection);
	for (size_t i = 0; i < index->included_count; i++)
		item_put_value(&names, ITEM_L, ITEM_S, index->included[i]);
	item_put_inner(b, "included", ITEM_L, buffer_slice(&names));
	put_throughput(b, &index->throughput);
	buffer_release(&names);
}

/* A list of maps, each written by `write`. */
static void put_list(struct buffer *b, const char *name, const void *rows,
		     size_t count, size_t size,
		     void (*write)(struct buffer *, const void *row))
{
	struct buffer list, one;

	buffer_init(&list, ROW_MAX);
	buffer_init(&one, ROW_MAX);
	for (size_t i = 0; i < count; i++) {
		buffer_reset(&one);
		write(&one, (const uint8_t *)rows + i * size);
		item_put_value(&list, ITEM_L, ITEM_M, buffer_slice(&one));
	}
	item_put_inner(b, name, ITEM_L, buffer_slice(&list));
	buffer_release(&one);
	buffer_release(&list);
}

static void write_tag(struct buffer *b, const void *row)
{
	const struct catalog_tag *tag = row;

	put_text(b, "key", tag->key);
	put_text(b, "value", tag->value);
}

static struct slice finish(struct buffer *b, struct arena *mem)
{
	struct slice row = { 0 };

	if (!b->failed)
		row = arena_slice(mem, buffer_slice(b));
	buffer_release(b);
	return row;
}

struct slice table_row_write(const struct catalog_table *t, struct arena *mem)
{
	const struct kv_table *table = &t->table;
	struct buffer b;

	buffer_init(&b, ROW_MAX);
	put_text(&b, "name", table->name);
	item_put_i64(&b, "number", table->number);
	put_text(&b, "id", table->id);
	item_put_i64(&b, "created", table->created_ms);
	item_put_bool(&b, "protected", table->deletion_protected);
	item_put_i64(&b, "stream", table->stream);
	item_put_i64(&b, "stream_number", table->stream_number);
	item_put_i64(&b, "stream_began", table->stream_ms);
	item_put_bool(&b, "provisioned", t->provisioned);
	put_throughput(&b, &table->throughput);
	item_put_i64(&b, "on_demand_since", t->on_demand_ms);
	put_text(&b, "class", t->table_class);
	item_put_i64(&b, "class_since", t->class_ms);
	put_text(&b, "sse_key", t->sse_key);
	put_list(&b, "tags", t->tags, t->tag_count, sizeof(*t->tags),
		 write_tag);
	put_text(&b, "ttl", table->ttl.attribute);
	item_put_i64(&b, "ttl_number", table->ttl.number);
	item_put_bool(&b, "ttl_complete", table->ttl.complete);
	item_put_i64(&b, "ttl_changed", table->ttl.changed_ms);
	put_schema(&b, &table->key);
	put_list(&b, "attributes", table->attributes, table->attribute_count,
		 sizeof(*table->attributes), write_attribute);
	put_list(&b, "indexes", table->indexes, table->index_count,
		 sizeof(*table->indexes), write_index);
	put_text(&b, "policy", t->policy_text);
	put_text(&b, "policy_id", t->policy_id);
	return finish(&b, mem);
}

struct slice table_row_end(struct slice row, int64_t now_ms, struct arena *mem)
{
	struct buffer b;

	buffer_init(&b, ROW_MAX);
	buffer_put(&b, row.data, row.size);
	item_put_i64(&b, STREAM_ENDED, now_ms);
	return finish(&b, mem);
}

struct slice role_row_write(const struct catalog_role *role, struct arena *mem)
{
	struct buffer b, policies;

	buffer_init(&b, ROW_MAX);
	buffer_init(&policies, ROW_MAX);
	for (size_t i = 0; i < role->count; i++)
		item_put(&policies, role->policies[i].name,
			 &(struct item_value){
			     .type = ITEM_S, .bytes = role->policies[i].text });
	put_text(&b, "name", role->name);
	item_put_inner(&b, "policies", ITEM_M, buffer_slice(&policies));
	buffer_release(&policies);
	return finish(&b, mem);
}

/* ---- reading ---------------------------------------------------------------
 */

static struct slice get_text(struct slice item, const char *name)
{
	return item_find_text(item, ITEM_S, name);
}

struct slice table_row_name(struct slice row)
{
	return get_text(row, "name");
}

uint32_t table_row_stream(struct slice row)
{
	if (item_find_i64(row, "stream", KV_STREAM_NONE) == KV_STREAM_NONE)
		return 0;
	return (uint32_t)item_find_i64(row, "stream_number",
				       item_find_i64(row, "number", 0));
}

static bool get_bool(struct slice item, const char *name)
{
	return item_find(item, name).truth;
}

/* Adds the parts that the item names. */
static void get_parts(const struct kv_table *t, struct slice item,
		      const char *const names[KV_KEY_PARTS_MAX],
		      struct kv_key_schema *key)
{
	for (size_t i = 0; i < KV_KEY_PARTS_MAX; i++) {
		const struct kv_key_part *part =
		    kv_table_attribute(t, get_text(item, names[i]));

		if (part)
			key->parts[key->count++] = *part;
	}
}

static struct kv_key_schema get_schema(const struct kv_table *t,
				       struct slice item)
{
	struct kv_key_schema key = { .count = 0 };

	get_parts(t, item, hash_names, &key);
	key.hashes = key.count;
	get_parts(t, item, range_names, &key);
	return key;
}

static struct kv_throughput get_throughput(struct slice item)
{
	struct kv_throughput t = {
		.read = item_find_i64(item, "read", 0),
		.write = item_find_i64(item, "write", 0),
		.increased_ms = item_find_i64(item, "increased", 0),
		.decreased_ms = item_find_i64(item, "decreased", 0),
		.decreases = item_find_i64(item, "decreases", 0),
		.most_read = item_find_i64(item, "most_read", 0),
		.most_write = item_find_i64(item, "most_write", 0),
		.warm_read = item_find_i64(item, "warm_read", 0),
		.warm_write = item_find_i64(item, "warm_write", 0),
	};

	kv_throughput_warm(&t);
	return t;
}

static size_t count_list(struct slice list)
{
	struct item_value value;
	size_t count = 0;

	while (item_next_value(ITEM_L, &list, &value) > 0)
		count++;
	return count;
}

static void read_attributes(struct slice list, struct arena *mem,
			    struct kv_table *t)
{
	struct kv_key_part *parts =
	    arena_array(mem, count_list(list), sizeof(*parts));
	struct item_value value;

	for (t->attributes = parts;
	     parts && item_next_value(ITEM_L, &list, &value) > 0; parts++) {
		parts->name = get_text(value.bytes, "name");
		parts->type =
		    (enum item_type)item_find_i64(value.bytes, "type", ITEM_S);
		t->attribute_count++;
	}
}

static void read_included(struct slice list, struct arena *mem,
			  struct kv_index *index)
{
	struct slice *names =
	    arena_array(mem, count_list(list), sizeof(*names));
	struct item_value value;

	for (index->included = names;
	     names && item_next_value(ITEM_L, &list, &value) > 0; names++) {
		*names = value.bytes;
		index->included_count++;
	}
}

static void read_indexes(struct slice list, struct arena *mem,
			 struct kv_table *t)
{
	struct kv_index *index =
	    arena_array(mem, count_list(list), sizeof(*index));
	struct item_value value;

	for (t->indexes = index;
	     index && item_next_value(ITEM_L, &list, &value) > 0; index++) {
		index->name = get_text(value.bytes, "name");
		index->number =
		    (uint32_t)item_find_i64(value.bytes, "number", 0);
		index->local = get_bool(value.bytes, "local");
		index->state =
		    (enum kv_index_state)item_find_i64(value.bytes, "state",
						       KV_INDEX_ACTIVE);
		index->key = get_schema(t, value.bytes);
		index->projection =
		    (enum kv_projection)item_find_i64(value.bytes, "projection",
						      KV_PROJECT_ALL);
		read_included(item_find(value.bytes, "included").bytes, mem,
			      index);
		index->throughput = get_throughput(value.bytes);
		t->index_count++;
	}
}

static void read_tags(struct slice list, struct arena *mem,
		      struct catalog_table *t)
{
	struct catalog_tag *tags =
	    arena_array(mem, count_list(list), sizeof(*tags));
	struct item_value value;

	for (t->tags = tags; tags && item_next_value(ITEM_L, &list, &value) > 0;
	     tags++) {
		tags->key = get_text(value.bytes, "key");
		tags->value = get_text(value.bytes, "value");
		t->tag_count++;
	}
}

static void free_policy(void *policy)
{
	policy_free(policy);
}

/* Compiles a policy that lives as long as the arena's contents. */
static int read_policy(struct slice text, enum policy_kind kind,
		       struct arena *mem, const struct policy **out,
		       struct fault *why)
{
	struct policy *policy = policy_new(text, kind, why);

	if (!policy)
		return -why->code;
	if (!arena_at_end(mem, free_policy, policy)) {
		policy_free(policy);
		return fault_set(why, E_LOSS, "a policy is too large");
	}
	*out = policy;
	return 0;
}

int table_row_read(struct slice row, struct arena *mem,
		   struct catalog_table *out, struct fault *why)
{
	struct kv_table *t = &out->table;

	*out = (struct catalog_table){ 0 };
	row = arena_slice(mem, row);
	t->name = table_row_name(row);
	t->number = (uint32_t)item_find_i64(row, "number", 0);
	t->id = get_text(row, "id");
	t->created_ms = item_find_i64(row, "created", 0);
	t->deletion_protected = get_bool(row, "protected");
	t->stream =
	    (enum kv_stream)item_find_i64(row, "stream", KV_STREAM_NONE);
	t->stream_number = table_row_stream(row);
	t->stream_ms =
	    item_find_i64(row, "stream_began", t->stream ? t->created_ms : 0);
	out->stream_ended_ms = item_find_i64(row, STREAM_ENDED, 0);
	out->provisioned = get_bool(row, "provisioned");
	t->throughput = get_throughput(row);
	out->on_demand_ms = item_find_i64(row, "on_demand_since",
					  out->provisioned ? 0 : t->created_ms);
	out->table_class = get_text(row, "class");
	out->class_ms = item_find_i64(row, "class_since", 0);
	out->sse_key = get_text(row, "sse_key");
	read_tags(item_find(row, "tags").bytes, mem, out);
	t->ttl = (struct kv_ttl){
		.attribute = get_text(row, "ttl"),
		.number = (uint32_t)item_find_i64(row, "ttl_number", 0),
		.complete = get_bool(row, "ttl_complete"),
		.changed_ms = item_find_i64(row, "ttl_changed", 0),
	};
	out->system = access_is_system(t->name);
	read_attributes(item_find(row, "attributes").bytes, mem, t);
	t->key = get_schema(t, row);
	read_indexes(item_find(row, "indexes").bytes, mem, t);
	out->policy_text = get_text(row, "policy");
	out->policy_id = get_text(row, "policy_id");
	if (mem->full || !t->number || !t->key.hashes)
		return fault_set(why, E_LOSS,
				 "the catalog's row of table '%.*s' is damaged",
				 SLICE_ARGS(t->name));
	if (!out->policy_text.size)
		return 0;
	return read_policy(out->policy_text, POLICY_OF_RESOURCE, mem,
			   &out->policy, why);
}

/* The names and texts; NULL when the arena is full. */
static struct catalog_policy *read_texts(struct slice row, struct arena *mem,
					 size_t *count)
{
	struct slice map = item_find(row, "policies").bytes, rest = map, name;
	struct item_value text;
	struct catalog_policy *rows;

	for (*count = 0; item_next(&rest, &name, &text) > 0;)
		++*count;
	rows = arena_array(mem, *count + 1, sizeof(*rows));
	for (size_t i = 0; rows && i < *count; i++) {
		item_next(&map, &rows[i].name, &text);
		rows[i].text = text.bytes;
	}
	/* as rows were when a role had one policy */
	if (rows && !*count) {
		rows[0].name = get_text(row, "policy_name");
		rows[0].text = get_text(row, "policy");
		*count = rows[0].text.size != 0;
	}
	return rows;
}

int role_row_read(struct slice row, struct arena *mem, struct catalog_role *out,
		  struct fault *why)
{
	struct catalog_policy *policies;

	row = arena_slice(mem, row);
	*out = (struct catalog_role){ .name = table_row_name(row) };
	out->policies = policies = read_texts(row, mem, &out->count);
	if (mem->full)
		return fault_set(why, E_LOSS,
				 "the catalog's row of role '%.*s' is damaged",
				 SLICE_ARGS(out->name));
	for (size_t i = 0; i < out->count; i++)
		if (read_policy(policies[i].text, POLICY_OF_ROLE, mem,
				&policies[i].policy, why) < 0)
			return -why->code;
	return 0;
}
