/* services/auth/op/admin_update_user_attributes.c - what is said of a user, by
 * somebody else */
#include "services/auth/op/admin_update_user_attributes.h"
#include "services/auth/store/users.h"

static void found(struct call *c)
{
	struct auth_admin_update *s = c->state;
	struct auth_user *user = s->admin.user;

	s->before = *user;
	if (user->status == AUTH_GUEST)
		call_fail(c, E_PARAMETER,
			  "The user is a guest: sign up first.");
	if (call_failed(c) ||
	    auth_user_change(user, &auth_pool_of(c)->schema, s->changes,
			     s->count, false, &c->fault))
		s->admin.done(c);
	else
		auth_users_set_attributes(c, user, &s->before, s->admin.done);
}

void auth_admin_update_user_attributes(struct call *c,
				       struct auth_admin_update *s)
{
	auth_admin_find(c, &s->admin, found);
}
