/* services/auth/op/admin_sign_in.h - a sign-in by a server, for its user
 *
 * As the user's own, by the same flows and challenges, and by a password that the
 * server was told: ADMIN_USER_PASSWORD_AUTH.
 */
#ifndef PARLOR_AUTH_ADMIN_SIGN_IN_H
#define PARLOR_AUTH_ADMIN_SIGN_IN_H

#include "services/auth/op/admin.h"
#include "services/auth/op/sign_in.h"

struct auth_admin_sign_in {
	struct auth_admin admin; /* first; its `done` is for a refusal */
	struct auth_sign_in sign_in;
};

void auth_admin_initiate(struct call *, struct auth_admin_sign_in *);
void auth_admin_respond_to_auth_challenge(struct call *,
					  struct auth_admin_sign_in *);

#endif
