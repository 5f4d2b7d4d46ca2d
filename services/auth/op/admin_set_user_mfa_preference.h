/* services/auth/op/admin_set_user_mfa_preference.h - is a second factor asked of a
 * user? */
#ifndef PARLOR_AUTH_ADMIN_SET_USER_MFA_PREFERENCE_H
#define PARLOR_AUTH_ADMIN_SET_USER_MFA_PREFERENCE_H

#include "services/auth/op/admin.h"
#include "services/auth/op/set_user_mfa_preference.h"

struct auth_admin_mfa {
	struct auth_admin admin; /* first */
	struct auth_mfa_preference wish;
};

void auth_admin_set_user_mfa_preference(struct call *, struct auth_admin_mfa *);

#endif
