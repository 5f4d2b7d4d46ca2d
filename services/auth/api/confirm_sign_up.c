/* services/auth/api/confirm_sign_up.c */
#include "services/auth/op/confirm_sign_up.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

static void done(struct call *c)
{
	Parlor__Auth__V1__ConfirmSignUpResponse answer =
	    PARLOR__AUTH__V1__CONFIRM_SIGN_UP_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

void api_confirm_sign_up(struct call *c)
{
	const Parlor__Auth__V1__ConfirmSignUpRequest *request =
	    call_unpack(c,
			&parlor__auth__v1__confirm_sign_up_request__descriptor);
	struct auth_confirm *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = done;
	s->client_id = form_text(request->client_id);
	s->secret_hash = form_text(request->secret_hash);
	s->username = form_text(request->username);
	s->code = form_text(request->confirmation_code);
	s->seizes = request->force_alias_creation;
	auth_confirm_sign_up(c, s);
}
