/* lib/crypto/base64.h - bytes as letters, RFC 4648
 *
 * Two alphabets: the URL-safe one without padding, which tokens use, and the
 * standard one with padding. Decoding is strict: exactly the text that encoding
 * would give, so that no two texts stand for the same bytes. Pure.
 */
#ifndef PARLOR_CRYPTO_BASE64_H
#define PARLOR_CRYPTO_BASE64_H

#include "lib/base/slice.h"

/* Letters that `size` bytes take, padded or not. */
#define BASE64_SIZE(size) (((size) + 2) / 3 * 4)

/* Bytes that `size` letters hold at most. */
#define BASE64_BYTES(size) (((size) + 3) / 4 * 3)

/* Writes at most BASE64_SIZE letters, no NUL. Returns how many. */
size_t base64_encode(struct slice bytes, char *out);
size_t base64url_encode(struct slice bytes, char *out);

/* Writes at most BASE64_BYTES bytes. Returns 0, or -E_INVALID for a letter
 * outside the alphabet, wrong padding, an impossible length, or bits set behind
 * the last byte. */
int base64_decode(struct slice text, uint8_t *out, size_t *size);
int base64url_decode(struct slice text, uint8_t *out, size_t *size);

#endif
