/* services/auth/op/get_user_attribute_verification_code.c - a code to an address
 * that the user has */
#include "services/auth/op/get_user_attribute_verification_code.h"
#include "services/auth/op/bearer.h"
#include "services/auth/op/letter.h"
#include "services/auth/op/verify_user_attribute.h"
#include "services/auth/store/users.h"

static void noted(struct call *c)
{
	struct auth_ask_verification *s = c->state;

	auth_letter_send(c, AUTH_LETTER_VERIFY, &s->then, s->code, s->done);
}

static void found(struct call *c)
{
	struct auth_ask_verification *s = c->state;

	if (auth_bearer_owns_account(c, &s->who, s->user)) {
		s->done(c);
		return;
	}
	s->then = *s->user;
	auth_user_prove_email(&s->then);
	if (auth_letter_reaches(c, &s->then)) {
		s->done(c);
		return;
	}
	s->destination =
	    auth_email_masked(c->mem, s->then.attributes[AUTH_EMAIL]);
	auth_verification_put(c, &s->then, s->code, &s->sealed, noted);
}

void auth_get_user_attribute_verification_code(struct call *c,
					       struct auth_ask_verification *s)
{
	c->state = s;
	if (call_failed(c) || auth_bearer_check(c, s->token, &s->who) ||
	    auth_verification_check(c, s->attribute) ||
	    auth_letter_possible(c) || auth_limit(c, AUTH_LIMITED_CODES))
		s->done(c);
	else
		auth_users_get(c, s->who.username, &s->user, found);
}
