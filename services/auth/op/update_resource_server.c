/* services/auth/op/update_resource_server.c - a server's name and scopes, all of
 * them at once */
#include "services/auth/op/resource_servers.h"
#include "services/auth/store/pools.h"

static void begun(struct call *c)
{
	struct auth_resource_server_op *s = c->state;
	struct auth_resource_server *server = &s->server;
	const struct auth_resource_server *found =
	    auth_resource_server_get(c, server->id);

	if (!found) {
		s->admin.done(c);
		return;
	}
	server->pool_id = found->pool_id;
	server->changed_at =
	    c->now_ms > found->changed_at ? c->now_ms : found->changed_at + 1;
	auth_pools_put_server(c, server, found->changed_at, auth_admin_changed);
}

void auth_update_resource_server(struct call *c,
				 struct auth_resource_server_op *s)
{
	s->admin.renews = true;
	auth_admin_begin(c, &s->admin, begun);
}
