/* lib/daemon/signing_keys.h - keys of SigV4's signatures, fetched from the store
 *
 * parlor-kv alone has the secrets. Another daemon that takes signed requests asks
 * it for the day's key of an access key, when the first such request is there as
 * a whole, and keeps it for a minute: so long may a deleted key still sign there.
 * Each thread keeps its own, a fixed number, and takes no lock.
 */
#ifndef PARLOR_DAEMON_SIGNING_KEYS_H
#define PARLOR_DAEMON_SIGNING_KEYS_H

#include "lib/crypto/hash.h"
#include "lib/crypto/per_thread.h"
#include "lib/crypto/principal.h"
#include "lib/rpc/call.h"

struct daemon_state;
struct sigv4_credential;

void signing_keys_init(struct per_thread *);

/* As identity_signing_fn: what this thread has, or IDENTITY_KEY_LATER. */
int signing_keys_find(struct per_thread *, const struct sigv4_credential *,
		      uint8_t key[HASH_SIZE], struct arena *,
		      struct principal *);

/* As dispatch_options.fetch_key, with the daemon's state as its arg. */
void signing_keys_fetch(struct call *, struct slice authorization,
			void (*then)(struct call *), void *state);

#endif
