/* tests/unit/services/auth/srp/srp.c - both sides come to the same proof
 *
 * The client is written as Cognito's is: numbers as hexadecimal text, padded
 * before they are hashed. A pad that one side forgets fails only now and then, so
 * there are many rounds.
 */
#include "services/auth/srp/srp.h"
#include "lib/base/buffer.h"
#include "lib/base/fault.h"
#include "lib/base/random.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ROUNDS = 64, HASH = 32 };

#define POOL "Ab3dEf7gH"
#define NAME "ada"
#define PASSWORD "Correct-horse-7"
#define BLOCK "a secret block"
#define TIMESTAMP "Tue Nov 4 09:05:07 UTC 2026"

/* ---- the client ----------------------------------------------------------- */

/* Its padHex, as bytes. */
static void put_padded(struct buffer *out, const BIGNUM *n)
{
	uint8_t bytes[SRP_NUMBER];
	int size = BN_bn2bin(n, bytes);

	if (bytes[0] >= 0x80)
		buffer_put_byte(out, 0);
	buffer_put(out, bytes, (size_t)size);
}

static BIGNUM *hash(struct buffer *in)
{
	uint8_t out[HASH];
	struct slice bytes = buffer_slice(in);

	EVP_Digest(bytes.data, bytes.size, out, NULL, EVP_sha256(), NULL);
	buffer_reset(in);
	return BN_bin2bn(out, HASH, NULL);
}

static BIGNUM *read_number(const uint8_t *bytes, size_t size)
{
	return BN_bin2bn(bytes, (int)size, NULL);
}

struct client {
	BN_CTX *ctx;
	BIGNUM *n, *g, *k, *a, *big_a;
	struct buffer text;
};

static void client_init(struct client *c)
{
	uint8_t secret[128];

	c->ctx = BN_CTX_new();
	c->n = BN_get_rfc3526_prime_3072(NULL);
	c->g = BN_new();
	BN_set_word(c->g, 2);
	buffer_init(&c->text, 4096);
	put_padded(&c->text, c->n);
	put_padded(&c->text, c->g);
	c->k = hash(&c->text);
	random_bytes(secret, sizeof(secret));
	c->a = read_number(secret, sizeof(secret));
	c->big_a = BN_new();
	BN_mod_exp(c->big_a, c->g, c->a, c->n, c->ctx);
}

static void client_release(struct client *c)
{
	BN_free(c->n);
	BN_free(c->g);
	BN_free(c->k);
	BN_free(c->a);
	BN_free(c->big_a);
	BN_CTX_free(c->ctx);
	buffer_release(&c->text);
}

static BIGNUM *client_x(struct client *c, const BIGNUM *salt,
			const char *password)
{
	uint8_t inner[HASH];
	struct slice words;

	buffer_printf(&c->text, "%s%s:%s", POOL, NAME, password);
	words = buffer_slice(&c->text);
	EVP_Digest(words.data, words.size, inner, NULL, EVP_sha256(), NULL);
	buffer_reset(&c->text);
	put_padded(&c->text, salt);
	buffer_put(&c->text, inner, HASH);
	return hash(&c->text);
}

/* S = (B - k g^x)^(a + u x), then HKDF and the signature. */
static void client_prove(struct client *c, const BIGNUM *big_b,
			 const BIGNUM *salt, const char *password,
			 uint8_t proof[HASH])
{
	BIGNUM *x = client_x(c, salt, password), *u, *s = BN_new();
	BIGNUM *e = BN_new();
	uint8_t mixer[HASH + 1], prk[HASH], key[HASH];
	size_t mixer_size;
	struct slice bytes;

	put_padded(&c->text, c->big_a);
	put_padded(&c->text, big_b);
	u = hash(&c->text);
	BN_mod_exp(s, c->g, x, c->n, c->ctx);
	BN_mod_mul(s, s, c->k, c->n, c->ctx);
	BN_mod_sub(s, big_b, s, c->n, c->ctx);
	BN_mul(e, u, x, c->ctx);
	BN_add(e, e, c->a);
	BN_mod_exp(s, s, e, c->n, c->ctx);

	put_padded(&c->text, u);
	mixer_size = buffer_size(&c->text);
	memcpy(mixer, buffer_slice(&c->text).data, mixer_size);
	buffer_reset(&c->text);
	put_padded(&c->text, s);
	bytes = buffer_slice(&c->text);
	HMAC(EVP_sha256(), mixer, (int)mixer_size, bytes.data, bytes.size, prk,
	     NULL);
	buffer_reset(&c->text);
	HMAC(EVP_sha256(), prk, HASH,
	     (const uint8_t *)"Caldera Derived Key\x01", 20, key, NULL);
	HMAC(EVP_sha256(), key, SRP_KEY,
	     (const uint8_t *)POOL NAME BLOCK TIMESTAMP,
	     strlen(POOL NAME BLOCK TIMESTAMP), proof, NULL);
	BN_free(x);
	BN_free(u);
	BN_free(s);
	BN_free(e);
}

