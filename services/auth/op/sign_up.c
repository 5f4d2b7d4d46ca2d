/* services/auth/op/sign_up.c - a new account, to be confirmed by mail */
#include "services/auth/op/sign_up.h"
#include "services/auth/model/alias.h"
#include "services/auth/op/audit.h"
#include "services/auth/op/bearer.h"
#include "services/auth/op/client_secret.h"
#include "services/auth/op/code.h"
#include "services/auth/op/letter.h"
#include "services/auth/op/name.h"
#include "services/auth/op/secret.h"
#include "services/auth/store/users.h"
#include "services/auth/token/uuid.h"

int auth_sign_up_check_name(struct call *c, struct slice username)
{
	if (!auth_username_is_guests(username))
		return 0;
	return call_fail(c, E_PARAMETER,
			 "Usernames that begin with '%s' are guests'.",
			 AUTH_GUEST_PREFIX);
}

static int check_open(struct call *c)
{
	if (!auth_pool_of(c)->closed)
		return 0;
	return call_fail(c, E_NOT_AUTHORIZED,
			 "SignUp is not permitted for this user pool");
}

static int take_attributes(struct call *c, struct auth_sign_up *s)
{
	const struct auth_schema *schema = &auth_pool_of(c)->schema;

	if (auth_client_may_write(auth_client_of(c), schema, s->changes,
				  s->count, &c->fault) ||
	    auth_user_begin(&s->user, schema, s->changes, s->count, &c->fault))
		return -c->fault.code;
	return auth_user_complete(&s->user, schema, &c->fault);
}

static int check(struct call *c, struct auth_sign_up *s)
{
	if (auth_client_check(c, s->client_id) ||
	    auth_secret_hash_check(c, s->user.username, s->secret_hash) ||
	    check_open(c) || auth_name_take(c, &s->user) ||
	    auth_password_allowed(c, "password", s->password) ||
	    take_attributes(c, s))
		return -c->fault.code;
	return auth_pool_mails_codes(auth_pool_of(c), &s->user)
		   ? auth_letter_possible(c)
		   : 0;
}

static void created(struct call *c)
{
	struct auth_sign_up *s = c->state;

	if (s->destination)
		auth_letter_send(c, AUTH_LETTER_VERIFY, &s->user, s->code,
				 s->done);
	else
		s->done(c);
}

static void hash(struct call *c)
{
	struct auth_sign_up *s = c->state;

	auth_password_keep(c, &s->user, s->password);
}

static void hashed(struct call *c)
{
	struct auth_sign_up *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_users_create(c, &s->user, created);
}

static void begin(struct call *c)
{
	struct auth_sign_up *s = c->state;

	if (auth_name_settle(c, &s->user)) {
		s->done(c);
		return;
	}
	s->made = &s->user;
	s->user.created_at = auth_now(c);
	if (auth_pool_mails_codes(auth_pool_of(c), &s->user)) {
		s->destination =
		    auth_email_masked(c->mem, s->user.attributes[AUTH_EMAIL]);
		auth_code_draw(c, &s->user, s->code);
	}
	auth_work(c, hash, hashed);
}

/* ---- whose sub it has ------------------------------------------------------ */

static void guest_found(struct call *c)
{
	struct auth_sign_up *s = c->state;

	if (!auth_bearer_owns(c, &s->who, s->guest) &&
	    s->guest->status != AUTH_GUEST)
		call_fail(c, E_PARAMETER,
			  "The access token is not a guest's: its user has "
			  "signed up.");
	if (call_failed(c)) {
		s->done(c);
		return;
	}
	s->user.sub = s->guest->sub;
	s->user.guest = s->guest->username;
	begin(c);
}

static void succeed_guest(struct call *c, struct auth_sign_up *s)
{
	if (auth_bearer_check(c, s->access_token, &s->who))
		s->done(c);
	else
		auth_users_get(c, s->who.username, &s->guest, guest_found);
}

void auth_sign_up(struct call *c, struct auth_sign_up *s)
{
	c->state = s;
	auth_audit_begin(c,
			 &(struct auth_audit){ .type = AUTH_EVENT_SIGN_UP,
					       .name = s->user.username,
					       .user = &s->made },
			 &s->done);
	if (call_failed(c) || check(c, s) ||
	    auth_limit(c, AUTH_LIMITED_SIGN_UPS)) {
		s->done(c);
		return;
	}
	if (s->access_token.data) {
		succeed_guest(c, s);
		return;
	}
	uuid_text(s->sub);
	s->user.sub = slice_of(s->sub);
	begin(c);
}
