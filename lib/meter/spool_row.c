/* lib/meter/spool_row.c - a row of a spool, as it stands in the file */
#include "lib/meter/spool_row.h"

void spool_row_texts(const struct spool_key *key,
		     struct slice texts[SPOOL_TEXTS])
{
	texts[0] = key->principal;
	texts[1] = key->resource;
	texts[2] = key->user;
	texts[3] = key->cost_tag;
	texts[4] = slice_of(key->operation);
	texts[5] = slice_of(key->unit);
	for (size_t i = 0; i < SPOOL_TEXTS; i++)
		if (texts[i].size > UINT8_MAX)
			texts[i].size = UINT8_MAX;
}

struct spool_key spool_row_key(const struct spool_row *row)
{
	struct slice texts[SPOOL_TEXTS];
	const char *at = row->texts;

	for (size_t i = 0; i < SPOOL_TEXTS; i++) {
		texts[i] = slice_make(at, row->lengths[i]);
		at += row->lengths[i] + 1;
	}
	return (struct spool_key){
		.principal = texts[0],
		.resource = texts[1],
		.user = texts[2],
		.cost_tag = texts[3],
		.operation = (const char *)texts[4].data,
		.unit = (const char *)texts[5].data,
		.hour = row->hour,
	};
}

uint32_t spool_row_size(const struct slice texts[SPOOL_TEXTS])
{
	size_t size = sizeof(struct spool_row);

	for (size_t i = 0; i < SPOOL_TEXTS; i++)
		size += texts[i].size + 1;
	return (uint32_t)((size + 7) & ~(size_t)7);
}

uint64_t spool_mix(uint64_t hash, const void *data, size_t size)
{
	const uint8_t *at = data;
	uint64_t word;

	for (; size >= 8; at += 8, size -= 8) {
		memcpy(&word, at, 8);
		hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 29;
	}
	word = size;
	if (size)
		memcpy(&word, at, size);
	hash = (hash ^ word ^ (uint64_t)size << 56) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 32;
}

uint64_t spool_row_hash(uint64_t seed, int64_t hour,
			const struct slice texts[SPOOL_TEXTS])
{
	uint64_t hash = spool_mix(seed, &hour, sizeof(hour));

	for (size_t i = 0; i < SPOOL_TEXTS; i++)
		hash = spool_mix(hash, texts[i].data, texts[i].size);
	return hash;
}

bool spool_row_is(const struct spool_row *row, int64_t hour,
		  const struct slice texts[SPOOL_TEXTS])
{
	const char *at = row->texts;

	if (row->hour != hour)
		return false;
	for (size_t i = 0; i < SPOOL_TEXTS; i++) {
		if (row->lengths[i] != texts[i].size ||
		    (texts[i].size &&
		     memcmp(at, texts[i].data, texts[i].size) != 0))
			return false;
		at += texts[i].size + 1;
	}
	return true;
}

void spool_row_make(struct spool_row *row, int64_t hour,
		    const struct slice texts[SPOOL_TEXTS])
{
	char *at = row->texts;

	row->hour = hour;
	row->check = (uint32_t)spool_row_hash(0, hour, texts);
	for (size_t i = 0; i < SPOOL_TEXTS; i++) {
		row->lengths[i] = (uint8_t)texts[i].size;
		if (texts[i].size)
			memcpy(at, texts[i].data, texts[i].size);
		at += texts[i].size + 1;
	}
	atomic_store_explicit(&row->size, spool_row_size(texts),
			      memory_order_release);
}

bool spool_row_is_whole(const struct spool_row *row, uint64_t room)
{
	uint64_t size = atomic_load(&row->size), need = sizeof(*row);
	struct slice texts[SPOOL_TEXTS];
	struct spool_key key;

	if (size < sizeof(*row) || size > room)
		return false;
	for (size_t i = 0; i < SPOOL_TEXTS; i++) {
		need += row->lengths[i] + 1u;
		if (need > size || ((const char *)row)[need - 1] != '\0')
			return false;
	}
	key = spool_row_key(row);
	spool_row_texts(&key, texts);
	return spool_row_size(texts) == size &&
	       row->check == (uint32_t)spool_row_hash(0, row->hour, texts);
}
