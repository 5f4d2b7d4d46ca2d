/* services/auth/op/sign_in.c - what the requests of one sign-in share */
#include "services/auth/op/sign_in.h"
#include "services/auth/op/audit.h"
#include "services/auth/op/browser.h"
#include "services/auth/op/secret.h"
#include "services/auth/store/attempts.h"
#include "services/auth/store/sessions.h"
#include "services/auth/store/users.h"
#include "services/auth/token/refresh.h"
#include "services/auth/token/uuid.h"

/* ---- what was given ------------------------------------------------------- */

static const char *const names[AUTH_GIVENS] = {
	[AUTH_GIVEN_USERNAME] = "USERNAME",
	[AUTH_GIVEN_PASSWORD] = "PASSWORD",
	[AUTH_GIVEN_REFRESH_TOKEN] = "REFRESH_TOKEN",
	[AUTH_GIVEN_SRP_A] = "SRP_A",
	[AUTH_GIVEN_SECRET_BLOCK] = "PASSWORD_CLAIM_SECRET_BLOCK",
	[AUTH_GIVEN_SIGNATURE] = "PASSWORD_CLAIM_SIGNATURE",
	[AUTH_GIVEN_TIMESTAMP] = "TIMESTAMP",
	[AUTH_GIVEN_TOTP] = "SOFTWARE_TOKEN_MFA_CODE",
	[AUTH_GIVEN_EMAIL_CODE] = "EMAIL_OTP_CODE",
	[AUTH_GIVEN_PREFERRED] = "PREFERRED_CHALLENGE",
	[AUTH_GIVEN_ANSWER] = "ANSWER",
	[AUTH_GIVEN_NEW_PASSWORD] = "NEW_PASSWORD",
	[AUTH_GIVEN_SECRET_HASH] = "SECRET_HASH",
};

/* What the user says of itself on the way. */
static void give_attribute(struct auth_sign_in *s, struct slice name,
			   struct slice value)
{
	struct slice prefix = SLICE("userAttributes.");

	if (!slice_starts(name, prefix))
		return;
	if (s->change_count < AUTH_CHANGES_MAX)
		s->changes[s->change_count] = (struct auth_change){
			slice_make(name.data + prefix.size,
				   name.size - prefix.size),
			value,
		};
	s->change_count++;
}

void auth_sign_in_give(struct auth_sign_in *s, struct slice name,
		       struct slice value)
{
	give_attribute(s, name, value);
	for (int i = 0; i < AUTH_GIVENS; i++)
		if (slice_is(name, names[i]))
			s->given[i] = value;
}

bool auth_sign_in_go(struct call *c, struct auth_sign_in *s,
		     const struct auth_way *ways)
{
	for (; ways->name; ways++)
		if (slice_is(s->name, ways->name)) {
			ways->run(c, s);
			return true;
		}
	return false;
}

int auth_sign_in_need(struct call *c, const struct auth_sign_in *s,
		      enum auth_given what)
{
	if (s->given[what].data)
		return 0;
	return call_fail(c, E_PARAMETER, "Missing required parameter %s",
			 names[what]);
}

/* ---- the session and its tokens -------------------------------------------
 */

void auth_sign_in_draw(struct auth_sign_in *s)
{
	uuid_text(s->origin);
	s->own.origin = slice_of(s->origin);
}

/* One who signed out of everything in this very second gets tokens of the next:
 * those of this one are void. */
static int64_t time_of_sign_in(const struct call *c,
			       const struct auth_user *user)
{
	int64_t now = auth_now(c);

	return now < user->signed_out_at ? user->signed_out_at : now;
}

void auth_sign_in_open(struct call *c, struct auth_sign_in *s, int64_t life_ms)
{
	uint8_t *family = arena_alloc(c->mem, HASH_SIZE);
	struct slice token;

	if (!family)
		return;
	if (!s->own.origin.size)
		auth_sign_in_draw(s);
	token = auth_refresh_make(s->user->sub, s->own.origin, c->mem);
	auth_refresh_hash(token, s->refresh_hash);
	auth_refresh_family(token, family);
	s->tokens.refresh = token;
	s->own = (struct auth_session){
		.sub = s->user->sub,
		.origin = s->own.origin,
		.username = s->user->username,
		.refresh_hash = slice_make(s->refresh_hash, HASH_SIZE),
		.family_hash = slice_make(family, HASH_SIZE),
		.client_id = s->browser ? auth_browser_client(c) : s->client_id,
		.scope = s->own.scope,
		.nonce = s->own.nonce,
		.auth_time = s->own.auth_time ? s->own.auth_time
					      : time_of_sign_in(c, s->user),
		.expires_at = auth_now(c) + life_ms / 1000,
	};
}

