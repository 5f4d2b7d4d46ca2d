/* services/kv/store/key.c - where a row stands in the engine's ordered map */
#include "services/kv/store/key.h"

#include <assert.h>
#include <openssl/evp.h>
#include <pthread.h>

static const EVP_MD *sha256;
static pthread_key_t context_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void free_context(void *context)
{
	EVP_MD_CTX_free(context);
}

static void start(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (!sha256 || pthread_key_create(&context_key, free_context) != 0)
		abort();
}

/* A thread's own; fetching and allocating for each hash costs more than it. */
static EVP_MD_CTX *context(void)
{
	EVP_MD_CTX *c;

	pthread_once(&once, start);
	c = pthread_getspecific(context_key);
	if (!c) {
		c = EVP_MD_CTX_new();
		if (!c || pthread_setspecific(context_key, c) != 0)
			abort();
	}
	return c;
}

void key_hash(const struct slice *parts, size_t count, uint8_t *out,
	      size_t size)
{
	EVP_MD_CTX *c = context();
	uint8_t digest[EVP_MAX_MD_SIZE], length[4];
	int well = EVP_DigestInit_ex2(c, sha256, NULL);

	for (size_t i = 0; i < count; i++) {
		key_put_u32(length, (uint32_t)parts[i].size);
		if (count > 1)
			well &= EVP_DigestUpdate(c, length, sizeof(length));
		well &= EVP_DigestUpdate(c, parts[i].data, parts[i].size);
	}
	well &= EVP_DigestFinal_ex(c, digest, NULL);
	if (!well)
		abort();
	memcpy(out, digest, size);
}

/* ---- building --------------------------------------------------------------
 */

static void add(struct row_key *k, const void *data, size_t size)
{
	assert(size <= sizeof(k->bytes) - k->size);
	if (size)
		memcpy(k->bytes + k->size, data, size);
	k->size += size;
}

static void add_byte(struct row_key *k, uint8_t byte)
{
	add(k, &byte, 1);
}

static void add_prefix(struct row_key *k, uint32_t table, struct slice hash_key)
{
	key_put_u32(k->bytes, table);
	key_hash(&hash_key, 1, k->bytes + 4, KEY_HASH);
	k->size = KEY_PREFIX;
}

/* A sort key of an index, without its end mark. */
static void add_escaped(struct row_key *k, struct slice sort)
{
	while (sort.size) {
		const uint8_t *zero = memchr(sort.data, 0, sort.size);
		size_t plain =
		    zero ? (size_t)(zero - sort.data) + 1 : sort.size;

		add(k, sort.data, plain);
		if (zero)
			add_byte(k, 0xff);
		sort = slice_make(sort.data + plain, sort.size - plain);
	}
}

static void add_base(struct row_key *k, struct slice hash_key,
		     struct slice sort)
{
	const struct slice parts[] = { hash_key, sort };
	uint8_t hash[KEY_HASH];

	key_hash(parts, 2, hash, sizeof(hash));
	add(k, hash, sizeof(hash));
}

static void add_index_sort(struct row_key *k, struct slice sort)
{
	add_escaped(k, sort);
	add(k, "\0\0", 2);
}

void key_of_item(struct row_key *k, const struct store_key *key)
{
	add_prefix(k, key->part.table, key->part.hash_key);
	add(k, key->sort.data, key->sort.size);
}

void key_of_index(struct row_key *k, const struct store_index_row *row,
		  const struct store_key *base)
{
	add_prefix(k, row->index, row->hash_key);
	add_index_sort(k, row->sort);
	add_base(k, base->part.hash_key, base->sort);
}

void key_of_partition(struct row_key *k, const struct store_partition *part,
		      bool behind)
{
	add_prefix(k, part->table, part->hash_key);
	if (!behind)
		return;
	while (++k->bytes[k->size - 1] == 0) /* the next number */
		k->size--;
}

void key_of_bound(struct row_key *k, const struct store_partition *part,
		  struct slice sort, bool behind)
{
	add_prefix(k, part->table, part->hash_key);
	if (part->table & STORE_INDEX) {
		add_escaped(k, sort);
		add(k, behind ? "\0\1" : "\0\0", 2);
	} else {
		add(k, sort.data, sort.size);
		if (behind)
			add_byte(k, 0);
	}
}

void key_of_place(struct row_key *k, uint32_t table,
		  const struct store_place *place, bool behind)
{
	add_prefix(k, table, place->hash_key);
	if (table & STORE_INDEX) {
		add_index_sort(k, place->sort);
		add_base(k, place->base_hash_key, place->base_sort);
	} else {
		add(k, place->sort.data, place->sort.size);
	}
	if (behind)
		add_byte(k, 0);
}

void key_of_segment(struct row_key *k, uint32_t table, uint32_t segment,
		    uint32_t segments)
{
	unsigned __int128 start = ((unsigned __int128)segment << 64) / segments;

	key_put_u32(k->bytes, segment < segments ? table : table + 1);
	key_put_u64(k->bytes + 4, (uint64_t)start); /* 2^64 gives 0 */
	k->size = segment < segments ? 12 : 4;
}

struct slice key_of_table(struct table_key *k, enum key_kind kind,
			  uint32_t table)
{
	k->bytes[0] = 0;
	k->bytes[1] = (uint8_t)kind;
	key_put_u32(k->bytes + 2, table);
	return slice_make(k->bytes, sizeof(k->bytes));
}

bool key_is_of(struct slice key, enum key_kind kind)
{
	return key.size == sizeof(struct table_key) && key.data[0] == 0 &&
	       key.data[1] == (uint8_t)kind;
}

uint32_t key_table(struct slice key)
{
	return key_get_u32(key.data + 2);
}
