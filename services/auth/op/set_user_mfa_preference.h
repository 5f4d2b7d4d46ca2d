/* services/auth/op/set_user_mfa_preference.h - is a second factor asked for? */
#ifndef PARLOR_AUTH_SET_USER_MFA_PREFERENCE_H
#define PARLOR_AUTH_SET_USER_MFA_PREFERENCE_H

#include "services/auth/op/auth.h"

struct auth_mfa_preference {
	struct slice token;
	bool others; /* factors that we have not got are wanted */
	/* of enum auth_factor: of which something is said, and what */
	unsigned said, enabled, preferred;
	void (*done)(struct call *);
	/* the operation's own */
	struct principal who;
	struct auth_user *user;
};

void auth_set_user_mfa_preference(struct call *, struct auth_mfa_preference *);

/* The same for the user, once it is known who asks. */
void auth_mfa_prefer(struct call *, struct auth_mfa_preference *);

#endif
