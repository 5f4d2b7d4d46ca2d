/* lib/base/slice.h - bytes that somebody else owns
 *
 * A slice is a pointer and a length, never NUL-terminated by promise, never
 * freed through. Every function here is pure and callable from any thread.
 */
#ifndef PARLOR_BASE_SLICE_H
#define PARLOR_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
	const uint8_t *data;
	size_t size;
};

/* A slice of a string literal, made at compile time. */
#define SLICE(literal) \
	((struct slice){ (const uint8_t *)("" literal), sizeof(literal) - 1 })

/* For printf's "%.*s". */
#define SLICE_ARGS(s) (int)(s).size, (const char *)(s).data
/* So, too, but at most so many bytes of it: what comes from outside has any size. */
#define SLICE_HEAD(s, most) \
	(int)((s).size < (most) ? (s).size : (most)), (const char *)(s).data

static inline struct slice slice_make(const void *data, size_t size)
{
	return (struct slice){ data, size };
}

/* The bytes of a C string, without its NUL; a null pointer gives no bytes. */
static inline struct slice slice_of(const char *text)
{
	return (struct slice){ (const uint8_t *)text, text ? strlen(text) : 0 };
}

bool slice_equal(struct slice a, struct slice b);

/* Is the slice exactly this C string? */
bool slice_is(struct slice a, const char *text);

/* ASCII letters compare without case, as HTTP's names do. */
bool slice_equal_nocase(struct slice a, struct slice b);

/* Unsigned byte order, a prefix first: <0, 0 or >0. */
int slice_compare(struct slice a, struct slice b);

bool slice_starts(struct slice a, struct slice prefix);

/* Compares secrets: the time depends on the lengths alone. */
bool slice_equal_secret(struct slice a, struct slice b);

/* Cuts *rest at the first `separator`: returns what stood before it and leaves
 * what stands behind; without one returns all and leaves nothing. */
struct slice slice_cut(struct slice *rest, char separator);

/* Without spaces and tabs at either end. */
struct slice slice_trim(struct slice a);

/* Decimal digits only, no sign, no blanks. Returns 0, or -E_INVALID when it is
 * empty, has another byte, or passes `max`. */
int slice_to_u64(struct slice a, uint64_t max, uint64_t *out);

/* The decimal digits, written at the end of `room`, without printf's cost. */
enum { SLICE_U64 = 20 };
struct slice slice_of_u64(uint64_t, char room[SLICE_U64]);

/* Well-formed UTF-8: no surrogates, nothing overlong, at most U+10FFFF. */
bool slice_is_utf8(struct slice a);

/* The characters of such bytes: all that do not go on with another one. */
size_t slice_characters(struct slice a);

#endif
