/* tests/unit/services/auth/token/tokens.c - what a sign-in hands out */
#include "lib/base/fault.h"
#include "lib/crypto/base64.h"
#include "lib/crypto/identity.h"
#include "lib/crypto/keyset.h"
#include "services/auth/token/mint.h"
#include "services/auth/token/refresh.h"
#include "services/auth/token/uuid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { NOW = 1764097200 };

#define SUB "00112233-4455-4677-8899-aabbccddeeff"
#define ORIGIN "ffeeddcc-bbaa-4988-b766-554433221100"

static void test_uuid(void **state)
{
	static const struct {
		const char *name, *text;
		int result;
	} cases[] = {
		{ "one", SUB, 0 },
		{ "capitals", "00112233-4455-4677-8899-AABBCCDDEEFF",
		  -E_INVALID },
		{ "short", "00112233-4455-4677-8899-aabbccddeef", -E_INVALID },
		{ "a dash displaced", "001122334-455-4677-8899-aabbccddeeff",
		  -E_INVALID },
		{ "no digit", "0011223g-4455-4677-8899-aabbccddeeff",
		  -E_INVALID },
	};
	uint8_t bytes[UUID_BYTES];
	char text[UUID_TEXT], other[UUID_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (uuid_parse(slice_of(cases[i].text), bytes) !=
		    cases[i].result)
			fail_msg("%s: not %d", cases[i].name, cases[i].result);
	assert_int_equal(uuid_parse(SLICE(SUB), bytes), 0);
	uuid_format(bytes, text);
	assert_string_equal(text, SUB);
	uuid_text(text);
	uuid_text(other);
	assert_string_not_equal(text, other);
	assert_int_equal(text[14], '4');
	assert_non_null(strchr("89ab", text[19]));
}

static void test_refresh(void **state)
{
	struct slice token, other, sub, origin;
	uint8_t hash[HASH_SIZE], again[HASH_SIZE];
	struct arena mem;

	(void)state;
	arena_init(&mem, 65536);
	token = auth_refresh_make(SLICE(SUB), SLICE(ORIGIN), &mem);
	other = auth_refresh_make(SLICE(SUB), SLICE(ORIGIN), &mem);
	assert_false(slice_equal(token, other));
	assert_int_equal(auth_refresh_read(token, &mem, &sub, &origin), 0);
	assert_true(slice_is(sub, SUB));
	assert_true(slice_is(origin, ORIGIN));
	auth_refresh_hash(token, hash);
	auth_refresh_hash(other, again);
	assert_memory_not_equal(hash, again, HASH_SIZE);
	for (size_t size = 0; size < token.size; size++)
		assert_int_equal(auth_refresh_read(slice_make(token.data, size),
						   &mem, &sub, &origin),
				 -E_INVALID);
	assert_int_equal(auth_refresh_read(SLICE("a.b.c"), &mem, &sub, &origin),
			 -E_INVALID);
	arena_release(&mem);
}

static void test_keyring(void **state)
{
	struct key *old = key_generate(KEY_ES256);
	struct key *young = key_generate(KEY_ES256);
	const struct auth_key_row rows[] = {
		{ SLICE("old"), old, NOW }, { SLICE("new"), young, NOW + 1000 }
	};
	static const struct {
		const char *name;
		size_t count;
		int64_t now;
		const char *signer;
	} cases[] = {
		{ "no key", 0, NOW, NULL },
		{ "the first signs at once", 1, NOW, "old" },
		{ "the next one not yet", 2, NOW + 1000, "old" },
		{ "nor a second too soon", 2, NOW + 1000 + AUTH_KEY_DELAY - 1,
		  "old" },
		{ "when all know it", 2, NOW + 1000 + AUTH_KEY_DELAY, "new" },
	};
	struct auth_keyring *ring = auth_keyring_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char id[KEY_ID_MAX + 1] = "";
		struct key *signer;

		auth_keyring_load(ring, rows, cases[i].count);
		assert_int_equal(auth_keyring_count(ring), cases[i].count);
		signer = auth_keyring_signer(ring, cases[i].now, id);
		if (!signer != !cases[i].signer ||
		    (signer && strcmp(id, cases[i].signer) != 0))
			fail_msg("%s: got '%s'", cases[i].name, id);
		key_release(signer);
	}
	auth_keyring_free(ring);
	key_release(old);
	key_release(young);
}

