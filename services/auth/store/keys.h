/* services/auth/store/keys.h - signing keys, as items of parlor.keys
 *
 * Sealed with the key file that all replicas share, bound to their id. Many
 * may try to make the first key; the store lets one.
 */
#ifndef PARLOR_AUTH_KEYS_H
#define PARLOR_AUTH_KEYS_H

#include "lib/crypto/seal.h"
#include "services/auth/store/kv.h"

/* A key as it is stored: PEM opened, oldest first. */
struct auth_key {
	struct slice id, pem;
	int64_t created_at; /* seconds */
};

struct auth_keys {
	const struct auth_key *rows;
	size_t count;
};

/* Reads them all. */
void auth_keys_list(struct call *, const struct seal *, struct auth_keys *out,
		    auth_next_fn *next);

/* Stores the pool's first key, if there is none yet; another's is no failure:
 * list them again. */
void auth_keys_create_first(struct call *, const struct seal *,
			    const struct auth_key *, auth_next_fn *next);

#endif
