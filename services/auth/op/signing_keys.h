/* services/auth/op/signing_keys.h - following a pool's keys in the store
 *
 * Asked for until they are there, then every half minute. Where the store has
 * none a key is made; of several replicas that do so at once one wins, and all
 * take its key. The public keys go where the pool's own verifier looks.
 */
#ifndef PARLOR_AUTH_SIGNING_KEYS_H
#define PARLOR_AUTH_SIGNING_KEYS_H

#include "services/auth/op/auth.h"

struct auth_signing_keys;
struct rpc_client;

/* Works on that loop, with the loop's client of the store, for the scope's pool.
 * What goes wrong is told to `report`, once. */
struct auth_signing_keys *auth_signing_keys_new(
    struct auth *, const struct auth_scope *, struct loop *,
    struct rpc_client *, void (*report)(const char *why));

/* On the loop's thread, or after it has ended. */
void auth_signing_keys_free(struct auth_signing_keys *);

#endif
