/* services/auth/op/create_resource_server.c - another server with scopes */
#include "services/auth/op/resource_servers.h"
#include "services/auth/store/pools.h"

static void begun(struct call *c)
{
	struct auth_resource_server_op *s = c->state;
	struct auth_resource_server *server = &s->server;

	server->pool_id = auth_pool_of(c)->id;
	server->changed_at = c->now_ms;
	if (auth_resource_server_find(c, server->id))
		call_fail(c, E_PARAMETER,
			  "%.*s already exists in user pool %.*s.",
			  SLICE_ARGS(server->id), SLICE_ARGS(server->pool_id));
	else if (auth_resource_servers_of(c).count >= AUTH_RESOURCE_SERVERS_MAX)
		call_fail(c, E_LIMIT, "There are %d resource servers already.",
			  AUTH_RESOURCE_SERVERS_MAX);
	if (call_failed(c))
		s->admin.done(c);
	else
		auth_pools_put_server(c, server, 0, auth_admin_changed);
}

void auth_create_resource_server(struct call *c,
				 struct auth_resource_server_op *s)
{
	s->admin.renews = true;
	auth_admin_begin(c, &s->admin, begun);
}
