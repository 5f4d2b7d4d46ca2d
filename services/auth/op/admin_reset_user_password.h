/* services/auth/op/admin_reset_user_password.h - a password that has to be replaced by a code */
#ifndef PARLOR_AUTH_ADMIN_RESET_USER_PASSWORD_H
#define PARLOR_AUTH_ADMIN_RESET_USER_PASSWORD_H

#include "services/auth/op/admin.h"

void auth_admin_reset_user_password(struct call *, struct auth_admin *);

#endif
