/* services/auth/op/initiate_auth.c - signing in, and staying so
 *
 * A name without an account costs the work of one hash and gets the answer of a
 * wrong password.
 */
#include "services/auth/op/initiate_auth.h"
#include "lib/base/random.h"
#include "lib/net/address.h"
#include "lib/net/throttle.h"
#include "services/auth/store/guests.h"
#include "services/auth/store/sessions.h"
#include "services/auth/store/users.h"
#include "services/auth/token/refresh.h"
#include "services/auth/token/uuid.h"

enum { DAY = 24 * 60 * 60 };

static void refuse(struct call *c, const char *words)
{
	call_fail(c, E_NOT_AUTHORIZED, "%s", words);
}

/* On the pool: both tokens for the session. One who signed out of everything in
 * this very second gets tokens of the next: those of this one are void. */
static void mint(struct call *c, struct auth_initiate *s)
{
	const struct auth_rules *rules = auth_rules_of(c);
	const struct auth *auth = auth_of(c);
	const struct auth_mint by = {
		.issuer = auth->issuer,
		.client_id = auth->client_id,
		.access_seconds = rules->access_ms / 1000,
		.id_seconds = rules->id_ms / 1000,
	};
	int64_t now = auth_now(c);
	int result;

	if (now < s->user->signed_out_at)
		now = s->user->signed_out_at;
	if (!s->session.auth_time)
		s->session.auth_time = now;
	result = auth_mint(&by, auth->keyring, s->user, &s->session, now,
			   c->mem, &s->tokens);
	if (result == -E_UNAVAILABLE)
		call_fail(c, E_UNAVAILABLE,
			  "the signing keys are not known yet");
	else if (result)
		call_status(c);
}

/* `life` in milliseconds. */
static void open_session(struct call *c, struct auth_initiate *s, int64_t life)
{
	struct slice token;

	uuid_text(s->origin);
	token = auth_refresh_make(s->user->sub, slice_of(s->origin), c->mem);
	auth_refresh_hash(token, s->refresh_hash);
	s->tokens.refresh = token;
	s->session = (struct auth_session){
		.sub = s->user->sub,
		.origin = slice_of(s->origin),
		.username = s->user->username,
		.refresh_hash = slice_make(s->refresh_hash, HASH_SIZE),
		.client_id = s->client_id,
		.expires_at = auth_now(c) + life / 1000,
	};
}

/* ---- by password ---------------------------------------------------------- */

/* On the pool: the hash takes as long for a name without an account, or whose
 * account has no password. */
static void verify(struct call *c)
{
	struct auth_initiate *s = c->state;
	struct argon_cost cost = auth_hash_cost(c);
	bool real = s->user && s->user->password.size;
	char dummy[ARGON_TEXT];

	argon_dummy(&cost, dummy);
	if (!argon_verify(real ? s->user->password : slice_of(dummy),
			  s->password) ||
	    !real) {
		refuse(c, "Incorrect username or password.");
		return;
	}
	if (s->user->status == AUTH_UNCONFIRMED) {
		call_fail(c, E_USER_UNCONFIRMED, "User is not confirmed.");
		return;
	}
	open_session(c, s, auth_rules_of(c)->refresh_ms);
	mint(c, s);
}

static void verified(struct call *c)
{
	struct auth_initiate *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_sessions_put(c, &s->session, s->done);
}

static void found(struct call *c)
{
	struct auth_initiate *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_work(c, verify, verified);
}

static void by_password(struct call *c, struct auth_initiate *s)
{
	if (!auth_rules_of(c)->password_flow)
		call_fail(c, E_PARAMETER,
			  "USER_PASSWORD_AUTH flow not enabled for this "
			  "client");
	else if (!s->username.data)
		call_fail(c, E_PARAMETER,
			  "Missing required parameter USERNAME");
	else if (!s->password.data)
		call_fail(c, E_PARAMETER,
			  "Missing required parameter PASSWORD");
	else if (s->password.size > AUTH_PASSWORD_MAX ||
		 auth_username_check(s->username, &c->fault))
		refuse(c, "Incorrect username or password.");
	if (call_failed(c))
		s->done(c);
	else
		auth_users_get(c, s->username, &s->user, found);
}

/* ---- as a guest ----------------------------------------------------------- */

/* A new account under a name that nobody has. */
static struct auth_user *guest_new(struct call *c)
{
	struct auth_user *user = arena_zalloc(c->mem, sizeof(*user));
	char *sub = arena_alloc(c->mem, AUTH_SUB);
	char letters[AUTH_GUEST_LETTERS + 1];

	if (!user || !sub)
		return NULL;
	random_text(letters, AUTH_GUEST_LETTERS,
		    "abcdefghijkmnpqrstuvwxyz23456789");
	uuid_text(sub);
	user->username =
	    slice_of(arena_printf(c->mem, AUTH_GUEST_PREFIX "%s", letters));
	user->sub = slice_of(sub);
	user->status = AUTH_GUEST;
	user->created_at = auth_now(c);
	user->expires_at = auth_now(c) + auth_rules_of(c)->guest_ms / 1000;
	return user;
}

static void mint_guest(struct call *c)
{
	struct auth_initiate *s = c->state;

	open_session(c, s, auth_rules_of(c)->guest_ms);
	mint(c, s);
}

static void guest_minted(struct call *c)
{
	struct auth_initiate *s = c->state;

	if (call_failed(c))
		s->done(c);
	else
		auth_guests_create(c, s->user, &s->session, s->done);
}

