/* services/auth/api/create_group.c */
#include "services/auth/op/create_group.h"
#include "services/auth/api/group.h"

void api_create_group(struct call *c)
{
	api_group(c, false, auth_create_group);
}
