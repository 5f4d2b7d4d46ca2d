/* services/auth/op/setup.c - who sets up an app's codes */
#include "services/auth/op/setup.h"
#include "services/auth/model/factor.h"
#include "services/auth/op/bearer.h"
#include "services/auth/store/users.h"

#define SHOWN "shown"

/* ---- the session ---------------------------------------------------------- */

static struct slice session_text(struct call *c,
				 const struct auth_ticket *ticket)
{
	struct slice text =
	    auth_ticket_text(c, auth_ticket_close(c, AUTH_SETUP, ticket));

	return slice_of(arena_printf(c->mem, "%.*s.%.*s",
				     SLICE_ARGS(auth_client_of(c)->id),
				     SLICE_ARGS(text)));
}

struct slice auth_setup_session(struct call *c, const struct auth_setup *s,
				bool shown)
{
	struct auth_ticket ticket = s->ticket;

	if (!s->session.data)
		return (struct slice){ 0 };
	ticket.secret = shown ? SLICE(SHOWN) : slice_make("", 0);
	return session_text(c, &ticket);
}

/* ---- setting up ----------------------------------------------------------- */

void auth_setup_find(struct call *c, struct auth_setup *s, auth_next_fn *next)
{
	struct slice text = s->session;

	if (!text.data)
		auth_bearer_check(c, s->token, &s->who);
	else if (s->token.data)
		call_fail(c, E_PARAMETER,
			  "Either AccessToken or Session, not both.");
	else if (!auth_client_check(c, slice_cut(&text, '.')))
		auth_ticket_read(c, AUTH_SETUP, text, &s->ticket);
	if (call_failed(c))
		next(c);
	else
		auth_users_get(c,
			       text.data ? s->ticket.username : s->who.username,
			       &s->user, next);
}

/* Was the session given to somebody like that? */
static int check_session(struct call *c, const struct auth_user *user)
{
	if (call_failed(c))
		return -c->fault.code;
	if (!user || !auth_factors_missing(&auth_rules_of(c)->mfa, user))
		return call_fail(c, E_NOT_AUTHORIZED,
				 "Invalid session for the user.");
	return 0;
}

int auth_setup_check(struct call *c, const struct auth_setup *s)
{
	if (s->session.data ? check_session(c, s->user)
			    : auth_bearer_owns_account(c, &s->who, s->user))
		return -c->fault.code;
	if (!(auth_factors_offered(&auth_rules_of(c)->mfa) & AUTH_FACTOR_TOTP))
		return call_fail(c, E_TOTP_MISSING,
				 "Software Token MFA has not been enabled by "
				 "the userPool");
	return 0;
}

/* ---- the challenge -------------------------------------------------------- */

void auth_sign_in_ask_setup(struct call *c, struct auth_sign_in *s)
{
	const struct auth_ticket ticket = {
		.origin = s->own.origin,
		.username = s->user->username,
		.secret = slice_make("", 0),
		.expires_at = auth_ticket_end(c),
	};

	s->challenge.name = AUTH_SETUP;
	s->challenge.session = session_text(c, &ticket);
	auth_sign_in_say_text(c, s, "USER_ID_FOR_SRP", s->user->username);
	auth_sign_in_say(s, "MFAS_CAN_SETUP",
			 auth_factors_text(c, auth_factors_offered(
						  &auth_rules_of(c)->mfa)));
	call_status(c);
}

/* On the pool. */
static void open_session(struct call *c)
{
	auth_sign_in_finally(c, c->state);
}

static void found(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (!call_failed(c) &&
	    (!s->user || !(s->user->factors & AUTH_FACTOR_TOTP)))
		call_fail(c, E_NOT_AUTHORIZED, "Invalid session for the user.");
	if (call_failed(c))
		s->done(c);
	else
		auth_work(c, open_session, auth_sign_in_finish);
}

/* The client is that of the message: a session of another doesn't open. */
void auth_sign_in_set_up(struct call *c, struct auth_sign_in *s)
{
	slice_cut(&s->session, '.');
	auth_sign_in_resume(c, s, AUTH_SETUP, AUTH_GIVEN_USERNAME);
	if (!call_failed(c) && !slice_is(s->ticket.secret, SHOWN))
		call_fail(c, E_PARAMETER,
			  "No MFA has been set up: answer with the session of "
			  "VerifySoftwareToken.");
	auth_sign_in_audit(c, s, s->ticket.username);
	if (call_failed(c))
		s->done(c);
	else
		auth_users_get(c, s->ticket.username, &s->user, found);
}
