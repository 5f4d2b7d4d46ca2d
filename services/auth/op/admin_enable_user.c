/* services/auth/op/admin_enable_user.c - an account that may sign in again */
#include "services/auth/op/admin_enable_user.h"
#include "services/auth/store/users.h"

static void found(struct call *c)
{
	struct auth_admin *a = c->state;

	auth_users_set_disabled(c, a->user, false, a->done);
}

void auth_admin_enable_user(struct call *c, struct auth_admin *a)
{
	auth_admin_find(c, a, found);
}
