/* services/auth/api/create_resource_server.c */
#include "services/auth/api/api.h"
#include "services/auth/api/resource_server.h"

void api_create_resource_server(struct call *c)
{
	api_resource_server(c, NULL, auth_create_resource_server);
}
