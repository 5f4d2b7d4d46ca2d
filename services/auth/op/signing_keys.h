/* services/auth/op/signing_keys.h - following a pool's keys in the store
 *
 * Those of the settings' pool are asked for until they are there, then every other
 * second; other pools' are read when the pool has changed (pools.h). Where the store has
 * none a key is made, and another when the newest one has lived for its time or
 * somebody wishes so; of several replicas that do so at once one wins, and all
 * take its key. A key that has signed nothing that may still be good is deleted.
 * The public keys go where the pool's own verifier looks.
 */
#ifndef PARLOR_AUTH_SIGNING_KEYS_H
#define PARLOR_AUTH_SIGNING_KEYS_H

#include "services/auth/op/auth.h"
#include "services/auth/store/keys.h"

struct auth_key;
struct auth_keys;
struct auth_signing_keys;
struct rpc_client;

/* The last one, NULL where there is none. */
const struct auth_key *auth_keys_newest(const struct auth_keys *);

/* A new key to follow `last` (or none), in the call's memory. Takes its time: on
 * the pool. */
void auth_key_draw(struct call *, const struct auth_key *last,
		   struct auth_key *out);

/* Deletes the first of a pool's keys where it has signed nothing that may still be
 * good, or else makes the next one where its time has come; then runs next. False,
 * and does nothing, where neither is due. */
bool auth_keys_tend(struct call *, const struct auth_keys *,
		    auth_next_fn *next);

/* Works on that loop, with the loop's client of the store, for the scope's pool.
 * What goes wrong is told to `report`, once. */
struct auth_signing_keys *auth_signing_keys_new(
    struct auth *, const struct auth_scope *, struct loop *,
    struct rpc_client *, void (*report)(const char *why));

/* On the loop's thread, or after it has ended. */
void auth_signing_keys_free(struct auth_signing_keys *);

/* Lets a realm sign and verify with the keys that were found; unless the call
 * has failed, which it does where one can't be read. */
void auth_signing_keys_use(struct call *, const struct auth_realm *,
			   const struct auth_keys *);

#endif
