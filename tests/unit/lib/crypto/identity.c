/* tests/unit/lib/crypto/identity.c - who is believed, and who is not */
#include "lib/crypto/identity.h"
#include "lib/crypto/base64.h"
#include "lib/crypto/caller.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/keyfile.h"
#include "lib/crypto/keyset.h"
#include "lib/crypto/revocations.h"
#include "lib/crypto/sigv4.h"
#include "lib/crypto/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#define ISSUER "https://auth.example/local_abcdefghi"
enum { NOW = 1764097200 };
static const int64_t now_ms = NOW * 1000ll;

/* One suite for all tests: the users' key, a service's, and ours. */
static struct suite {
	struct key *user_key, *other_key;
	struct keyset *users, *services;
	struct revocations *revocations;
	struct identity *identity;
	struct caller *game;
	struct arena mem;
	struct buffer token; /* the one made last */
	char key_file[64];
} suite;

static int admin_key(void *arg, const struct sigv4_credential *c,
		     uint8_t key[HASH_SIZE], struct arena *mem,
		     struct principal *out)
{
	(void)arg, (void)mem;
	if (!slice_is(c->access_key_id, "AKID"))
		return -E_MISSING;
	sigv4_day_key(SLICE("the secret"), c->day, c->region, c->service, key);
	*out = (struct principal){ .kind = PRINCIPAL_ADMIN,
				   .text = SLICE("admin:AKID") };
	return 0;
}

/* Any signature of this one is believed. */
static bool unseen_key(void *arg, struct slice id, struct arena *mem,
		       struct principal *out)
{
	(void)arg, (void)mem;
	if (!slice_is(id, "UNSEEN"))
		return false;
	*out = (struct principal){ .kind = PRINCIPAL_ADMIN,
				   .text = SLICE("admin:UNSEEN") };
	return true;
}

/* Makes a set of one key. */
static void load_one(struct keyset *set, const struct key *key, const char *id)
{
	struct buffer text;
	struct fault fault;

	buffer_init(&text, 65536);
	fault_clear(&fault);
	buffer_put_text(&text, "{\"keys\":[");
	key_put_jwk(key, id, &text);
	buffer_put_text(&text, "]}");
	if (keyset_load(set, buffer_slice(&text), &fault))
		fail_msg("%s", fault.message);
	buffer_release(&text);
}

static int make_suite(void **state)
{
	static const char *const clients[] = { "web", "ios", NULL };
	struct key *game_key;
	struct fault fault;

	(void)state;
	fault_clear(&fault);
	snprintf(suite.key_file, sizeof(suite.key_file),
		 "/tmp/parlor-identity-%d.pem", (int)getpid());
	suite.user_key = key_generate(KEY_RS256);
	suite.other_key = key_generate(KEY_RS256);
	game_key = keyfile_make(suite.key_file, KEY_ES256, &fault);
	suite.users = keyset_new();
	suite.services = keyset_new();
	suite.revocations = revocations_new();
	load_one(suite.users, suite.user_key, "u1");
	load_one(suite.services, game_key, "game");
	key_release(game_key);
	suite.game = caller_new("game", suite.key_file, &fault);
	suite.identity = identity_new(&(struct identity_options){
	    .service = "kv",
	    .services = suite.services,
	    .users = suite.users,
	    .issuer = ISSUER,
	    .clients = clients,
	    .revocations = suite.revocations,
	    .signing = admin_key,
	    .unseen = unseen_key,
	    .region = "local-1",
	    .sigv4_service = "dynamodb",
	});
	arena_init(&suite.mem, 1 << 20);
	buffer_init(&suite.token, 65536);
	return 0;
}

static int free_suite(void **state)
{
	(void)state;
	unlink(suite.key_file);
	identity_free(suite.identity);
	caller_free(suite.game);
	keyset_free(suite.users);
	keyset_free(suite.services);
	revocations_free(suite.revocations);
	key_release(suite.user_key);
	key_release(suite.other_key);
	arena_release(&suite.mem);
	buffer_release(&suite.token);
	return 0;
}

