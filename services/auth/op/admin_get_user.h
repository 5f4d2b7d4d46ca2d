/* services/auth/op/admin_get_user.h - all there is to know about a user */
#ifndef PARLOR_AUTH_ADMIN_GET_USER_H
#define PARLOR_AUTH_ADMIN_GET_USER_H

#include "services/auth/op/admin.h"

void auth_admin_get_user(struct call *, struct auth_admin *);

#endif