/* Whoever makes many of them pays for none, so an address may make so many. */
static void check_address(struct call *c)
{
	const struct auth *auth = auth_of(c);
	uint8_t room[8];
	int64_t wait_ms =
	    throttle_take(auth->guests, address_subscriber(c->peer, room),
			  c->started_ns);

	if (!wait_ms)
		return;
	call_fail(c, E_TOO_MANY_REQUESTS,
		  "Too many guests from this address: %lld an hour",
		  (long long)auth->guests_per_address);
	c->fault.retry_after_ms = (int)wait_ms;
}

static void as_guest(struct call *c, struct auth_initiate *s)
{
	check_address(c);
	s->user = guest_new(c);
	if (call_status(c))
		s->done(c);
	else
		auth_work(c, mint_guest, guest_minted);
}

/* ---- by refresh token ----------------------------------------------------- */

static void renew(struct call *c)
{
	mint(c, c->state);
}

/* A guest who comes back stays; noted once a day. */
static void renewed(struct call *c)
{
	struct auth_initiate *s = c->state;
	int64_t expires = auth_now(c) + auth_rules_of(c)->guest_ms / 1000;

	if (call_failed(c) || s->user->status != AUTH_GUEST ||
	    expires - s->session.expires_at < DAY)
		s->done(c);
	else
		auth_guests_keep(c, s->user, &s->session, expires, s->done);
}

/* Why the session's owner has no use for it any more; NULL: it holds. */
static const char *owner_refuses(const struct auth_initiate *s)
{
	if (!s->user || !slice_equal(s->user->sub, s->session.sub))
		return "Invalid Refresh Token";
	if (s->session.auth_time < s->user->signed_out_at)
		return "Refresh Token has been revoked";
	return NULL;
}

static void owner_found(struct call *c)
{
	struct auth_initiate *s = c->state;
	const char *why = call_failed(c) ? NULL : owner_refuses(s);

	if (why)
		refuse(c, why);
	if (call_failed(c))
		s->done(c);
	else
		auth_work(c, renew, renewed);
}

static void session_found(struct call *c)
{
	struct auth_initiate *s = c->state;
	const struct auth_session *session = &s->session;

	if (call_failed(c)) {
		s->done(c);
		return;
	}
	auth_refresh_hash(s->refresh_token, s->refresh_hash);
	if (!session->expires_at)
		refuse(c, "Refresh Token has been revoked");
	else if (!slice_equal_secret(session->refresh_hash,
				     slice_make(s->refresh_hash, HASH_SIZE)) ||
		 !slice_equal(session->client_id, s->client_id))
		refuse(c, "Invalid Refresh Token");
	else if (session->expires_at <= auth_now(c))
		refuse(c, "Refresh Token has expired");
	if (call_failed(c))
		s->done(c);
	else
		auth_users_get(c, session->username, &s->user, owner_found);
}

static void by_refresh_token(struct call *c, struct auth_initiate *s)
{
	struct slice sub = { 0 }, origin = { 0 };

	if (!s->refresh_token.data)
		call_fail(c, E_PARAMETER,
			  "Missing required parameter REFRESH_TOKEN");
	else if (auth_refresh_read(s->refresh_token, c->mem, &sub, &origin))
		refuse(c, "Invalid Refresh Token");
	if (call_failed(c))
		s->done(c);
	else
		auth_sessions_get(c, sub, origin, &s->session, session_found);
}

/* ---- the flows ------------------------------------------------------------ */

static void not_enabled(struct call *c, struct auth_initiate *s)
{
	call_fail(c, E_PARAMETER, "%.*s is not enabled for the client.",
		  SLICE_ARGS(s->flow));
	s->done(c);
}

static void not_supported(struct call *c, struct auth_initiate *s)
{
	call_fail(c, E_PARAMETER, "Initiate Auth method not supported.");
	s->done(c);
}

static const struct {
	const char *name;
	void (*run)(struct call *, struct auth_initiate *);
} flows[] = {
	{ "USER_PASSWORD_AUTH", by_password },
	{ "REFRESH_TOKEN_AUTH", by_refresh_token },
	{ "REFRESH_TOKEN", by_refresh_token },
	{ "GUEST_AUTH", as_guest },
	{ "USER_SRP_AUTH", not_enabled },
	{ "USER_AUTH", not_enabled },
	{ "CUSTOM_AUTH", not_enabled },
	{ "ADMIN_NO_SRP_AUTH", not_supported },
	{ "ADMIN_USER_PASSWORD_AUTH", not_supported },
};

void auth_initiate(struct call *c, struct auth_initiate *s)
{
	c->state = s;
	if (call_failed(c) || auth_client_check(c, s->client_id)) {
		s->done(c);
		return;
	}
	for (size_t i = 0; i < sizeof(flows) / sizeof(*flows); i++)
		if (slice_is(s->flow, flows[i].name)) {
			flows[i].run(c, s);
			return;
		}
	call_fail(c, E_PARAMETER,
		  "1 validation error detected: Value '%.*s' at 'authFlow' "
		  "failed to satisfy constraint: Member must satisfy enum "
		  "value set: [USER_SRP_AUTH, REFRESH_TOKEN_AUTH, "
		  "REFRESH_TOKEN, CUSTOM_AUTH, ADMIN_NO_SRP_AUTH, "
		  "USER_PASSWORD_AUTH, ADMIN_USER_PASSWORD_AUTH, USER_AUTH, "
		  "GUEST_AUTH]",
		  (int)(s->flow.size < 64 ? s->flow.size : 64),
		  s->flow.data ? (const char *)s->flow.data : "");
	s->done(c);
}
