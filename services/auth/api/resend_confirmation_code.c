/* services/auth/api/resend_confirmation_code.c */
#include "services/auth/op/resend_confirmation_code.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

static void done(struct call *c)
{
	const struct auth_resend *s = c->state;
	Parlor__Auth__V1__ResendConfirmationCodeResponse answer =
	    PARLOR__AUTH__V1__RESEND_CONFIRMATION_CODE_RESPONSE__INIT;
	Parlor__Auth__V1__CodeDeliveryDetails details =
	    form_delivery(s->destination);

	answer.code_delivery_details = &details;
	call_reply(c, &answer.base);
}

void api_resend_confirmation_code(struct call *c)
{
	const Parlor__Auth__V1__ResendConfirmationCodeRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__resend_confirmation_code_request__descriptor);
	struct auth_resend *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = done;
	s->client_id = form_text(request->client_id);
	s->secret_hash = form_text(request->secret_hash);
	s->username = form_text(request->username);
	auth_resend_confirmation_code(c, s);
}
