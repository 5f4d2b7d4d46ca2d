/* services/auth/api/admin_user_global_sign_out.c */
#include "services/auth/op/admin_user_global_sign_out.h"
#include "services/auth/api/admin.h"

void api_admin_user_global_sign_out(struct call *c)
{
	api_admin_user(c, api_admin_done, auth_admin_user_global_sign_out);
}
