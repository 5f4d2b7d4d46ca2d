/* services/auth/op/admin_add_user_to_group.h - a user joins a group */
#ifndef PARLOR_AUTH_ADMIN_ADD_USER_TO_GROUP_H
#define PARLOR_AUTH_ADMIN_ADD_USER_TO_GROUP_H

#include "services/auth/op/group.h"

void auth_admin_add_user_to_group(struct call *, struct auth_group_op *);

#endif
