/* services/auth/api/initiate_auth.c */
#include "services/auth/op/initiate_auth.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

static void done(struct call *c)
{
	const struct auth_initiate *s = c->state;
	Parlor__Auth__V1__InitiateAuthResponse answer =
	    PARLOR__AUTH__V1__INITIATE_AUTH_RESPONSE__INIT;
	Parlor__Auth__V1__AuthenticationResult result =
	    PARLOR__AUTH__V1__AUTHENTICATION_RESULT__INIT;

	result.access_token = form_string(c, s->tokens.access);
	result.has_expires_in = 1;
	result.expires_in = (int32_t)s->tokens.expires_in;
	result.token_type = (char *)"Bearer";
	if (s->tokens.refresh.size)
		result.refresh_token = form_string(c, s->tokens.refresh);
	result.id_token = form_string(c, s->tokens.id);
	answer.authentication_result = &result;
	call_reply(c, &answer.base);
}

/* The parameters that a flow may name; others mean nothing to it. */
static void read_parameters(
    const Parlor__Auth__V1__InitiateAuthRequest *request,
    struct auth_initiate *s)
{
	for (size_t i = 0; i < request->n_auth_parameters; i++) {
		struct slice name = form_text(request->auth_parameters[i]->key);
		struct slice value =
		    form_text(request->auth_parameters[i]->value);

		if (slice_is(name, "USERNAME"))
			s->username = value;
		else if (slice_is(name, "PASSWORD"))
			s->password = value;
		else if (slice_is(name, "REFRESH_TOKEN"))
			s->refresh_token = value;
	}
}

void api_initiate_auth(struct call *c)
{
	const Parlor__Auth__V1__InitiateAuthRequest *request =
	    call_unpack(c,
			&parlor__auth__v1__initiate_auth_request__descriptor);
	struct auth_initiate *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = done;
	s->flow = form_text(request->auth_flow);
	s->client_id = form_text(request->client_id);
	read_parameters(request, s);
	auth_initiate(c, s);
}
