/* services/auth/api/admin_add_user_to_group.c */
#include "services/auth/op/admin_add_user_to_group.h"
#include "services/auth/api/group.h"

void api_admin_add_user_to_group(struct call *c)
{
	api_group_user(c, auth_admin_add_user_to_group);
}
