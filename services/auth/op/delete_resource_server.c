/* services/auth/op/delete_resource_server.c - a server, whose scopes are none any
 * more */
#include "services/auth/op/resource_servers.h"
#include "services/auth/store/pools.h"

static void begun(struct call *c)
{
	struct auth_resource_server_op *s = c->state;
	const struct auth_resource_server *found =
	    auth_resource_server_get(c, s->server.id);

	if (found)
		auth_pools_delete_server(c, found, auth_admin_changed);
	else
		s->admin.done(c);
}

void auth_delete_resource_server(struct call *c,
				 struct auth_resource_server_op *s)
{
	s->admin.renews = true;
	auth_admin_begin(c, &s->admin, begun);
}
