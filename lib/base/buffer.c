/* lib/base/buffer.c - bytes that grow up to a maximum */
#include "lib/base/buffer.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { BUFFER_FIRST = 512 };

void buffer_init(struct buffer *b, size_t max)
{
	*b = (struct buffer){ .max = max };
}

static void forget(struct buffer *b)
{
	if (b->wipes && b->block)
		explicit_bzero(b->block, b->capacity);
}

void buffer_release(struct buffer *b)
{
	forget(b);
	free(b->block);
	*b = (struct buffer){ .max = b->max, .wipes = b->wipes };
}

void buffer_reset(struct buffer *b)
{
	forget(b);
	b->start = b->end = 0;
	b->failed = false;
}

static void slide(struct buffer *b)
{
	size_t size = buffer_size(b);

	if (b->block && b->start)
		memmove(b->block, b->block + b->start, size);
	b->start = 0;
	b->end = size;
}

/* As realloc, which leaves a copy behind. */
static void move(struct buffer *b, size_t capacity)
{
	uint8_t *block = malloc(capacity);

	if (block && b->block) {
		memcpy(block, b->block, b->end);
		forget(b);
	}
	free(b->block);
	b->block = block;
}

static void grow(struct buffer *b, size_t need)
{
	size_t capacity = b->capacity ? b->capacity : BUFFER_FIRST;

	while (capacity < need)
		capacity *= 2;
	if (capacity > b->max)
		capacity = b->max;
	if (b->wipes)
		move(b, capacity);
	else
		b->block = realloc(b->block, capacity);
	if (!b->block)
		abort(); /* lack of memory ends the process */
	b->capacity = capacity;
}

uint8_t *buffer_reserve(struct buffer *b, size_t size)
{
	if (b->failed || size > b->max - buffer_size(b)) {
		b->failed = true;
		return NULL;
	}
	if (!b->block || size > b->capacity - b->end) {
		slide(b);
		if (!b->block || size > b->capacity - b->end)
			grow(b, b->end + size);
	}
	return b->block + b->end;
}

void buffer_added(struct buffer *b, size_t size)
{
	assert(size <= b->capacity - b->end);
	b->end += size;
}

void buffer_put(struct buffer *b, const void *data, size_t size)
{
	uint8_t *place = size ? buffer_reserve(b, size) : NULL;

	if (!place)
		return;
	memcpy(place, data, size);
	b->end += size;
}

void buffer_put_slice(struct buffer *b, struct slice s)
{
	buffer_put(b, s.data, s.size);
}

void buffer_put_text(struct buffer *b, const char *text)
{
	buffer_put(b, text, strlen(text));
}

void buffer_put_u64(struct buffer *b, uint64_t value)
{
	char digits[SLICE_U64];

	buffer_put_slice(b, slice_of_u64(value, digits));
}

void buffer_printf(struct buffer *b, const char *format, ...)
{
	va_list args;
	int size;
	uint8_t *place;

	va_start(args, format);
	size = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (size < 0) {
		b->failed = true;
		return;
	}
	place = buffer_reserve(b, (size_t)size + 1); /* vsnprintf's NUL */
	if (!place)
		return;
	va_start(args, format);
	vsnprintf((char *)place, (size_t)size + 1, format, args);
	va_end(args);
	b->end += (size_t)size;
}

void buffer_consume(struct buffer *b, size_t size)
{
	assert(size <= buffer_size(b));
	b->start += size;
	if (b->start == b->end)
		b->start = b->end = 0;
}

void buffer_truncate(struct buffer *b, size_t size)
{
	assert(size <= buffer_size(b));
	b->end = b->start + size;
}
