/* services/auth/srp/srp.c - a password that is proved and never told */
#include "services/auth/srp/srp.h"
#include "lib/base/fault.h"
#include "lib/crypto/hash.h"
#include "services/auth/srp/fixed_base.h"
#include "services/auth/srp/must.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <stdlib.h>

enum { PADDED = SRP_NUMBER + 1 };

#define KEY_INFO "Caldera Derived Key\x01"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static BIGNUM *prime, *multiplier;
static BN_MONT_CTX *montgomery;
static struct fixed_base *generator;

/* ---- numbers --------------------------------------------------------------
 */

/* A number that is a secret: powers take their time from its length. */
static BIGNUM *number_of(const uint8_t *bytes, size_t size)
{
	BIGNUM *n = BN_bin2bn(bytes, (int)size, NULL);

	must(n);
	BN_set_flags(n, BN_FLG_CONSTTIME);
	return n;
}

static BIGNUM *number_new(void)
{
	return number_of((const uint8_t *)"", 0);
}

static void store(const BIGNUM *n, uint8_t out[SRP_NUMBER])
{
	must(BN_bn2binpad(n, out, SRP_NUMBER) == SRP_NUMBER);
}

/* As it is hashed: `room` has a byte more than the number. */
static struct slice padded(const uint8_t *bytes, size_t size, uint8_t *room)
{
	while (size > 1 && !bytes[0]) {
		bytes++;
		size--;
	}
	room[0] = 0;
	memcpy(room + 1, bytes, size);
	return bytes[0] & 0x80 ? slice_make(room, size + 1)
			       : slice_make(room + 1, size);
}

static void power(BIGNUM *out, const BIGNUM *base, const BIGNUM *exponent,
		  BN_CTX *ctx)
{
	must(BN_mod_exp_mont_consttime(out, base, exponent, prime, ctx,
				       montgomery));
}

/* ---- what never changes ---------------------------------------------------
 */

/* k = H(pad N, pad g) */
static BIGNUM *make_multiplier(void)
{
	uint8_t bytes[SRP_NUMBER], room[PADDED], g = 2, hash[HASH_SIZE];
	struct slice pieces[2];

	store(prime, bytes);
	pieces[0] = padded(bytes, SRP_NUMBER, room);
	pieces[1] = slice_make(&g, 1);
	hash_sha256_pieces(pieces, 2, hash);
	return number_of(hash, HASH_SIZE);
}

static void start(void)
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *two = BN_new();

	prime = BN_get_rfc3526_prime_3072(NULL);
	montgomery = BN_MONT_CTX_new();
	must(ctx && two && prime && montgomery && BN_set_word(two, 2) &&
	     BN_MONT_CTX_set(montgomery, prime, ctx));
	generator = fixed_base_new(two, prime, montgomery, ctx);
	multiplier = make_multiplier();
	BN_free(two);
	BN_CTX_free(ctx);
}

static BN_CTX *begin(void)
{
	BN_CTX *ctx = BN_CTX_secure_new();

	pthread_once(&once, start);
	must(ctx);
	return ctx;
}

/* ---- the protocol ---------------------------------------------------------
 */

/* x = H(pad salt, H(pool, name, ":", password)) */
static void password_number(const struct srp_user *user, struct slice password,
			    uint8_t x[HASH_SIZE])
{
	const struct slice words[4] = { user->pool, user->name, SLICE(":"),
					password };
	uint8_t inner[HASH_SIZE], room[SRP_SALT + 1];
	struct slice pieces[2];

	hash_sha256_pieces(words, 4, inner);
	pieces[0] = padded(user->salt, SRP_SALT, room);
	pieces[1] = slice_make(inner, HASH_SIZE);
	hash_sha256_pieces(pieces, 2, x);
	OPENSSL_cleanse(inner, sizeof(inner));
}

/* v = g^x */
void srp_verifier(const struct srp_user *user, struct slice password,
		  uint8_t verifier[SRP_NUMBER])
{
	BN_CTX *ctx = begin();
	BIGNUM *v = number_new();
	uint8_t x[HASH_SIZE];

	password_number(user, password, x);
	fixed_base_power(generator, x, v, ctx);
	store(v, verifier);
	OPENSSL_cleanse(x, sizeof(x));
	BN_clear_free(v);
	BN_CTX_free(ctx);
}

