/* lib/function/keystream.h - random bytes that a seed decides
 *
 * ChaCha20's key stream (RFC 8439) under the event's seed: nobody who lacks the
 * seed can guess the bytes, and who has it can make them again.
 */
#ifndef PARLOR_FUNCTION_KEYSTREAM_H
#define PARLOR_FUNCTION_KEYSTREAM_H

#include <stddef.h>
#include <stdint.h>

enum { KEYSTREAM_SEED = 32, KEYSTREAM_BLOCK = 64 };

struct keystream {
	uint32_t state[16];
	uint8_t block[KEYSTREAM_BLOCK];
	size_t left; /* bytes of the block not given out yet */
};

void keystream_init(struct keystream *, const uint8_t seed[KEYSTREAM_SEED]);
void keystream_read(struct keystream *, void *out, size_t size);

#endif
