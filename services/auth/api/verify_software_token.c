/* services/auth/api/verify_software_token.c */
#include "services/auth/op/verify_software_token.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

static void done(struct call *c)
{
	const struct auth_verify_totp *s = c->state;
	Parlor__Auth__V1__VerifySoftwareTokenResponse answer =
	    PARLOR__AUTH__V1__VERIFY_SOFTWARE_TOKEN_RESPONSE__INIT;

	answer.status = (char *)"SUCCESS";
	if (s->session.size)
		answer.session = form_string(c, s->session);
	call_reply(c, &answer.base);
}

void api_verify_software_token(struct call *c)
{
	const Parlor__Auth__V1__VerifySoftwareTokenRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__verify_software_token_request__descriptor);
	struct auth_verify_totp *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = done;
	s->setup.token = form_text(request->access_token);
	s->setup.session = form_text(request->session);
	s->code = form_text(request->user_code);
	auth_verify_software_token(c, s);
}
