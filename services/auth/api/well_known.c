/* services/auth/api/well_known.c - what verifiers read: keys and discovery */
#include "lib/crypto/keyset.h"
#include "lib/net/cors.h"
#include "services/auth/api/api.h"
#include "services/auth/op/auth.h"

enum { DISCOVERY_MAX = 4096 };

#define JSON "application/json"
/* Less than AUTH_KEY_DELAY, so that a new key is known before it signs. */
#define CACHE "public, max-age=300"

static void put_jwks(const struct auth_realm *realm, struct buffer *out)
{
	auth_keyring_put_jwks(realm->keyring, out);
}

/* Under the base URL, which the issuer is made of. */
static const struct {
	const char *name, *path;
} endpoints[] = {
	{ "authorization_endpoint", "/oauth2/authorize" },
	{ "token_endpoint", "/oauth2/token" },
	{ "userinfo_endpoint", "/oauth2/userInfo" },
	{ "revocation_endpoint", "/oauth2/revoke" },
	{ "end_session_endpoint", "/logout" },
};

static void put_discovery(const struct auth_realm *realm, struct buffer *out)
{
	int base = (int)(strlen(realm->issuer) - strlen(realm->pool_id) - 1);

	buffer_printf(
	    out, "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/.well-known/jwks.json\"",
	    realm->issuer, realm->issuer);
	for (size_t i = 0; i < sizeof(endpoints) / sizeof(*endpoints); i++)
		buffer_printf(out, ",\"%s\":\"%.*s%s\"", endpoints[i].name,
			      base, realm->issuer, endpoints[i].path);
	buffer_put_text(
	    out,
	    ",\"response_types_supported\":[\"code\"],"
	    "\"response_modes_supported\":[\"query\"],"
	    "\"grant_types_supported\":[\"authorization_code\","
	    "\"refresh_token\",\"client_credentials\"],"
	    "\"code_challenge_methods_supported\":[\"S256\"],"
	    "\"token_endpoint_auth_methods_supported\":[\"none\","
	    "\"client_secret_basic\",\"client_secret_post\"],"
	    "\"revocation_endpoint_auth_methods_supported\":[\"none\","
	    "\"client_secret_basic\",\"client_secret_post\"],"
	    "\"authorization_response_iss_parameter_supported\":true,"
	    "\"request_parameter_supported\":false,"
	    "\"request_uri_parameter_supported\":false,"
	    "\"subject_types_supported\":[\"public\"],"
	    "\"id_token_signing_alg_values_supported\":[\"RS256\"],"
	    "\"scopes_supported\":[\"openid\",\"email\",\"phone\",\"profile\"],"
	    "\"ui_locales_supported\":[\"en\",\"de\",\"fr\",\"es\"],"
	    "\"claims_supported\":[\"sub\",\"iss\",\"aud\",\"exp\",\"iat\","
	    "\"auth_time\",\"nonce\",\"at_hash\",\"email\",\"email_verified\","
	    "\"name\",\"nickname\",\"preferred_username\",\"picture\","
	    "\"locale\",\"zoneinfo\"]}");
}

/* Verifiers keep what they get for minutes, so no answer is better than a set
 * without keys while the store has not given us any. */
static const struct {
	const char *name;
	void (*put)(const struct auth_realm *, struct buffer *);
	bool needs_keys;
} documents[] = {
	{ "jwks.json", put_jwks, true },
	{ "openid-configuration", put_discovery, false },
};

/* What stands behind "/POOL/.well-known/", and POOL; empty for any other path. */
static struct slice name_of(struct slice path, struct slice *pool_id)
{
	if (slice_cut(&path, '/').size)
		return (struct slice){ 0 };
	*pool_id = slice_cut(&path, '/');
	if (!slice_is(slice_cut(&path, '/'), ".well-known"))
		return (struct slice){ 0 };
	return path;
}

static void respond(struct http_request *request, int status, const char *type,
		    struct slice body)
{
	const struct http_header headers[] = {
		{ SLICE("content-type"), slice_of(type) },
		{ SLICE("cache-control"), SLICE(CACHE) },
		{ SLICE("allow"), SLICE("GET, HEAD") },
	};

	/* the second is for documents, the last for a wrong method */
	if (status == 200)
		http_respond(request, status, headers, 2, body);
	else if (status == 405)
		http_respond(request, status, &headers[2], 1, body);
	else
		http_respond(request, status, headers, 1, body);
}

static void handle(struct http_request *request, void *arg)
{
	struct slice pool_id = { 0 };
	struct slice name = name_of(request->path, &pool_id);
	const struct auth_realm *realm =
	    name.size ? auth_realm_find(arg, &request->mem, pool_id) : NULL;
	struct buffer text;

	for (size_t i = 0; realm && i < sizeof(documents) / sizeof(*documents);
	     i++) {
		if (!slice_is(name, documents[i].name))
			continue;
		if (!slice_is(request->method, "GET") &&
		    !slice_is(request->method, "HEAD")) {
			respond(request, 405, "text/plain",
				SLICE("method not allowed\n"));
			return;
		}
		if (documents[i].needs_keys &&
		    !auth_keyring_count(realm->keyring)) {
			respond(request, 503, "text/plain",
				SLICE("no keys yet\n"));
			return;
		}
		buffer_init(&text, KEYSET_TEXT_MAX);
		documents[i].put(realm, &text);
		respond(request, 200, JSON, buffer_slice(&text));
		buffer_release(&text);
		return;
	}
	respond(request, 404, "text/plain", SLICE("not found\n"));
}

/* A body is of no use here. */
static void begin(struct http_request *request, void *arg)
{
	(void)arg;
	cors_allow_all(request);
	request->body_max = 0;
}

const struct http_handler auth_well_known = { .begin = begin,
					      .handle = handle };
