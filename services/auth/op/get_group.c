/* services/auth/op/get_group.c - what is said of a group */
#include "services/auth/op/get_group.h"

static void found(struct call *c)
{
	struct auth_group_op *s = c->state;

	s->group = *s->found;
	s->admin.done(c);
}

void auth_get_group(struct call *c, struct auth_group_op *s)
{
	auth_group_find(c, s, found);
}
