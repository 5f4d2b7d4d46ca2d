/* services/auth/api/get_group.c */
#include "services/auth/op/get_group.h"
#include "services/auth/api/group.h"

void api_get_group(struct call *c)
{
	api_group(c, false, auth_get_group);
}
