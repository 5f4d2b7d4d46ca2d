/* services/auth/op/global_sign_out.h - the end of all of a user's sign-ins */
#ifndef PARLOR_AUTH_GLOBAL_SIGN_OUT_H
#define PARLOR_AUTH_GLOBAL_SIGN_OUT_H

#include "services/auth/op/auth.h"

struct auth_global_sign_out {
	struct slice token;
	void (*done)(struct call *);
	/* the operation's own */
	struct principal who;
	struct auth_user *user;
};

void auth_global_sign_out(struct call *, struct auth_global_sign_out *);

#endif
