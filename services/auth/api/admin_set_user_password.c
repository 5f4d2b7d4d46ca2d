/* services/auth/api/admin_set_user_password.c */
#include "services/auth/op/admin_set_user_password.h"
#include "services/auth/api/admin.h"

void api_admin_set_user_password(struct call *c)
{
	const Parlor__Auth__V1__AdminSetUserPasswordRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__admin_set_user_password_request__descriptor);
	struct auth_admin_set_password *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = api_admin_done;
	s->admin.pool_id = form_text(request->user_pool_id);
	s->admin.username = form_text(request->username);
	s->password = form_text(request->password);
	s->permanent = request->permanent;
	auth_admin_set_user_password(c, s);
}
