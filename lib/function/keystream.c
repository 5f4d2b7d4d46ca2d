/* lib/function/keystream.c - random bytes that a seed decides */
#include "lib/function/keystream.h"

#include <string.h>

static uint32_t rotate(uint32_t x, int by)
{
	return (x << by) | (x >> (32 - by));
}

static void quarter(uint32_t *x, int a, int b, int c, int d)
{
	x[a] += x[b];
	x[d] = rotate(x[d] ^ x[a], 16);
	x[c] += x[d];
	x[b] = rotate(x[b] ^ x[c], 12);
	x[a] += x[b];
	x[d] = rotate(x[d] ^ x[a], 8);
	x[c] += x[d];
	x[b] = rotate(x[b] ^ x[c], 7);
}

static uint32_t load(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	       (uint32_t)at[3] << 24;
}

void keystream_init(struct keystream *k, const uint8_t seed[KEYSTREAM_SEED])
{
	static const uint8_t constant[] = "expand 32-byte k";

	*k = (struct keystream){ 0 };
	for (int i = 0; i < 4; i++)
		k->state[i] = load(constant + 4 * i);
	for (int i = 0; i < 8; i++)
		k->state[4 + i] = load(seed + 4 * i);
}

static void next_block(struct keystream *k)
{
	uint32_t x[16];

	memcpy(x, k->state, sizeof(x));
	for (int i = 0; i < 10; i++) {
		for (int column = 0; column < 4; column++)
			quarter(x, column, 4 + column, 8 + column, 12 + column);
		for (int d = 0; d < 4; d++)
			quarter(x, d, 4 + (d + 1) % 4, 8 + (d + 2) % 4,
				12 + (d + 3) % 4);
	}
	for (size_t i = 0; i < 16; i++) {
		uint32_t word = x[i] + k->state[i];

		for (size_t byte = 0; byte < 4; byte++)
			k->block[4 * i + byte] = (uint8_t)(word >> (8 * byte));
	}
	k->state[12]++;
	k->left = KEYSTREAM_BLOCK;
}

void keystream_read(struct keystream *k, void *out, size_t size)
{
	uint8_t *at = out;

	while (size) {
		size_t take;

		if (!k->left)
			next_block(k);
		take = size < k->left ? size : k->left;
		memcpy(at, k->block + KEYSTREAM_BLOCK - k->left, take);
		k->left -= take;
		at += take;
		size -= take;
	}
}
