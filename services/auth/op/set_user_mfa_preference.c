/* services/auth/op/set_user_mfa_preference.c - is a second factor asked for? */
#include "services/auth/op/set_user_mfa_preference.h"
#include "services/auth/op/audit.h"
#include "services/auth/op/bearer.h"
#include "services/auth/store/users.h"

/* The first of them that the user can't have; NULL: all is well. */
static const char *lacking(struct call *c, const struct auth_mfa_preference *s)
{
	unsigned lack =
	    s->enabled & ~auth_factors_ready(&auth_rules_of(c)->mfa, s->user);

	return s->others ? "SMS_MFA" : auth_factor_name(lack & -lack);
}

static void apply(struct auth_user *user, const struct auth_mfa_preference *s)
{
	user->factors = (user->factors & ~s->said) | s->enabled;
	user->preferred =
	    s->preferred ? s->preferred : user->preferred & ~s->said;
}

void auth_mfa_prefer(struct call *c, struct auth_mfa_preference *s)
{
	const char *lack = lacking(c, s);

	if (lack)
		call_fail(c, E_PARAMETER,
			  "User does not have delivery config set to turn on "
			  "%s",
			  lack);
	else if (s->preferred & ~s->enabled)
		call_fail(c, E_PARAMETER,
			  "An MFA type can't be preferred while it is not "
			  "enabled.");
	else if (s->preferred && !auth_factor_name(s->preferred))
		call_fail(c, E_PARAMETER,
			  "Only one MFA type can be preferred.");
	if (call_failed(c) || !s->said) {
		s->done(c);
		return;
	}
	apply(s->user, s);
	auth_users_set_mfa(c, s->user, s->done);
}

static void found(struct call *c)
{
	struct auth_mfa_preference *s = c->state;

	auth_audit_begin(c,
			 &(struct auth_audit){ .type = AUTH_EVENT_MFA,
					       .name = s->who.username,
					       .user = &s->user },
			 &s->done);
	if (auth_bearer_owns_account(c, &s->who, s->user))
		s->done(c);
	else
		auth_mfa_prefer(c, s);
}

void auth_set_user_mfa_preference(struct call *c, struct auth_mfa_preference *s)
{
	c->state = s;
	if (call_failed(c) || auth_bearer_check(c, s->token, &s->who))
		s->done(c);
	else
		auth_users_get(c, s->who.username, &s->user, found);
}