/* The claims of a good access token, with more behind them. */
static const char *claims(const char *more)
{
	static char text[2048];

	snprintf(text, sizeof(text),
		 "{\"sub\":\"s-1\",\"iss\":\"" ISSUER
		 "\",\"token_use\":\"access\",\"client_id\":\"web\","
		 "\"username\":\"ann\",\"scope\":\"aws.cognito.signin.user."
		 "admin\",\"jti\":\"j-1\",\"origin_jti\":\"o-1\","
		 "\"iat\":%d,\"exp\":%d%s}",
		 NOW - 10, NOW + 3600, more);
	return text;
}

static struct slice sign(const struct key *key, const char *id,
			 const char *text)
{
	buffer_reset(&suite.token);
	token_sign(key, id, slice_of(text), &suite.token);
	return buffer_slice(&suite.token);
}

static struct slice user_token(const char *more)
{
	return sign(suite.user_key, "u1", claims(more));
}

static int check_at(struct slice token, int64_t when, struct principal *who,
		    struct fault *fault)
{
	fault_clear(fault);
	arena_reset(&suite.mem);
	return identity_check_user(suite.identity, token, when, &suite.mem, who,
				   fault);
}

static void test_user(void **state)
{
	struct principal who;
	struct fault fault;
	struct slice token =
	    user_token(",\"cognito:groups\":[\"judges\",\"staff\"]");

	(void)state;
	for (int i = 0; i < 3; i++) { /* verified, then remembered */
		assert_int_equal(check_at(token, now_ms, &who, &fault), 0);
		assert_int_equal(who.kind, PRINCIPAL_USER);
		assert_true(slice_is(who.text, "user:s-1"));
		assert_true(slice_is(who.sub, "s-1"));
		assert_true(slice_is(who.username, "ann"));
		assert_true(slice_is(who.groups, "judges,staff"));
		assert_true(slice_is(who.client_id, "web"));
		assert_true(slice_is(who.origin_jti, "o-1"));
		assert_true(slice_is(who.jti, "j-1"));
		assert_int_equal(who.expires_at, NOW + 3600);
	}
	assert_int_equal(check_at(token, now_ms + 3600000, &who, &fault),
			 -E_TOKEN_EXPIRED);
}

/* ---- another issuer beside the pool ----------------------------------------
 */

#define PARTNER "https://login.example"

static void test_other_issuers(void **state)
{
	static const struct {
		const char *name, *key_id, *claims;
		bool ours;	  /* signed with the pool's key */
		const char *text; /* of the principal; NULL: refused */
		const char *groups;
	} cases[] = {
		{ "the pool's own", "u1",
		  "\"sub\":\"s\",\"iss\":\"" ISSUER
		  "\",\"token_use\":\"access\",\"client_id\":\"web\"",
		  true, "user:s", "" },
		{ "the other's", "o1",
		  "\"sub\":\"s\",\"iss\":\"" PARTNER "\",\"aud\":\"app\","
		  "\"username\":\"ann\",\"groups\":[\"a\",\"b\"]",
		  false, "user:partner|s", "partner|a,partner|b" },
		{ "for several", "o1",
		  "\"sub\":\"s\",\"iss\":\"" PARTNER
		  "\",\"aud\":[\"x\",\"app\"]",
		  false, "user:partner|s", "" },
		{ "as Cognito's are", "o1",
		  "\"sub\":\"s\",\"iss\":\"" PARTNER
		  "\",\"token_use\":\"access\",\"client_id\":\"app\","
		  "\"cognito:groups\":[\"a\"],\"groups\":[\"b\"]",
		  false, "user:partner|s", "partner|a" },
		{ "for somebody else", "o1",
		  "\"sub\":\"s\",\"iss\":\"" PARTNER "\",\"aud\":\"apps\"",
		  false, NULL, "" },
		{ "for nobody", "o1", "\"sub\":\"s\",\"iss\":\"" PARTNER "\"",
		  false, NULL, "" },
		{ "an identity token", "o1",
		  "\"sub\":\"s\",\"iss\":\"" PARTNER
		  "\",\"aud\":\"app\",\"token_use\":\"id\"",
		  false, NULL, "" },
		{ "in the pool's name", "o1",
		  "\"sub\":\"s\",\"iss\":\"" ISSUER
		  "\",\"token_use\":\"access\",\"client_id\":\"web\","
		  "\"aud\":\"app\"",
		  false, NULL, "" },
		{ "in the pool's name by a key of its id", "u1",
		  "\"sub\":\"s\",\"iss\":\"" ISSUER
		  "\",\"token_use\":\"access\",\"client_id\":\"web\"",
		  false, NULL, "" },
		{ "the pool's in the other's name", "u1",
		  "\"sub\":\"s\",\"iss\":\"" PARTNER "\",\"aud\":\"app\"", true,
		  NULL, "" },
		{ "nobody in particular", "o1",
		  "\"sub\":\"\",\"iss\":\"" PARTNER "\",\"aud\":\"app\"", false,
		  NULL, "" },
	};
	static const char *const clients[] = { "web", NULL };
	struct identity_issuer other = { "partner", PARTNER, "app",
					 keyset_new() };
	struct identity *both;

	(void)state;
	load_one(other.keys, suite.other_key, "o1");
	both = identity_new(&(struct identity_options){ .service = "kv",
							.users = suite.users,
							.issuer = ISSUER,
							.clients = clients,
							.others = &other,
							.other_count = 1 });
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct principal who = { 0 };
		struct fault fault = { 0 };
		char text[1024];
		int result;

		snprintf(text, sizeof(text), "{%s,\"iat\":%d,\"exp\":%d}",
			 cases[i].claims, NOW - 10, NOW + 3600);
		arena_reset(&suite.mem);
		result =
		    identity_check_user(both,
					sign(cases[i].ours ? suite.user_key
							   : suite.other_key,
					     cases[i].key_id, text),
					now_ms, &suite.mem, &who, &fault);
		if ((result == 0) != (cases[i].text != NULL) ||
		    (result == 0 && (!slice_is(who.text, cases[i].text) ||
				     !slice_is(who.groups, cases[i].groups) ||
				     who.username.size)))
			fail_msg("%s: got %d '%.*s' in '%.*s': %s",
				 cases[i].name, result, SLICE_ARGS(who.text),
				 SLICE_ARGS(who.groups), fault.message);
	}
	identity_free(both);
	keyset_free(other.keys);
}

