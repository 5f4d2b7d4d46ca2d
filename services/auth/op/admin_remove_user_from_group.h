/* services/auth/op/admin_remove_user_from_group.h - a user leaves a group */
#ifndef PARLOR_AUTH_ADMIN_REMOVE_USER_FROM_GROUP_H
#define PARLOR_AUTH_ADMIN_REMOVE_USER_FROM_GROUP_H

#include "services/auth/op/group.h"

void auth_admin_remove_user_from_group(struct call *, struct auth_group_op *);

#endif
