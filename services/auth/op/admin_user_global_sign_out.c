/* services/auth/op/admin_user_global_sign_out.c - the end of all of a user's sign-ins */
#include "services/auth/op/admin_user_global_sign_out.h"
#include "services/auth/op/account.h"

static void found(struct call *c)
{
	struct auth_admin *a = c->state;

	auth_account_sign_out(c, a->user, a->done);
}

void auth_admin_user_global_sign_out(struct call *c, struct auth_admin *a)
{
	auth_admin_find(c, a, found);
}
