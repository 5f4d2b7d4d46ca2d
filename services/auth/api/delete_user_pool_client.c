/* services/auth/api/delete_user_pool_client.c */
#include "services/auth/api/api.h"
#include "services/auth/api/pool_form.h"

static void done(struct call *c)
{
	Parlor__Auth__V1__DeleteUserPoolClientResponse answer =
	    PARLOR__AUTH__V1__DELETE_USER_POOL_CLIENT_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

void api_delete_user_pool_client(struct call *c)
{
	struct auth_pool_client *s = arena_zalloc(c->mem, sizeof(*s));

	if (!s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = done;
	form_read_client(c, s);
	auth_delete_user_pool_client(c, s);
}
