/* services/auth/api/group.h - groups as messages */
#ifndef PARLOR_AUTH_API_GROUP_H
#define PARLOR_AUTH_API_GROUP_H

#include "services/auth/api/admin.h"
#include "services/auth/op/group.h"

/* In the call's memory; NULL when that is full. */
Parlor__Auth__V1__GroupType *api_group_type(struct call *,
					    const struct auth_group *);

/* An operation on one group: what it says is a GroupRequest, what it answers a
 * GroupResponse, or if it is `silent` an AdminUserResponse. */
void api_group(struct call *, bool silent,
	       void (*begin)(struct call *, struct auth_group_op *));

/* One on a user and a group, by an AdminGroupUserRequest. */
void api_group_user(struct call *,
		    void (*begin)(struct call *, struct auth_group_op *));

#endif
