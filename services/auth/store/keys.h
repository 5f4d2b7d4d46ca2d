/* services/auth/store/keys.h - signing keys, as items of parlor.keys
 *
 * Sealed with the key file that all replicas share, bound to their id. Many
 * may try to make the first key, or the next one; the store lets one.
 */
#ifndef PARLOR_AUTH_KEYS_H
#define PARLOR_AUTH_KEYS_H

#include "lib/crypto/seal.h"
#include "services/auth/store/kv.h"

/* A key as it is stored: PEM opened, oldest first. */
struct auth_key {
	struct slice id, pem;
	int64_t created_at; /* seconds */
	struct slice place; /* in the order; of one that was read */
};

struct auth_keys {
	const struct auth_key *rows;
	size_t count;
};

/* Reads them all. */
void auth_keys_list(struct call *, const struct seal *, struct auth_keys *out,
		    auth_next_fn *next);

/* Stores a key to follow `last`, the newest one (NULL: there is none), unless
 * another has followed it already. That is no failure: list them again. */
void auth_keys_create(struct call *, const struct seal *,
		      const struct auth_key *last, const struct auth_key *,
		      auth_next_fn *next);

/* Deletes the oldest of them. */
void auth_keys_delete_first(struct call *, const struct auth_keys *,
			    auth_next_fn *next);

#endif
