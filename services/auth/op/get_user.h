/* services/auth/op/get_user.h - what the pool knows of a token's user */
#ifndef PARLOR_AUTH_GET_USER_H
#define PARLOR_AUTH_GET_USER_H

#include "services/auth/op/auth.h"

struct auth_get_user {
	struct slice token;
	struct auth_user *user; /* out */
	void (*done)(struct call *);
	struct principal who; /* the operation's own */
};

void auth_get_user(struct call *, struct auth_get_user *);

#endif