/* header.claims with the signature that `sign_with` makes of them. */
static struct slice assemble(const char *header, const char *text,
			     const struct key *sign_with, struct slice hmac_key)
{
	char letters[BASE64_SIZE(2048)];
	uint8_t signature[KEY_SIGNATURE_MAX];
	struct slice so_far, bytes = { 0 };

	buffer_reset(&suite.token);
	buffer_put(&suite.token, letters,
		   base64url_encode(slice_of(header), letters));
	buffer_put_byte(&suite.token, '.');
	buffer_put(&suite.token, letters,
		   base64url_encode(slice_of(text), letters));
	so_far = buffer_slice(&suite.token);
	if (sign_with) {
		bytes = slice_make(signature,
				   key_sign(sign_with, so_far, signature));
	} else if (hmac_key.size) {
		hash_hmac(hmac_key, so_far, signature);
		bytes = slice_make(signature, HASH_SIZE);
	}
	buffer_put_byte(&suite.token, '.');
	buffer_put(&suite.token, letters, base64url_encode(bytes, letters));
	return buffer_slice(&suite.token);
}

#define HEADER "{\"kid\":\"u1\",\"alg\":\"RS256\"}"
#define CLAIMS(iss, use, client, iat, exp)                        \
	"{\"sub\":\"s\",\"iss\":\"" iss "\",\"token_use\":\"" use \
	"\",\"client_id\":\"" client "\",\"iat\":" iat ",\"exp\":" exp "}"
#define GOOD CLAIMS(ISSUER, "access", "web", "1764097190", "1764100800")

