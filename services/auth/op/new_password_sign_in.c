/* services/auth/op/new_password_sign_in.c - NEW_PASSWORD_REQUIRED, behind one that
 * an administrator has chosen
 *
 * The challenge is good for the password that was proved: when an administrator
 * chooses another one meanwhile it is void.
 */
#include "lib/base/quote.h"
#include "lib/crypto/hash.h"
#include "services/auth/op/secret.h"
#include "services/auth/op/sign_in.h"
#include "services/auth/store/users.h"

#define CHALLENGE "NEW_PASSWORD_REQUIRED"

/* ---- asking --------------------------------------------------------------- */

static void put_member(struct buffer *json, struct slice name,
		       struct slice value)
{
	if (buffer_size(json) > 1)
		buffer_put_byte(json, ',');
	buffer_put_quoted(json, name);
	buffer_put_byte(json, ':');
	buffer_put_quoted(json, value);
}

/* {"email_verified":"true","email":"a@b.example"} */
static const char *attributes_text(struct call *c, const struct auth_user *user)
{
	struct auth_change row;
	struct buffer json;
	const char *text;
	size_t at = 0;

	buffer_init(&json, AUTH_SAID_JSON_MAX + 1024);
	buffer_put_byte(&json, '{');
	if (user->attributes[AUTH_EMAIL].size)
		put_member(&json, SLICE("email_verified"),
			   slice_of(user->email_verified ? "true" : "false"));
	while (auth_user_next(user, &at, &row))
		put_member(&json, row.name, row.value);
	buffer_put_byte(&json, '}');
	text = arena_copy(c->mem, buffer_slice(&json).data, buffer_size(&json));
	buffer_release(&json);
	return text;
}

/* ["userAttributes.email"]: what the pool requires and the user has not said. */
static const char *required_text(struct call *c, const struct auth_user *user)
{
	const struct auth_schema *schema = &auth_pool_of(c)->schema;
	const char *text = "";

	for (size_t i = 0; text && i < schema->count; i++) {
		const struct auth_rule *rule = &schema->rows[i];

		if (rule->required && !auth_user_said(user, rule->name).size)
			text =
			    arena_printf(c->mem, "%s%s\"userAttributes.%.*s\"",
					 text, *text ? "," : "",
					 SLICE_ARGS(rule->name));
	}
	return text ? arena_printf(c->mem, "[%s]", text) : NULL;
}

/* By which the password is known again. */
static struct slice mark_of(struct call *c, const struct auth_user *user)
{
	uint8_t *hash = arena_alloc(c->mem, HASH_SIZE);

	if (!hash)
		return (struct slice){ 0 };
	hash_sha256(user->password, hash);
	return slice_make(hash, HASH_SIZE);
}

void auth_sign_in_ask_new_password(struct call *c, struct auth_sign_in *s)
{
	const struct auth_user *user = s->user;

	auth_sign_in_ask(c, s, CHALLENGE, user->username, mark_of(c, user));
	auth_sign_in_say_text(c, s, "USER_ID_FOR_SRP", user->username);
	auth_sign_in_say(s, "requiredAttributes", required_text(c, user));
	auth_sign_in_say(s, "userAttributes", attributes_text(c, user));
	call_status(c);
}

/* ---- the answer ----------------------------------------------------------- */

/* On the pool. */
static void go_on(struct call *c)
{
	auth_sign_in_go_on(c, c->state);
}

static void set(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_work(c, go_on, auth_sign_in_finish);
}

static void said(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_users_set_password(c, s->user, s->before.password, set);
}

/* What it says of itself comes first: with a new password it would not be asked
 * again. */
static void kept(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (call_failed(c) || !s->change_count)
		said(c);
	else
		auth_users_set_attributes(c, s->user, &s->before, said);
}

/* On the pool. */
static void keep(struct call *c)
{
	struct auth_sign_in *s = c->state;

	auth_password_keep(c, s->user, s->given[AUTH_GIVEN_NEW_PASSWORD]);
}

static int check(struct call *c, struct auth_sign_in *s)
{
	const struct auth_schema *schema = &auth_pool_of(c)->schema;

	if (call_failed(c))
		return -c->fault.code;
	if (!s->user || s->user->status != AUTH_FORCE_CHANGE_PASSWORD ||
	    !slice_equal(mark_of(c, s->user), s->ticket.secret))
		return call_fail(c, E_NOT_AUTHORIZED,
				 "Invalid session for the user.");
	if (auth_sign_in_check(c, s->user))
		return -c->fault.code;
	s->before = *s->user;
	if (auth_client_may_write(auth_client_of(c), schema, s->changes,
				  s->change_count, &c->fault) ||
	    auth_user_apply(s->user, schema, s->changes, s->change_count,
			    &c->fault))
		return -c->fault.code;
	return auth_user_complete(s->user, schema, &c->fault);
}

static void found(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (check(c, s)) {
		s->done(c);
		return;
	}
	auth_password_confirm(s->user);
	auth_work(c, keep, kept);
}

void auth_sign_in_prove_new_password(struct call *c, struct auth_sign_in *s)
{
	auth_sign_in_resume(c, s, CHALLENGE, AUTH_GIVEN_NEW_PASSWORD);
	if (s->change_count > AUTH_CHANGES_MAX)
		call_fail(c, E_PARAMETER,
			  "userAttributes: there are more than %d",
			  AUTH_CHANGES_MAX);
	if (call_failed(c) ||
	    auth_password_allowed(c, "newPassword",
				  s->given[AUTH_GIVEN_NEW_PASSWORD]))
		s->done(c);
	else
		auth_users_get(c, s->ticket.username, &s->user, found);
}
