/* services/auth/api/admin_delete_user.c */
#include "services/auth/op/admin_delete_user.h"
#include "services/auth/api/admin.h"

void api_admin_delete_user(struct call *c)
{
	api_admin_user(c, api_admin_done, auth_admin_delete_user);
}
