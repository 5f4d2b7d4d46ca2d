/* services/auth/api/get_user_attribute_verification_code.c */
#include "services/auth/op/get_user_attribute_verification_code.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

static void done(struct call *c)
{
	const struct auth_ask_verification *s = c->state;
	Parlor__Auth__V1__GetUserAttributeVerificationCodeResponse answer =
	    PARLOR__AUTH__V1__GET_USER_ATTRIBUTE_VERIFICATION_CODE_RESPONSE__INIT;
	Parlor__Auth__V1__CodeDeliveryDetails details =
	    form_delivery(s->destination);

	answer.code_delivery_details = &details;
	call_reply(c, &answer.base);
}

void api_get_user_attribute_verification_code(struct call *c)
{
	const Parlor__Auth__V1__GetUserAttributeVerificationCodeRequest
	    *request = call_unpack(
		c,
		&parlor__auth__v1__get_user_attribute_verification_code_request__descriptor);
	struct auth_ask_verification *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = done;
	s->token = form_text(request->access_token);
	s->attribute = form_text(request->attribute_name);
	auth_get_user_attribute_verification_code(c, s);
}
