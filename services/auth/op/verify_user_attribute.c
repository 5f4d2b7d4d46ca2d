/* services/auth/op/verify_user_attribute.c - the code that came to an address */
#include "services/auth/op/verify_user_attribute.h"
#include "services/auth/op/bearer.h"
#include "services/auth/store/users.h"

#define PURPOSE "verify"

/* What the code is sealed for. */
static const char *purpose_of(struct call *c, const struct auth_user *user)
{
	return arena_printf(c->mem, PURPOSE " %.*s",
			    SLICE_ARGS(user->attributes[AUTH_EMAIL]));
}

int auth_verification_check(struct call *c, struct slice attribute)
{
	if (slice_is(attribute, "email"))
		return 0;
	return call_fail(c, E_PARAMETER,
			 "Invalid user attribute: only 'email' can be "
			 "verified.");
}

void auth_verification_put(struct call *c, const struct auth_user *user,
			   char code[AUTH_CODE], struct auth_code *sealed,
			   auth_next_fn *next)
{
	auth_code_make(c, purpose_of(c, user), user->username, code, sealed);
	auth_codes_put(c, PURPOSE, user->username, sealed, next);
}

static void stored(struct call *c)
{
	struct auth_verify_user_attribute *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_codes_clear(c, PURPOSE, s->user->username, s->done);
}

static void tried(struct call *c)
{
	struct auth_verify_user_attribute *s = c->state;

	s->then = *s->user;
	auth_user_prove_email(&s->then);
	if (call_failed(c) ||
	    auth_code_compare(c, purpose_of(c, &s->then), s->user->username,
			      &s->sealed, s->code))
		s->done(c);
	else
		auth_users_set_attributes(c, &s->then, s->user, stored);
}

static void found(struct call *c)
{
	struct auth_verify_user_attribute *s = c->state;

	if (auth_bearer_owns_account(c, &s->who, s->user))
		s->done(c);
	else
		auth_codes_try(c, PURPOSE, s->user->username, &s->sealed,
			       tried);
}

void auth_verify_user_attribute(struct call *c,
				struct auth_verify_user_attribute *s)
{
	c->state = s;
	if (call_failed(c) || auth_bearer_check(c, s->token, &s->who) ||
	    auth_verification_check(c, s->attribute) ||
	    auth_required(c, "code", "[\\S]+", s->code))
		s->done(c);
	else
		auth_users_get(c, s->who.username, &s->user, found);
}
