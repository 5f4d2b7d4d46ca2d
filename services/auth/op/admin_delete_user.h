/* services/auth/op/admin_delete_user.h - the end of an account, at an administrator's wish */
#ifndef PARLOR_AUTH_ADMIN_DELETE_USER_H
#define PARLOR_AUTH_ADMIN_DELETE_USER_H

#include "services/auth/op/admin.h"

void auth_admin_delete_user(struct call *, struct auth_admin *);

#endif
