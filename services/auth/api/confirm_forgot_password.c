/* services/auth/api/confirm_forgot_password.c */
#include "services/auth/op/confirm_forgot_password.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

static void done(struct call *c)
{
	Parlor__Auth__V1__ConfirmForgotPasswordResponse answer =
	    PARLOR__AUTH__V1__CONFIRM_FORGOT_PASSWORD_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

void api_confirm_forgot_password(struct call *c)
{
	const Parlor__Auth__V1__ConfirmForgotPasswordRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__confirm_forgot_password_request__descriptor);
	struct auth_confirm_forgot *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = done;
	s->client_id = form_text(request->client_id);
	s->secret_hash = form_text(request->secret_hash);
	s->username = form_text(request->username);
	s->code = form_text(request->confirmation_code);
	s->password = form_text(request->password);
	auth_confirm_forgot_password(c, s);
}
