/* lib/crypto/token.c - JSON Web Tokens, read strictly and signed */
#include "lib/crypto/token.h"
#include "lib/crypto/base64.h"

#undef jwt_decode /* called without a key: it parses and verifies nothing */
#include <jansson.h>
#include <jwt.h>

/* The three parts as they stand, and what they hold. */
struct parts {
	struct slice header, claims, signature; /* decoded */
	struct slice is_signed; /* the text up to the second point */
};

static int refuse(struct fault *fault, const char *why)
{
	return fault_set(fault, E_UNAUTHENTICATED, "%s", why);
}

/* Decodes what stands before the next point; empty when it is malformed. */
static struct slice part(struct slice *rest, struct arena *mem)
{
	struct slice text = slice_cut(rest, '.');
	uint8_t *bytes = arena_alloc(mem, BASE64_BYTES(text.size));
	size_t size;

	if (!bytes || base64url_decode(text, bytes, &size))
		return (struct slice){ 0 };
	return slice_make(bytes, size);
}

static int split(struct slice text, struct arena *mem, struct parts *parts,
		 struct fault *fault)
{
	const uint8_t *last;
	size_t points = 0;

	if (text.size > TOKEN_MAX)
		return refuse(fault, "the token is longer than 8192 bytes");
	for (size_t i = 0; i < text.size; i++)
		points += text.data[i] == '.';
	if (points != 2)
		return refuse(fault, "the token has not three parts");
	last = memrchr(text.data, '.', text.size);
	parts->is_signed = slice_make(text.data, (size_t)(last - text.data));
	parts->header = part(&text, mem);
	parts->claims = part(&text, mem);
	parts->signature = part(&text, mem);
	if (!parts->header.size || !parts->claims.size ||
	    !parts->signature.size)
		return refuse(fault, "the token is not base64url");
	return 0;
}

/* One JSON object, no member twice, and none called `never`. */
static bool is_object(struct slice text, const char *never)
{
	json_t *json = json_loadb((const char *)text.data, text.size,
				  JSON_REJECT_DUPLICATES, NULL);
	bool good =
	    json_is_object(json) && !(never && json_object_get(json, never));

	json_decref(json);
	return good;
}

static struct slice copy(struct arena *mem, const char *text)
{
	return text ? arena_slice(mem, slice_of(text)) : (struct slice){ 0 };
}

/* The names of a list, joined by commas. A name with a comma would read as two,
 * and spoils the token. */
static int read_list(jwt_t *jwt, const char *claim, struct arena *mem,
		     struct slice *names)
{
	char *text = jwt_get_grants_json(jwt, claim);
	json_t *list = text ? json_loads(text, 0, NULL) : NULL, *name;
	bool good = !text || json_is_array(list);
	const char *joined = "";
	size_t i;

	json_array_foreach(list, i, name)
	{
		if (!json_is_string(name) ||
		    strchr(json_string_value(name), ',')) {
			good = false;
			break;
		}
		joined = arena_printf(mem, "%s%s%s", joined ? joined : "",
				      i ? "," : "", json_string_value(name));
	}
	*names = slice_of(joined);
	json_decref(list);
	free(text);
	return good ? 0 : -E_INVALID;
}

/* Cognito's, or what others have in its place. */
static int read_groups(jwt_t *jwt, struct arena *mem, struct slice *groups)
{
	if (read_list(jwt, "cognito:groups", mem, groups))
		return -E_INVALID;
	return groups->size ? 0 : read_list(jwt, "groups", mem, groups);
}

/* One, or a list of them. */
static int read_audience(jwt_t *jwt, struct arena *mem, struct slice *audience)
{
	const char *one = jwt_get_grant(jwt, "aud");

	if (!one)
		return read_list(jwt, "aud", mem, audience);
	*audience = copy(mem, one);
	return strchr(one, ',') ? -E_INVALID : 0;
}

static int read_claims(jwt_t *jwt, struct arena *mem, struct token *token)
{
	const struct {
		struct slice *into;
		const char *name;
	} texts[] = {
		{ &token->issuer, "iss" },
		{ &token->subject, "sub" },
		{ &token->use, "token_use" },
		{ &token->client_id, "client_id" },
		{ &token->username, "username" },
		{ &token->scope, "scope" },
		{ &token->jti, "jti" },
		{ &token->origin_jti, "origin_jti" },
		{ &token->function, "function" },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i].into = copy(mem, jwt_get_grant(jwt, texts[i].name));
	token->issued_at = jwt_get_grant_int(jwt, "iat");
	token->expires_at = jwt_get_grant_int(jwt, "exp");
	token->not_before = jwt_get_grant_int(jwt, "nbf");
	if (read_audience(jwt, mem, &token->audience))
		return -E_INVALID;
	return read_groups(jwt, mem, &token->groups);
}

