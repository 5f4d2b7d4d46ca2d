/* services/kv/store/key.h - where a row stands in the engine's one ordered map
 *
 * A key is the table's number (big-endian), the first 16 bytes of SHA-256 of
 * the partition key, then the sort key, whose byte order is the order of its
 * values. So a partition is a range, and partitions lie in the order of their
 * hash. An index's sort keys are not alone in their place: behind them stand 16
 * bytes of the base key's hash, and between the two an end mark that keeps "a"
 * before "ab" (00 becomes 00 FF in the sort key, the mark is 00 00).
 *
 * LMDB takes 511 bytes. Of a longer key the first 511 are the row's key, and
 * the row is a list of those that share them (row.h).
 */
#ifndef PARLOR_KV_STORE_KEY_H
#define PARLOR_KV_STORE_KEY_H

#include "services/kv/store/store.h"

enum {
	KEY_HASH = 16,
	KEY_PREFIX = 4 + KEY_HASH, /* a partition's */
	KEY_LMDB_MAX = 511,
	KEY_MAX = KEY_PREFIX + 2 * STORE_SORT_MAX + 2 + KEY_HASH + 1,
};

struct row_key {
	size_t size;
	uint8_t bytes[KEY_MAX];
};

/* The first `size` bytes of SHA-256 of the part; of several, each with its
 * length before it. */
void key_hash(const struct slice *parts, size_t count, uint8_t *out,
	      size_t size);

void key_of_item(struct row_key *, const struct store_key *);

/* The key of an index row for the item at `base`. */
void key_of_index(struct row_key *, const struct store_index_row *,
		  const struct store_key *base);

/* ---- bounds: a range is all keys from a first one up to, and without, an end
 */

/* Before all keys of a partition, or behind them. */
void key_of_partition(struct row_key *, const struct store_partition *,
		      bool behind);

/* Before all keys of a partition that have this sort key, or behind them. */
void key_of_bound(struct row_key *, const struct store_partition *,
		  struct slice sort, bool behind);

/* Before the row at a place, or behind it. */
void key_of_place(struct row_key *, uint32_t table, const struct store_place *,
		  bool behind);

/* Before segment `segment` of `segments`; segment == segments: behind the
 * table. */
void key_of_segment(struct row_key *, uint32_t table, uint32_t segment,
		    uint32_t segments);

/* ---- LMDB_TABLES: a table's own small rows */

enum key_kind { KEY_SIZE = 1, KEY_STREAM, KEY_ROLLED };

struct table_key {
	uint8_t
	    bytes[6]; /* NUL, which begins no database's name; kind; table */
};

struct slice key_of_table(struct table_key *, enum key_kind, uint32_t table);

/* Is it one of that kind? Then its table. */
bool key_is_of(struct slice key, enum key_kind);
uint32_t key_table(struct slice key);

/* The whole key, and as much of it as LMDB takes. */
static inline struct slice key_whole(const struct row_key *k)
{
	return slice_make(k->bytes, k->size);
}

static inline struct slice key_lmdb(const struct row_key *k)
{
	return slice_make(k->bytes,
			  k->size < KEY_LMDB_MAX ? k->size : KEY_LMDB_MAX);
}

static inline void key_put_u32(uint8_t *out, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(n >> (24 - 8 * i));
}

static inline uint32_t key_get_u32(const uint8_t *in)
{
	return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 |
	       (uint32_t)in[2] << 8 | in[3];
}

static inline void key_put_u64(uint8_t *out, uint64_t n)
{
	key_put_u32(out, (uint32_t)(n >> 32));
	key_put_u32(out + 4, (uint32_t)n);
}

static inline uint64_t key_get_u64(const uint8_t *in)
{
	uint64_t n = 0;

	for (int i = 0; i < 8; i++)
		n = n << 8 | in[i];
	return n;
}

#endif
