/* services/auth/op/global_sign_out.c - the end of all of a user's sign-ins */
#include "services/auth/op/global_sign_out.h"
#include "services/auth/op/account.h"
#include "services/auth/op/audit.h"
#include "services/auth/op/bearer.h"
#include "services/auth/store/users.h"

static void found(struct call *c)
{
	struct auth_global_sign_out *s = c->state;

	auth_audit_begin(c,
			 &(struct auth_audit){ .type = AUTH_EVENT_SIGN_OUT,
					       .name = s->who.username,
					       .user = &s->user },
			 &s->done);
	if (auth_bearer_owns(c, &s->who, s->user))
		s->done(c);
	else
		auth_account_sign_out(c, s->user, s->done);
}

void auth_global_sign_out(struct call *c, struct auth_global_sign_out *s)
{
	c->state = s;
	if (call_failed(c) || auth_bearer_check(c, s->token, &s->who))
		s->done(c);
	else
		auth_users_get(c, s->who.username, &s->user, found);
}
