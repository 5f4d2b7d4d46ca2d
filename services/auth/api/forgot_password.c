/* services/auth/api/forgot_password.c */
#include "services/auth/op/forgot_password.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

static void done(struct call *c)
{
	const struct auth_forgot *s = c->state;
	Parlor__Auth__V1__ForgotPasswordResponse answer =
	    PARLOR__AUTH__V1__FORGOT_PASSWORD_RESPONSE__INIT;
	Parlor__Auth__V1__CodeDeliveryDetails details =
	    form_delivery(s->destination);

	answer.code_delivery_details = &details;
	call_reply(c, &answer.base);
}

void api_forgot_password(struct call *c)
{
	const Parlor__Auth__V1__ForgotPasswordRequest *request =
	    call_unpack(c,
			&parlor__auth__v1__forgot_password_request__descriptor);
	struct auth_forgot *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = done;
	s->client_id = form_text(request->client_id);
	s->secret_hash = form_text(request->secret_hash);
	s->username = form_text(request->username);
	auth_forgot_password(c, s);
}
