/* services/auth/token/mint.c - access and ID tokens with Cognito's claims */
#include "services/auth/token/mint.h"
#include "lib/base/quote.h"
#include "lib/crypto/base64.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/token.h"
#include "services/auth/model/oauth.h"
#include "services/auth/token/uuid.h"

#include <jwt.h>

enum {
	/* a hundred names of 512 bytes at most, and roles, quoted */
	GROUPS_MAX = 1 << 20,
	/* in base64, with all else */
	SIGNED_MAX = 2 * (2 * GROUPS_MAX + AUTH_SAID_JSON_MAX),
};

/* The claims being gathered; libjwt keeps them and writes their JSON. */
struct claims {
	jwt_t *jwt;
	struct arena *mem;
	bool failed;
};

static void add(struct claims *c, const char *name, struct slice value)
{
	const char *text = arena_copy(c->mem, value.data, value.size);

	c->failed |= !name || !text || jwt_add_grant(c->jwt, name, text);
}

static void add_text(struct claims *c, const char *name, const char *value)
{
	c->failed |= jwt_add_grant(c->jwt, name, value) != 0;
}

static void add_time(struct claims *c, const char *name, int64_t value)
{
	c->failed |= jwt_add_grant_int(c->jwt, name, value) != 0;
}

/* What both tokens of a sign-in say. */
static void add_common(struct claims *c, const struct auth_mint *mint,
		       const struct auth_session *session, const char *use,
		       const char *event_id, int64_t now, int64_t seconds)
{
	char id[UUID_TEXT];

	uuid_text(id);
	add(c, "sub", session->sub);
	add_text(c, "iss", mint->issuer);
	add(c, "origin_jti", session->origin);
	add_text(c, "event_id", event_id);
	add_text(c, "token_use", use);
	add_time(c, "auth_time", session->auth_time);
	add_time(c, "iat", now);
	add_time(c, "exp", now + seconds);
	add_text(c, "jti", id);
}

/* A claim that is a list of texts, whose JSON is in `list`; and empties that. */
static void add_list(struct claims *c, const char *name, struct buffer *list)
{
	struct buffer json;

	buffer_init(&json, GROUPS_MAX);
	buffer_printf(&json, "{\"%s\":[", name);
	buffer_put_slice(&json, buffer_slice(list));
	buffer_put_text(&json, "]}");
	buffer_put_byte(&json, '\0');
	c->failed |=
	    json.failed || list->failed ||
	    jwt_add_grants_json(c->jwt, (const char *)buffer_slice(&json).data);
	buffer_release(&json);
	buffer_reset(list);
}

static void put_text(struct buffer *list, struct slice text)
{
	if (buffer_size(list))
		buffer_put_byte(list, ',');
	buffer_put_quoted(list, text);
}

static void add_groups(struct claims *c, const struct auth_groups *groups)
{
	struct buffer list;

	if (!groups->count)
		return;
	buffer_init(&list, GROUPS_MAX);
	for (size_t i = 0; i < groups->count; i++)
		put_text(&list, groups->rows[i].name);
	add_list(c, "cognito:groups", &list);
	buffer_release(&list);
}

/* Those of the groups that have one. */
static void add_roles(struct claims *c, const struct auth_groups *groups)
{
	struct slice preferred = auth_groups_preferred_role(groups);
	struct buffer list;

	buffer_init(&list, GROUPS_MAX);
	for (size_t i = 0; i < groups->count; i++)
		if (groups->rows[i].role.size)
			put_text(&list, groups->rows[i].role);
	if (buffer_size(&list))
		add_list(c, "cognito:roles", &list);
	buffer_release(&list);
	if (preferred.size)
		add(c, "cognito:preferred_role", preferred);
}

/* What apps' tokens have, and those of Cognito's own operations have not. */
static void add_version(struct claims *c)
{
	c->failed |= jwt_add_grant_int(c->jwt, "version", 2) != 0;
}

static void add_access(struct claims *c, const struct auth_mint *mint,
		       const struct auth_user *user, struct slice scope)
{
	add(c, "client_id", mint->client_id);
	add(c, "scope", scope.size ? scope : SLICE(AUTH_SCOPE_USER));
	add(c, "username", user->username);
	add_groups(c, &user->groups);
	if (scope.size)
		add_version(c);
}

/* What the session's app may know, and its client reads. */
static bool shows(const struct auth_mint *mint,
		  const struct auth_session *session, struct slice attribute)
{
	return auth_scopes_show(session->scope,
				auth_scope_showing(attribute)) &&
	       auth_client_reads(mint->client, attribute);
}

static void add_truth(struct claims *c, const char *name, bool truth)
{
	c->failed |= jwt_add_grant_bool(c->jwt, name, truth) != 0;
}

/* OpenID Connect Core, 5.1.1. */
static void add_address(struct claims *c, struct slice address)
{
	struct buffer json;

	buffer_init(&json, SIGNED_MAX);
	buffer_put_text(&json, "{\"address\":{\"formatted\":");
	buffer_put_quoted(&json, address);
	buffer_put_text(&json, "}}");
	buffer_put_byte(&json, '\0');
	c->failed |=
	    json.failed ||
	    jwt_add_grants_json(c->jwt, (const char *)buffer_slice(&json).data);
	buffer_release(&json);
}