static int nibble(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Is it no multiple of the prime? */
static bool is_good(const uint8_t a[SRP_NUMBER])
{
	BN_CTX *ctx = begin();
	BIGNUM *n = number_of(a, SRP_NUMBER), *rest = number_new();
	bool good;

	must(BN_nnmod(rest, n, prime, ctx));
	good = !BN_is_zero(rest);
	BN_free(rest);
	BN_free(n);
	BN_CTX_free(ctx);
	return good;
}

int srp_read(struct slice hex, uint8_t a[SRP_NUMBER])
{
	while (hex.size && hex.data[0] == '0') {
		hex.data++;
		hex.size--;
	}
	if (hex.size > 2 * SRP_NUMBER)
		return -E_INVALID;
	memset(a, 0, SRP_NUMBER);
	for (size_t i = 0; i < hex.size; i++) {
		size_t place = 2 * SRP_NUMBER - hex.size + i;
		int value = nibble(hex.data[i]);

		if (value < 0)
			return -E_INVALID;
		a[place / 2] =
		    (uint8_t)(a[place / 2] | value << (place & 1 ? 0 : 4));
	}
	return is_good(a) ? 0 : -E_INVALID;
}

/* B = k v + g^b */
void srp_offer(const uint8_t verifier[SRP_NUMBER],
	       struct srp_exchange *exchange)
{
	BN_CTX *ctx = begin();
	BIGNUM *v = number_of(verifier, SRP_NUMBER), *out = number_new();

	fixed_base_power(generator, exchange->secret, out, ctx);
	must(BN_mod_mul(v, v, multiplier, prime, ctx) &&
	     BN_mod_add(out, out, v, prime, ctx));
	store(out, exchange->b);
	BN_clear_free(out);
	BN_clear_free(v);
	BN_CTX_free(ctx);
}

/* S = (A v^u)^b */
static void shared(const uint8_t verifier[SRP_NUMBER],
		   const struct srp_exchange *exchange,
		   const uint8_t u[HASH_SIZE], uint8_t out[SRP_NUMBER])
{
	BN_CTX *ctx = begin();
	BIGNUM *v = number_of(verifier, SRP_NUMBER);
	BIGNUM *base = number_of(exchange->a, SRP_NUMBER), *s = number_new();
	BIGNUM *mixer = number_of(u, HASH_SIZE);
	BIGNUM *exponent = number_of(exchange->secret, SRP_SECRET);

	power(s, v, mixer, ctx);
	must(BN_mod_mul(s, s, base, prime, ctx));
	power(s, s, exponent, ctx);
	store(s, out);
	BN_clear_free(exponent);
	BN_clear_free(mixer);
	BN_clear_free(s);
	BN_clear_free(base);
	BN_clear_free(v);
	BN_CTX_free(ctx);
}

/* K = HKDF(pad S, salt pad u), u = H(pad A, pad B) */
void srp_key(const uint8_t verifier[SRP_NUMBER],
	     const struct srp_exchange *exchange, uint8_t key[SRP_KEY])
{
	uint8_t room[2][PADDED], u[HASH_SIZE], s[SRP_NUMBER];
	uint8_t extracted[HASH_SIZE], expanded[HASH_SIZE];
	struct slice pieces[2];

	pieces[0] = padded(exchange->a, SRP_NUMBER, room[0]);
	pieces[1] = padded(exchange->b, SRP_NUMBER, room[1]);
	hash_sha256_pieces(pieces, 2, u);
	shared(verifier, exchange, u, s);
	hash_hmac(padded(u, HASH_SIZE, room[0]), padded(s, SRP_NUMBER, room[1]),
		  extracted);
	hash_hmac(slice_make(extracted, HASH_SIZE), SLICE(KEY_INFO), expanded);
	memcpy(key, expanded, SRP_KEY);
	OPENSSL_cleanse(room, sizeof(room));
	OPENSSL_cleanse(s, sizeof(s));
	OPENSSL_cleanse(extracted, sizeof(extracted));
	OPENSSL_cleanse(expanded, sizeof(expanded));
}

void srp_proof(const uint8_t key[SRP_KEY], const struct srp_user *user,
	       struct slice block, struct slice timestamp,
	       uint8_t proof[SRP_PROOF])
{
	const struct slice pieces[4] = { user->pool, user->name, block,
					 timestamp };

	hash_hmac_pieces(slice_make(key, SRP_KEY), pieces, 4, proof);
}

void srp_hex(const uint8_t *number, size_t size, char *out)
{
	static const char digits[] = "0123456789abcdef";
	bool begun = false;

	for (size_t half = 0; half < 2 * size; half++) {
		int value = number[half / 2] >> (half & 1 ? 0 : 4) & 15;

		begun = begun || value;
		if (begun)
			*out++ = digits[value];
	}
	*out = '\0';
}
