/* services/auth/op/client_secret.h - a client that can keep a secret proves it
 *
 * By the secret itself, or by SECRET_HASH: an HMAC under it of the user's name
 * and the client's id. Stored it is sealed, since neither could be told from a
 * hash of it. A public client has none, and must not claim one. The words of
 * refusals are Cognito's, with E_NOT_AUTHORIZED.
 */
#ifndef PARLOR_AUTH_CLIENT_SECRET_H
#define PARLOR_AUTH_CLIENT_SECRET_H

#include "services/auth/op/auth.h"

/* Sealed for the client, and opened (empty: it has none), in the call's memory.
 */
struct slice auth_client_secret_close(struct call *, const struct auth_client *,
				      struct slice secret);
struct slice auth_client_secret_open(struct call *, const struct auth_client *);

/* Is the hash the call's client's, for that name, or for one of those? */
int auth_secret_hash_check(struct call *, struct slice name, struct slice hash);
int auth_secret_hash_check_any(struct call *, const struct slice *names,
			       size_t count, struct slice hash);

/* The hash that such a client would send for the name: our own pages ask on its
 * behalf. Null data where it has no secret. */
struct slice auth_secret_hash_make(struct call *, struct slice name);

/* Is it the secret? */
int auth_client_secret_check(struct call *, struct slice given);

#endif
