/* services/auth/api/global_sign_out.c */
#include "services/auth/op/global_sign_out.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

static void done(struct call *c)
{
	Parlor__Auth__V1__GlobalSignOutResponse answer =
	    PARLOR__AUTH__V1__GLOBAL_SIGN_OUT_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

void api_global_sign_out(struct call *c)
{
	const Parlor__Auth__V1__GlobalSignOutRequest *request =
	    call_unpack(c,
			&parlor__auth__v1__global_sign_out_request__descriptor);
	struct auth_global_sign_out *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = done;
	s->token = form_text(request->access_token);
	auth_global_sign_out(c, s);
}
