/* services/auth/op/list_users.h - the pool's users, or a group's */
#ifndef PARLOR_AUTH_LIST_USERS_H
#define PARLOR_AUTH_LIST_USERS_H

#include "services/auth/model/user_filter.h"
#include "services/auth/op/admin.h"
#include "services/auth/op/page.h"
#include "services/auth/store/groups.h"
#include "services/auth/store/user_list.h"

struct auth_list_users {
	struct auth_admin admin; /* first */
	struct auth_page page;
	struct slice filter, group;    /* of one operation each */
	struct auth_texts attributes;  /* to be told; none: all */
	const struct auth_user **rows; /* out */
	size_t count;
	/* the operation's own */
	struct auth_user_filter wanted;
	struct auth_user_page stored;
	struct auth_member_page members;
	struct auth_group *found;
	size_t at;
};

void auth_list_users(struct call *, struct auth_list_users *);
void auth_list_users_in_group(struct call *, struct auth_list_users *);

#endif