static void add_said(struct claims *c, const struct auth_change *said)
{
	if (slice_is(said->name, "address"))
		add_address(c, said->value);
	else
		add(c, arena_copy(c->mem, said->name.data, said->name.size),
		    said->value);
}

static void add_attributes(struct claims *c, const struct auth_mint *mint,
			   const struct auth_user *user,
			   const struct auth_session *session)
{
	struct auth_change said;
	size_t at = 0;

	if (user->attributes[AUTH_EMAIL].size &&
	    shows(mint, session, SLICE("email_verified")))
		add_truth(c, "email_verified", user->email_verified);
	if (user->attributes[AUTH_PHONE_NUMBER].size &&
	    shows(mint, session, SLICE("phone_number_verified")))
		add_truth(c, "phone_number_verified", user->phone_verified);
	while (auth_user_next(user, &at, &said))
		if (shows(mint, session, said.name))
			add_said(c, &said);
}

static void add_id(struct claims *c, const struct auth_mint *mint,
		   const struct auth_user *user,
		   const struct auth_session *session)
{
	add(c, "aud", mint->client_id);
	add(c, "cognito:username", user->username);
	add_groups(c, &user->groups);
	add_roles(c, &user->groups);
	if (session->nonce.size)
		add(c, "nonce", session->nonce);
	add_attributes(c, mint, user, session);
}

/* OpenID Connect Core, 3.1.3.6: the first half of the access token's hash. */
static void add_at_hash(struct claims *c, struct slice access)
{
	char text[BASE64_SIZE(HASH_SIZE / 2)];
	uint8_t hash[HASH_SIZE];

	hash_sha256(access, hash);
	add(c, "at_hash",
	    slice_make(text, base64url_encode(slice_make(hash, HASH_SIZE / 2),
					      text)));
}

/* The signed token in the arena; empty when something failed. */
static struct slice sign(struct claims *c, const struct key *key,
			 const char *key_id)
{
	char *json = c->failed ? NULL : jwt_get_grants_json(c->jwt, NULL);
	struct slice token = { 0 };
	struct buffer out;

	if (!json)
		return token;
	buffer_init(&out, SIGNED_MAX);
	token_sign(key, key_id, slice_of(json), &out);
	if (!out.failed)
		token = arena_slice(c->mem, buffer_slice(&out));
	buffer_release(&out);
	free(json);
	return token;
}

int auth_mint(const struct auth_mint *mint, struct auth_keyring *keyring,
	      const struct auth_user *user, const struct auth_session *session,
	      int64_t now, struct arena *mem, struct auth_tokens *out)
{
	char key_id[KEY_ID_MAX + 1], event_id[UUID_TEXT];
	struct claims access = { .mem = mem }, id = { .mem = mem };
	struct key *key = auth_keyring_signer(keyring, now, key_id);
	bool wants_id = auth_scopes_want_id(session->scope);

	if (!key)
		return -E_UNAVAILABLE;
	if (jwt_new(&access.jwt) || jwt_new(&id.jwt))
		abort(); /* lack of memory ends the process */
	uuid_text(event_id);
	add_common(&access, mint, session, "access", event_id, now,
		   mint->access_seconds);
	add_access(&access, mint, user, session->scope);
	out->access = sign(&access, key, key_id);
	add_common(&id, mint, session, "id", event_id, now, mint->id_seconds);
	add_id(&id, mint, user, session);
	if (session->scope.size)
		add_at_hash(&id, out->access);
	out->id = wants_id ? sign(&id, key, key_id) : (struct slice){ 0 };
	out->expires_in = mint->access_seconds;
	jwt_free(access.jwt);
	jwt_free(id.jwt);
	key_release(key);
	return out->access.size && (out->id.size || !wants_id) ? 0
							       : -E_EXHAUSTED;
}

int auth_mint_client(const struct auth_mint *mint, struct auth_keyring *keyring,
		     struct slice scope, int64_t now, struct arena *mem,
		     struct auth_tokens *out)
{
	char key_id[KEY_ID_MAX + 1], id[UUID_TEXT];
	struct claims access = { .mem = mem };
	struct key *key = auth_keyring_signer(keyring, now, key_id);

	if (!key)
		return -E_UNAVAILABLE;
	if (jwt_new(&access.jwt))
		abort(); /* lack of memory ends the process */
	uuid_text(id);
	add(&access, "sub", mint->client_id);
	add_text(&access, "iss", mint->issuer);
	add_text(&access, "token_use", "access");
	add(&access, "client_id", mint->client_id);
	add(&access, "scope", scope);
	add_version(&access);
	add_time(&access, "auth_time", now);
	add_time(&access, "iat", now);
	add_time(&access, "exp", now + mint->access_seconds);
	add_text(&access, "jti", id);
	out->access = sign(&access, key, key_id);
	out->expires_in = mint->access_seconds;
	jwt_free(access.jwt);
	key_release(key);
	return out->access.size ? 0 : -E_EXHAUSTED;
}
