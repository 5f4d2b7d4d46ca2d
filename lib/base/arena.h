/* lib/base/arena.h - memory that is made piece by piece and dies at once
 *
 * A request owns one arena; nothing in it is freed singly. An arena is born
 * with a maximum: when it is reached arena_alloc gives NULL and the arena stays
 * `full`, which is the answer to a bad request and not lack of memory. (When
 * the machine has no memory the process ends.) One thread at a time.
 */
#ifndef PARLOR_BASE_ARENA_H
#define PARLOR_BASE_ARENA_H

#include "lib/base/slice.h"

struct arena_block;
struct arena_end;

struct arena {
	struct arena_block *blocks; /* newest first; the last one is kept */
	struct arena_end *ends;	    /* newest first */
	size_t used;		    /* bytes given out, padding included */
	size_t max;
	bool full;
	bool wipes; /* it holds secrets: what is taken back is overwritten */
};

/* Nothing is allocated until it is asked for. `max` in bytes. */
void arena_init(struct arena *, size_t max);

/* Frees everything; the arena may be used again as if just initialised. */
void arena_release(struct arena *);

/* Forgets everything but keeps the first block for the next request. */
void arena_reset(struct arena *);

/* A place to go back to: arena_rewind frees what was given out since. */
struct arena_mark {
	struct arena_block *block;
	struct arena_end *ends;
	size_t block_used, used;
	bool full;
};
struct arena_mark arena_mark(const struct arena *);
void arena_rewind(struct arena *, const struct arena_mark *);

/* `size` bytes aligned for any type, not cleared; NULL when full. */
void *arena_alloc(struct arena *, size_t size);

/* The same, cleared. */
void *arena_zalloc(struct arena *, size_t size);

/* `count` times `size` cleared bytes; NULL when full or when it overflows. */
void *arena_array(struct arena *, size_t count, size_t size);

/* Runs `end` once when the memory given out so far is taken back: for what is
 * held as long as the arena's contents. False, and it does not run, when full.
 */
bool arena_at_end(struct arena *, void (*end)(void *arg), void *arg);

/* A copy with a NUL behind it; NULL when full. */
char *arena_copy(struct arena *, const void *data, size_t size);

/* A copy as a slice; empty when full. */
struct slice arena_slice(struct arena *, struct slice);

/* printf into the arena; NULL when full. */
char *arena_printf(struct arena *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
