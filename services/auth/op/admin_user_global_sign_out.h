/* services/auth/op/admin_user_global_sign_out.h - the end of all of a user's sign-ins */
#ifndef PARLOR_AUTH_ADMIN_USER_GLOBAL_SIGN_OUT_H
#define PARLOR_AUTH_ADMIN_USER_GLOBAL_SIGN_OUT_H

#include "services/auth/op/admin.h"

void auth_admin_user_global_sign_out(struct call *, struct auth_admin *);

#endif
