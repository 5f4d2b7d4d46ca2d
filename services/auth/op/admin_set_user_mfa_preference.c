/* services/auth/op/admin_set_user_mfa_preference.c - is a second factor asked of a
 * user? */
#include "services/auth/op/admin_set_user_mfa_preference.h"

static void found(struct call *c)
{
	struct auth_admin_mfa *s = c->state;

	if (s->admin.user->status == AUTH_GUEST) {
		call_fail(c, E_PARAMETER,
			  "The user is a guest: sign up first.");
		s->admin.done(c);
		return;
	}
	s->wish.user = s->admin.user;
	s->wish.done = s->admin.done;
	auth_mfa_prefer(c, &s->wish);
}

void auth_admin_set_user_mfa_preference(struct call *c,
					struct auth_admin_mfa *s)
{
	auth_admin_find(c, &s->admin, found);
}
