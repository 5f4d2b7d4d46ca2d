/* services/auth/api/admin_remove_user_from_group.c */
#include "services/auth/op/admin_remove_user_from_group.h"
#include "services/auth/api/group.h"

void api_admin_remove_user_from_group(struct call *c)
{
	api_group_user(c, auth_admin_remove_user_from_group);
}
