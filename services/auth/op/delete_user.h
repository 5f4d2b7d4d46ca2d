/* services/auth/op/delete_user.h - the end of an account */
#ifndef PARLOR_AUTH_DELETE_USER_H
#define PARLOR_AUTH_DELETE_USER_H

#include "services/auth/op/auth.h"

struct auth_delete_user {
	struct slice token;
	void (*done)(struct call *);
	/* the operation's own */
	struct principal who;
	struct auth_user *user;
};

void auth_delete_user(struct call *, struct auth_delete_user *);

#endif
