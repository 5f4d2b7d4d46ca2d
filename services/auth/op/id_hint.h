/* services/auth/op/id_hint.h - an ID token that an app has kept
 *
 * It says whom the app takes for its user (`id_token_hint` of OpenID Connect), also
 * when it has expired long ago, and opens nothing.
 */
#ifndef PARLOR_AUTH_ID_HINT_H
#define PARLOR_AUTH_ID_HINT_H

#include "services/auth/op/auth.h"

struct auth_id_hint {
	struct slice sub, client_id;
};

/* Fails the call with E_OAUTH_REQUEST where it is none of the call's pool. */
int auth_id_hint_read(struct call *, struct slice token, struct auth_id_hint *);

#endif
