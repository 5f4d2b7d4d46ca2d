/* services/auth/api/describe_user_pool_client.c */
#include "services/auth/api/api.h"
#include "services/auth/api/pool_form.h"

static void done(struct call *c)
{
	const struct auth_pool_client *s = c->state;
	Parlor__Auth__V1__DescribeUserPoolClientResponse answer =
	    PARLOR__AUTH__V1__DESCRIBE_USER_POOL_CLIENT_RESPONSE__INIT;

	answer.user_pool_client = form_client(c, s);
	call_reply(c, &answer.base);
}

void api_describe_user_pool_client(struct call *c)
{
	struct auth_pool_client *s = arena_zalloc(c->mem, sizeof(*s));

	if (!s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = done;
	form_read_client(c, s);
	auth_describe_user_pool_client(c, s);
}
