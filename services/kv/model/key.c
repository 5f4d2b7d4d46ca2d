/* services/kv/model/key.c - keys: found, checked, and as bytes in order */
#include "services/kv/model/key.h"
#include "services/kv/model/expiry.h"
#include "services/kv/model/item.h"
#include "services/kv/model/number.h"
#include "services/kv/model/writer.h"

#define INVALID "One or more parameter values were invalid: "
#define NOT_VALID "One or more parameter values are not valid. "
#define NO_MATCH "The provided key element does not match the schema"
#define START "The provided starting key is invalid"

/* ---- one value -------------------------------------------------------------
 */

/* The bytes of a value that is of a key's type. */
static struct slice encode(const struct item_value *value, struct arena *mem)
{
	struct fault none = { 0 };
	struct kv_number number = { 0 };
	uint8_t *key;

	if (value->type != ITEM_N)
		return value->bytes;
	kv_number_parse(value->bytes, &number, &none);
	key = arena_alloc(mem, KV_NUMBER_KEY);
	return slice_make(key, key ? kv_number_key(&number, key) : 0);
}

static const char *kind_name(enum item_type type)
{
	return type == ITEM_B ? "binary" : "string";
}

static int check_size(const struct item_value *value, bool range,
		      struct fault *f)
{
	if (!range && value->bytes.size > KV_HASH_KEY_MAX)
		return fault_set(f, E_INVALID,
				 INVALID "Size of hashkey has exceeded the "
					 "maximum size limit of%d bytes",
				 KV_HASH_KEY_MAX);
	if (range && value->bytes.size > KV_RANGE_KEY_MAX)
		return fault_set(f, E_INVALID,
				 INVALID "Aggregated size of all range keys "
					 "has exceeded the size limit of %d "
					 "bytes",
				 KV_RANGE_KEY_MAX);
	return 0;
}

static int refuse_empty(const struct kv_key_part *part, struct fault *f)
{
	return fault_set(f, E_INVALID,
			 NOT_VALID
			 "The AttributeValue for a key attribute cannot "
			 "contain an empty %s value. Key: %.*s",
			 kind_name(part->type), SLICE_ARGS(part->name));
}

int kv_key_value(const struct kv_key_part *part, const struct item_value *value,
		 bool range, struct arena *mem, struct slice *out,
		 struct fault *f)
{
	if (value->bytes.size == 0)
		return refuse_empty(part, f);
	if (check_size(value, range, f))
		return -E_INVALID;
	*out = encode(value, mem);
	return 0;
}

/* ---- whole keys ------------------------------------------------------------
 */

typedef int find_fn(const struct kv_key_part *, struct slice item,
		    struct item_value *, struct fault *);

static int find_in_item(const struct kv_key_part *part, struct slice item,
			struct item_value *value, struct fault *f)
{
	*value = item_find_slice(item, part->name);
	if (value->type == ITEM_NONE)
		return fault_set(f, E_INVALID,
				 INVALID "Missing the key %.*s in the item",
				 SLICE_ARGS(part->name));
	if (value->type != part->type)
		return fault_set(f, E_INVALID,
				 INVALID "Type mismatch for key %.*s expected: "
					 "%s actual: %s",
				 SLICE_ARGS(part->name),
				 item_type_name(part->type),
				 item_type_name(value->type));
	return 0;
}

static int find_in_map(const struct kv_key_part *part, struct slice map,
		       struct item_value *value, struct fault *f)
{
	*value = item_find_slice(map, part->name);
	if (value->type != part->type)
		return fault_set(f, E_INVALID, NO_MATCH);
	return 0;
}

static int find_key(const struct kv_key_schema *schema, struct slice item,
		    find_fn *find, struct arena *mem, struct kv_key *key,
		    struct fault *f)
{
	bool range = kv_schema_parts(schema) == 2;
	struct item_value hash, sort;

	*key = (struct kv_key){ 0 };
	if (find(&schema->hash, item, &hash, f) ||
	    (range && find(&schema->range, item, &sort, f)))
		return -E_INVALID;
	if (kv_key_value(&schema->hash, &hash, false, mem, &key->hash, f))
		return -E_INVALID;
	return range ? kv_key_value(&schema->range, &sort, true, mem,
				    &key->sort, f)
		     : 0;
}

int kv_key_of_item(const struct kv_key_schema *schema, struct slice item,
		   struct arena *mem, struct kv_key *key, struct fault *f)
{
	return find_key(schema, item, find_in_item, mem, key, f);
}

int kv_key_of_batched(const struct kv_key_schema *schema, struct slice item,
		      struct arena *mem, struct kv_key *key, struct fault *f)
{
	return find_key(schema, item, find_in_map, mem, key, f);
}

static size_t count_attributes(struct slice item)
{
	return kv_value_count(
	    &(struct item_value){ .type = ITEM_M, .bytes = item });
}

