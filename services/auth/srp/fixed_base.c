/* services/auth/srp/fixed_base.c - powers of one number, by a table
 *
 * base^e is the product of base^(d 16^i) over the 64 digits d of e: a row of the
 * table per place i, an entry per digit. Numbers are in Montgomery's form.
 *
 * OpenSSL multiplies numbers of fewer words by a slower function, which would tell
 * the digits whose entries are short, 1 among them. So each entry is multiplied by
 * a random number, and the product starts with what takes 64 of them away.
 */
#include "services/auth/srp/fixed_base.h"
#include "services/auth/srp/must.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

enum {
	DIGITS = 2 * FIXED_BASE_EXPONENT,
	VALUES = 16,
	WORDS = FIXED_BASE_NUMBER / sizeof(uint64_t)
};

struct fixed_base {
	BN_MONT_CTX *montgomery;
	BIGNUM *start;
	uint64_t entries[DIGITS][VALUES][WORDS]; /* little-endian */
};

/* ---- the table ------------------------------------------------------------
 */

static void put_entry(uint64_t entry[WORDS], const BIGNUM *n)
{
	must(BN_bn2lebinpad(n, (uint8_t *)entry, FIXED_BASE_NUMBER) ==
	     FIXED_BASE_NUMBER);
}

/* A row's entries are mask, mask step, mask step^2, …; after it, step is
 * step^16. */
static void put_row(uint64_t row[VALUES][WORDS], const BIGNUM *mask,
		    BIGNUM *step, BN_MONT_CTX *montgomery, BN_CTX *ctx)
{
	BIGNUM *n = BN_dup(mask);

	must(n);
	for (int value = 0; value < VALUES; value++) {
		put_entry(row[value], n);
		must(BN_mod_mul_montgomery(n, n, step, montgomery, ctx));
	}
	for (int doubled = 1; doubled < VALUES; doubled *= 2)
		must(BN_mod_mul_montgomery(step, step, step, montgomery, ctx));
	BN_free(n);
}

/* mask^-64 */
static BIGNUM *start_of(const BIGNUM *mask, const BIGNUM *prime, BN_CTX *ctx)
{
	BIGNUM *start = BN_mod_inverse(NULL, mask, prime, ctx);

	must(start);
	for (int doubled = 1; doubled < DIGITS; doubled *= 2)
		must(BN_mod_sqr(start, start, prime, ctx));
	return start;
}

struct fixed_base *fixed_base_new(const BIGNUM *base, const BIGNUM *prime,
				  BN_MONT_CTX *montgomery, BN_CTX *ctx)
{
	struct fixed_base *f = malloc(sizeof(*f));
	BIGNUM *mask = BN_new(), *step = BN_dup(base);

	must(f && mask && step);
	must(BN_priv_rand_range(mask, prime) && !BN_is_zero(mask));
	f->montgomery = montgomery;
	f->start = start_of(mask, prime, ctx);
	must(BN_to_montgomery(f->start, f->start, montgomery, ctx) &&
	     BN_to_montgomery(mask, mask, montgomery, ctx) &&
	     BN_to_montgomery(step, step, montgomery, ctx));
	for (int i = 0; i < DIGITS; i++)
		put_row(f->entries[i], mask, step, montgomery, ctx);
	BN_free(step);
	BN_clear_free(mask);
	return f;
}

/* ---- a power --------------------------------------------------------------
 */

/* Reads all of the row, so that no cache tells which entry it was. */
static void choose(const uint64_t row[VALUES][WORDS], uint32_t digit,
		   uint64_t entry[WORDS])
{
	memset(entry, 0, FIXED_BASE_NUMBER);
	for (uint32_t value = 0; value < VALUES; value++) {
		uint64_t same = (((value ^ digit) - 1) >> 31) * UINT64_MAX;

		for (size_t i = 0; i < WORDS; i++)
			entry[i] |= row[value][i] & same;
	}
}

static uint32_t digit_of(const uint8_t exponent[FIXED_BASE_EXPONENT], int i)
{
	uint32_t both = exponent[FIXED_BASE_EXPONENT - 1 - i / 2];

	return both >> (i & 1 ? 4 : 0) & 15;
}

void fixed_base_power(const struct fixed_base *f,
		      const uint8_t exponent[FIXED_BASE_EXPONENT], BIGNUM *out,
		      BN_CTX *ctx)
{
	uint64_t entry[WORDS];
	BIGNUM *factor = BN_new();

	must(factor && BN_copy(out, f->start));
	for (int i = 0; i < DIGITS; i++) {
		choose(f->entries[i], digit_of(exponent, i), entry);
		must(BN_lebin2bn((uint8_t *)entry, FIXED_BASE_NUMBER, factor) &&
		     BN_mod_mul_montgomery(out, out, factor, f->montgomery,
					   ctx));
	}
	must(BN_from_montgomery(out, out, f->montgomery, ctx));
	OPENSSL_cleanse(entry, sizeof(entry));
	BN_clear_free(factor);
}
