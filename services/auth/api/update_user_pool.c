/* services/auth/api/update_user_pool.c */
#include "services/auth/api/api.h"
#include "services/auth/api/pool_form.h"

static void done(struct call *c)
{
	Parlor__Auth__V1__UpdateUserPoolResponse answer =
	    PARLOR__AUTH__V1__UPDATE_USER_POOL_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

void api_update_user_pool(struct call *c)
{
	struct auth_user_pool *s = arena_zalloc(c->mem, sizeof(*s));

	if (!s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = done;
	form_read_pool(c, s);
	auth_update_user_pool(c, s);
}
