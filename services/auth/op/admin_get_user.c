/* services/auth/op/admin_get_user.c - all there is to know about a user */
#include "services/auth/op/admin_get_user.h"

void auth_admin_get_user(struct call *c, struct auth_admin *a)
{
	auth_admin_find(c, a, a->done);
}
