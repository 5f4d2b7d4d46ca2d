/* services/auth/api/change_password.c */
#include "services/auth/op/change_password.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

static void done(struct call *c)
{
	Parlor__Auth__V1__ChangePasswordResponse answer =
	    PARLOR__AUTH__V1__CHANGE_PASSWORD_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

void api_change_password(struct call *c)
{
	const Parlor__Auth__V1__ChangePasswordRequest *request =
	    call_unpack(c,
			&parlor__auth__v1__change_password_request__descriptor);
	struct auth_change_password *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = done;
	s->token = form_text(request->access_token);
	s->previous = form_text(request->previous_password);
	s->proposed = form_text(request->proposed_password);
	auth_change_password(c, s);
}
