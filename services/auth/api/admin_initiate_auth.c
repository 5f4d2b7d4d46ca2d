/* services/auth/api/admin_initiate_auth.c */
#include "services/auth/api/admin.h"
#include "services/auth/api/tokens.h"
#include "services/auth/op/admin_sign_in.h"

void api_admin_initiate_auth(struct call *c)
{
	const Parlor__Auth__V1__AdminInitiateAuthRequest *request = call_unpack(
	    c, &parlor__auth__v1__admin_initiate_auth_request__descriptor);
	struct auth_admin_sign_in *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = api_admin_done;
	s->admin.pool_id = form_text(request->user_pool_id);
	s->sign_in.done = api_answer_sign_in;
	s->sign_in.name = form_text(request->auth_flow);
	s->sign_in.client_id = form_text(request->client_id);
	for (size_t i = 0; i < request->n_auth_parameters; i++)
		auth_sign_in_give(&s->sign_in,
				  form_text(request->auth_parameters[i]->key),
				  form_text(
				      request->auth_parameters[i]->value));
	auth_admin_initiate(c, s);
}
