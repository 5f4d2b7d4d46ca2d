/* services/auth/op/authorize.c - an app asks for its user (RFC 6749, 4.1.1) */
#include "services/auth/op/authorize.h"
#include "lib/base/random.h"
#include "lib/crypto/base64.h"
#include "services/auth/model/oauth.h"
#include "services/auth/op/id_hint.h"
#include "services/auth/op/oauth.h"
#include "services/auth/op/resource_servers.h"
#include "services/auth/store/grants.h"
#include "services/auth/token/uuid.h"

enum { CHALLENGE = 43, NONCE_MAX = 512, STATE_MAX = 4096 };

/* ---- the request ---------------------------------------------------------- */

static int check_client(struct call *c, struct auth_authorize *a)
{
	if (auth_client_check(c, a->client_id))
		return -c->fault.code;
	if (!auth_oauth_calls_back(c, a->redirect_uri))
		return call_fail(c, E_OAUTH_REQUEST,
				 "redirect_uri: is not one of the client's");
	a->known = true;
	if (!auth_oauth_allows(c, "code"))
		return call_fail(c, E_OAUTH_UNAUTHORIZED,
				 "response_type: is none of the client's");
	return 0;
}

static int check_response(struct call *c, const struct auth_authorize *a)
{
	if (a->request.data)
		return call_fail(c, E_OAUTH_REQUEST_OBJECT,
				 "request: is not supported");
	if (a->request_uri.data)
		return call_fail(c, E_OAUTH_REQUEST_URI,
				 "request_uri: is not supported");
	if (!a->response_type.data)
		return call_fail(c, E_OAUTH_REQUEST,
				 "response_type: is required");
	if (!slice_is(a->response_type, "code"))
		return call_fail(c, E_OAUTH_RESPONSE_TYPE,
				 "response_type: is not 'code'");
	if (a->response_mode.data && !slice_is(a->response_mode, "query"))
		return call_fail(c, E_OAUTH_REQUEST,
				 "response_mode: is not 'query'");
	if (a->state.size > STATE_MAX || a->nonce.size > NONCE_MAX)
		return call_fail(c, E_OAUTH_REQUEST,
				 "state or nonce: more than %d or %d bytes",
				 STATE_MAX, NONCE_MAX);
	return 0;
}

/* Without a challenge whoever finds the code of a client that has no secret has
 * all that it needs. */
static int check_challenge(struct call *c, const struct auth_authorize *a)
{
	if (!a->challenge.data && !a->challenge_method.data &&
	    auth_client_of(c)->secret.size)
		return 0;
	if (!a->challenge.data)
		return call_fail(c, E_OAUTH_REQUEST,
				 "code_challenge: is required");
	if (!slice_is(a->challenge_method, "S256"))
		return call_fail(c, E_OAUTH_REQUEST,
				 "code_challenge_method: is not 'S256'");
	if (!auth_pkce_is_text(a->challenge, CHALLENGE, CHALLENGE))
		return call_fail(c, E_OAUTH_REQUEST,
				 "code_challenge: is not a SHA-256 in "
				 "base64url");
	return 0;
}

static int check_prompt(struct call *c, struct auth_authorize *a)
{
	struct slice rest = a->prompt;
	uint64_t age;

	while (rest.size) {
		struct slice word = slice_cut(&rest, ' ');

		a->must_not |= slice_is(word, "none");
		a->must_ask |=
		    slice_is(word, "login") || slice_is(word, "select_account");
	}
	if (a->must_not && !slice_is(a->prompt, "none"))
		return call_fail(c, E_OAUTH_REQUEST,
				 "prompt: 'none' stands alone");
	if (!a->max_age.data)
		return 0;
	if (slice_to_u64(a->max_age, INT32_MAX, &age))
		return call_fail(c, E_OAUTH_REQUEST,
				 "max_age: is not a number of seconds");
	a->must_ask |= age == 0;
	a->oldest = auth_now(c) - (int64_t)age;
	return 0;
}

static int check_hint(struct call *c, struct auth_authorize *a)
{
	struct auth_id_hint hint;

	if (!a->id_hint.data)
		return 0;
	if (!auth_id_hint_read(c, a->id_hint, &hint))
		a->sub = hint.sub;
	return -c->fault.code;
}

int auth_authorize_check(struct call *c, struct auth_authorize *a)
{
	if (call_failed(c) || check_client(c, a) || check_response(c, a) ||
	    check_challenge(c, a) ||
	    auth_oauth_scope(c, &a->scope, auth_oauth_scope_exists) ||
	    check_prompt(c, a) || check_hint(c, a))
		return -c->fault.code;
	return 0;
}

int auth_logout_check(struct call *c, struct slice uri)
{
	if (!auth_oauth_logs_out(c, uri))
		return call_fail(c, E_OAUTH_REQUEST,
				 "logout_uri: is not one of the client's");
	return 0;
}

/* ---- the code -------------------------------------------------------------- */

void auth_authorize_grant(struct call *c, struct auth_authorize *a,
			  const struct auth_user *user, int64_t auth_time,
			  void (*next)(struct call *))
{
	uint8_t bytes[AUTH_CODE_BYTES];
	char origin[UUID_TEXT], text[BASE64_SIZE(AUTH_CODE_BYTES)];
	const struct auth_grant grant = {
		.client_id = a->client_id,
		.redirect_uri = a->redirect_uri,
		.scope = a->scope,
		.nonce = a->nonce,
		.challenge = a->challenge,
		.sub = user->sub,
		.username = user->username,
		.origin = slice_make(origin, UUID_TEXT - 1),
		.auth_time = auth_time,
		.expires_at = auth_now(c) + AUTH_GRANT_SECONDS,
	};

	if (!auth_authorize_expects(a, user)) {
		call_fail(c, E_OAUTH_LOGIN, "somebody else has signed in");
		next(c);
		return;
	}
	uuid_text(origin);
	random_bytes(bytes, sizeof(bytes));
	base64url_encode(slice_make(bytes, sizeof(bytes)), text);
	memcpy(a->code, text, AUTH_CODE_LETTERS);
	auth_grants_put(c, slice_of(a->code), &grant, next);
}
