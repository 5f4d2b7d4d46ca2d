/* services/auth/op/update_user_attributes.c - what a user says about itself
 *
 * A new address counts at once, but as one that is not verified: a code goes
 * there.
 */
#include "services/auth/op/update_user_attributes.h"
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

	auth_letter_send(c, AUTH_LETTER_VERIFY, s->user, s->code, s->done);
}

static void stored(struct call *c)
{
	struct auth_update_user_attributes *s = c->state;

	if (call_failed(c) || !moves(s)) {
		s->done(c);
		return;
	}
	s->destination =
	    auth_email_masked(c->mem, s->user->attributes[AUTH_EMAIL]);
	auth_verification_put(c, s->user, s->code, &s->sealed, noted);
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
	    auth_user_complete(s->user, schema, &c->fault) ||
	    (moves(s) && auth_letter_possible(c))) {
		s->done(c);
		return;
	}
	if (moves(s))
		auth_audit_begin(c,
				 &(struct auth_audit){
				     .type = AUTH_EVENT_ADDRESS,
				     .name = s->user->username },
				 &s->done);
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
