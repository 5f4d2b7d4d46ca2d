/* services/auth/api/create_user_pool.c */
#include "services/auth/api/api.h"
#include "services/auth/api/pool_form.h"

static void done(struct call *c)
{
	const struct auth_user_pool *s = c->state;
	Parlor__Auth__V1__CreateUserPoolResponse answer =
	    PARLOR__AUTH__V1__CREATE_USER_POOL_RESPONSE__INIT;

	answer.user_pool = form_pool(c, &s->pool);
	call_reply(c, &answer.base);
}

void api_create_user_pool(struct call *c)
{
	struct auth_user_pool *s = arena_zalloc(c->mem, sizeof(*s));

	if (!s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = done;
	form_read_pool(c, s);
	auth_create_user_pool(c, s);
}
