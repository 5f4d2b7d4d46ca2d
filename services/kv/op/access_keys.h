/* services/kv/op/access_keys.h - the secrets that sign administrators' calls
 *
 * Items of the system table parlor.access, each secret sealed under a key file
 * that the store never holds. Read at start; immutable then, any thread.
 */
#ifndef PARLOR_KV_ACCESS_KEYS_H
#define PARLOR_KV_ACCESS_KEYS_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"
#include "lib/crypto/principal.h"

struct access_keys;
struct seal;
struct store;

/* Reads the keys, on a loop of its own. Takes over the seal. NULL with words.
 */
struct access_keys *access_keys_open(struct store *, struct seal *,
				     struct fault *);
void access_keys_free(struct access_keys *);

/* Makes the key known and durable unless its id is known already. Before
 * threads serve. Returns 0, or a negative code with words. */
int access_keys_import(struct access_keys *, struct slice id,
		       struct slice secret, struct fault *);

/* Copies the secret with a NUL, and says who signs with it. Returns 0,
 * -E_ACCESS_KEY when the id is unknown, -E_LOSS when it cannot be opened. */
int access_keys_find(const struct access_keys *, struct slice id, char *secret,
		     size_t secret_size, struct arena *, struct principal *);

#endif
