/* services/auth/op/list_groups.h - the pool's groups, or a user's */
#ifndef PARLOR_AUTH_LIST_GROUPS_H
#define PARLOR_AUTH_LIST_GROUPS_H

#include "services/auth/op/admin.h"
#include "services/auth/op/page.h"
#include "services/auth/store/groups.h"

struct auth_list_groups {
	struct auth_admin admin; /* first */
	struct auth_page page;
	struct auth_group *rows; /* out */
	size_t count;
	/* the operation's own */
	struct auth_group_page stored;
	size_t at;
	struct auth_group *found;
};

void auth_list_groups(struct call *, struct auth_list_groups *);
void auth_admin_list_groups_for_user(struct call *, struct auth_list_groups *);

#endif
