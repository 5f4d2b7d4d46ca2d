/* services/auth/op/user_info.h - what an app may know of its user
 *
 * OpenID Connect's twin of GetUser: of an access token with the scope `openid`,
 * as much as its scope shows.
 */
#ifndef PARLOR_AUTH_USER_INFO_H
#define PARLOR_AUTH_USER_INFO_H

#include "services/auth/op/auth.h"

struct auth_user_info {
	struct slice token;
	struct auth_user *user; /* out */
	struct principal who;	/* out: its scope */
	void (*done)(struct call *);
};

/* Fails with E_OAUTH_TOKEN or E_OAUTH_TOKEN_SCOPE. */
void auth_user_info(struct call *, struct auth_user_info *);

#endif
