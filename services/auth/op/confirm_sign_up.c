/* services/auth/op/confirm_sign_up.c - the code that came by mail
 *
 * A try is counted before the code is compared. A name without an account, or
 * whose code has had its tries, is answered as one whose code has expired. An
 * account that a guest signed up for takes the guest's place, if the guest still
 * has it.
 */
#include "services/auth/op/confirm_sign_up.h"
#include "services/auth/op/audit.h"
#include "services/auth/op/client_secret.h"
#include "services/auth/op/code.h"
#include "services/auth/op/name.h"
#include "services/auth/store/guests.h"
#include "services/auth/store/users.h"

/* There was no code to be tried. */
static void explain(struct call *c)
{
	struct auth_confirm *s = c->state;

	if (!call_failed(c) && s->user && s->user->status != AUTH_UNCONFIRMED)
		call_fail(c, E_NOT_AUTHORIZED,
			  "User cannot be confirmed. Current status is "
			  "CONFIRMED");
	auth_missing_check(c, s->user);
	call_fail(c, E_CODE_EXPIRED,
		  "Invalid code provided, please request a code again.");
	s->done(c);
}

/* By the guest's name is found what it has become, too. */
int auth_confirm_check_guest(struct call *c, const struct auth_user *guest,
			     const struct auth_user *user)
{
	if (!call_failed(c) && (!guest || guest->status != AUTH_GUEST ||
				!slice_equal(guest->sub, user->sub)))
		call_fail(c, E_NOT_AUTHORIZED,
			  "User cannot be confirmed. The guest has another "
			  "account already, or is gone.");
	return -c->fault.code;
}

static void guest_found(struct call *c)
{
	struct auth_confirm *s = c->state;

	if (auth_confirm_check_guest(c, s->guest, s->user))
		s->done(c);
	else
		auth_guests_succeed(c, s->guest, s->user, &s->before, s->done);
}

static void confirm(struct call *c)
{
	struct auth_confirm *s = c->state;

	if (call_failed(c))
		s->done(c);
	else if (s->user->guest.size)
		auth_users_get(c, s->user->guest, &s->guest, guest_found);
	else
		auth_users_confirm(c, s->user, &s->before, s->done);
}

static void tried(struct call *c)
{
	struct auth_confirm *s = c->state;

	if (s->user) {
		s->before = *s->user;
		s->user->email_verified = true; /* if the code is right */
	}
	if (!call_failed(c) && !s->user)
		auth_users_get(c, s->username, &s->user, explain);
	else if (call_failed(c) || auth_code_check(c, s->user, s->code))
		s->done(c);
	else if (s->seizes)
		auth_name_seize(c, s->user, confirm);
	else
		confirm(c);
}

static void named(struct call *c)
{
	struct auth_confirm *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_users_try_code(c, s->username, &s->user, tried);
}

void auth_confirm_sign_up(struct call *c, struct auth_confirm *s)
{
	c->state = s;
	auth_audit_begin(c,
			 &(struct auth_audit){ .type = AUTH_EVENT_SIGN_UP,
					       .name = s->username,
					       .user = &s->user },
			 &s->done);
	if (call_failed(c) || auth_client_check(c, s->client_id) ||
	    auth_secret_hash_check(c, s->username, s->secret_hash) ||
	    auth_username_check(s->username, &c->fault) ||
	    auth_required(c, "confirmationCode", "[\\S]+", s->code))
		s->done(c);
	else
		auth_name_resolve(c, &s->username, named);
}
