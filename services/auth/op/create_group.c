/* services/auth/op/create_group.c - a group without members yet */
#include "services/auth/op/create_group.h"

static void create(struct call *c)
{
	struct auth_group_op *s = c->state;
	struct auth_group *group = &s->group;

	group->created_at = group->modified_at = auth_now(c);
	group->version = 1;
	auth_groups_create(c, group, s->admin.done);
}

void auth_create_group(struct call *c, struct auth_group_op *s)
{
	auth_admin_begin(c, &s->admin, create);
}
