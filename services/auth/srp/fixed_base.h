/* services/auth/srp/fixed_base.h - powers of one number, by a table
 *
 * Every offer needs a power of the generator, and OpenSSL's function starts from
 * nothing each time. With the base's powers at hand it is 64 multiplications
 * instead of 310: a quarter of the time. What it takes does not depend on the
 * exponent. A table has some 400 KB and never changes: any thread.
 */
#ifndef PARLOR_AUTH_FIXED_BASE_H
#define PARLOR_AUTH_FIXED_BASE_H

#include <openssl/bn.h>
#include <stdint.h>

enum {
	FIXED_BASE_NUMBER = 384,  /* bytes of the modulus */
	FIXED_BASE_EXPONENT = 32, /* bytes of an exponent */
};

struct fixed_base;

/* The table of `base`, modulo the prime of the Montgomery context, which must
 * outlive it. For the life of the process; no memory ends it. */
struct fixed_base *fixed_base_new(const BIGNUM *base, const BIGNUM *prime,
				  BN_MONT_CTX *, BN_CTX *);

/* out = base^exponent; the exponent is big-endian. */
void fixed_base_power(const struct fixed_base *,
		      const uint8_t exponent[FIXED_BASE_EXPONENT], BIGNUM *out,
		      BN_CTX *);

#endif