/* ---- rounds --------------------------------------------------------------- */

/* Does the client's proof, by `password`, match the server's? */
static bool round_ends_well(const uint8_t salt[SRP_SALT], const char *password)
{
	struct srp_user user = { SLICE(POOL), SLICE(NAME), salt };
	uint8_t verifier[SRP_NUMBER], key[SRP_KEY];
	uint8_t want[SRP_PROOF], got[SRP_PROOF];
	struct srp_exchange exchange;
	struct client client;
	BIGNUM *b, *s = read_number(salt, SRP_SALT);
	char *hex;

	client_init(&client);
	hex = BN_bn2hex(client.big_a);
	srp_verifier(&user, SLICE(PASSWORD), verifier);
	assert_int_equal(srp_read(slice_of(hex), exchange.a), 0);
	random_bytes(exchange.secret, SRP_SECRET);
	srp_offer(verifier, &exchange);
	b = read_number(exchange.b, SRP_NUMBER);
	srp_key(verifier, &exchange, key);
	srp_proof(key, &user, SLICE(BLOCK), SLICE(TIMESTAMP), want);
	client_prove(&client, b, s, password, got);
	OPENSSL_free(hex);
	BN_free(b);
	BN_free(s);
	client_release(&client);
	return memcmp(want, got, SRP_PROOF) == 0;
}

static void test_right(void **state)
{
	uint8_t salt[SRP_SALT];

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		random_bytes(salt, SRP_SALT);
		if (i % 4 == 0) /* a number that is shorter than its bytes */
			memset(salt, 0, (size_t)i / 16 + 1);
		assert_true(round_ends_well(salt, PASSWORD));
	}
}

static void test_wrong(void **state)
{
	const uint8_t salt[SRP_SALT] = { 1 };

	(void)state;
	assert_false(round_ends_well(salt, "Wrong-horse-7"));
	assert_false(round_ends_well(salt, ""));
}

static void test_read(void **state)
{
	static const struct {
		const char *name, *hex;
		int result;
		uint8_t last;
	} cases[] = {
		{ "one", "1", 0, 1 },
		{ "both cases of letters", "aB", 0, 0xab },
		{ "zeros in front", "000000ff", 0, 0xff },
		{ "nothing", "", -E_INVALID, 0 },
		{ "zero", "00", -E_INVALID, 0 },
		{ "a sign", "-1", -E_INVALID, 0 },
		{ "a letter that is no digit", "1g", -E_INVALID, 0 },
		{ "0x", "0x1", -E_INVALID, 0 },
	};
	BIGNUM *n = BN_get_rfc3526_prime_3072(NULL);
	uint8_t a[SRP_NUMBER];
	char *hex = BN_bn2hex(n), longer[2 * SRP_NUMBER + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int got = srp_read(slice_of(cases[i].hex), a);

		if (got != cases[i].result ||
		    (!got && a[SRP_NUMBER - 1] != cases[i].last))
			fail_msg("%s: got %d, %02x", cases[i].name, got,
				 a[SRP_NUMBER - 1]);
	}
	assert_int_equal(srp_read(slice_of(hex), a), -E_INVALID);
	memset(longer, '1', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(srp_read(slice_of(longer), a), -E_INVALID);
	OPENSSL_free(hex);
	BN_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
