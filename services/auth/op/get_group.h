/* services/auth/op/get_group.h - what is said of a group */
#ifndef PARLOR_AUTH_GET_GROUP_H
#define PARLOR_AUTH_GET_GROUP_H

#include "services/auth/op/group.h"

void auth_get_group(struct call *, struct auth_group_op *);

#endif
