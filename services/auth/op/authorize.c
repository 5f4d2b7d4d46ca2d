/* services/auth/op/authorize.c - an app asks for its user (RFC 6749, 4.1.1) */
#include "services/auth/op/authorize.h"
#include "lib/base/random.h"
#include "lib/crypto/base64.h"
#include "services/auth/model/oauth.h"
#include "services/auth/store/grants.h"
#include "services/auth/token/uuid.h"

enum { CHALLENGE = 43, NONCE_MAX = 512, STATE_MAX = 4096 };

static bool has(const struct setting_list *list, struct slice text)
{
	const char *const *rows = list->rows;

	for (size_t i = 0; i < list->count; i++)
		if (slice_is(text, rows[i]))
			return true;
	return false;
}

/* ---- the request ---------------------------------------------------------- */

static int check_client(struct call *c, struct auth_authorize *a)
{
	if (auth_client_check(c, a->client_id))
		return -c->fault.code;
	if (!has(&auth_rules_of(c)->callback_urls, a->redirect_uri))
		return call_fail(c, E_OAUTH_REQUEST,
				 "redirect_uri: is not one of the client's");
	a->known = true;
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

/* The client is public: without a challenge whoever finds the code has it. */
static int check_challenge(struct call *c, const struct auth_authorize *a)
{
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

static struct slice all_scopes(struct call *c, const struct setting_list *list)
{
	const char *const *rows = list->rows;
	const char *text = "";

	for (size_t i = 0; i < list->count && text; i++)
		text =
		    arena_printf(c->mem, "%s%s%s", text, i ? " " : "", rows[i]);
	return slice_of(text);
}

static int check_scope(struct call *c, struct auth_authorize *a)
{
	const struct setting_list *all = &auth_rules_of(c)->oauth_scopes;
	struct slice rest = a->scope, word;

	if (!rest.data)
		a->scope = all_scopes(c, all);
	while (rest.size) {
		word = slice_cut(&rest, ' ');
		if (word.size && !has(all, word))
			return call_fail(c, E_OAUTH_SCOPE,
					 "scope: '%.*s' is not the client's",
					 (int)(word.size < 64 ? word.size : 64),
					 (const char *)word.data);
	}
	return call_status(c);
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

int auth_authorize_check(struct call *c, struct auth_authorize *a)
{
	if (call_failed(c) || check_client(c, a) || check_response(c, a) ||
	    check_challenge(c, a) || check_scope(c, a) || check_prompt(c, a))
		return -c->fault.code;
	return 0;
}

int auth_logout_check(struct call *c, struct slice client_id, struct slice uri)
{
	if (auth_client_check(c, client_id))
		return -c->fault.code;
	if (!has(&auth_rules_of(c)->logout_urls, uri))
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

	uuid_text(origin);
	random_bytes(bytes, sizeof(bytes));
	base64url_encode(slice_make(bytes, sizeof(bytes)), text);
	memcpy(a->code, text, AUTH_CODE_LETTERS);
	auth_grants_put(c, slice_of(a->code), &grant, next);
}
