/* services/auth/op/describe_resource_server.c - what a server's scopes are */
#include "services/auth/op/resource_servers.h"

static void begun(struct call *c)
{
	struct auth_resource_server_op *s = c->state;
	const struct auth_resource_server *found =
	    auth_resource_server_get(c, s->server.id);

	if (found)
		s->server = *found;
	s->admin.done(c);
}

void auth_describe_resource_server(struct call *c,
				   struct auth_resource_server_op *s)
{
	s->admin.renews = true;
	auth_admin_begin(c, &s->admin, begun);
}