void auth_mint_check(struct call *c, int result)
{
	if (result == -E_UNAVAILABLE)
		call_fail(c, E_UNAVAILABLE,
			  "the signing keys are not known yet");
	else if (result)
		call_status(c);
}

void auth_sign_in_mint(struct call *c, struct auth_sign_in *s)
{
	const struct auth_rules *rules = auth_rules_of(c);
	const struct auth_realm *realm = auth_realm_of(c);
	const struct auth_mint by = {
		.issuer = realm->issuer,
		.client_id = auth_client_of(c)->id,
		.client = auth_client_of(c),
		.access_seconds = rules->access_ms / 1000,
		.id_seconds = rules->id_ms / 1000,
	};
	int result = auth_mint(&by, realm->keyring, s->user, &s->own,
			       time_of_sign_in(c, s->user), c->mem, &s->tokens);

	auth_mint_check(c, result);
}

void auth_sign_in_finally(struct call *c, struct auth_sign_in *s)
{
	if (s->browser) {
		auth_sign_in_open(c, s, AUTH_BROWSER_MS);
		return;
	}
	auth_sign_in_open(c, s, auth_rules_of(c)->refresh_ms);
	auth_sign_in_mint(c, s);
}

/* ---- a challenge ---------------------------------------------------------- */

void auth_sign_in_ask(struct call *c, struct auth_sign_in *s,
		      const char *challenge, struct slice name,
		      struct slice secret)
{
	const struct auth_ticket ticket = {
		.origin = s->own.origin,
		.username = name,
		.secret = secret,
		.expires_at = auth_ticket_end(c),
	};

	s->challenge.name = challenge;
	s->challenge.session =
	    auth_ticket_text(c, auth_ticket_close(c, challenge, &ticket));
	call_status(c);
}

void auth_sign_in_resume(struct call *c, struct auth_sign_in *s,
			 const char *challenge, enum auth_given answer)
{
	if (!auth_sign_in_need(c, s, AUTH_GIVEN_USERNAME) &&
	    !auth_sign_in_need(c, s, answer) &&
	    !auth_ticket_read(c, challenge, s->session, &s->ticket))
		s->own.origin = s->ticket.origin;
}

void auth_sign_in_say(struct auth_sign_in *s, const char *name,
		      const char *value)
{
	struct auth_challenge *challenge = &s->challenge;

	challenge->said[challenge->count].name = name;
	challenge->said[challenge->count++].value = value;
}

void auth_sign_in_say_text(struct call *c, struct auth_sign_in *s,
			   const char *name, struct slice value)
{
	auth_sign_in_say(s, name, arena_copy(c->mem, value.data, value.size));
}

void auth_sign_in_audit(struct call *c, struct auth_sign_in *s,
			struct slice name)
{
	auth_audit_begin(c,
			 &(struct auth_audit){ .type = AUTH_EVENT_SIGN_IN,
					       .name = name,
					       .user = &s->user,
					       .step = s->name },
			 &s->done);
}

/* ---- a guess --------------------------------------------------------------
 */

static struct slice name_of(const struct auth_sign_in *s)
{
	return s->ticket.username.size ? s->ticket.username
				       : s->given[AUTH_GIVEN_USERNAME];
}

void auth_sign_in_refuse(struct call *c)
{
	call_fail(c, E_NOT_AUTHORIZED, "Incorrect username or password.");
}

/* What was wrong has been counted. */
static void counted(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (strcmp(s->guess, AUTH_GUESS_PASSWORD) == 0)
		auth_sign_in_refuse(c);
	else
		call_fail(c, E_CODE_MISMATCH, "Invalid code received for user");
	s->done(c);
}

