/* services/auth/api/admin_reset_user_password.c */
#include "services/auth/op/admin_reset_user_password.h"
#include "services/auth/api/admin.h"

void api_admin_reset_user_password(struct call *c)
{
	api_admin_user(c, api_admin_done, auth_admin_reset_user_password);
}
