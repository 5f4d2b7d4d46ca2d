/* services/auth/api/verify_user_attribute.c */
#include "services/auth/op/verify_user_attribute.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

static void done(struct call *c)
{
	Parlor__Auth__V1__VerifyUserAttributeResponse answer =
	    PARLOR__AUTH__V1__VERIFY_USER_ATTRIBUTE_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

void api_verify_user_attribute(struct call *c)
{
	const Parlor__Auth__V1__VerifyUserAttributeRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__verify_user_attribute_request__descriptor);
	struct auth_verify_user_attribute *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = done;
	s->token = form_text(request->access_token);
	s->attribute = form_text(request->attribute_name);
	s->code = form_text(request->code);
	auth_verify_user_attribute(c, s);
}
