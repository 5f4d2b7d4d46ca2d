/* services/auth/api/delete_group.c */
#include "services/auth/op/delete_group.h"
#include "services/auth/api/group.h"

void api_delete_group(struct call *c)
{
	api_group(c, true, auth_delete_group);
}
