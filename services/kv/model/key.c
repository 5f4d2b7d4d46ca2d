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

/* ---- values ----------------------------------------------------------------
 */

static struct slice encode_number(struct slice text, struct arena *mem)
{
	struct fault none = { 0 };
	struct kv_number number = { 0 };
	uint8_t *key = arena_alloc(mem, KV_NUMBER_KEY);

	kv_number_parse(text, &number, &none);
	return slice_make(key, key ? kv_number_key(&number, key) : 0);
}

/* The bytes of a value that is of a key's type. */
static struct slice encode(const struct item_value *value, struct arena *mem)
{
	return value->type == ITEM_N ? encode_number(value->bytes, mem)
				     : value->bytes;
}

/* With an end that is less than all that may follow in a longer value: 00 and
 * 01 become 01 01 and 01 02, the end is 00. */
static uint8_t *put_ended(uint8_t *to, struct slice value)
{
	for (size_t i = 0; i < value.size; i++) {
		if (value.data[i] <= 1)
			*to++ = 1;
		*to++ = value.data[i] <= 1 ? value.data[i] + 1 : value.data[i];
	}
	*to++ = 0;
	return to;
}

static uint8_t *put_plain(uint8_t *to, struct slice value)
{
	if (value.size)
		memcpy(to, value.data, value.size);
	return to + value.size;
}

/* Values one behind the other, each with its end, but for the last one unless
 * `more` can follow. */
static struct slice join(const struct item_value *values, size_t count,
			 bool more, struct arena *mem)
{
	struct slice parts[KV_KEY_PARTS_MAX];
	uint8_t *key, *to;
	size_t room = 0;

	if (count == 1 && !more)
		return encode(values, mem);
	for (size_t i = 0; i < count; i++) {
		parts[i] = encode(&values[i], mem);
		room += 2 * parts[i].size + 1;
	}
	key = to = room ? arena_alloc(mem, room) : NULL;
	for (size_t i = 0; key && i < count; i++)
		to = i + 1 < count || more ? put_ended(to, parts[i])
					   : put_plain(to, parts[i]);
	return slice_make(key, (size_t)(to - key));
}

static const char *kind_name(enum item_type type)
{
	return type == ITEM_B ? "binary" : "string";
}

static size_t most_of(bool range)
{
	return range ? KV_RANGE_KEY_MAX : KV_HASH_KEY_MAX;
}

static int check_size(size_t size, bool range, struct fault *f)
{
	if (size <= most_of(range))
		return 0;
	return fault_set(f, E_INVALID,
			 range ? INVALID "Aggregated size of all range keys "
					 "has exceeded the size limit of %zu "
					 "bytes"
			       : INVALID "Size of hashkey has exceeded the "
					 "maximum size limit of%zu bytes",
			 most_of(range));
}

static int refuse_empty(const struct kv_key_part *part, struct fault *f)
{
	return fault_set(f, E_INVALID,
			 NOT_VALID
			 "The AttributeValue for a key attribute cannot "
			 "contain an empty %s value. Key: %.*s",
			 kind_name(part->type), SLICE_ARGS(part->name));
}

/* The attributes of a partition key, or of a sort key. */
struct half {
	size_t from, count;
};

static struct half half_of(const struct kv_key_schema *schema, bool range)
{
	return range ? (struct half){ schema->hashes,
				      schema->count - schema->hashes }
		     : (struct half){ 0, schema->hashes };
}

int kv_key_values(const struct kv_key_schema *schema, bool range,
		  const struct item_value *values, size_t count,
		  struct arena *mem, struct slice *out, struct fault *f)
{
	struct half half = half_of(schema, range);
	size_t size = 0;

	for (size_t i = 0; i < count; i++) {
		if (values[i].bytes.size == 0)
			return refuse_empty(&schema->parts[half.from + i], f);
		size += kv_value_size(&values[i]);
	}
	if (check_size(size, range, f))
		return -E_INVALID;
	*out = join(values, count, count < half.count, mem);
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
	struct item_value values[2 * KV_KEY_PARTS_MAX] = { { 0 } };
	size_t hashes = schema->hashes;

