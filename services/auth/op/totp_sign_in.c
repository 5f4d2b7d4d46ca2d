/* services/auth/op/totp_sign_in.c - SOFTWARE_TOKEN_MFA, behind the password */
#include "services/auth/op/sign_in.h"
#include "services/auth/op/totp.h"

#define CHALLENGE "SOFTWARE_TOKEN_MFA"

void auth_sign_in_ask_totp(struct call *c, struct auth_sign_in *s)
{
	const struct auth_ticket ticket = {
		.origin = s->own.origin,
		.username = s->user->username,
		.expires_at = auth_now(c) + AUTH_TICKET_SECONDS,
	};
	struct slice name = s->user->username;

	s->challenge.name = CHALLENGE;
	s->challenge.session =
	    auth_ticket_text(c, auth_ticket_close(c, CHALLENGE, &ticket));
	auth_sign_in_say(s, "USER_ID_FOR_SRP",
			 arena_copy(c->mem, name.data, name.size));
	call_status(c);
}

/* On the pool. */
static void compare(struct call *c)
{
	struct auth_sign_in *s = c->state;

	s->totp_step = s->user && s->user->totp_enabled
			   ? auth_totp_match(c, s->user, s->user->totp_secret,
					     s->given[AUTH_GIVEN_TOTP])
			   : 0;
	s->right = s->totp_step != 0;
	if (s->right)
		auth_sign_in_finally(c, s);
}

void auth_sign_in_prove_totp(struct call *c, struct auth_sign_in *s)
{
	if (!auth_sign_in_need(c, s, AUTH_GIVEN_USERNAME) &&
	    !auth_sign_in_need(c, s, AUTH_GIVEN_TOTP) &&
	    !auth_ticket_read(c, CHALLENGE, s->session, &s->ticket))
		s->own.origin = s->ticket.origin;
	auth_sign_in_guess(c, s, AUTH_GUESS_TOTP, compare);
}
