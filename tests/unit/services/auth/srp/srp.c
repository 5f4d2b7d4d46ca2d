/* tests/unit/services/auth/srp/srp.c - both sides come to the same proof
 *
 * A pad that one side forgets fails only now and then, so there are many rounds.
 */
#include "services/auth/srp/srp.h"
#include "lib/base/fault.h"
#include "tests/support/srp_client.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ROUNDS = 64 };

#define POOL "Ab3dEf7gH"
#define NAME "ada"
#define PASSWORD "Correct-horse-7"
#define BLOCK "a secret block"
#define TIMESTAMP "Tue Nov 4 09:05:07 UTC 2026"

/* ---- rounds --------------------------------------------------------------- */

/* Does the client's proof, by `password`, match the server's? */
static bool round_ends_well(const uint8_t salt[SRP_SALT], const char *password)
{
	struct srp_user user = { SLICE(POOL), SLICE(NAME), salt };
	uint8_t verifier[SRP_NUMBER], key[SRP_KEY];
	uint8_t want[SRP_PROOF], got[SRP_PROOF];
	struct srp_exchange exchange;
	struct srp_client client = { .pool = POOL,
				     .name = NAME,
				     .password = password };
	BIGNUM *b, *s = BN_bin2bn(salt, SRP_SALT, NULL);
	char *hex;

	srp_client_init(&client, SRP_CLIENT_SECRET);
	hex = BN_bn2hex(client.big_a);
	srp_verifier(&user, SLICE(PASSWORD), verifier);
	assert_int_equal(srp_read(slice_of(hex), exchange.a), 0);
	random_bytes(exchange.secret, SRP_SECRET);
	srp_offer(verifier, &exchange);
	b = BN_bin2bn(exchange.b, SRP_NUMBER, NULL);
	srp_key(verifier, &exchange, key);
	srp_proof(key, &user, SLICE(BLOCK), SLICE(TIMESTAMP), want);
	srp_client_prove(&client, b, s, SLICE(BLOCK), TIMESTAMP, got);
	OPENSSL_free(hex);
	BN_free(b);
	BN_free(s);
	srp_client_release(&client);
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
