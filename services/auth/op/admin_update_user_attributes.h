/* services/auth/op/admin_update_user_attributes.h - what is said of a user, by
 * somebody else */
#ifndef PARLOR_AUTH_ADMIN_UPDATE_USER_ATTRIBUTES_H
#define PARLOR_AUTH_ADMIN_UPDATE_USER_ATTRIBUTES_H

#include "services/auth/op/admin.h"

struct auth_admin_update {
	struct auth_admin admin; /* first */
	const struct auth_change *changes;
	size_t count;
	struct auth_user before;
};

/* Also whether an address is verified: an administrator's word is enough. */
void auth_admin_update_user_attributes(struct call *,
				       struct auth_admin_update *);

#endif
