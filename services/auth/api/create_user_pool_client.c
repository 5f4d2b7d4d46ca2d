/* services/auth/api/create_user_pool_client.c */
#include "services/auth/api/api.h"
#include "services/auth/api/pool_form.h"

static void done(struct call *c)
{
	const struct auth_pool_client *s = c->state;
	Parlor__Auth__V1__CreateUserPoolClientResponse answer =
	    PARLOR__AUTH__V1__CREATE_USER_POOL_CLIENT_RESPONSE__INIT;

	answer.user_pool_client = form_client(c, s);
	call_reply(c, &answer.base);
}

void api_create_user_pool_client(struct call *c)
{
	const Parlor__Auth__V1__CreateUserPoolClientRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__create_user_pool_client_request__descriptor);
	struct auth_pool_client *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = done;
	form_read_client(c, s);
	s->draws = request->generate_secret;
	auth_create_user_pool_client(c, s);
}
