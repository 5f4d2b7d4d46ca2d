/* services/auth/api/resource_server.c - resource servers as messages */
#include "services/auth/api/resource_server.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

typedef Parlor__Auth__V1__ResourceServerScopeType scope_type;

static void read_scopes(struct call *c, scope_type *const *scopes, size_t count,
			struct auth_resource_server *server)
{
	struct slice *names = arena_array(c->mem, count, sizeof(*names));
	struct slice *texts = arena_array(c->mem, count, sizeof(*texts));

	if (!names || !texts)
		return;
	for (size_t i = 0; i < count; i++) {
		names[i] = form_text(scopes[i]->scope_name);
		texts[i] = form_text(scopes[i]->scope_description);
	}
	server->scopes = (struct auth_texts){ names, count };
	server->described = (struct auth_texts){ texts, count };
}

static void tell_scopes(struct call *c,
			const struct auth_resource_server *server,
			Parlor__Auth__V1__ResourceServerType *out)
{
	size_t count = server->scopes.count;
	scope_type *scopes = arena_array(c->mem, count, sizeof(*scopes));

	out->scopes = arena_array(c->mem, count, sizeof(*out->scopes));
	if (!scopes || !out->scopes)
		return;
	for (size_t i = 0; i < count; i++) {
		parlor__auth__v1__resource_server_scope_type__init(&scopes[i]);
		scopes[i].scope_name = form_string(c, server->scopes.rows[i]);
		scopes[i].scope_description =
		    form_string(c, server->described.rows[i]);
		out->scopes[i] = &scopes[i];
	}
	out->n_scopes = count;
}

Parlor__Auth__V1__ResourceServerType *api_resource_server_type(
    struct call *c, const struct auth_resource_server *server)
{
	Parlor__Auth__V1__ResourceServerType *out =
	    arena_alloc(c->mem, sizeof(*out));

	if (!out)
		return NULL;
	parlor__auth__v1__resource_server_type__init(out);
	out->user_pool_id = form_string(c, server->pool_id);
	out->identifier = form_string(c, server->id);
	out->name = form_string(c, server->name);
	tell_scopes(c, server, out);
	return out;
}

static void answer(struct call *c)
{
	const struct auth_resource_server_op *s = c->state;
	Parlor__Auth__V1__ResourceServerResponse answer =
	    PARLOR__AUTH__V1__RESOURCE_SERVER_RESPONSE__INIT;

	answer.resource_server = api_resource_server_type(c, &s->server);
	call_status(c);
	call_reply(c, &answer.base);
}

void api_resource_server(struct call *c, void (*done)(struct call *),
			 void (*begin)(struct call *,
				       struct auth_resource_server_op *))
{
	const Parlor__Auth__V1__ResourceServerRequest *request =
	    call_unpack(c,
			&parlor__auth__v1__resource_server_request__descriptor);
	struct auth_resource_server_op *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = done ? done : answer;
	s->admin.pool_id = form_text(request->user_pool_id);
	s->server.id = form_text(request->identifier);
	s->server.name = form_text(request->name);
	read_scopes(c, request->scopes, request->n_scopes, &s->server);
	begin(c, s);
}
