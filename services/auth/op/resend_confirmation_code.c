/* services/auth/op/resend_confirmation_code.c - another code for the same user
 */
#include "services/auth/op/resend_confirmation_code.h"
#include "services/auth/op/audit.h"
#include "services/auth/op/client_secret.h"
#include "services/auth/op/code.h"
#include "services/auth/op/letter.h"
#include "services/auth/op/name.h"
#include "services/auth/store/users.h"

static void stored(struct call *c)
{
	struct auth_resend *s = c->state;

	auth_letter_send(c, AUTH_LETTER_VERIFY, s->user, s->code, s->done);
}

static void found(struct call *c)
{
	struct auth_resend *s = c->state;

	if (!call_failed(c) && s->user && s->user->status != AUTH_UNCONFIRMED)
		call_fail(c, E_PARAMETER, "User is already confirmed.");
	if (!call_failed(c) && s->user && auth_rules_of(c)->tells_missing)
		auth_letter_reaches(c, s->user);
	if (auth_missing_check(c, s->user)) {
		s->done(c);
		return;
	}
	if (!s->user || !s->user->attributes[AUTH_EMAIL].size) {
		s->destination = auth_code_nowhere(c, s->username);
		auth_letter_send(c, AUTH_LETTER_VERIFY, NULL, "", s->done);
		return;
	}
	s->destination =
	    auth_email_masked(c->mem, s->user->attributes[AUTH_EMAIL]);
	auth_code_draw(c, s->user, s->code);
	auth_users_set_code(c, s->user, stored);
}

static void named(struct call *c)
{
	struct auth_resend *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_users_get(c, s->username, &s->user, found);
}

/* Where no code is mailed at all. */
static int check_mails(struct call *c)
{
	if (auth_texts_have(&auth_pool_of(c)->verified, SLICE("email")))
		return 0;
	return call_fail(c, E_PARAMETER, "Auto verification not turned on.");
}

void auth_resend_confirmation_code(struct call *c, struct auth_resend *s)
{
	c->state = s;
	auth_audit_begin(c,
			 &(struct auth_audit){ .type = AUTH_EVENT_RESEND,
					       .name = s->username,
					       .user = &s->user },
			 &s->done);
	if (call_failed(c) || auth_client_check(c, s->client_id) ||
	    auth_secret_hash_check(c, s->username, s->secret_hash) ||
	    auth_username_check(s->username, &c->fault) || check_mails(c) ||
	    auth_letter_possible(c) || auth_limit(c, AUTH_LIMITED_CODES))
		s->done(c);
	else
		auth_name_resolve(c, &s->username, named);
}
