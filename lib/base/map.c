/* lib/base/map.c - from bytes to a pointer */
#include "lib/base/map.h"
#include "lib/base/random.h"

#include <stdlib.h>

struct map_slot {
	uint64_t hash;
	uint8_t *key; /* ours; NULL when free or removed */
	size_t size;
	void *value;
	bool removed;
};

enum { MAP_FIRST = 16 };

static uint64_t rotate(uint64_t x, int by)
{
	return (x << by) | (x >> (64 - by));
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

/* SipHash-1-3 (Aumasson and Bernstein, 2012). */
uint64_t map_hash(const uint64_t key[2], struct slice s)
{
	uint64_t v[4] = { key[0] ^ 0x736f6d6570736575u,
			  key[1] ^ 0x646f72616e646f6du,
			  key[0] ^ 0x6c7967656e657261u,
			  key[1] ^ 0x7465646279746573u };
	uint64_t last = (uint64_t)s.size << 56, word;
	size_t at = 0;

	for (; s.size - at >= 8; at += 8) {
		memcpy(&word, s.data + at, 8);
		v[3] ^= word;
		sip_round(v);
		v[0] ^= word;
	}
	for (size_t i = 0; at + i < s.size; i++)
		last |= (uint64_t)s.data[at + i] << (8 * i);
	v[3] ^= last;
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void map_init(struct map *m)
{
	*m = (struct map){ 0 };
	random_bytes(m->key, sizeof(m->key));
}

void map_release(struct map *m)
{
	for (size_t i = 0; i < m->capacity; i++)
		free(m->slots[i].key);
	free(m->slots);
	m->slots = NULL;
	m->capacity = m->count = m->used = 0;
}

/* The slot that holds the key, or the one where it would be put. */
static struct map_slot *probe(const struct map *m, uint64_t hash,
			      struct slice key)
{
	struct map_slot *grave = NULL;

	for (size_t i = hash & (m->capacity - 1);;
	     i = (i + 1) & (m->capacity - 1)) {
		struct map_slot *slot = &m->slots[i];

		if (slot->removed) {
			grave = grave ? grave : slot;
			continue;
		}
		if (!slot->key)
			return grave ? grave : slot;
		if (slot->hash == hash &&
		    slice_equal(slice_make(slot->key, slot->size), key))
			return slot;
	}
}

static void rehash(struct map *m)
{
	struct map old = *m;

	m->capacity = old.capacity ? old.capacity : MAP_FIRST;
	while (m->capacity < 2 * (old.count + 1))
		m->capacity *= 2;
	m->slots = calloc(m->capacity, sizeof(*m->slots));
	if (!m->slots)
		abort(); /* lack of memory ends the process */
	m->used = m->count;
	for (size_t i = 0; i < old.capacity; i++) {
		struct map_slot *slot = &old.slots[i];

		if (slot->key)
			*probe(m, slot->hash,
			       slice_make(slot->key, slot->size)) = *slot;
	}
	free(old.slots);
}

void *map_find(const struct map *m, struct slice key)
{
	struct map_slot *slot;

	if (!m->count)
		return NULL;
	slot = probe(m, map_hash(m->key, key), key);
	return slot->key ? slot->value : NULL;
}

void *map_put(struct map *m, struct slice key, void *value)
{
	uint64_t hash = map_hash(m->key, key);
	struct map_slot *slot;
	void *before;

	if ((m->used + 1) * 4 > m->capacity * 3)
		rehash(m);
	slot = probe(m, hash, key);
	if (slot->key) {
		before = slot->value;
		slot->value = value;
		return before;
	}
	m->used += !slot->removed;
	m->count++;
	*slot = (struct map_slot){ .hash = hash,
				   .key = malloc(key.size + 1),
				   .size = key.size,
				   .value = value };
	if (!slot->key)
		abort(); /* lack of memory ends the process */
	if (key.size)
		memcpy(slot->key, key.data, key.size);
	return NULL;
}

void *map_remove(struct map *m, struct slice key)
{
	struct map_slot *slot;
	void *value;

	if (!m->count)
		return NULL;
	slot = probe(m, map_hash(m->key, key), key);
	if (!slot->key)
		return NULL;
	value = slot->value;
	free(slot->key);
	*slot = (struct map_slot){ .removed = true };
	m->count--;
	return value;
}

bool map_next(const struct map *m, size_t *at, struct slice *key, void **value)
{
	for (; *at < m->capacity; ++*at) {
		const struct map_slot *slot = &m->slots[*at];

		if (!slot->key)
			continue;
		*key = slice_make(slot->key, slot->size);
		*value = slot->value;
		++*at;
		return true;
	}
	return false;
}
