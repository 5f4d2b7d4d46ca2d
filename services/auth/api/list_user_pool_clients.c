/* services/auth/api/list_user_pool_clients.c */
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"
#include "services/auth/api/pool_form.h"

enum { USUAL = 60 };

static void done(struct call *c)
{
	const struct auth_listing *s = c->state;
	Parlor__Auth__V1__ListUserPoolClientsResponse answer =
	    PARLOR__AUTH__V1__LIST_USER_POOL_CLIENTS_RESPONSE__INIT;
	Parlor__Auth__V1__UserPoolClientDescription *rows =
	    arena_array(c->mem, s->count, sizeof(*rows));
	Parlor__Auth__V1__UserPoolClientDescription **pointers =
	    arena_array(c->mem, s->count, sizeof(*pointers));

	for (size_t i = 0; rows && pointers && i < s->count; i++) {
		parlor__auth__v1__user_pool_client_description__init(&rows[i]);
		rows[i].client_id = form_string(c, s->clients[i].id);
		rows[i].client_name = form_string(c, s->clients[i].name);
		rows[i].user_pool_id = form_string(c, s->clients[i].pool_id);
		pointers[i] = &rows[i];
		answer.n_user_pool_clients++;
	}
	answer.user_pool_clients = pointers;
	if (s->next.size)
		answer.next_token = form_string(c, s->next);
	call_status(c);
	call_reply(c, &answer.base);
}

void api_list_user_pool_clients(struct call *c)
{
	const Parlor__Auth__V1__ListUserPoolClientsRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__list_user_pool_clients_request__descriptor);
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
	auth_list_user_pool_clients(c, s);
}
