/* services/auth/op/delete_user.c - the end of an account, at its user's wish */
#include "services/auth/op/delete_user.h"
#include "services/auth/op/account.h"
#include "services/auth/op/audit.h"
#include "services/auth/op/bearer.h"
#include "services/auth/store/users.h"

static void found(struct call *c)
{
	struct auth_delete_user *s = c->state;

	auth_audit_begin(c,
			 &(struct auth_audit){ .type = AUTH_EVENT_DELETE,
					       .name = s->who.username,
					       .user = &s->user },
			 &s->done);
	if (auth_bearer_owns(c, &s->who, s->user))
		s->done(c);
	else
		auth_account_delete(c, s->user, s->done);
}

void auth_delete_user(struct call *c, struct auth_delete_user *s)
{
	c->state = s;
	if (call_failed(c) || auth_bearer_check(c, s->token, &s->who))
		s->done(c);
	else
		auth_users_get(c, s->who.username, &s->user, found);
}
