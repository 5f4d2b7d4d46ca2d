/* services/auth/api/list_resource_servers.c */
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"
#include "services/auth/api/resource_server.h"

enum { USUAL = 50 };

static void done(struct call *c)
{
	const struct auth_listing *s = c->state;
	Parlor__Auth__V1__ListResourceServersResponse answer =
	    PARLOR__AUTH__V1__LIST_RESOURCE_SERVERS_RESPONSE__INIT;
	Parlor__Auth__V1__ResourceServerType **rows =
	    arena_array(c->mem, s->count, sizeof(*rows));

	for (size_t i = 0; rows && i < s->count; i++)
		rows[i] = api_resource_server_type(c, &s->servers[i]);
	answer.resource_servers = rows;
	answer.n_resource_servers = s->count;
	if (s->next.size)
		answer.next_token = form_string(c, s->next);
	call_status(c);
	call_reply(c, &answer.base);
}

void api_list_resource_servers(struct call *c)
{
	const Parlor__Auth__V1__ListResourceServersRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__list_resource_servers_request__descriptor);
	struct auth_listing *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = done;
	s->admin.pool_id = form_text(request->user_pool_id);
	s->counted = request->has_max_results;
	s->max = s->counted ? request->max_results : USUAL;
	s->after = form_text(request->next_token);
	auth_list_resource_servers(c, s);
}
