/* services/auth/api/admin_enable_user.c */
#include "services/auth/op/admin_enable_user.h"
#include "services/auth/api/admin.h"

void api_admin_enable_user(struct call *c)
{
	api_admin_user(c, api_admin_done, auth_admin_enable_user);
}
