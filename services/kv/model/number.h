/* services/kv/model/number.h - decimals of 38 digits, exactly
 *
 * A number is a coefficient and a power of ten, never a double. Whatever its
 * text was, one value has one form here, one text and one key. Arithmetic is
 * exact or refused.
 */
#ifndef PARLOR_KV_NUMBER_H
#define PARLOR_KV_NUMBER_H

#include "lib/base/fault.h"

__extension__ typedef unsigned __int128 kv_u128;

/* coefficient × 10^exponent; the coefficient does not end in a zero digit, and
 * 0 has exponent 0 and no sign. */
struct kv_number {
	kv_u128 coefficient; /* below 10^38 */
	int exponent;
	bool negative;
};

enum {
	KV_NUMBER_DIGITS = 38,
	KV_NUMBER_HIGH = 125, /* the first digit stands for at most 10^125 */
	KV_NUMBER_LOW = -130, /* and at least 10^-130 */
	KV_NUMBER_TEXT = 172, /* the longest text and a NUL */
	KV_NUMBER_KEY = 22,   /* the longest key */
};

/* "-12.50e3" and the like. Returns 0, or -E_INVALID with DynamoDB's words. */
int kv_number_parse(struct slice text, struct kv_number *, struct fault *);

/* Its text as DynamoDB returns it, without an exponent; the length. */
size_t kv_number_format(const struct kv_number *, char out[KV_NUMBER_TEXT]);

/* <0, 0 or >0. */
int kv_number_compare(const struct kv_number *, const struct kv_number *);

/* The sum, or the difference when `minus`; `out` may be an operand. Returns 0,
 * or -E_INVALID when it needs more digits or passes the range. */
int kv_number_add(const struct kv_number *, const struct kv_number *,
		  bool minus, struct kv_number *out, struct fault *);

/* Bytes whose order is the order of the numbers, none the beginning of another;
 * their count. */
size_t kv_number_key(const struct kv_number *, uint8_t out[KV_NUMBER_KEY]);

#endif