static void test_forged(void **state)
{
	static const struct {
		const char *name, *header, *claims;
		enum { OURS, OTHER, NONE, PUBLIC_TEXT, ECDSA } signer;
		int code;
	} cases[] = {
		{ "the honest one", HEADER, GOOD, OURS, 0 },
		{ "with the type said",
		  "{\"typ\":\"JWT\",\"kid\":\"u1\",\"alg\":\"RS256\"}", GOOD,
		  OURS, 0 },
		{ "HS256 with the public key's text",
		  "{\"kid\":\"u1\",\"alg\":\"HS256\"}", GOOD, PUBLIC_TEXT,
		  E_UNAUTHENTICATED },
		{ "RS256 said, HMAC made", HEADER, GOOD, PUBLIC_TEXT,
		  E_UNAUTHENTICATED },
		{ "none", "{\"kid\":\"u1\",\"alg\":\"none\"}", GOOD, NONE,
		  E_UNAUTHENTICATED },
		{ "None", "{\"kid\":\"u1\",\"alg\":\"None\"}", GOOD, OURS,
		  E_UNAUTHENTICATED },
		{ "no signature", HEADER, GOOD, NONE, E_UNAUTHENTICATED },
		{ "another algorithm of the same key",
		  "{\"kid\":\"u1\",\"alg\":\"RS384\"}", GOOD, OURS,
		  E_UNAUTHENTICATED },
		{ "PS256", "{\"kid\":\"u1\",\"alg\":\"PS256\"}", GOOD, OURS,
		  E_UNAUTHENTICATED },
		{ "ES256", "{\"kid\":\"u1\",\"alg\":\"ES256\"}", GOOD, ECDSA,
		  E_UNAUTHENTICATED },
		{ "no algorithm", "{\"kid\":\"u1\"}", GOOD, OURS,
		  E_UNAUTHENTICATED },
		{ "another key", HEADER, GOOD, OTHER, E_UNAUTHENTICATED },
		{ "an unknown key", "{\"kid\":\"u2\",\"alg\":\"RS256\"}", GOOD,
		  OURS, E_UNAUTHENTICATED },
		{ "no key's name", "{\"alg\":\"RS256\"}", GOOD, OURS,
		  E_UNAUTHENTICATED },
		{ "the algorithm twice",
		  "{\"kid\":\"u1\",\"alg\":\"RS256\",\"alg\":\"RS256\"}", GOOD,
		  OURS, E_UNAUTHENTICATED },
		{ "crit",
		  "{\"kid\":\"u1\",\"alg\":\"RS256\",\"crit\":[\"exp\"]}", GOOD,
		  OURS, E_UNAUTHENTICATED },
		{ "another type",
		  "{\"kid\":\"u1\",\"alg\":\"RS256\",\"typ\":\"at+jwt\"}", GOOD,
		  OURS, E_UNAUTHENTICATED },
		{ "a header that is a list", "[]", GOOD, OURS,
		  E_UNAUTHENTICATED },
		{ "claims that are no object", HEADER, "\"s\"", OURS,
		  E_UNAUTHENTICATED },
		{ "a claim twice", HEADER,
		  "{\"sub\":\"s\",\"sub\":\"t\",\"iss\":\"" ISSUER
		  "\",\"token_use\":\"access\",\"client_id\":\"web\",\"iat\":"
		  "1764097190,\"exp\":1764100800}",
		  OURS, E_UNAUTHENTICATED },
		{ "claims with more behind", HEADER, GOOD "{}", OURS,
		  E_UNAUTHENTICATED },
		{ "expired", HEADER,
		  CLAIMS(ISSUER, "access", "web", "1764090000", "1764097200"),
		  OURS, E_TOKEN_EXPIRED },
		{ "issued tomorrow", HEADER,
		  CLAIMS(ISSUER, "access", "web", "1764183600", "1764187200"),
		  OURS, E_UNAUTHENTICATED },
		{ "that never expires", HEADER,
		  "{\"sub\":\"s\",\"iss\":\"" ISSUER
		  "\",\"token_use\":\"access\",\"client_id\":\"web\",\"iat\":"
		  "1764097190}",
		  OURS, E_UNAUTHENTICATED },
		{ "that expires at a text", HEADER,
		  CLAIMS(ISSUER, "access", "web", "1764097190",
			 "\"1764100800\""),
		  OURS, E_UNAUTHENTICATED },
		{ "not before tomorrow", HEADER,
		  "{\"sub\":\"s\",\"nbf\":1764183600,\"iss\":\"" ISSUER
		  "\",\"token_use\":\"access\",\"client_id\":\"web\",\"iat\":"
		  "1764097190,\"exp\":1764100800}",
		  OURS, E_UNAUTHENTICATED },
		{ "another issuer", HEADER,
		  CLAIMS(ISSUER "x", "access", "web", "1764097190",
			 "1764100800"),
		  OURS, E_UNAUTHENTICATED },
		{ "an ID token", HEADER,
		  CLAIMS(ISSUER, "id", "web", "1764097190", "1764100800"), OURS,
		  E_UNAUTHENTICATED },
		{ "another client's", HEADER,
		  CLAIMS(ISSUER, "access", "tv", "1764097190", "1764100800"),
		  OURS, E_UNAUTHENTICATED },
		{ "a group with a comma", HEADER,
		  "{\"sub\":\"s\",\"cognito:groups\":[\"a,b\"],\"iss\":"
		  "\"" ISSUER
		  "\",\"token_use\":\"access\",\"client_id\":\"web\",\"iat\":"
		  "1764097190,\"exp\":1764100800}",
		  OURS, E_UNAUTHENTICATED },
		{ "no subject", HEADER,
		  "{\"iss\":\"" ISSUER
		  "\",\"token_use\":\"access\",\"client_id\":\"web\",\"iat\":"
		  "1764097190,\"exp\":1764100800}",
		  OURS, E_UNAUTHENTICATED },
	};
	struct key *ecdsa = key_generate(KEY_ES256);
	const struct key *signers[] = { [OURS] = suite.user_key,
					[OTHER] = suite.other_key,
					[ECDSA] = ecdsa };
	struct buffer text;

	(void)state;
	buffer_init(&text, 65536);
	keyset_put_jwks(suite.users, &text);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct principal who;
		struct fault fault;
		struct slice hmac = { 0 };

		if (cases[i].signer == PUBLIC_TEXT)
			hmac = buffer_slice(&text);
		check_at(assemble(cases[i].header, cases[i].claims,
				  cases[i].signer < NONE ||
					  cases[i].signer == ECDSA
				      ? signers[cases[i].signer]
				      : NULL,
				  hmac),
			 now_ms, &who, &fault);
		if (fault.code != cases[i].code)
			fail_msg("%s: got %d '%s'", cases[i].name, fault.code,
				 fault.message);
	}
	buffer_release(&text);
	key_release(ecdsa);
}

