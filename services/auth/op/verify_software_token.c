/* services/auth/op/verify_software_token.c - the app has the secret
 *
 * Who has the access token was told the secret a moment ago: there is nothing to
 * be guessed.
 */
#include "services/auth/op/verify_software_token.h"
#include "services/auth/op/bearer.h"
#include "services/auth/store/users.h"

static void found(struct call *c)
{
	struct auth_verify_totp *s = c->state;
	struct auth_user *user = s->user;

	if (auth_bearer_owns_account(c, &s->who, user)) {
		s->done(c);
		return;
	}
	if (!user->totp_pending.size)
		call_fail(c, E_TOTP_MISSING,
			  "Software token MFA has not been set up: call "
			  "AssociateSoftwareToken first.");
	else
		user->totp_step =
		    auth_totp_match(c, user, user->totp_pending, s->code);
	if (!call_failed(c) && !user->totp_step)
		call_fail(c, E_TOTP_MISMATCH, "Code mismatch");
	if (call_failed(c))
		s->done(c);
	else
		auth_users_verify_totp(c, user, s->done);
}

void auth_verify_software_token(struct call *c, struct auth_verify_totp *s)
{
	c->state = s;
	if (call_failed(c) || auth_bearer_check(c, s->token, &s->who) ||
	    auth_required(c, "userCode", "[0-9]+", s->code))
		s->done(c);
	else
		auth_users_get(c, s->who.username, &s->user, found);
}