/* The claims' JSON of a token, as text. */
static const char *claims_of(struct arena *mem, struct slice token)
{
	struct slice claims;
	uint8_t *bytes;
	size_t size;

	slice_cut(&token, '.');
	claims = slice_cut(&token, '.');
	bytes = arena_zalloc(mem, BASE64_BYTES(claims.size) + 1);
	assert_int_equal(base64url_decode(claims, bytes, &size), 0);
	return (const char *)bytes;
}

static void test_mint(void **state)
{
	static const struct auth_user user = {
		.username = { (const uint8_t *)"Ann", 3 },
		.email_verified = true,
		.attributes = { [AUTH_EMAIL] = { (const uint8_t *)"a@b.c", 5 },
				[AUTH_NICKNAME] = { (const uint8_t *)"\"A\"",
						    3 } },
	};
	static const char *const access_claims[] = {
		"\"sub\":\"" SUB "\"",
		"\"iss\":\"http://auth/local_a\"",
		"\"client_id\":\"client\"",
		"\"origin_jti\":\"" ORIGIN "\"",
		"\"event_id\":\"",
		"\"token_use\":\"access\"",
		"\"scope\":\"aws.cognito.signin.user.admin\"",
		"\"auth_time\":1764097100",
		"\"iat\":1764097200",
		"\"exp\":1764100800",
		"\"jti\":\"",
		"\"username\":\"Ann\"",
	};
	static const char *const id_claims[] = {
		("\"sub\":\"" SUB "\""),	"\"aud\":\"client\"",
		"\"token_use\":\"id\"",		"\"exp\":1764097800",
		"\"cognito:username\":\"Ann\"", "\"email\":\"a@b.c\"",
		"\"email_verified\":true",	"\"nickname\":\"\\\"A\\\"\"",
	};
	const struct auth_mint mint = { "http://auth/local_a", SLICE("client"),
					3600, 600, NULL };
	const struct auth_session session = { .sub = SLICE(SUB),
					      .origin = SLICE(ORIGIN),
					      .auth_time = NOW - 100 };
	struct key *key = key_generate(KEY_RS256);
	const struct auth_key_row row = { SLICE("k1"), key, NOW };
	struct auth_keyring *ring = auth_keyring_new();
	struct keyset *set = keyset_new();
	struct identity *identity = identity_new(&(struct identity_options){
	    .service = "kv", .users = set, .issuer = "http://auth/local_a" });
	struct auth_tokens tokens = { .expires_in = 0 };
	struct principal who;
	struct buffer jwks;
	struct fault fault;
	struct arena mem;
	const char *text;

	(void)state;
	arena_init(&mem, 1 << 20);
	fault_clear(&fault);
	assert_int_equal(auth_mint(&mint, ring, &user, &session, NOW, &mem,
				   &tokens),
			 -E_UNAVAILABLE);
	auth_keyring_load(ring, &row, 1);
	assert_int_equal(auth_mint(&mint, ring, &user, &session, NOW, &mem,
				   &tokens),
			 0);
	assert_int_equal(tokens.expires_in, 3600);

	text = claims_of(&mem, tokens.access);
	for (size_t i = 0; i < sizeof(access_claims) / sizeof(*access_claims);
	     i++)
		if (!strstr(text, access_claims[i]))
			fail_msg("no %s in %s", access_claims[i], text);
	text = claims_of(&mem, tokens.id);
	for (size_t i = 0; i < sizeof(id_claims) / sizeof(*id_claims); i++)
		if (!strstr(text, id_claims[i]))
			fail_msg("no %s in %s", id_claims[i], text);

	/* as the other daemons see them, by the published keys */
	buffer_init(&jwks, 65536);
	auth_keyring_put_jwks(ring, &jwks);
	assert_int_equal(keyset_load(set, buffer_slice(&jwks), &fault), 0);
	assert_int_equal(identity_check_user(identity, tokens.access,
					     NOW * 1000ll, &mem, &who, &fault),
			 0);
	assert_true(slice_is(who.text, "user:" SUB));
	assert_int_equal(identity_check_user(identity, tokens.id, NOW * 1000ll,
					     &mem, &who, &fault),
			 -E_UNAUTHENTICATED);
	buffer_release(&jwks);
	identity_free(identity);
	keyset_free(set);
	auth_keyring_free(ring);
	key_release(key);
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uuid),
		cmocka_unit_test(test_refresh),
		cmocka_unit_test(test_keyring),
		cmocka_unit_test(test_mint),
	};

	return cmocka_run_group_tests_name("tokens", tests, NULL, NULL);
}
