/* services/auth/token/keyring.h - the pool's signing keys
 *
 * All replicas have the same keys, from the items of parlor.keys. Every key is
 * published; the newest signs once it has been published for AUTH_KEY_DELAY, so
 * that no verifier meets a token before its key. The one before it stays as long
 * as a token that it signed may be good. The set is replaced whole. Any thread.
 */
#ifndef PARLOR_AUTH_KEYRING_H
#define PARLOR_AUTH_KEYRING_H

#include "lib/base/buffer.h"
#include "lib/crypto/key.h"

enum {
	AUTH_KEY_DELAY = 10 * 60,      /* seconds */
	AUTH_KEY_GRACE = 25 * 60 * 60, /* no token lives for more than a day */
	AUTH_KEYS_MAX = 16,
};

struct auth_keyring;

struct auth_key_row {
	struct slice id;
	struct key *key; /* held by the caller */
	int64_t created_at;
};

/* The second at which the key that one made at `created_at` follows may go. */
static inline int64_t auth_key_end(int64_t created_at)
{
	return created_at + AUTH_KEY_DELAY + AUTH_KEY_GRACE;
}

struct auth_keyring *auth_keyring_new(void);
void auth_keyring_free(struct auth_keyring *);

/* Replaces the keys; rows in order of time, at most AUTH_KEYS_MAX. */
void auth_keyring_load(struct auth_keyring *, const struct auth_key_row *,
		       size_t count);

/* The number of keys. */
size_t auth_keyring_count(struct auth_keyring *);

/* The second at which something is to be done about them: the oldest may go, or the
 * newest has signed for `life` seconds and is to be followed. 0 while there is
 * none. */
int64_t auth_keyring_due(struct auth_keyring *, int64_t life);

/* The key that signs at `now` (seconds), held for the caller, and its id; NULL
 * while there is none. */
struct key *auth_keyring_signer(struct auth_keyring *, int64_t now,
				char id[KEY_ID_MAX + 1]);

/* Appends the public keys as a JWKS. */
void auth_keyring_put_jwks(struct auth_keyring *, struct buffer *);

#endif
