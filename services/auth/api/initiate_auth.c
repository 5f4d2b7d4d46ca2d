/* services/auth/api/initiate_auth.c */
#include "services/auth/op/initiate_auth.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"
#include "services/auth/api/tokens.h"

void api_initiate_auth(struct call *c)
{
	const Parlor__Auth__V1__InitiateAuthRequest *request =
	    call_unpack(c,
			&parlor__auth__v1__initiate_auth_request__descriptor);
	struct auth_sign_in *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = api_answer_sign_in;
	s->name = form_text(request->auth_flow);
	s->client_id = form_text(request->client_id);
	for (size_t i = 0; i < request->n_auth_parameters; i++)
		auth_sign_in_give(s,
				  form_text(request->auth_parameters[i]->key),
				  form_text(
				      request->auth_parameters[i]->value));
	auth_initiate(c, s);
}
