/* services/auth/op/choice_sign_in.c - USER_AUTH: the user chooses how
 *
 * What can be chosen is the same for all, with and without an account: what an
 * account lacks shows as a proof that fails.
 */
#include "services/auth/op/code.h"
#include "services/auth/op/sign_in.h"
#include "services/auth/store/codes.h"
#include "services/auth/store/users.h"

#define CHOICE "SELECT_CHALLENGE"
#define OTP "EMAIL_OTP"
#define PURPOSE "otp"

/* The challenge's session goes on with the one that is to come. */
static void seal_session(struct call *c, struct auth_sign_in *s,
			 const char *challenge)
{
	const struct auth_ticket ticket = {
		.origin = s->own.origin,
		.username = s->given[AUTH_GIVEN_USERNAME],
		.expires_at = auth_now(c) + AUTH_TICKET_SECONDS,
	};

	s->challenge.name = challenge;
	s->challenge.session =
	    auth_ticket_text(c, auth_ticket_close(c, challenge, &ticket));
	call_status(c);
}

/* ---- a code by mail, instead of a password --------------------------------
 */

static void send_code(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (s->reachable)
		auth_code_send(c, s->user, s->code);
}

static void stored(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_work(c, send_code, s->done);
}

static void found(struct call *c)
{
	struct auth_sign_in *s = c->state;
	struct slice username = s->given[AUTH_GIVEN_USERNAME];

	if (call_failed(c)) {
		s->done(c);
		return;
	}
	s->reachable = s->user && s->user->status == AUTH_CONFIRMED &&
		       s->user->email_verified;
	if (!s->own.origin.size)
		auth_sign_in_draw(s);
	seal_session(c, s, OTP);
	auth_sign_in_say(s, "CODE_DELIVERY_DELIVERY_MEDIUM", "EMAIL");
	auth_sign_in_say(
	    s, "CODE_DELIVERY_DESTINATION",
	    s->reachable
		? auth_email_masked(c->mem, s->user->attributes[AUTH_EMAIL])
		: auth_code_nowhere(c, username));
	auth_code_make(c, PURPOSE, username, s->code, &s->sealed);
	auth_codes_put(c, PURPOSE, username, &s->sealed, stored);
}

static void ask_code(struct call *c, struct auth_sign_in *s)
{
	if (auth_code_deliverable(c))
		s->done(c);
	else
		auth_users_get(c, s->given[AUTH_GIVEN_USERNAME], &s->user,
			       found);
}

/* On the pool. */
static void open_session(struct call *c)
{
	auth_sign_in_go_on(c, c->state);
}

static void cleared(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_work(c, open_session, auth_sign_in_finish);
}

/* The code was mailed to an account; it may be gone by now. */
static void owner_found(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (!s->user || s->user->status != AUTH_CONFIRMED)
		auth_code_refuse(c);
	if (call_failed(c))
		s->done(c);
	else
		auth_codes_clear(c, PURPOSE, s->ticket.username, cleared);
}

static void tried(struct call *c)
{
	struct auth_sign_in *s = c->state;
	struct slice username = s->ticket.username;

	if (call_failed(c) ||
	    auth_code_compare(c, PURPOSE, username, &s->sealed,
			      s->given[AUTH_GIVEN_EMAIL_CODE]))
		s->done(c);
	else
		auth_users_get(c, username, &s->user, owner_found);
}

void auth_sign_in_prove_email(struct call *c, struct auth_sign_in *s)
{
	if (!auth_sign_in_need(c, s, AUTH_GIVEN_USERNAME) &&
	    !auth_sign_in_need(c, s, AUTH_GIVEN_EMAIL_CODE) &&
	    !auth_ticket_read(c, OTP, s->session, &s->ticket))
		s->own.origin = s->ticket.origin;
	if (call_failed(c))
		s->done(c);
	else
		auth_codes_try(c, PURPOSE, s->ticket.username, &s->sealed,
			       tried);
}

/* ---- the choice -----------------------------------------------------------
 */

static const struct auth_way ways[] = { { "PASSWORD",
					  auth_sign_in_by_password },
					{ "PASSWORD_SRP", auth_sign_in_by_srp },
					{ OTP, ask_code },
					{ 0 } };

static void choose(struct call *c, struct auth_sign_in *s, struct slice which)
{
	s->name = which;
	if (auth_sign_in_go(c, s, ways))
		return;
	call_fail(c, E_PARAMETER, "Challenge %.*s is not available.",
		  (int)(which.size < 64 ? which.size : 64),
		  which.data ? (const char *)which.data : "");
	s->done(c);
}

static int check(struct call *c, const struct auth_sign_in *s)
{
	if (!auth_rules_of(c)->choice_flow)
		return call_fail(c, E_PARAMETER,
				 "USER_AUTH is not enabled for the client.");
	if (!auth_sign_in_need(c, s, AUTH_GIVEN_USERNAME) &&
	    !auth_username_is_good(s->given[AUTH_GIVEN_USERNAME]))
		auth_sign_in_refuse(c);
	return -c->fault.code;
}

void auth_sign_in_by_choice(struct call *c, struct auth_sign_in *s)
{
	if (check(c, s)) {
		s->done(c);
		return;
	}
	if (s->given[AUTH_GIVEN_PREFERRED].data) {
		choose(c, s, s->given[AUTH_GIVEN_PREFERRED]);
		return;
	}
	auth_sign_in_draw(s);
	seal_session(c, s, CHOICE);
	for (const struct auth_way *way = ways; way->name; way++)
		s->challenge.available[s->challenge.choices++] = way->name;
	s->done(c);
}

void auth_sign_in_chosen(struct call *c, struct auth_sign_in *s)
{
	struct auth_ticket ticket;

	if (check(c, s) || auth_sign_in_need(c, s, AUTH_GIVEN_ANSWER) ||
	    auth_ticket_read(c, CHOICE, s->session, &ticket)) {
		s->done(c);
		return;
	}
	s->own.origin = ticket.origin;
	choose(c, s, s->given[AUTH_GIVEN_ANSWER]);
}
