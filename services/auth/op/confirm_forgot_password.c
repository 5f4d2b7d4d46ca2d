/* services/auth/op/confirm_forgot_password.c - a new password, by a code
 *
 * Whoever had the code is the account's owner: guesses at the old password shut
 * out nobody any more.
 */
#include "services/auth/op/confirm_forgot_password.h"
#include "services/auth/op/audit.h"
#include "services/auth/op/client_secret.h"
#include "services/auth/op/code.h"
#include "services/auth/op/forgot_password.h"
#include "services/auth/op/name.h"
#include "services/auth/op/secret.h"
#include "services/auth/op/sign_in.h"
#include "services/auth/store/attempts.h"
#include "services/auth/store/users.h"

static void cleared(struct call *c)
{
	struct auth_confirm_forgot *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_attempts_clear(c, AUTH_GUESS_PASSWORD, s->username,
				    s->done);
}

static void set(struct call *c)
{
	struct auth_confirm_forgot *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_codes_clear(c, AUTH_CODE_RESET, s->username, cleared);
}

static void keep(struct call *c)
{
	struct auth_confirm_forgot *s = c->state;

	auth_password_keep(c, s->user, s->password);
}

static void kept(struct call *c)
{
	struct auth_confirm_forgot *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_users_set_password(c, s->user, s->before, set);
}

/* The code was mailed to an account; it may be gone by now. */
static void found(struct call *c)
{
	struct auth_confirm_forgot *s = c->state;

	if (!s->user)
		auth_code_refuse(c); /* unless the call has failed before */
	if (!s->user || call_failed(c)) {
		s->done(c);
		return;
	}
	s->before = s->user->password;
	auth_password_confirm(s->user);
	auth_work(c, keep, kept);
}

static void tried(struct call *c)
{
	struct auth_confirm_forgot *s = c->state;

	if (call_failed(c) || auth_code_compare(c, AUTH_CODE_RESET, s->username,
						&s->sealed, s->code))
		s->done(c);
	else
		auth_users_get(c, s->username, &s->user, found);
}

static void known(struct call *c)
{
	struct auth_confirm_forgot *s = c->state;

	if (call_failed(c) || auth_missing_check(c, s->user))
		s->done(c);
	else
		auth_codes_try(c, AUTH_CODE_RESET, s->username, &s->sealed,
			       tried);
}

/* Nobody is asked for where the client may not tell. */
static void named(struct call *c)
{
	struct auth_confirm_forgot *s = c->state;

	if (!call_failed(c) && auth_rules_of(c)->tells_missing)
		auth_users_get(c, s->username, &s->user, known);
	else
		known(c);
}

void auth_confirm_forgot_password(struct call *c, struct auth_confirm_forgot *s)
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
	    auth_required(c, "confirmationCode", "[\\S]+", s->code) ||
	    auth_password_allowed(c, "password", s->password))
		s->done(c);
	else
		auth_name_resolve(c, &s->username, named);
}
