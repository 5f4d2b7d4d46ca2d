/* services/auth/api/delete_user.c */
#include "services/auth/op/delete_user.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

static void done(struct call *c)
{
	Parlor__Auth__V1__DeleteUserResponse answer =
	    PARLOR__AUTH__V1__DELETE_USER_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

void api_delete_user(struct call *c)
{
	const Parlor__Auth__V1__DeleteUserRequest *request =
	    call_unpack(c, &parlor__auth__v1__delete_user_request__descriptor);
	struct auth_delete_user *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = done;
	s->token = form_text(request->access_token);
	auth_delete_user(c, s);
}
