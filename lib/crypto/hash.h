/* lib/crypto/hash.h - SHA-256, and HMAC over it
 *
 * The digest is fetched from OpenSSL once and each thread keeps one context:
 * OpenSSL's own one-shot calls search for the algorithm every time. Any thread.
 */
#ifndef PARLOR_CRYPTO_HASH_H
#define PARLOR_CRYPTO_HASH_H

#include "lib/base/slice.h"

enum { HASH_SIZE = 32, HASH_HEX = 65 };

void hash_sha256(struct slice data, uint8_t out[HASH_SIZE]);

/* The digest of `count` pieces one behind the other. */
void hash_sha256_pieces(const struct slice *pieces, size_t count,
			uint8_t out[HASH_SIZE]);

/* HMAC-SHA256 (RFC 2104); of at most HASH_PIECES one behind the other. */
enum { HASH_PIECES = 12 };
void hash_hmac(struct slice key, struct slice data, uint8_t out[HASH_SIZE]);
void hash_hmac_pieces(struct slice key, const struct slice *pieces,
		      size_t count, uint8_t out[HASH_SIZE]);

/* Lower-case hexadecimal and a NUL. */
void hash_hex(const uint8_t hash[HASH_SIZE], char out[HASH_HEX]);

/* The hexadecimal digest of `data`. */
void hash_sha256_hex(struct slice data, char out[HASH_HEX]);

#endif