static void test_tampered(void **state)
{
	struct slice token = user_token("");
	struct principal who;
	struct fault fault;
	char copy[4096];

	(void)state;
	memcpy(copy, token.data, token.size);
	for (size_t i = 0; i < token.size; i++) {
		copy[i] ^= 1;
		if (!check_at(slice_make(copy, token.size), now_ms, &who,
			      &fault))
			fail_msg("accepted with byte %zu changed", i);
		copy[i] ^= 1;
	}
	for (size_t size = 0; size < token.size; size++)
		if (!check_at(slice_make(copy, size), now_ms, &who, &fault))
			fail_msg("accepted when cut to %zu bytes", size);
}

static void test_junk(void **state)
{
	static const char *const behind[] = { "=",    "!", "\n",  ".",
					      ".e30", " ", "AAAA" };
	struct principal who;
	struct fault fault;

	(void)state;
	for (size_t i = 0; i < sizeof(behind) / sizeof(*behind); i++) {
		user_token("");
		buffer_put_text(&suite.token, behind[i]);
		if (!check_at(buffer_slice(&suite.token), now_ms, &who, &fault))
			fail_msg("accepted with '%s' behind it", behind[i]);
	}
	buffer_reset(&suite.token);
	for (int i = 0; i <= TOKEN_MAX; i++)
		buffer_put_byte(&suite.token, 'A');
	assert_int_equal(check_at(buffer_slice(&suite.token), now_ms, &who,
				  &fault),
			 -E_UNAUTHENTICATED);
}

static void test_key_leaves(void **state)
{
	struct principal who;
	struct fault fault;
	struct slice token = user_token("");

	(void)state;
	assert_int_equal(check_at(token, now_ms, &who, &fault), 0);
	load_one(suite.users, suite.other_key, "u2");
	assert_int_equal(check_at(token, now_ms, &who, &fault),
			 -E_UNAUTHENTICATED);
	assert_true(keyset_wanted(suite.users));
	load_one(suite.users, suite.user_key, "u1");
	assert_int_equal(check_at(token, now_ms, &who, &fault), 0);
}

