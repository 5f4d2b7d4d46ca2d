/* services/auth/op/email_sign_in.c - EMAIL_OTP: a code by mail, instead of a
 * password or behind it
 *
 * A code of the one kind is none of the other; which it is stands in the
 * challenge's session.
 */
#include "services/auth/op/code.h"
#include "services/auth/op/letter.h"
#include "services/auth/op/sign_in.h"
#include "services/auth/store/codes.h"
#include "services/auth/store/users.h"

#define CHALLENGE "EMAIL_OTP"
#define INSTEAD "otp"
#define BEHIND "mfa"

/* ---- asking --------------------------------------------------------------- */

static void stored(struct call *c)
{
	struct auth_sign_in *s = c->state;

	auth_letter_send(c, AUTH_LETTER_OTP, s->reachable ? s->user : NULL,
			 s->code, s->done);
}

void auth_sign_in_mail(struct call *c, struct auth_sign_in *s)
{
	auth_code_make(c, s->mails, s->mailed_to, s->code, &s->sealed);
	auth_codes_put(c, s->mails, s->mailed_to, &s->sealed, stored);
}

static void ask(struct call *c, struct auth_sign_in *s, const char *purpose,
		struct slice name)
{
	s->mails = purpose;
	s->mailed_to = name;
	auth_sign_in_ask(c, s, CHALLENGE, name, slice_of(purpose));
	auth_sign_in_say(s, "CODE_DELIVERY_DELIVERY_MEDIUM", "EMAIL");
	auth_sign_in_say(
	    s, "CODE_DELIVERY_DESTINATION",
	    s->reachable
		? auth_email_masked(c->mem, s->user->attributes[AUTH_EMAIL])
		: auth_code_nowhere(c, name));
}

void auth_sign_in_ask_email(struct call *c, struct auth_sign_in *s)
{
	s->reachable = true;
	ask(c, s, BEHIND, s->user->username);
	auth_sign_in_say_text(c, s, "USER_ID_FOR_SRP", s->user->username);
}

/* Whose second factor it is does not sign in by mail alone. */
static void found(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (call_failed(c)) {
		s->done(c);
		return;
	}
	s->reachable = s->user && s->user->status == AUTH_CONFIRMED &&
		       !s->user->disabled && s->user->email_verified &&
		       !(s->user->factors & AUTH_FACTOR_EMAIL);
	if (!s->own.origin.size)
		auth_sign_in_draw(s);
	ask(c, s, INSTEAD, s->given[AUTH_GIVEN_USERNAME]);
	auth_sign_in_finish(c);
}

void auth_sign_in_by_email(struct call *c, struct auth_sign_in *s)
{
	if (auth_letter_possible(c) || auth_limit(c, AUTH_LIMITED_CODES))
		s->done(c);
	else
		auth_users_get(c, s->given[AUTH_GIVEN_USERNAME], &s->user,
			       found);
}

/* ---- the answer ----------------------------------------------------------- */

/* On the pool. */
static void go_on(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (slice_is(s->ticket.secret, BEHIND))
		auth_sign_in_finally(c, s);
	else
		auth_sign_in_go_on(c, s);
}

static void cleared(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_work(c, go_on, auth_sign_in_finish);
}

static const char *purpose_of(const struct auth_sign_in *s)
{
	return slice_is(s->ticket.secret, BEHIND) ? BEHIND : INSTEAD;
}

/* The code was mailed to an account; it may be gone by now. */
static void owner_found(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (!s->user || s->user->status != AUTH_CONFIRMED || s->user->disabled)
		auth_code_refuse(c);
	if (call_failed(c))
		s->done(c);
	else
		auth_codes_clear(c, purpose_of(s), s->ticket.username, cleared);
}

static void tried(struct call *c)
{
	struct auth_sign_in *s = c->state;
	struct slice name = s->ticket.username;

	if (call_failed(c) ||
	    auth_code_compare(c, purpose_of(s), name, &s->sealed,
			      s->given[AUTH_GIVEN_EMAIL_CODE]))
		s->done(c);
	else
		auth_users_get(c, name, &s->user, owner_found);
}

void auth_sign_in_prove_email(struct call *c, struct auth_sign_in *s)
{
	auth_sign_in_resume(c, s, CHALLENGE, AUTH_GIVEN_EMAIL_CODE);
	auth_sign_in_audit(c, s, s->ticket.username);
	if (call_failed(c) || auth_limit(c, AUTH_LIMITED_SIGN_INS))
		s->done(c);
	else
		auth_codes_try(c, purpose_of(s), s->ticket.username, &s->sealed,
			       tried);
}
