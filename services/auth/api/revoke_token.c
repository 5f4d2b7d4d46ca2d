/* services/auth/api/revoke_token.c */
#include "services/auth/op/revoke_token.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

static void done(struct call *c)
{
	Parlor__Auth__V1__RevokeTokenResponse answer =
	    PARLOR__AUTH__V1__REVOKE_TOKEN_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

void api_revoke_token(struct call *c)
{
	const Parlor__Auth__V1__RevokeTokenRequest *request =
	    call_unpack(c, &parlor__auth__v1__revoke_token_request__descriptor);
	struct auth_revoke *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = done;
	s->client_id = form_text(request->client_id);
	s->client_secret = form_text(request->client_secret);
	s->token = form_text(request->token);
	auth_revoke_token(c, s);
}
