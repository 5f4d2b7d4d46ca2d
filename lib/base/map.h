/* lib/base/map.h - from bytes to a pointer
 *
 * Open addressing under a SipHash with a key of its own, so that a stranger's
 * keys cannot be chosen to collide. Copies its keys, owns no values. One thread
 * at a time.
 */
#ifndef PARLOR_BASE_MAP_H
#define PARLOR_BASE_MAP_H

#include "lib/base/slice.h"

struct map_slot;

struct map {
	struct map_slot *slots;
	size_t capacity, count, used; /* used: with removed ones */
	uint64_t key[2];
};

void map_init(struct map *);
void map_release(struct map *);

/* The value, or NULL. */
void *map_find(const struct map *, struct slice key);

/* Sets and returns what stood there before, or NULL. `value` is not NULL. */
void *map_put(struct map *, struct slice key, void *value);

/* Removes and returns the value, or NULL. */
void *map_remove(struct map *, struct slice key);

/* The SipHash of some bytes under a key of random_bytes, for tables of other
 * shapes. */
uint64_t map_hash(const uint64_t key[2], struct slice);

/* Walks in no order: start with *at = 0; false at the end. The map must not
 * change meanwhile. */
bool map_next(const struct map *, size_t *at, struct slice *key, void **value);

#endif
