/* services/auth/op/admin_add_user_to_group.c - a user joins a group */
#include "services/auth/op/admin_add_user_to_group.h"

static void user_found(struct call *c)
{
	struct auth_group_op *s = c->state;
	const struct auth_user *user = s->admin.user;
	struct auth_groups now;

	if (user->status == AUTH_GUEST)
		call_fail(c, E_PARAMETER,
			  "The user is a guest: sign up first.");
	else if (user->groups.count >= AUTH_GROUPS_OF_USER)
		call_fail(c, E_LIMIT, "The user is in %d groups already.",
			  AUTH_GROUPS_OF_USER);
	now = auth_groups_with(&user->groups, s->found, c->mem);
	if (call_status(c) || auth_groups_have(&user->groups, s->group.name))
		s->admin.done(c);
	else
		auth_groups_join(c, s->found, user, &now, s->admin.done);
}

static void found(struct call *c)
{
	struct auth_group_op *s = c->state;

	auth_admin_find_again(c, &s->admin, user_found);
}

void auth_admin_add_user_to_group(struct call *c, struct auth_group_op *s)
{
	auth_group_find(c, s, found);
}
