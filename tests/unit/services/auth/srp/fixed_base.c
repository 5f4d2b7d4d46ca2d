/* tests/unit/services/auth/srp/fixed_base.c - the same powers as OpenSSL's */
#include "services/auth/srp/fixed_base.h"
#include "lib/base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 200, BASE = 2 };

struct field {
	BN_CTX *ctx;
	BN_MONT_CTX *montgomery;
	BIGNUM *prime, *base, *got, *want;
};

static struct fixed_base *table; /* for life */

static void check(const struct field *f,
		  const uint8_t exponent[FIXED_BASE_EXPONENT])
{
	BIGNUM *e = BN_bin2bn(exponent, FIXED_BASE_EXPONENT, NULL);

	fixed_base_power(table, exponent, f->got, f->ctx);
	assert_true(BN_mod_exp(f->want, f->base, e, f->prime, f->ctx));
	assert_int_equal(BN_cmp(f->got, f->want), 0);
	BN_free(e);
}

/* Every digit in every place, between zeros and between the highest. */
static void test_digits(void **state)
{
	uint8_t exponent[FIXED_BASE_EXPONENT];

	for (int around = 0; around < 256; around += 255)
		for (size_t i = 0; i < FIXED_BASE_EXPONENT; i++)
			for (int digit = 0; digit < 16; digit++) {
				memset(exponent, around, sizeof(exponent));
				exponent[i] =
				    (uint8_t)(digit << 4 | (15 - digit));
				check(*state, exponent);
			}
}

static void test_random(void **state)
{
	uint8_t exponent[FIXED_BASE_EXPONENT];

	for (int i = 0; i < ROUNDS; i++) {
		random_bytes(exponent, sizeof(exponent));
		check(*state, exponent);
	}
}

static int start(void **state)
{
	struct field *f = malloc(sizeof(*f));

	assert_non_null(f);
	f->ctx = BN_CTX_new();
	f->montgomery = BN_MONT_CTX_new();
	f->prime = BN_get_rfc3526_prime_3072(NULL);
	f->base = BN_new();
	f->got = BN_new();
	f->want = BN_new();
	BN_set_word(f->base, BASE);
	assert_true(BN_MONT_CTX_set(f->montgomery, f->prime, f->ctx));
	table = fixed_base_new(f->base, f->prime, f->montgomery, f->ctx);
	*state = f;
	return 0;
}

static int stop(void **state)
{
	struct field *f = *state;

	BN_free(f->want);
	BN_free(f->got);
	BN_free(f->base);
	BN_free(f->prime);
	BN_MONT_CTX_free(f->montgomery);
	BN_CTX_free(f->ctx);
	free(f);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digits),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
