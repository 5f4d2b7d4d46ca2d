/* services/kv/op/distinct.c - no item twice in one request */
#include "services/kv/op/distinct.h"

#include <stdlib.h>

static int compare(const struct store_key *a, const struct store_key *b)
{
	int order =
	    (a->part.table > b->part.table) - (a->part.table < b->part.table);

	if (order == 0)
		order = slice_compare(a->part.hash_key, b->part.hash_key);
	return order ? order : slice_compare(a->sort, b->sort);
}

static int by_key(const void *a, const void *b)
{
	return compare(a, b);
}

bool kv_keys_distinct(const struct store_key *keys, size_t count,
		      struct arena *mem)
{
	struct store_key *copy;

	if (count < 2)
		return true;
	copy = arena_array(mem, count, sizeof(*copy));
	if (!copy)
		return true;
	memcpy(copy, keys, count * sizeof(*copy));
	qsort(copy, count, sizeof(*copy), by_key);
	for (size_t i = 1; i < count; i++)
		if (compare(&copy[i - 1], &copy[i]) == 0)
			return false;
	return true;
}
