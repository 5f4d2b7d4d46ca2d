/* services/auth/op/delete_group.c - the end of a group */
#include "services/auth/op/delete_group.h"

/* The group is marked, so that nobody joins it any more, its members leave, and it
 * goes. Whoever was interrupted asks again. */
static void left(struct call *c)
{
	struct auth_group_op *s = c->state;

	if (call_failed(c))
		s->admin.done(c);
	else
		auth_groups_delete(c, s->group.name, s->admin.done);
}

static void marked(struct call *c)
{
	struct auth_group_op *s = c->state;

	if (call_failed(c))
		s->admin.done(c);
	else
		auth_group_tell(c, s->found, left);
}

static void looked(struct call *c)
{
	struct auth_group_op *s = c->state;

	if (!s->found)
		auth_group_missing(c); /* unless the call has failed before */
	if (!s->found || call_failed(c)) {
		s->admin.done(c);
		return;
	}
	s->found->going = true;
	s->found->version++;
	auth_groups_put(c, s->found, marked);
}

void auth_delete_group(struct call *c, struct auth_group_op *s)
{
	auth_group_look(c, s, looked);
}