static void cleared(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (s->totp_step && !call_failed(c))
		auth_users_use_totp(c, s->user, s->totp_step,
				    auth_sign_in_finish);
	else if (s->keeps && !call_failed(c))
		auth_users_set_password(c, s->user, s->user->password,
					auth_sign_in_finish);
	else
		auth_sign_in_finish(c);
}

int auth_sign_in_check(struct call *c, const struct auth_user *user)
{
	if (call_failed(c))
		return -c->fault.code;
	if (user->disabled)
		return call_fail(c, E_NOT_AUTHORIZED, "User is disabled.");
	if (user->status == AUTH_UNCONFIRMED)
		return call_fail(c, E_USER_UNCONFIRMED,
				 "User is not confirmed.");
	if (user->status == AUTH_RESET_REQUIRED)
		return call_fail(c, E_PASSWORD_RESET,
				 "Password reset required for the user");
	if (user->password_expires && user->password_expires <= auth_now(c))
		return call_fail(c, E_NOT_AUTHORIZED,
				 "Temporary password has expired and must be "
				 "reset by an administrator.");
	return 0;
}

/* Was there something wrong meanwhile that shuts the name out? */
static void passed(struct call *c)
{
	struct auth_sign_in *s = c->state;

	auth_lockout_check(c, &s->failures);
	if (auth_sign_in_check(c, s->user))
		s->done(c);
	else if (s->failures.count)
		auth_attempts_clear(c, s->guess, name_of(s), cleared);
	else
		cleared(c);
}

static void look_again(struct call *c, struct auth_sign_in *s)
{
	auth_attempts_get(c, s->guess, name_of(s), &s->failures, passed);
}

/* Is the session all that there is to write? Then that there was nothing wrong
 * meanwhile can be its condition. */
static bool may_hurry(const struct auth_sign_in *s)
{
	return !s->failures.count && !s->challenge.name && !s->mails &&
	       !s->totp_step && !s->keeps;
}

static void compared(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (call_failed(c))
		s->done(c);
	else if (s->right && (s->hurries = may_hurry(s)))
		passed(c);
	else if (s->right)
		look_again(c, s);
	else
		auth_attempts_add(c, s->guess, name_of(s),
				  auth_failures_are_old(&s->failures,
							c->now_ms),
				  counted);
}

static void looked(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (auth_lockout_check(c, &s->failures) ||
	    auth_missing_check(c, s->user))
		s->done(c);
	else
		auth_work(c, s->compare, compared);
}

void auth_sign_in_guess(struct call *c, struct auth_sign_in *s,
			const char *kind, void (*compare)(struct call *))
{
	s->guess = kind;
	s->compare = compare;
	auth_sign_in_audit(c, s, name_of(s));
	if (call_failed(c) || auth_limit(c, AUTH_LIMITED_SIGN_INS))
		s->done(c);
	else
		auth_attempts_get_with_user(c, kind, name_of(s), &s->failures,
					    &s->user, looked);
}

/* ---- the end --------------------------------------------------------------
 */

/* The condition did not hold, or the session has been used: which was it? */
static void hurried(struct call *c)
{
	struct auth_sign_in *s = c->state;

	s->hurries = false;
	if (!call_failed(c) && s->overtaken)
		look_again(c, s);
	else
		s->done(c);
}

static void put_session(struct call *c, struct auth_sign_in *s)
{
	struct kv_write beside[AUTH_SESSIONS_BESIDE];
	size_t count = auth_audit_join(c, &beside[0]);

	if (s->hurries)
		beside[count++] = auth_attempts_none(c, s->guess, name_of(s));
	auth_sessions_put(c, &s->own, beside, count,
			  s->hurries ? &s->overtaken : NULL,
			  s->hurries ? hurried : s->done);
}

void auth_sign_in_finish(struct call *c)
{
	struct auth_sign_in *s = c->state;

	if (s->challenge.name)
		auth_audit_goes_on(c);
	if (!call_failed(c) && s->mails)
		auth_sign_in_mail(c, s);
	else if (call_failed(c) || s->challenge.name)
		s->done(c);
	else
		put_session(c, s);
}
