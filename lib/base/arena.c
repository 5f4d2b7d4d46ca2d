/* lib/base/arena.c - memory that is made piece by piece and dies at once */
#include "lib/base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { ARENA_BLOCK = 8192, ARENA_ALIGN = _Alignof(max_align_t) };

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(max_align_t) uint8_t data[];
};

struct arena_end {
	struct arena_end *next;
	void (*end)(void *arg);
	void *arg;
};

/* What the block holds from `used` on is not needed any more. */
static void forget(const struct arena *a, struct arena_block *block,
		   size_t used)
{
	if (a->wipes)
		explicit_bzero(block->data + used, block->used - used);
}

void arena_init(struct arena *a, size_t max)
{
	*a = (struct arena){ .max = max };
}

static struct arena_block *block_new(struct arena_block *next, size_t size)
{
	struct arena_block *block = malloc(sizeof(*block) + size);

	if (!block)
		abort(); /* lack of memory ends the process */
	*block = (struct arena_block){ .next = next, .size = size };
	return block;
}

/* Runs what was registered after `stop`, newest first. */
static void run_ends(struct arena *a, const struct arena_end *stop)
{
	while (a->ends != stop) {
		struct arena_end *end = a->ends;

		a->ends = end->next;
		end->end(end->arg);
	}
}

void arena_release(struct arena *a)
{
	struct arena_block *block;

	run_ends(a, NULL);
	block = a->blocks;
	while (block) {
		struct arena_block *next = block->next;

		forget(a, block, 0);
		free(block);
		block = next;
	}
	*a = (struct arena){ .max = a->max, .wipes = a->wipes };
}

void arena_reset(struct arena *a)
{
	struct arena_block *block;

	run_ends(a, NULL);
	block = a->blocks;
	while (block && block->next) {
		struct arena_block *next = block->next;

		forget(a, block, 0);
		free(block);
		block = next;
	}
	if (block) {
		forget(a, block, 0);
		block->used = 0;
	}
	a->blocks = block;
	a->used = 0;
	a->full = false;
}

struct arena_mark arena_mark(const struct arena *a)
{
	return (struct arena_mark){
		.block = a->blocks,
		.ends = a->ends,
		.block_used = a->blocks ? a->blocks->used : 0,
		.used = a->used,
		.full = a->full,
	};
}

void arena_rewind(struct arena *a, const struct arena_mark *mark)
{
	run_ends(a, mark->ends);
	while (a->blocks != mark->block && a->blocks->next) {
		struct arena_block *next = a->blocks->next;

		forget(a, a->blocks, 0);
		free(a->blocks);
		a->blocks = next;
	}
	if (a->blocks) {
		forget(a, a->blocks, mark->block_used);
		a->blocks->used = mark->block_used;
	}
	a->used = mark->used;
	a->full = mark->full;
}

void *arena_alloc(struct arena *a, size_t size)
{
	size_t padded = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	struct arena_block *block = a->blocks;
	void *place;

	if (padded < size || padded > a->max - a->used || a->full) {
		a->full = true;
		return NULL;
	}
	if (!block || block->size - block->used < padded) {
		size_t want = ARENA_BLOCK - sizeof(*block);

		block = block_new(block, padded > want ? padded : want);
		a->blocks = block;
	}
	place = block->data + block->used;
	block->used += padded;
	a->used += padded;
	return place;
}

void *arena_zalloc(struct arena *a, size_t size)
{
	void *place = arena_alloc(a, size);

	return place ? memset(place, 0, size) : NULL;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total)) {
		a->full = true;
		return NULL;
	}
	return arena_zalloc(a, total);
}

bool arena_at_end(struct arena *a, void (*end)(void *arg), void *arg)
{
	struct arena_end *node = arena_alloc(a, sizeof(*node));

	if (!node)
		return false;
	*node = (struct arena_end){ a->ends, end, arg };
	a->ends = node;
	return true;
}

char *arena_copy(struct arena *a, const void *data, size_t size)
{
	char *copy = size < SIZE_MAX ? arena_alloc(a, size + 1) : NULL;

	if (!copy)
		return NULL;
	if (size)
		memcpy(copy, data, size);
	copy[size] = '\0';
	return copy;
}

struct slice arena_slice(struct arena *a, struct slice s)
{
	char *copy = arena_copy(a, s.data, s.size);

	return slice_make(copy, copy ? s.size : 0);
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	int size;
	char *text;

	va_start(args, format);
	size = vsnprintf(NULL, 0, format, args);
	va_end(args);
	text = size < 0 ? NULL : arena_alloc(a, (size_t)size + 1);
	if (!text)
		return NULL;
	va_start(args, format);
	vsnprintf(text, (size_t)size + 1, format, args);
	va_end(args);
	return text;
}
