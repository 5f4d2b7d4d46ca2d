/* services/auth/op/admin_confirm_sign_up.h - an account that needs no code */
#ifndef PARLOR_AUTH_ADMIN_CONFIRM_SIGN_UP_H
#define PARLOR_AUTH_ADMIN_CONFIRM_SIGN_UP_H

#include "services/auth/op/admin.h"

void auth_admin_confirm_sign_up(struct call *, struct auth_admin *);

#endif
