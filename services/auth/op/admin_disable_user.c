/* services/auth/op/admin_disable_user.c - an account that may not sign in */
#include "services/auth/op/admin_disable_user.h"
#include "services/auth/op/account.h"
#include "services/auth/store/users.h"

/* Only now: a sign-in that saw the account before is ended with the others. */
static void disabled(struct call *c)
{
	struct auth_admin *a = c->state;

	if (call_failed(c))
		a->done(c);
	else
		auth_account_sign_out(c, a->user, a->done);
}

static void found(struct call *c)
{
	struct auth_admin *a = c->state;

	auth_users_set_disabled(c, a->user, true, disabled);
}

void auth_admin_disable_user(struct call *c, struct auth_admin *a)
{
	auth_admin_find(c, a, found);
}
