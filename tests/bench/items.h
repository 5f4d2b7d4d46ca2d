/* tests/bench/items.h - the items that both sides of a comparison store
 *
 * Item `n` has the key "item%08u" and 160 bytes of data: 200 bytes as it
 * travels. The order in which they are written is the same for both sides.
 */
#ifndef PARLOR_BENCH_ITEMS_H
#define PARLOR_BENCH_ITEMS_H

#include "lib/item/item.h"

#include <stdio.h>

enum { ITEM_KEY_SIZE = 12, ITEM_DATA_SIZE = 160 };

static inline void item_key_text(char out[ITEM_KEY_SIZE + 1], uint32_t n)
{
	snprintf(out, ITEM_KEY_SIZE + 1, "item%08u", n % 100000000u);
}

/* The i-th of `items` to be written: each once in `items` steps. */
static inline uint32_t item_in_order(uint64_t i, uint32_t items)
{
	return (uint32_t)(i * 2654435761u % items);
}

static inline void item_put_all(struct buffer *out, uint32_t n)
{
	char key[ITEM_KEY_SIZE + 1];
	uint8_t data[ITEM_DATA_SIZE];

	item_key_text(key, n);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)('a' + (n + i) % 26);
	item_put_text(out, "data", ITEM_S, slice_make(data, sizeof(data)));
	item_put_text(out, "pk", ITEM_S, slice_of(key));
}

#endif