int kv_key_of_map(const struct kv_key_schema *schema, struct slice map,
		  struct arena *mem, struct kv_key *key, struct fault *f)
{
	if (count_attributes(map) != kv_schema_parts(schema))
		return fault_set(f, E_INVALID, NO_MATCH);
	return find_key(schema, map, find_in_map, mem, key, f);
}

/* The different attributes of both keys. */
static size_t count_parts(const struct kv_table *table,
			  const struct kv_index *index)
{
	size_t count = kv_schema_parts(&table->key);

	if (!index)
		return count;
	count += !kv_schema_has(&table->key, index->key.hash.name);
	if (kv_schema_parts(&index->key) == 2)
		count += !kv_schema_has(&table->key, index->key.range.name);
	return count;
}

static bool has_parts(const struct kv_key_schema *schema, struct slice map)
{
	return item_find_slice(map, schema->hash.name).type &&
	       (kv_schema_parts(schema) == 1 ||
		item_find_slice(map, schema->range.name).type);
}

/* DynamoDB says of a table that is scanned why its start is no key, and of all
 * else only what is wrong with its parts. */
int kv_key_of_start(const struct kv_table *table, const struct kv_index *index,
		    bool scanned, struct slice map, struct arena *mem,
		    struct kv_key *table_key, struct kv_key *index_key,
		    struct fault *f)
{
	const struct kv_key_schema *schema = index ? &index->key : &table->key;
	const char *reason = scanned && !index ? START ": " : "";
	struct fault why = { 0 };

	if (count_attributes(map) != count_parts(table, index) ||
	    !has_parts(schema, map))
		return fault_set(f, E_INVALID, "%s%s", *reason ? reason : START,
				 *reason ? NO_MATCH : "");
	if (find_key(schema, map, find_in_map, mem,
		     index ? index_key : table_key, &why))
		return fault_set(f, E_INVALID, "%s%s", reason, why.message);
	if (index &&
	    find_key(&table->key, map, find_in_map, mem, table_key, &why))
		return fault_set(f, E_INVALID, START ": %s", why.message);
	return 0;
}

struct slice kv_key_attributes(const struct kv_table *table,
			       const struct kv_index *index, struct slice item,
			       struct arena *mem)
{
	struct slice rest = item, name;
	struct item_value value;
	struct buffer out;
	struct slice key;

	buffer_init(&out, KV_ITEM_BYTES_MAX);
	while (item_next(&rest, &name, &value) > 0)
		if (kv_schema_has(&table->key, name) ||
		    (index && kv_schema_has(&index->key, name)))
			item_put(&out, name, &value);
	key = arena_slice(mem, buffer_slice(&out));
	buffer_release(&out);
	return key;
}

/* ---- rows of indexes -------------------------------------------------------
 */

#define UPDATED "The update expression attempted to update "

static int refuse_type(const struct kv_index *index,
		       const struct kv_key_part *part, enum item_type type,
		       bool updated, struct fault *f)
{
	if (updated)
		return fault_set(f, E_INVALID,
				 UPDATED "the secondary index key to "
					 "unsupported type");
	return fault_set(f, E_INVALID,
			 INVALID "Type mismatch for Index Key %.*s Expected: "
				 "%s Actual: %s IndexName: %.*s",
			 SLICE_ARGS(part->name), item_type_name(part->type),
			 item_type_name(type), SLICE_ARGS(index->name));
}

static int refuse_empty_index(const struct kv_index *index,
			      const struct kv_key_part *part, bool updated,
			      struct fault *f)
{
	if (updated)
		return fault_set(
		    f, E_INVALID,
		    NOT_VALID UPDATED
		    "a secondary index key to a value that is not supported. "
		    "The AttributeValue for a key attribute cannot contain an "
		    "empty %s value.",
		    kind_name(part->type));
	return fault_set(f, E_INVALID,
			 NOT_VALID
			 "A value specified for a secondary index key is not "
			 "supported. The AttributeValue for a key attribute "
			 "cannot contain an empty %s value. IndexName: %.*s, "
			 "IndexKey: %.*s",
			 kind_name(part->type), SLICE_ARGS(index->name),
			 SLICE_ARGS(part->name));
}

static int check_index_value(const struct kv_index *index, bool range,
			     const struct item_value *value, bool updated,
			     struct fault *f)
{
	const struct kv_key_part *part =
	    range ? &index->key.range : &index->key.hash;

	if (value->type == ITEM_NONE)
		return 0;
	if (value->type != part->type)
		return refuse_type(index, part, value->type, updated, f);
	if (value->bytes.size == 0)
		return refuse_empty_index(index, part, updated, f);
	if (updated &&
	    value->bytes.size > (range ? KV_RANGE_KEY_MAX : KV_HASH_KEY_MAX))
		return fault_set(f, E_INVALID,
				 UPDATED "the secondary index key beyond "
					 "allowed size limits");
	return check_size(value, range, f);
}