static void test_revoked(void **state)
{
	static const struct {
		const char *name;
		enum revocation_kind kind;
		const char *value;
		int64_t before;
		bool revoked;
	} cases[] = {
		{ "another user", REVOKE_SUB, "s-2", NOW, false },
		{ "this user, before the token", REVOKE_SUB, "s-1", NOW - 10,
		  false },
		{ "another sign-in", REVOKE_ORIGIN, "o-2", 0, false },
		{ "another kind of the same value", REVOKE_TOKEN, "o-1", 0,
		  false },
		{ "this user, after the token", REVOKE_SUB, "s-1", NOW - 9,
		  true },
		{ "this sign-in", REVOKE_ORIGIN, "o-1", 0, true },
		{ "this token", REVOKE_TOKEN, "j-1", 0, true },
		{ "another issuer", REVOKE_ISSUER, PARTNER, 0, false },
		{ "this issuer", REVOKE_ISSUER, ISSUER, 0, true },
	};
	struct principal who;
	struct fault fault;
	struct slice token = user_token("");

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(check_at(token, now_ms, &who, &fault), 0);
		revocations_add(suite.revocations, cases[i].kind,
				slice_of(cases[i].value), cases[i].before,
				NOW + 100 + (int64_t)i);
		for (int again = 0; again < 2; again++)
			if (check_at(token, now_ms, &who, &fault) !=
			    (cases[i].revoked ? -E_TOKEN_REVOKED : 0))
				fail_msg("%s: got %d", cases[i].name,
					 fault.code);
		if (cases[i].revoked)
			revocations_sweep(suite.revocations,
					  NOW + 100 + (int64_t)i);
	}
	revocations_sweep(suite.revocations, NOW + 1000);
	assert_int_equal(revocations_count(suite.revocations), 0);
}

/* ---- whole requests ------------------------------------------------------- */

static struct slice no_header(void *request, struct slice name)
{
	(void)request, (void)name;
	return (struct slice){ 0 };
}

static int check_request(const char *authorization, struct slice caller,
			 struct principal *principal, struct principal *user,
			 struct fault *fault)
{
	struct identity_claim claim = {
		.method = SLICE("POST"),
		.path = SLICE("/"),
		.authorization = slice_of(authorization),
		.caller = caller,
		.header = no_header,
	};
	bool wanted;

	fault_clear(fault);
	return identity_check(suite.identity, &claim, now_ms, &suite.mem,
			      principal, user, &wanted, fault);
}

static void test_precedence(void **state)
{
	struct principal who, user;
	struct fault fault;
	char caller[1024], bearer[4096];
	struct slice token = user_token(""), service, function;

	(void)state;
	arena_reset(&suite.mem);
	snprintf(bearer, sizeof(bearer), "bearer %.*s", SLICE_ARGS(token));

	assert_int_equal(check_request(NULL, (struct slice){ 0 }, &who, &user,
				       &fault),
			 0);
	assert_true(slice_is(who.text, "anonymous"));
	assert_int_equal(user.kind, PRINCIPAL_ANONYMOUS);

	assert_int_equal(check_request(bearer, (struct slice){ 0 }, &who, &user,
				       &fault),
			 0);
	assert_true(slice_is(who.text, "user:s-1"));
	assert_true(slice_is(user.text, "user:s-1"));

	service = slice_make(caller,
			     caller_token(suite.game, "kv", (struct slice){ 0 },
					  now_ms, caller, sizeof(caller)));
	assert_int_equal(check_request(NULL, service, &who, &user, &fault), 0);
	assert_int_equal(who.kind, PRINCIPAL_SERVICE);
	assert_true(slice_is(who.text, "service:game"));
	assert_true(slice_is(who.service, "game"));
	assert_int_equal(user.kind, PRINCIPAL_ANONYMOUS);

	function =
	    slice_make(caller, caller_token(suite.game, "kv",
					    SLICE("function:PlayMove"), now_ms,
					    caller, sizeof(caller)));
	assert_int_equal(check_request(bearer, function, &who, &user, &fault),
			 0);
	assert_int_equal(who.kind, PRINCIPAL_FUNCTION);
	assert_true(slice_is(who.text, "function:PlayMove"));
	assert_true(slice_is(who.function, "PlayMove"));
	assert_true(slice_is(who.service, "game"));
	assert_true(slice_is(who.sub, "s-1"));
	assert_true(slice_is(user.text, "user:s-1"));
}