/* The key that the header names, if the header's algorithm is that key's. */
static const struct keyset_key *choose_key(jwt_t *jwt,
					   enum key_algorithm algorithm,
					   const struct keyset_view *keys)
{
	const char *name = jwt_get_header(jwt, "alg");
	const char *type = jwt_get_header(jwt, "typ");
	const struct keyset_key *found =
	    keyset_find(keys, slice_of(jwt_get_header(jwt, "kid")));

	if (!found || !name || key_algorithm(found->key) != algorithm ||
	    strcmp(name, key_algorithm_name(algorithm)) != 0 ||
	    (type && strcmp(type, "JWT") != 0))
		return NULL;
	return found;
}

static int check_times(const struct token *token, int64_t now,
		       struct fault *fault)
{
	if (token->issued_at <= 0 || token->expires_at <= 0)
		return refuse(fault, "the token says not when it expires");
	if (token->expires_at <= now)
		return fault_set(fault, E_TOKEN_EXPIRED,
				 "the token has expired");
	if (token->not_before > now + TOKEN_SKEW ||
	    token->issued_at > now + TOKEN_SKEW)
		return refuse(fault, "the token is not valid yet");
	return 0;
}

/* Before the first keys are there a token is neither good nor bad. */
static void not_yet(struct fault *fault)
{
	fault->retry_after_ms = 250;
	fault_set(fault, E_UNAVAILABLE, "the keys of tokens are not known yet");
}

int token_verify(struct slice text, enum key_algorithm algorithm,
		 const struct keyset_view *keys, int64_t now_ms,
		 struct arena *mem, struct token *token, struct fault *fault)
{
	const char *terminated = arena_copy(mem, text.data, text.size);
	const struct keyset_key *key;
	struct parts parts = { 0 };
	jwt_t *jwt = NULL;

	*token = (struct token){ 0 };
	if (split(text, mem, &parts, fault))
		return -fault->code;
	if (!is_object(parts.header, "crit") || !is_object(parts.claims, NULL))
		return refuse(fault, "the token's parts are not plain objects");
	if (!terminated || jwt_decode(&jwt, terminated, NULL, 0))
		return refuse(fault, "the token cannot be read");
	key = choose_key(jwt, algorithm, keys);
	if (!keys || !keys->count)
		not_yet(fault);
	else if (!key)
		refuse(fault, "no key is known for the token");
	else if (!key_verify(key->key, parts.is_signed, parts.signature))
		refuse(fault, "the token's signature is wrong");
	else if (read_claims(jwt, mem, token) || mem->full)
		refuse(fault, "the token's claims cannot be read");
	else
		check_times(token, now_ms / 1000, fault);
	if (key) {
		token->key_id =
		    slice_of(arena_copy(mem, key->id, strlen(key->id)));
		token->key_serial = key->serial;
	}
	jwt_free(jwt);
	return -fault->code;
}

struct slice token_claimed_issuer(struct slice text, struct arena *mem)
{
	struct parts parts = { 0 };
	struct fault ignored = { 0 };
	struct slice issuer;
	json_t *claims;

	if (text.size > TOKEN_MAX || split(text, mem, &parts, &ignored))
		return (struct slice){ 0 };
	claims = json_loadb((const char *)parts.claims.data, parts.claims.size,
			    JSON_REJECT_DUPLICATES, NULL);
	issuer = copy(mem, json_string_value(json_object_get(claims, "iss")));
	json_decref(claims);
	return issuer;
}

static void put_base64url(struct buffer *out, struct slice bytes)
{
	uint8_t *at = buffer_reserve(out, BASE64_SIZE(bytes.size));

	if (at)
		buffer_added(out, base64url_encode(bytes, (char *)at));
}

void token_sign(const struct key *key, const char *key_id, struct slice claims,
		struct buffer *out)
{
	char header[KEY_ID_MAX + 64];
	uint8_t signature[KEY_SIGNATURE_MAX];
	size_t start = buffer_size(out);
	struct slice whole;

	snprintf(header, sizeof(header), "{\"kid\":\"%s\",\"alg\":\"%s\"}",
		 key_id, key_algorithm_name(key_algorithm(key)));
	put_base64url(out, slice_of(header));
	buffer_put_byte(out, '.');
	put_base64url(out, claims);
	if (out->failed)
		return;
	whole = buffer_slice(out);
	whole = slice_make(whole.data + start, whole.size - start);
	whole = slice_make(signature, key_sign(key, whole, signature));
	buffer_put_byte(out, '.');
	put_base64url(out, whole);
}
