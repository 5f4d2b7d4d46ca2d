/* services/auth/op/admin_enable_user.h - an account that may sign in again */
#ifndef PARLOR_AUTH_ADMIN_ENABLE_USER_H
#define PARLOR_AUTH_ADMIN_ENABLE_USER_H

#include "services/auth/op/admin.h"

void auth_admin_enable_user(struct call *, struct auth_admin *);

#endif
