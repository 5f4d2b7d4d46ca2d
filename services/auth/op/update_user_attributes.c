/* services/auth/op/update_user_attributes.c - what a user says about itself
 *
 * A new address counts at once, but as one that is not verified, or where the pool
 * wants it so not before it is: a code goes there.
 */
#include "services/auth/op/update_user_attributes.h"
#include "services/auth/model/alias.h"
#include "services/auth/op/audit.h"
#include "services/auth/op/bearer.h"
#include "services/auth/op/letter.h"
#include "services/auth/op/verify_user_attribute.h"
#include "services/auth/store/users.h"

static bool moves(const struct auth_update_user_attributes *s)
{
	return !slice_equal(s->user->attributes[AUTH_EMAIL],
			    s->before.attributes[AUTH_EMAIL]);
}

static void noted(struct call *c)
{
	struct auth_update_user_attributes *s = c->state;

	auth_letter_send(c, AUTH_LETTER_VERIFY, &s->then, s->code, s->done);
}

static void stored(struct call *c)
{
	struct auth_update_user_attributes *s = c->state;

	if (call_failed(c) || !s->mails) {
		s->done(c);
		return;
	}
	s->then = *s->user;
	auth_user_prove_email(&s->then);
	s->destination =
	    auth_email_masked(c->mem, s->then.attributes[AUTH_EMAIL]);
	auth_verification_put(c, &s->then, s->code, &s->sealed, noted);
}

static void found(struct call *c)
{
	struct auth_update_user_attributes *s = c->state;
	const struct auth_schema *schema = &auth_pool_of(c)->schema;

	if (auth_bearer_owns_account(c, &s->who, s->user)) {
		s->done(c);
		return;
	}
	s->before = *s->user;
	if (auth_client_may_write(auth_client_of(c), schema, s->changes,
				  s->count, &c->fault) ||
	    auth_user_apply(s->user, schema, s->changes, s->count, &c->fault) ||
	    auth_user_complete(s->user, schema, &c->fault)) {
		s->done(c);
		return;
	}
	s->mails = moves(s) && auth_pool_mails_codes(auth_pool_of(c), s->user);
	if (s->mails && auth_letter_possible(c)) {
		s->done(c);
		return;
	}
	if (moves(s))
		auth_audit_begin(c,
				 &(struct auth_audit){
				     .type = AUTH_EVENT_ADDRESS,
				     .name = s->user->username },
				 &s->done);
	if (s->mails)
		auth_pool_await_email(auth_pool_of(c), s->user, &s->before);
	auth_users_set_attributes(c, s->user, &s->before, stored);
}

void auth_update_user_attributes(struct call *c,
				 struct auth_update_user_attributes *s)
{
	c->state = s;
	if (call_failed(c) || auth_bearer_check(c, s->token, &s->who))
		s->done(c);
	else
		auth_users_get(c, s->who.username, &s->user, found);
}
