/* services/auth/op/exchange_code.c - tokens for a code (RFC 6749, 4.1.3) */
#include "services/auth/op/exchange_code.h"
#include "lib/crypto/base64.h"
#include "lib/crypto/revocations.h"
#include "services/auth/model/oauth.h"
#include "services/auth/store/grants.h"
#include "services/auth/store/sessions.h"
#include "services/auth/store/users.h"

enum { VERIFIER_MIN = 43, VERIFIER_MAX = 128 };

/* ---- a second time --------------------------------------------------------- */

static void ended(struct call *c)
{
	struct auth_exchange *x = c->state;

	if (!call_failed(c))
		revocations_add(auth_of(c)->revocations, REVOKE_ORIGIN,
				x->grant.origin, 0, auth_last_expiry(c));
	call_fail(c, E_OAUTH_GRANT,
		  "code: has been used before; its sign-in was ended");
	x->sign_in.done(c);
}

/* Also where the first has not stored it yet: then it can't any more. */
static void end_sign_in(struct call *c, struct auth_exchange *x)
{
	x->sign_in.own = (struct auth_session){
		.sub = x->grant.sub,
		.origin = x->grant.origin,
	};
	auth_sessions_end(c, &x->sign_in.own, auth_last_expiry(c), ended);
}

/* ---- the first time -------------------------------------------------------- */

/* On the pool. */
static void open_session(struct call *c)
{
	auth_sign_in_finally(c, c->state);
}

static void user_found(struct call *c)
{
	struct auth_exchange *x = c->state;
	const struct auth_user *user = x->sign_in.user;

	if (!call_failed(c) &&
	    (!user || user->disabled || !slice_equal(user->sub, x->grant.sub) ||
	     x->grant.auth_time < user->signed_out_at))
		call_fail(c, E_OAUTH_GRANT,
			  "code: its user has signed out, or is shut out");
	if (call_failed(c))
		x->sign_in.done(c);
	else
		auth_work(c, open_session, auth_sign_in_finish);
}

/* Does it prove that it comes from who asked? Where there was no challenge a
 * verifier tells of one that was taken away on its way (RFC 9700, 4.8). */
static bool is_proved(const struct auth_exchange *x)
{
	char text[BASE64_SIZE(HASH_SIZE)];
	uint8_t hash[HASH_SIZE];

	if (!x->grant.challenge.size)
		return !x->verifier.data;
	if (!auth_pkce_is_text(x->verifier, VERIFIER_MIN, VERIFIER_MAX))
		return false;
	hash_sha256(x->verifier, hash);
	return slice_equal_secret(
	    slice_make(text,
		       base64url_encode(slice_make(hash, HASH_SIZE), text)),
	    x->grant.challenge);
}

static const char *why_not(const struct call *c, const struct auth_exchange *x)
{
	const struct auth_grant *grant = &x->grant;

	if (!grant->origin.size ||
	    !slice_equal(grant->client_id, x->sign_in.client_id))
		return "code: is not one of the client's";
	if (grant->expires_at <= auth_now(c))
		return "code: has expired";
	if (!slice_equal(grant->redirect_uri, x->redirect_uri))
		return "redirect_uri: is not the one that was asked with";
	if (!is_proved(x))
		return "code_verifier: does not fit the challenge";
	return NULL;
}

static void taken(struct call *c)
{
	struct auth_exchange *x = c->state;
	const char *why = call_failed(c) ? NULL : why_not(c, x);

	if (!call_failed(c) && x->grant.used) {
		end_sign_in(c, x);
		return;
	}
	if (why)
		call_fail(c, E_OAUTH_GRANT, "%s", why);
	if (call_failed(c)) {
		x->sign_in.done(c);
		return;
	}
	x->sign_in.own = (struct auth_session){
		.origin = x->grant.origin,
		.scope = x->grant.scope,
		.nonce = x->grant.nonce,
		.auth_time = x->grant.auth_time,
	};
	auth_users_get(c, x->grant.username, &x->sign_in.user, user_found);
}

void auth_exchange_code(struct call *c, struct auth_exchange *x)
{
	c->state = x;
	if (!call_failed(c) && !x->code.data)
		call_fail(c, E_OAUTH_REQUEST, "code: is required");
	if (call_failed(c) || auth_client_check(c, x->sign_in.client_id))
		x->sign_in.done(c);
	else
		auth_grants_take(c, x->code, &x->grant, taken);
}
