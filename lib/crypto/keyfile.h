/* lib/crypto/keyfile.h - keys and secrets in files that only their owner reads
 *
 * Files are made 0600, never over one that exists; a file that group or others
 * may read is refused.
 */
#ifndef PARLOR_CRYPTO_KEYFILE_H
#define PARLOR_CRYPTO_KEYFILE_H

#include "lib/crypto/key.h"

enum { KEYFILE_SECRET = 32 };

/* Makes a key pair and its file. Returns the key, for its public part; NULL
 * with words when the file exists or cannot be written. */
struct key *keyfile_make(const char *path, enum key_algorithm, struct fault *);

/* Reads a private key; NULL with words. */
struct key *keyfile_read(const char *path, enum key_algorithm, struct fault *);

/* The same for 32 random bytes. Return 0 or a negative code with words. */
int keyfile_make_secret(const char *path, struct fault *);
int keyfile_read_secret(const char *path, uint8_t out[KEYFILE_SECRET],
			struct fault *);

/* Any new 0600 file, complete and synced or not there at all. */
int keyfile_write(const char *path, struct slice bytes, struct fault *);

#endif
