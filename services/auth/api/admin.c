/* services/auth/api/admin.c - what administrators' messages have in common */
#include "services/auth/api/admin.h"

void api_admin_done(struct call *c)
{
	Parlor__Auth__V1__AdminUserResponse answer =
	    PARLOR__AUTH__V1__ADMIN_USER_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

void api_admin_user(struct call *c, void (*done)(struct call *),
		    void (*begin)(struct call *, struct auth_admin *))
{
	const Parlor__Auth__V1__AdminUserRequest *request =
	    call_unpack(c, &parlor__auth__v1__admin_user_request__descriptor);
	struct auth_admin *a = arena_zalloc(c->mem, sizeof(*a));

	if (!request || !a) {
		call_reply(c, NULL);
		return;
	}
	a->done = done;
	a->pool_id = form_text(request->user_pool_id);
	a->username = form_text(request->username);
	begin(c, a);
}
