/* services/auth/op/update_group.h - something else is said of a group */
#ifndef PARLOR_AUTH_UPDATE_GROUP_H
#define PARLOR_AUTH_UPDATE_GROUP_H

#include "services/auth/op/group.h"

void auth_update_group(struct call *, struct auth_group_op *);

#endif
