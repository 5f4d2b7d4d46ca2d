/* services/auth/op/forgot_password.c - a code for a new password
 *
 * A code is drawn and stored for any name; mailed it is to a confirmed address,
 * unless codes by mail are the account's second factor: it would be the only one.
 * Who asks learns the same in any case, but by a client that may tell; and so
 * where only administrators have one mailed.
 */
#include "services/auth/op/forgot_password.h"
#include "services/auth/op/audit.h"
#include "services/auth/op/client_secret.h"
#include "services/auth/op/code.h"
#include "services/auth/op/letter.h"
#include "services/auth/op/name.h"
#include "services/auth/store/users.h"

int auth_forgot_check(const struct auth_user *user, struct fault *fault)
{
	if (user->disabled)
		return fault_set(fault, E_NOT_AUTHORIZED, "User is disabled.");
	if (user->status == AUTH_GUEST ||
	    user->status == AUTH_FORCE_CHANGE_PASSWORD)
		return fault_set(fault, E_NOT_AUTHORIZED,
				 "User password cannot be reset in the current "
				 "state.");
	if (user->status == AUTH_UNCONFIRMED || !user->email_verified ||
	    user->factors & AUTH_FACTOR_EMAIL)
		return fault_set(fault, E_PARAMETER,
				 "Cannot reset password for the user as there "
				 "is no registered/verified email or "
				 "phone_number");
	return 0;
}

static void stored(struct call *c)
{
	struct auth_forgot *s = c->state;

	auth_letter_send(c, AUTH_LETTER_FORGOT, s->reachable ? s->user : NULL,
			 s->code, s->done);
}

static void found(struct call *c)
{
	struct auth_forgot *s = c->state;
	struct fault why = { 0 };

	s->reachable = s->user && !auth_forgot_check(s->user, &why);
	if (why.code && auth_rules_of(c)->tells_missing)
		call_fail(c, why.code, "%s", why.message);
	if (auth_missing_check(c, s->user)) {
		s->done(c);
		return;
	}
	s->destination =
	    s->reachable
		? auth_email_masked(c->mem, s->user->attributes[AUTH_EMAIL])
		: auth_code_nowhere(c, s->username);
	auth_audit_goes_on(c);
	auth_code_make(c, AUTH_CODE_RESET, s->username, s->code, &s->sealed);
	auth_codes_put(c, AUTH_CODE_RESET, s->username, &s->sealed, stored);
}

void auth_forgot_begin(struct call *c, struct auth_forgot *s)
{
	c->state = s;
	auth_users_get(c, s->username, &s->user, found);
}

static void named(struct call *c)
{
	struct auth_forgot *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_forgot_begin(c, s);
}

static int check_recovery(struct call *c)
{
	if (auth_pool_recovers(auth_pool_of(c)))
		return 0;
	return call_fail(c, E_NOT_AUTHORIZED,
			 "Contact administrator to reset password.");
}

void auth_forgot_password(struct call *c, struct auth_forgot *s)
{
	c->state = s;
	auth_audit_begin(c,
			 &(struct auth_audit){ .type = AUTH_EVENT_FORGOT,
					       .name = s->username,
					       .user = &s->user },
			 &s->done);
	if (call_failed(c) || auth_client_check(c, s->client_id) ||
	    auth_secret_hash_check(c, s->username, s->secret_hash) ||
	    auth_username_check(s->username, &c->fault) ||
	    auth_limit(c, AUTH_LIMITED_CODES) || check_recovery(c) ||
	    auth_letter_possible(c))
		s->done(c);
	else
		auth_name_resolve(c, &s->username, named);
}
