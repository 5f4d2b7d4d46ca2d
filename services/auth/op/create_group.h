/* services/auth/op/create_group.h - a group without members yet */
#ifndef PARLOR_AUTH_CREATE_GROUP_H
#define PARLOR_AUTH_CREATE_GROUP_H

#include "services/auth/op/group.h"

void auth_create_group(struct call *, struct auth_group_op *);

#endif
