/* services/auth/op/get_user.c - what the pool knows of a token's user */
#include "services/auth/op/get_user.h"
#include "services/auth/op/bearer.h"
#include "services/auth/store/users.h"

static void found(struct call *c)
{
	struct auth_get_user *s = c->state;

	auth_bearer_owns(c, &s->who, s->user);
	s->done(c);
}

void auth_get_user(struct call *c, struct auth_get_user *s)
{
	c->state = s;
	if (call_failed(c) || auth_bearer_check(c, s->token, &s->who))
		s->done(c);
	else
		auth_users_get(c, s->who.username, &s->user, found);
}
