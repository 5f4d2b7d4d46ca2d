/* services/auth/op/admin_remove_user_from_group.c - a user leaves a group */
#include "services/auth/op/admin_remove_user_from_group.h"

static void user_found(struct call *c)
{
	struct auth_group_op *s = c->state;
	const struct auth_user *user = s->admin.user;
	struct auth_groups now =
	    auth_groups_without(&user->groups, s->group.name, c->mem);

	if (call_status(c) || !auth_groups_have(&user->groups, s->group.name))
		s->admin.done(c);
	else
		auth_groups_leave(c, s->group.name, user, &now, s->admin.done);
}

static void found(struct call *c)
{
	struct auth_group_op *s = c->state;

	auth_admin_find_again(c, &s->admin, user_found);
}

void auth_admin_remove_user_from_group(struct call *c, struct auth_group_op *s)
{
	auth_group_find(c, s, found);
}
