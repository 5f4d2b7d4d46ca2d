/* services/auth/op/admin_disable_user.h - an account that may not sign in */
#ifndef PARLOR_AUTH_ADMIN_DISABLE_USER_H
#define PARLOR_AUTH_ADMIN_DISABLE_USER_H

#include "services/auth/op/admin.h"

void auth_admin_disable_user(struct call *, struct auth_admin *);

#endif
