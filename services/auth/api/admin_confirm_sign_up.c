/* services/auth/api/admin_confirm_sign_up.c */
#include "services/auth/op/admin_confirm_sign_up.h"
#include "services/auth/api/admin.h"

void api_admin_confirm_sign_up(struct call *c)
{
	api_admin_user(c, api_admin_done, auth_admin_confirm_sign_up);
}
