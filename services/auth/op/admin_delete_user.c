/* services/auth/op/admin_delete_user.c - the end of an account, at an administrator's wish */
#include "services/auth/op/admin_delete_user.h"
#include "services/auth/op/account.h"

static void found(struct call *c)
{
	struct auth_admin *a = c->state;

	auth_account_delete(c, a->user, a->done);
}

void auth_admin_delete_user(struct call *c, struct auth_admin *a)
{
	auth_admin_find(c, a, found);
}
