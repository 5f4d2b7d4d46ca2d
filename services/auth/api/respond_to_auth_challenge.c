/* services/auth/api/respond_to_auth_challenge.c */
#include "services/auth/op/respond_to_auth_challenge.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"
#include "services/auth/api/tokens.h"

void api_respond_to_auth_challenge(struct call *c)
{
	const Parlor__Auth__V1__RespondToAuthChallengeRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__respond_to_auth_challenge_request__descriptor);
	struct auth_sign_in *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = api_answer_sign_in;
	s->name = form_text(request->challenge_name);
	s->client_id = form_text(request->client_id);
	s->session = form_text(request->session);
	for (size_t i = 0; i < request->n_challenge_responses; i++)
		auth_sign_in_give(
		    s, form_text(request->challenge_responses[i]->key),
		    form_text(request->challenge_responses[i]->value));
	auth_respond_to_auth_challenge(c, s);
}
