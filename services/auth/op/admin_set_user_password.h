/* services/auth/op/admin_set_user_password.h - a password that somebody else
 * has chosen */
#ifndef PARLOR_AUTH_ADMIN_SET_USER_PASSWORD_H
#define PARLOR_AUTH_ADMIN_SET_USER_PASSWORD_H

#include "services/auth/op/admin.h"

struct auth_admin_set_password {
	struct auth_admin admin; /* first */
	struct slice password;
	bool permanent; /* or to be changed at the next sign-in */
	struct slice before;
};

void auth_admin_set_user_password(struct call *,
				  struct auth_admin_set_password *);

#endif
