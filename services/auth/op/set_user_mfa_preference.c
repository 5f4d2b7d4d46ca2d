/* services/auth/op/set_user_mfa_preference.c - is a second factor asked for? */
#include "services/auth/op/set_user_mfa_preference.h"
#include "services/auth/op/bearer.h"
#include "services/auth/store/users.h"

static void found(struct call *c)
{
	struct auth_mfa_preference *s = c->state;

	if (auth_bearer_owns_account(c, &s->who, s->user)) {
		s->done(c);
		return;
	}
	if (s->others)
		call_fail(c, E_PARAMETER,
			  "The user pool has software token MFA only.");
	else if (s->enabled && !s->user->totp_secret.size)
		call_fail(c, E_PARAMETER,
			  "User has not verified software token mfa");
	else if (s->preferred && !s->enabled)
		call_fail(c, E_PARAMETER,
			  "Software token MFA can't be preferred while it is "
			  "not enabled.");
	if (call_failed(c) || !s->said) {
		s->done(c);
		return;
	}
	s->user->totp_enabled = s->enabled;
	s->user->totp_preferred = s->preferred;
	auth_users_set_mfa(c, s->user, s->done);
}

void auth_set_user_mfa_preference(struct call *c, struct auth_mfa_preference *s)
{
	c->state = s;
	if (call_failed(c) || auth_bearer_check(c, s->token, &s->who))
		s->done(c);
	else
		auth_users_get(c, s->who.username, &s->user, found);
}
