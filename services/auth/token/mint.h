/* services/auth/token/mint.h - access and ID tokens with Cognito's claims
 *
 * Signing takes most of a millisecond, so this runs on the pool of threads that
 * also hashes passwords.
 */
#ifndef PARLOR_AUTH_MINT_H
#define PARLOR_AUTH_MINT_H

#include "lib/base/arena.h"
#include "services/auth/model/pool.h"
#include "services/auth/model/session.h"
#include "services/auth/model/user.h"
#include "services/auth/token/keyring.h"

struct auth_mint {
	const char *issuer;
	struct slice client_id;
	int64_t access_seconds, id_seconds; /* how long they live */
	const struct auth_client *client;   /* that reads them; NULL: all */
};

/* Signs both for a session of the user, issued at `now` (seconds); an ID token
 * only where the session's scope has one, with as much as it shows. Returns 0, or -E_UNAVAILABLE while there is no key, -E_EXHAUSTED when the arena is full.
 */
int auth_mint(const struct auth_mint *, struct auth_keyring *,
	      const struct auth_user *, const struct auth_session *,
	      int64_t now, struct arena *, struct auth_tokens *);

/* Signs an access token of the client itself, for nobody. Returns as above. */
int auth_mint_client(const struct auth_mint *, struct auth_keyring *,
		     struct slice scope, int64_t now, struct arena *,
		     struct auth_tokens *);

#endif
