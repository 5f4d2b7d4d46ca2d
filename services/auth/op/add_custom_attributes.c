/* services/auth/op/add_custom_attributes.c - more that may be said of users */
#include "services/auth/op/user_pools.h"

static void begun(struct call *c)
{
	struct auth_user_pool *s = c->state;

	s->pool = *auth_pool_of(c);
	if (auth_pool_changeable(c) ||
	    auth_schema_add(&s->pool.schema, s->rules, s->rule_count, c->mem,
			    &c->fault) ||
	    call_status(c))
		s->admin.done(c);
	else
		auth_user_pool_replace(c, s);
}

void auth_add_custom_attributes(struct call *c, struct auth_user_pool *s)
{
	s->admin.renews = true;
	auth_admin_begin(c, &s->admin, begun);
}
