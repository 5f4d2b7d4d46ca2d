/* services/auth/op/verify_software_token.c - the app has the secret
 *
 * Who has the token or the session was told the secret a moment ago: there is
 * nothing to be guessed. Who had to set it up is asked for its codes from now
 * on; others say so themselves.
 */
#include "services/auth/op/verify_software_token.h"
#include "services/auth/op/audit.h"
#include "services/auth/store/users.h"

static void found(struct call *c)
{
	struct auth_verify_totp *s = c->state;
	struct auth_user *user = s->setup.user;

	if (auth_setup_check(c, &s->setup)) {
		s->done(c);
		return;
	}
	auth_audit_begin(c,
			 &(struct auth_audit){ .type = AUTH_EVENT_MFA,
					       .name = user->username },
			 &s->done);
	if (!user->totp_pending.size)
		call_fail(c, E_TOTP_MISSING,
			  "Software token MFA has not been set up: call "
			  "AssociateSoftwareToken first.");
	else
		user->totp_step =
		    auth_totp_match(c, user, user->totp_pending, s->code);
	if (!call_failed(c) && !user->totp_step)
		call_fail(c, E_TOTP_MISMATCH, "Code mismatch");
	s->session = auth_setup_session(c, &s->setup, true);
	if (call_failed(c))
		s->done(c);
	else
		auth_users_verify_totp(c, user, s->session.size > 0, s->done);
}

void auth_verify_software_token(struct call *c, struct auth_verify_totp *s)
{
	c->state = s;
	auth_required(c, "userCode", "[0-9]+", s->code);
	auth_setup_find(c, &s->setup, found);
}
