/* services/auth/op/update_group.c - something else is said of a group */
#include "services/auth/op/update_group.h"

static void put(struct call *c)
{
	struct auth_group_op *s = c->state;

	if (call_failed(c) || !s->retold)
		s->admin.done(c);
	else
		auth_group_tell(c, &s->group, s->admin.done);
}

/* What is not said stays. */
static struct auth_group change(struct call *c, const struct auth_group_op *s)
{
	struct auth_group now = *s->found;

	if (s->says_description)
		now.description = s->group.description;
	if (s->says_role)
		now.role = s->group.role;
	if (s->says_precedence)
		now.precedence = s->group.precedence;
	now.modified_at = auth_now(c);
	now.version++;
	return now;
}

static void found(struct call *c)
{
	struct auth_group_op *s = c->state;

	s->group = change(c, s);
	s->retold = s->says_role || s->says_precedence;
	auth_groups_put(c, &s->group, put);
}

void auth_update_group(struct call *c, struct auth_group_op *s)
{
	auth_group_find(c, s, found);
}