static void test_refused_requests(void **state)
{
	static const struct {
		const char *name, *authorization, *caller;
	} cases[] = {
		{ "another scheme", "Basic YTpi", NULL },
		{ "no token", "Bearer", NULL },
		{ "an empty token", "Bearer  ", NULL },
		{ "a caller that is no token", NULL, "x" },
		{ "a user's token as the caller's", NULL, "USER" },
		{ "a caller's token as the user's", "CALLER", NULL },
		{ "a signature and a caller", "AWS4-HMAC-SHA256 x", "CALLER" },
		{ "a good caller with a bad user", "Bearer x", "CALLER" },
		{ "a good user with a bad caller", "USER", "x" },
		{ "a caller for another audience", NULL, "AUDIENCE" },
	};
	char caller[1024], other[1024], user_bearer[4096], caller_bearer[2048];
	struct slice user = user_token(""), ours, others;

	(void)state;
	ours = slice_make(caller,
			  caller_token(suite.game, "kv", (struct slice){ 0 },
				       now_ms, caller, sizeof(caller)));
	others = slice_make(other, caller_token(suite.game, "gateway",
						(struct slice){ 0 }, now_ms,
						other, sizeof(other)));
	snprintf(user_bearer, sizeof(user_bearer), "Bearer %.*s",
		 SLICE_ARGS(user));
	snprintf(caller_bearer, sizeof(caller_bearer), "Bearer %.*s",
		 SLICE_ARGS(ours));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice by = slice_of(cases[i].caller);
		const char *authorization = cases[i].authorization;
		struct principal who, whose;
		struct fault fault;

		if (slice_is(by, "USER"))
			by = user;
		else if (slice_is(by, "CALLER"))
			by = ours;
		else if (slice_is(by, "AUDIENCE"))
			by = others;
		if (slice_is(slice_of(authorization), "USER"))
			authorization = user_bearer;
		else if (slice_is(slice_of(authorization), "CALLER"))
			authorization = caller_bearer;
		if (check_request(authorization, by, &who, &whose, &fault) !=
			-E_UNAUTHENTICATED ||
		    who.kind != PRINCIPAL_ANONYMOUS ||
		    whose.kind != PRINCIPAL_ANONYMOUS)
			fail_msg("%s: got %d '%s'", cases[i].name, fault.code,
				 fault.message);
	}
}

static void test_caller_claims(void **state)
{
	static const struct {
		const char *name, *text;
		int code;
	} cases[] = {
		{ "a minute",
		  "{\"sub\":\"service:game\",\"aud\":\"kv\",\"iat\":"
		  "1764097200,\"exp\":1764097260}",
		  0 },
		{ "longer",
		  "{\"sub\":\"service:game\",\"aud\":\"kv\",\"iat\":"
		  "1764097200,\"exp\":1764097261}",
		  E_UNAUTHENTICATED },
		{ "as another service",
		  "{\"sub\":\"service:auth\",\"aud\":\"kv\",\"iat\":1764097200,"
		  "\"exp\":1764097260}",
		  E_UNAUTHENTICATED },
		{ "as an administrator",
		  "{\"sub\":\"admin:game\",\"aud\":\"kv\",\"iat\":1764097200,"
		  "\"exp\":1764097260}",
		  E_UNAUTHENTICATED },
		{ "for a function of an odd name",
		  "{\"sub\":\"service:game\",\"aud\":\"kv\",\"function\":"
		  "\"function:a*\",\"iat\":1764097200,\"exp\":1764097260}",
		  E_UNAUTHENTICATED },
		{ "for a function that is a service",
		  "{\"sub\":\"service:game\",\"aud\":\"kv\",\"function\":"
		  "\"service:auth\",\"iat\":1764097200,\"exp\":1764097260}",
		  E_UNAUTHENTICATED },
	};
	struct fault fault;
	struct key *key;

	(void)state;
	fault_clear(&fault);
	key = keyfile_read(suite.key_file, KEY_ES256, &fault);
	assert_non_null(key);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct principal who, user;

		check_request(NULL, sign(key, "game", cases[i].text), &who,
			      &user, &fault);
		if (fault.code != cases[i].code)
			fail_msg("%s: got %d '%s'", cases[i].name, fault.code,
				 fault.message);
	}
	key_release(key);
}

