/* services/auth/api/update_group.c */
#include "services/auth/op/update_group.h"
#include "services/auth/api/group.h"

void api_update_group(struct call *c)
{
	api_group(c, false, auth_update_group);
}
