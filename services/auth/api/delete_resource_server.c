/* services/auth/api/delete_resource_server.c */
#include "services/auth/api/api.h"
#include "services/auth/api/resource_server.h"

static void done(struct call *c)
{
	Parlor__Auth__V1__DeleteResourceServerResponse answer =
	    PARLOR__AUTH__V1__DELETE_RESOURCE_SERVER_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

void api_delete_resource_server(struct call *c)
{
	api_resource_server(c, done, auth_delete_resource_server);
}
