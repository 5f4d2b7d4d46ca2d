/* services/auth/api/get_tokens_from_refresh_token.c */
#include "services/auth/op/get_tokens_from_refresh_token.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"
#include "services/auth/api/tokens.h"

void api_get_tokens_from_refresh_token(struct call *c)
{
	const Parlor__Auth__V1__GetTokensFromRefreshTokenRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__get_tokens_from_refresh_token_request__descriptor);
	struct auth_sign_in *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = api_answer_sign_in;
	s->client_id = form_text(request->client_id);
	s->client_secret = form_text(request->client_secret);
	s->given[AUTH_GIVEN_REFRESH_TOKEN] = form_text(request->refresh_token);
	auth_get_tokens_from_refresh_token(c, s);
}
