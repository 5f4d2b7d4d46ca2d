/* services/auth/op/change_password.h - a new password for the old one */
#ifndef PARLOR_AUTH_CHANGE_PASSWORD_H
#define PARLOR_AUTH_CHANGE_PASSWORD_H

#include "services/auth/op/auth.h"

struct auth_change_password {
	struct slice token, previous, proposed;
	void (*done)(struct call *);
	/* the operation's own */
	struct principal who;
	struct auth_user *user;
	struct auth_failures failures;
	bool right;
	struct slice before; /* what was kept of the old password */
};

void auth_change_password(struct call *, struct auth_change_password *);

#endif
