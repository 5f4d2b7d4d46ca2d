/* services/auth/api/tokens.c - what all ways to sign in are answered with */
#include "services/auth/api/tokens.h"
#include "services/auth/api/form.h"

typedef Parlor__Auth__V1__InitiateAuthResponse__ChallengeParametersEntry entry;

static void answer_tokens(struct call *c, const struct auth_sign_in *s)
{
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

static void answer_challenge(struct call *c,
			     const struct auth_challenge *challenge)
{
	Parlor__Auth__V1__InitiateAuthResponse answer =
	    PARLOR__AUTH__V1__INITIATE_AUTH_RESPONSE__INIT;
	entry rows[AUTH_SAID_MAX], *pointers[AUTH_SAID_MAX];

	for (size_t i = 0; i < challenge->count; i++) {
		parlor__auth__v1__initiate_auth_response__challenge_parameters_entry__init(
		    &rows[i]);
		rows[i].key = (char *)challenge->said[i].name;
		rows[i].value = (char *)challenge->said[i].value;
		pointers[i] = &rows[i];
	}
	answer.n_available_challenges = challenge->choices;
	answer.available_challenges = (char **)challenge->available;
	answer.challenge_name = (char *)challenge->name;
	if (challenge->session.size)
		answer.session = form_string(c, challenge->session);
	answer.n_challenge_parameters = challenge->count;
	answer.challenge_parameters = pointers;
	call_reply(c, &answer.base);
}

void api_answer_sign_in(struct call *c)
{
	const struct auth_sign_in *s = c->state;

	if (call_failed(c))
		call_reply(c, NULL);
	else if (s->challenge.name)
		answer_challenge(c, &s->challenge);
	else
		answer_tokens(c, s);
}
