/* services/auth/api/resource_server.h - resource servers as messages */
#ifndef PARLOR_AUTH_API_RESOURCE_SERVER_H
#define PARLOR_AUTH_API_RESOURCE_SERVER_H

#include "services/auth/api/pool_form.h"
#include "services/auth/op/resource_servers.h"

/* In the call's memory; NULL when that is full. */
Parlor__Auth__V1__ResourceServerType *api_resource_server_type(
    struct call *, const struct auth_resource_server *);

/* An operation on one, by a ResourceServerRequest; it answers with a
 * ResourceServerResponse unless `done` does. */
void api_resource_server(struct call *, void (*done)(struct call *),
			 void (*begin)(struct call *,
				       struct auth_resource_server_op *));

#endif
