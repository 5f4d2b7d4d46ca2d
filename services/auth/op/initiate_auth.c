/* services/auth/op/initiate_auth.c - signing in, and staying so */
#include "services/auth/op/initiate_auth.h"
#include "services/auth/op/secret.h"
#include "services/auth/store/guests.h"
#include "services/auth/store/sessions.h"
#include "services/auth/store/users.h"
#include "services/auth/token/refresh.h"

enum { DAY = 24 * 60 * 60 };

/* ---- by password ---------------------------------------------------------- */

/* On the pool. */
static void verify(struct call *c)
{
	struct auth_sign_in *s = c->state;
	struct slice password = s->given[AUTH_GIVEN_PASSWORD];

	s->right = auth_password_is(c, s->user, password);
	if (!s->right)
		return;
	s->keeps = !auth_verifier_fits(c, s->user);
	if (s->keeps)
		auth_verifier_keep(c, s->user, password);
	auth_sign_in_go_on(c, s);
}

static void by_password(struct call *c, struct auth_sign_in *s)
{
	if (!auth_rules_of(c)->password_flow)
		call_fail(c, E_PARAMETER,
			  "USER_PASSWORD_AUTH flow not enabled for this "
			  "client");
	else if (!auth_sign_in_need(c, s, AUTH_GIVEN_USERNAME) &&
		 !auth_sign_in_need(c, s, AUTH_GIVEN_PASSWORD) &&
		 (s->given[AUTH_GIVEN_PASSWORD].size > AUTH_PASSWORD_MAX ||
		  !auth_username_is_good(s->given[AUTH_GIVEN_USERNAME])))
		auth_sign_in_refuse(c);
	auth_sign_in_guess(c, s, AUTH_GUESS_PASSWORD, verify);
}

/* ---- by refresh token ----------------------------------------------------- */

static void renew(struct call *c)
{
	auth_sign_in_mint(c, c->state);
}

/* A guest who comes back stays; noted once a day. */
static void renewed(struct call *c)
{
	struct auth_sign_in *s = c->state;
	int64_t expires = auth_now(c) + auth_rules_of(c)->guest_ms / 1000;

	if (call_failed(c) || s->user->status != AUTH_GUEST ||
	    expires - s->own.expires_at < DAY)
		s->done(c);
	else
		auth_guests_keep(c, s->user, &s->own, expires, s->done);
}

/* Why the session's owner has no use for it any more; NULL: it holds. */
static const char *owner_refuses(const struct auth_sign_in *s)
{
	if (!s->user || !slice_equal(s->user->sub, s->own.sub))
		return "Invalid Refresh Token";
	if (s->own.auth_time < s->user->signed_out_at)
		return "Refresh Token has been revoked";
	return NULL;
}

static void owner_found(struct call *c)
{
	struct auth_sign_in *s = c->state;
	const char *why = call_failed(c) ? NULL : owner_refuses(s);

	if (why)
		call_fail(c, E_NOT_AUTHORIZED, "%s", why);
	if (call_failed(c))
		s->done(c);
	else
		auth_work(c, renew, renewed);
}

static void session_found(struct call *c)
{
	struct auth_sign_in *s = c->state;
	const struct auth_session *session = &s->own;

	if (call_failed(c)) {
		s->done(c);
		return;
	}
	auth_refresh_hash(s->given[AUTH_GIVEN_REFRESH_TOKEN], s->refresh_hash);
	if (!session->expires_at)
		call_fail(c, E_NOT_AUTHORIZED,
			  "Refresh Token has been revoked");
	else if (!slice_equal_secret(session->refresh_hash,
				     slice_make(s->refresh_hash, HASH_SIZE)) ||
		 !slice_equal(session->client_id, s->client_id))
		call_fail(c, E_NOT_AUTHORIZED, "Invalid Refresh Token");
	else if (session->expires_at <= auth_now(c))
		call_fail(c, E_NOT_AUTHORIZED, "Refresh Token has expired");
	if (call_failed(c))
		s->done(c);
	else
		auth_users_get(c, session->username, &s->user, owner_found);
}

static void by_refresh_token(struct call *c, struct auth_sign_in *s)
{
	struct slice sub = { 0 }, origin = { 0 };

	if (!auth_sign_in_need(c, s, AUTH_GIVEN_REFRESH_TOKEN) &&
	    auth_refresh_read(s->given[AUTH_GIVEN_REFRESH_TOKEN], c->mem, &sub,
			      &origin))
		call_fail(c, E_NOT_AUTHORIZED, "Invalid Refresh Token");
	if (call_failed(c))
		s->done(c);
	else
		auth_sessions_get(c, sub, origin, &s->own, session_found);
}

/* ---- the flows ------------------------------------------------------------ */

static void not_enabled(struct call *c, struct auth_sign_in *s)
{
	call_fail(c, E_PARAMETER, "%.*s is not enabled for the client.",
		  SLICE_ARGS(s->name));
	s->done(c);
}

static void not_supported(struct call *c, struct auth_sign_in *s)
{
	call_fail(c, E_PARAMETER, "Initiate Auth method not supported.");
	s->done(c);
}

static const struct auth_way flows[] = {
	{ "USER_SRP_AUTH", auth_sign_in_by_srp },
	{ "USER_PASSWORD_AUTH", by_password },
	{ "REFRESH_TOKEN_AUTH", by_refresh_token },
	{ "REFRESH_TOKEN", by_refresh_token },
	{ "GUEST_AUTH", auth_sign_in_as_guest },
	{ "USER_AUTH", not_enabled },
	{ "CUSTOM_AUTH", not_enabled },
	{ "ADMIN_NO_SRP_AUTH", not_supported },
	{ "ADMIN_USER_PASSWORD_AUTH", not_supported },
	{ 0 }
};

void auth_initiate(struct call *c, struct auth_sign_in *s)
{
	c->state = s;
	if (call_failed(c) || auth_client_check(c, s->client_id)) {
		s->done(c);
		return;
	}
	if (auth_sign_in_go(c, s, flows))
		return;
	call_fail(c, E_PARAMETER,
		  "1 validation error detected: Value '%.*s' at 'authFlow' "
		  "failed to satisfy constraint: Member must satisfy enum "
		  "value set: [USER_SRP_AUTH, REFRESH_TOKEN_AUTH, "
		  "REFRESH_TOKEN, CUSTOM_AUTH, ADMIN_NO_SRP_AUTH, "
		  "USER_PASSWORD_AUTH, ADMIN_USER_PASSWORD_AUTH, USER_AUTH, "
		  "GUEST_AUTH]",
		  (int)(s->name.size < 64 ? s->name.size : 64),
		  s->name.data ? (const char *)s->name.data : "");
	s->done(c);
}
