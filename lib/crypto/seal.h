/* lib/crypto/seal.h - secrets at rest
 *
 * AES-256-GCM under a key that never leaves its file, a random nonce each time.
 * What is sealed is bound to a text (where it is stored), so that it opens
 * nowhere else. Sealed: a version byte, 12 bytes nonce, the ciphertext, 16
 * bytes tag. Any thread.
 */
#ifndef PARLOR_CRYPTO_SEAL_H
#define PARLOR_CRYPTO_SEAL_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"

enum { SEAL_KEY = 32, SEAL_OVERHEAD = 1 + 12 + 16 };

struct seal;

/* Reads the key file of 32 bytes (keyfile.h). NULL with words. */
struct seal *seal_new(const char *key_file, struct fault *);
struct seal *seal_from_key(const uint8_t key[SEAL_KEY]);
void seal_free(struct seal *);

/* In the arena; empty when it is full. */
struct slice seal_close(const struct seal *, struct slice secret,
			struct slice where, struct arena *);

/* Returns 0, or -E_LOSS when it was changed, belongs elsewhere or was sealed
 * with another key. */
int seal_open(const struct seal *, struct slice sealed, struct slice where,
	      struct arena *, struct slice *secret);

/* Bytes that nobody can foretell without the key, always the same for the same
 * pieces (at most 7): the cipher's key is not used for it, but one made of it. */
void seal_derive(const struct seal *, const struct slice *pieces, size_t count,
		 uint8_t out[SEAL_KEY]);

#endif
