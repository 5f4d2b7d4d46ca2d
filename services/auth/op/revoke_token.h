/* services/auth/op/revoke_token.h - the end of one sign-in */
#ifndef PARLOR_AUTH_REVOKE_TOKEN_H
#define PARLOR_AUTH_REVOKE_TOKEN_H

#include "services/auth/op/auth.h"

struct auth_revoke {
	struct slice client_id, client_secret, token; /* a refresh token */
	void (*done)(struct call *);
	struct auth_session session; /* the operation's own */
};

void auth_revoke_token(struct call *, struct auth_revoke *);

#endif
