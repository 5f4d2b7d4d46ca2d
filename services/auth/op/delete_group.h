/* services/auth/op/delete_group.h - the end of a group */
#ifndef PARLOR_AUTH_DELETE_GROUP_H
#define PARLOR_AUTH_DELETE_GROUP_H

#include "services/auth/op/group.h"

void auth_delete_group(struct call *, struct auth_group_op *);

#endif