	*key = (struct kv_key){ 0 };
	for (size_t i = 0; i < schema->count; i++)
		if (find(&schema->parts[i], item, &values[i], f))
			return -E_INVALID;
	return kv_key_values(schema, false, values, hashes, mem, &key->hash,
			     f) ||
		       kv_key_values(schema, true, values + hashes,
				     schema->count - hashes, mem, &key->sort, f)
		   ? -E_INVALID
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
	if (count_attributes(map) != schema->count)
		return fault_set(f, E_INVALID, NO_MATCH);
	return find_key(schema, map, find_in_map, mem, key, f);
}

/* The different attributes of both keys. */
static size_t count_parts(const struct kv_table *table,
			  const struct kv_index *index)
{
	size_t count = table->key.count;

	for (size_t i = 0; index && i < index->key.count; i++)
		count += !kv_schema_has(&table->key, index->key.parts[i].name);
	return count;
}

static bool has_parts(const struct kv_key_schema *schema, struct slice map)
{
	for (size_t i = 0; i < schema->count; i++)
		if (!item_find_slice(map, schema->parts[i].name).type)
			return false;
	return true;
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

static int check_index_value(const struct kv_index *index,
			     const struct kv_key_part *part,
			     const struct item_value *value, bool updated,
			     struct fault *f)
{
	if (value->type == ITEM_NONE)
		return 0;
	if (value->type != part->type)
		return refuse_type(index, part, value->type, updated, f);
	return value->bytes.size ? 0
				 : refuse_empty_index(index, part, updated, f);
}

/* Those of the index's partition key, or of its sort key, as far as they are
 * there. */
static int check_index_values(const struct kv_index *index, bool range,
			      const struct item_value *values, bool updated,
			      struct fault *f)
{
	struct half half = half_of(&index->key, range);
	size_t size = 0;

	for (size_t i = half.from; i < half.from + half.count; i++) {
		if (check_index_value(index, &index->key.parts[i], &values[i],
				      updated, f))
			return -E_INVALID;
		size += kv_value_size(&values[i]);
	}
	if (updated && size > most_of(range))
		return fault_set(f, E_INVALID,
				 UPDATED "the secondary index key beyond "
					 "allowed size limits");
	return check_size(size, range, f);
}

/* An attribute that has its type, but not a byte; or NULL. */
static const struct kv_key_part *find_empty(const struct kv_key_schema *schema,
					    struct slice item)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct kv_key_part *part = &schema->parts[i];
		struct item_value value = item_find_slice(item, part->name);

		if (value.type && value.type == part->type && !value.bytes.size)
			return part;
	}
	return NULL;
}

int kv_keys_filled(const struct kv_table *table, struct slice item, bool put,
		   struct fault *f)
{
	const struct kv_key_part *empty = find_empty(&table->key, item);

	if (empty)
		return refuse_empty(empty, f);
	for (size_t i = 0; put && i < table->index_count; i++) {
		empty = find_empty(&table->indexes[i].key, item);
		if (empty)
			return refuse_empty_index(&table->indexes[i], empty,
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
	struct item_value values[2 * KV_KEY_PARTS_MAX] = { { 0 } };
	size_t hashes = key->hashes;
	bool all = true;

	for (size_t i = 0; i < key->count; i++) {
		values[i] = item_find_slice(item, key->parts[i].name);
		all &= values[i].type != ITEM_NONE;
	}
	if (check_index_values(index, false, values, updated, f) ||
	    check_index_values(index, true, values, updated, f))
		return -E_INVALID;
	if (!all)
		return 0;
	*row = (struct kv_index_row){
		.index = index,
		.key = { .hash = join(values, hashes, false, mem),
			 .sort = join(values + hashes, key->count - hashes,
				      false, mem) },
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
