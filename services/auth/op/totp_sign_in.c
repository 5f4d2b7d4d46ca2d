/* services/auth/op/totp_sign_in.c - SOFTWARE_TOKEN_MFA, behind the password */
#include "services/auth/op/sign_in.h"
#include "services/auth/op/totp.h"

#define CHALLENGE "SOFTWARE_TOKEN_MFA"

void auth_sign_in_ask_totp(struct call *c, struct auth_sign_in *s)
{
	auth_sign_in_ask(c, s, CHALLENGE, s->user->username, slice_make("", 0));
	auth_sign_in_say_text(c, s, "USER_ID_FOR_SRP", s->user->username);
}

/* On the pool. */
static void compare(struct call *c)
{
	struct auth_sign_in *s = c->state;

	s->totp_step = s->user && s->user->factors & AUTH_FACTOR_TOTP
			   ? auth_totp_match(c, s->user, s->user->totp_secret,
					     s->given[AUTH_GIVEN_TOTP])
			   : 0;
	s->right = s->totp_step != 0;
	if (s->right)
		auth_sign_in_finally(c, s);
}

void auth_sign_in_prove_totp(struct call *c, struct auth_sign_in *s)
{
	auth_sign_in_resume(c, s, CHALLENGE, AUTH_GIVEN_TOTP);
	auth_sign_in_guess(c, s, AUTH_GUESS_TOTP, compare);
}
