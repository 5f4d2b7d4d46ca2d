/* services/auth/api/sign_up.c */
#include "services/auth/op/sign_up.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

static void done(struct call *c)
{
	const struct auth_sign_up *s = c->state;
	Parlor__Auth__V1__SignUpResponse answer =
	    PARLOR__AUTH__V1__SIGN_UP_RESPONSE__INIT;
	Parlor__Auth__V1__CodeDeliveryDetails details =
	    form_delivery(s->destination);

	answer.has_user_confirmed = 1;
	answer.user_confirmed = 0;
	if (s->destination)
		answer.code_delivery_details = &details;
	answer.user_sub = form_string(c, s->user.sub);
	call_reply(c, &answer.base);
}

void api_sign_up(struct call *c)
{
	const Parlor__Auth__V1__SignUpRequest *request =
	    call_unpack(c, &parlor__auth__v1__sign_up_request__descriptor);
	struct auth_sign_up *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = done;
	s->client_id = form_text(request->client_id);
	s->secret_hash = form_text(request->secret_hash);
	s->password = form_text(request->password);
	s->access_token = form_text(request->access_token);
	s->user.username = form_text(request->username);
	s->changes = form_changes(c, request->user_attributes,
				  request->n_user_attributes, &s->count);
	auth_sign_up(c, s);
}
