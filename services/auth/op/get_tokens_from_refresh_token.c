/* services/auth/op/get_tokens_from_refresh_token.c - new tokens, the refresh
 * token among them */
#include "services/auth/op/get_tokens_from_refresh_token.h"
#include "services/auth/op/client_secret.h"
#include "services/auth/op/refresh.h"

void auth_get_tokens_from_refresh_token(struct call *c, struct auth_sign_in *s)
{
	c->state = s;
	if (call_failed(c) ||
	    auth_required(c, "refreshToken", AUTH_TOKEN_PATTERN,
			  s->given[AUTH_GIVEN_REFRESH_TOKEN]) ||
	    auth_client_check(c, s->client_id) ||
	    auth_client_secret_check(c, s->client_secret)) {
		s->done(c);
		return;
	}
	s->rotates = auth_rules_of(c)->rotates;
	auth_refresh(c, s);
}