static void test_caller_kept(void **state)
{
	char first[1024], second[1024];
	size_t size, again;

	(void)state;
	size = caller_token(suite.game, "kv", SLICE("function:A"), now_ms,
			    first, sizeof(first));
	again = caller_token(suite.game, "kv", SLICE("function:A"),
			     now_ms + 39999, second, sizeof(second));
	assert_int_equal(size, again);
	assert_memory_equal(first, second, size);
	again = caller_token(suite.game, "kv", SLICE("function:A"),
			     now_ms + 40000, second, sizeof(second));
	assert_memory_not_equal(first, second, size);
	assert_int_equal(caller_token(suite.game, "kv", SLICE("function:A"),
				      now_ms, first, again - 1),
			 0);
	assert_int_equal(caller_token(suite.game, "kv", SLICE("function:\""),
				      now_ms, first, sizeof(first)),
			 0);
}

/* ---- signatures ----------------------------------------------------------- */

static struct slice header(void *request, struct slice name)
{
	(void)request;
	if (slice_is(name, "host"))
		return SLICE("kv.example");
	if (slice_is(name, "x-amz-date"))
		return SLICE("20251125T190000Z"); /* now */
	return (struct slice){ 0 };
}

static void test_signature(void **state)
{
	static const struct {
		const char *name, *key, *secret, *region;
		int code;
	} cases[] = {
		{ "an administrator", "AKID", "the secret", "local-1", 0 },
		{ "the same again", "AKID", "the secret", "local-1", 0 },
		{ "a wrong secret", "AKID", "another", "local-1", E_SIGNATURE },
		{ "an unknown key", "NONE", "the secret", "local-1",
		  E_ACCESS_KEY },
		{ "another region", "AKID", "the secret", "local-2",
		  E_SIGNATURE },
		{ "a key that is believed unseen", "UNSEEN", "any", "mars", 0 },
	};
	char hash[HASH_HEX];

	(void)state;
	hash_sha256_hex(SLICE("body"), hash);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sigv4_request request = {
			.method = SLICE("POST"),
			.path = SLICE("/parlor.kv.v1.KeyValue/PutItem"),
			.header = header,
			.body_sha256 = slice_of(hash),
		};
		struct identity_claim claim = {
			.method = request.method,
			.path = request.path,
			.header = header,
			.body_sha256 = slice_of(hash),
		};
		struct principal who, user;
		struct fault fault;
		bool wanted;

		arena_reset(&suite.mem);
		fault_clear(&fault);
		claim.authorization = slice_of(
		    sigv4_sign(&request, "host;x-amz-date", cases[i].key,
			       cases[i].secret, cases[i].region, "dynamodb",
			       "20251125T190000Z", &suite.mem));
		identity_check(suite.identity, &claim, now_ms, &suite.mem, &who,
			       &user, &wanted, &fault);
		if (fault.code != cases[i].code)
			fail_msg("%s: got %d '%s'", cases[i].name, fault.code,
				 fault.message);
		if (fault.code) {
			assert_int_equal(who.kind, PRINCIPAL_ANONYMOUS);
			continue;
		}
		assert_true(slice_equal(who.text, user.text));
		if (slice_is(who.text, "admin:UNSEEN")) {
			assert_false(wanted);
			continue;
		}
		assert_true(wanted);
		assert_true(slice_is(who.text, "admin:AKID"));
		assert_int_equal(identity_check_body(&claim, SLICE("body"),
						     &fault),
				 0);
		assert_int_equal(identity_check_body(&claim, SLICE("other"),
						     &fault),
				 -E_SIGNATURE);

		/* without the body's hash nobody is believed yet */
		fault_clear(&fault);
		claim.body_sha256 = (struct slice){ 0 };
		assert_int_equal(identity_check(suite.identity, &claim, now_ms,
						&suite.mem, &who, &user,
						&wanted, &fault),
				 0);
		assert_true(wanted);
		assert_int_equal(who.kind, PRINCIPAL_ANONYMOUS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_user),
		cmocka_unit_test(test_other_issuers),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_tampered),
		cmocka_unit_test(test_junk),
		cmocka_unit_test(test_key_leaves),
		cmocka_unit_test(test_revoked),
		cmocka_unit_test(test_precedence),
		cmocka_unit_test(test_refused_requests),
		cmocka_unit_test(test_caller_claims),
		cmocka_unit_test(test_caller_kept),
		cmocka_unit_test(test_signature),
	};

	return cmocka_run_group_tests_name("identity", tests, make_suite,
					   free_suite);
}
