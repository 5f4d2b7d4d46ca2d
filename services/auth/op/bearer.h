/* services/auth/op/bearer.h - operations whose token is part of the message */
#ifndef PARLOR_AUTH_BEARER_H
#define PARLOR_AUTH_BEARER_H

#include "services/auth/op/auth.h"

/* Whose access token it is. Returns 0 or -E_NOT_AUTHORIZED with Cognito's
 * words. */
int auth_bearer_read(struct call *, struct slice token, struct principal *);

/* And has it the scope of Cognito's own operations? */
int auth_bearer_check(struct call *, struct slice token, struct principal *);

/* Is the account found by the token's username the one it was issued for? Fails
 * the call with E_USER_MISSING if not. */
int auth_bearer_owns(struct call *, const struct principal *,
		     const struct auth_user *);

/* And is it one that signs in by itself? Guests have nothing to say of themselves
 * before they have signed up: E_PARAMETER. */
int auth_bearer_owns_account(struct call *, const struct principal *,
			     const struct auth_user *);

#endif