/* Of its type, but without a byte. */
static bool is_empty(const struct kv_key_part *part, struct slice item)
{
	struct item_value value = item_find_slice(item, part->name);

	return value.type && value.type == part->type && !value.bytes.size;
}

int kv_keys_filled(const struct kv_table *table, struct slice item, bool put,
		   struct fault *f)
{
	if (is_empty(&table->key.hash, item))
		return refuse_empty(&table->key.hash, f);
	if (is_empty(&table->key.range, item))
		return refuse_empty(&table->key.range, f);
	for (size_t i = 0; put && i < table->index_count; i++) {
		const struct kv_index *index = &table->indexes[i];

		if (is_empty(&index->key.hash, item))
			return refuse_empty_index(index, &index->key.hash,
						  false, f);
		if (is_empty(&index->key.range, item))
			return refuse_empty_index(index, &index->key.range,
						  false, f);
	}
	return 0;
}

bool kv_index_projects(const struct kv_table *table,
		       const struct kv_index *index, struct slice name)
{
	if (index->projection == KV_PROJECT_ALL ||
	    kv_schema_has(&table->key, name) ||
	    kv_schema_has(&index->key, name))
		return true;
	for (size_t i = 0; i < index->included_count; i++)
		if (slice_equal(index->included[i], name))
			return true;
	return false;
}

static struct slice project(const struct kv_table *table,
			    const struct kv_index *index, struct slice item,
			    struct arena *mem)
{
	struct slice rest = item, name, projected;
	struct item_value value;
	struct buffer out;

	if (index->projection == KV_PROJECT_ALL)
		return item;
	buffer_init(&out, KV_ITEM_BYTES_MAX);
	while (item_next(&rest, &name, &value) > 0)
		if (kv_index_projects(table, index, name))
			item_put(&out, name, &value);
	projected = arena_slice(mem, buffer_slice(&out));
	buffer_release(&out);
	return projected;
}

int kv_index_row(const struct kv_table *table, const struct kv_index *index,
		 struct slice item, bool updated, struct arena *mem,
		 struct kv_index_row *row, struct fault *f)
{
	const struct kv_key_schema *key = &index->key;
	bool range = kv_schema_parts(key) == 2;
	struct item_value hash = item_find_slice(item, key->hash.name);
	struct item_value sort = { 0 };

	if (range)
		sort = item_find_slice(item, key->range.name);
	if (check_index_value(index, false, &hash, updated, f) ||
	    check_index_value(index, true, &sort, updated, f))
		return -E_INVALID;
	if (!hash.type || (range && !sort.type))
		return 0;
	*row = (struct kv_index_row){
		.index = index,
		.key = { .hash = encode(&hash, mem),
			 .sort =
			     range ? encode(&sort, mem) : slice_make(NULL, 0) },
		.item = project(table, index, item, mem),
	};
	return 1;
}

/* An item's limit is its collection's part: its rows in local indexes too. */
static int check_local(struct slice item, const struct kv_index_row *rows,
		       int count, bool updated, struct fault *f)
{
	size_t size = 0;

	for (int i = 0; i < count; i++)
		if (rows[i].index->local)
			size += kv_item_size(rows[i].item);
	if (!size || size + kv_item_size(item) <= KV_ITEM_SIZE_MAX)
		return 0;
	return fault_set(f, E_INVALID,
			 "Item size %shas exceeded the maximum allowed size",
			 updated ? "to update " : "");
}

int kv_index_rows(const struct kv_table *table, struct slice item, bool updated,
		  struct arena *mem, struct kv_index_row *rows, struct fault *f)
{
	int count = 0, found;

	for (size_t i = 0; item.size && i < table->index_count; i++) {
		const struct kv_index *index = &table->indexes[i];

		if (index->state == KV_INDEX_DELETING)
			continue;
		found = kv_index_row(table, index, item, updated, mem,
				     &rows[count], f);
		if (found < 0)
			return found;
		count += found;
	}
	if (check_local(item, rows, count, updated, f))
		return -E_INVALID;
	return count + kv_expiry_row(table, item, mem, &rows[count]);
}

int kv_index_rows_there(const struct kv_table *table, struct slice item,
			struct arena *mem, struct kv_index_row *rows)
{
	int count = 0;

	for (size_t i = 0; item.size && i < table->index_count; i++) {
		const struct kv_index *index = &table->indexes[i];
		struct fault unfit = { 0 };

		if (index->state != KV_INDEX_DELETING &&
		    kv_index_row(table, index, item, false, mem, &rows[count],
				 &unfit) > 0)
			count++;
	}
	return count + kv_expiry_row(table, item, mem, &rows[count]);
}
