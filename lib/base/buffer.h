/* lib/base/buffer.h - bytes that grow up to a maximum
 *
 * Filled at the end, consumed at the front. Born with a maximum; passing it
 * sets `failed`, and a failed buffer takes nothing more, so that writers need
 * not check each step: they look once at the end. Owned by one thread.
 */
#ifndef PARLOR_BASE_BUFFER_H
#define PARLOR_BASE_BUFFER_H

#include "lib/base/slice.h"

struct buffer {
	uint8_t *block;
	size_t start, end; /* the bytes held are block[start..end) */
	size_t capacity, max;
	bool failed;
	bool wipes; /* it holds secrets: what is given back is overwritten */
};

void buffer_init(struct buffer *, size_t max);

/* Frees the block; the buffer may be used again, as it was initialised. */
void buffer_release(struct buffer *);

/* Forgets the bytes and the failure, keeps the block. */
void buffer_reset(struct buffer *);

static inline size_t buffer_size(const struct buffer *b)
{
	return b->end - b->start;
}

/* What it holds, valid until the next change. */
static inline struct slice buffer_slice(const struct buffer *b)
{
	const uint8_t *block = b->block ? b->block : (const uint8_t *)"";

	return slice_make(block + b->start, b->end - b->start);
}

/* Room for `size` more bytes at the end, or NULL (and failed). Follow with
 * buffer_added once they are written. */
uint8_t *buffer_reserve(struct buffer *, size_t size);
void buffer_added(struct buffer *, size_t size);

void buffer_put(struct buffer *, const void *data, size_t size);
void buffer_put_slice(struct buffer *, struct slice);
void buffer_put_text(struct buffer *, const char *text);
static inline void buffer_put_byte(struct buffer *b, uint8_t byte)
{
	if (b->end < b->capacity && !b->failed)
		b->block[b->end++] = byte;
	else
		buffer_put(b, &byte, 1);
}

/* A decimal number, without printf's cost. */
void buffer_put_u64(struct buffer *, uint64_t);

void buffer_printf(struct buffer *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Drops `size` bytes at the front; no more than it holds. */
void buffer_consume(struct buffer *, size_t size);

/* Shortens to `size` bytes. */
void buffer_truncate(struct buffer *, size_t size);

#endif
