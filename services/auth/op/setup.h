/* services/auth/op/setup.h - who sets up an app's codes
 *
 * Either a user who is signed in, by the access token, or one who must set up a
 * second factor to sign in (MFA_SETUP), by the session of that challenge. The
 * session has its client's id in front, since these operations name no client,
 * and says whether the app has shown a good code.
 */
#ifndef PARLOR_AUTH_SETUP_H
#define PARLOR_AUTH_SETUP_H

#include "services/auth/op/sign_in.h"

#define AUTH_SETUP "MFA_SETUP"

struct auth_setup {
	struct slice token, session; /* one of them */
	struct auth_user *user;	     /* out */
	/* its own */
	struct principal who;
	struct auth_ticket ticket;
};

/* Checks the token or the session and finds the user, for auth_setup_check. */
void auth_setup_find(struct call *, struct auth_setup *, auth_next_fn *next);

/* May the user that was found set up an app's codes? Fails the call if not. */
int auth_setup_check(struct call *, const struct auth_setup *);

/* The session with which it goes on; empty by a token. */
struct slice auth_setup_session(struct call *, const struct auth_setup *,
				bool shown);

#endif
