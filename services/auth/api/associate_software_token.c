/* services/auth/api/associate_software_token.c */
#include "services/auth/op/associate_software_token.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

static void done(struct call *c)
{
	struct auth_associate *s = c->state;
	Parlor__Auth__V1__AssociateSoftwareTokenResponse answer =
	    PARLOR__AUTH__V1__ASSOCIATE_SOFTWARE_TOKEN_RESPONSE__INIT;

	answer.secret_code = s->text;
	if (s->session.size)
		answer.session = form_string(c, s->session);
	call_reply(c, &answer.base);
}

void api_associate_software_token(struct call *c)
{
	const Parlor__Auth__V1__AssociateSoftwareTokenRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__associate_software_token_request__descriptor);
	struct auth_associate *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = done;
	s->setup.token = form_text(request->access_token);
	s->setup.session = form_text(request->session);
	auth_associate_software_token(c, s);
}
