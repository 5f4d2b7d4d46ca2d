/* tests/support/srp_client.h - the other side of a sign-in by SRP
 *
 * Written as Cognito's own clients are: numbers as hexadecimal text, padded before
 * they are hashed. It shares nothing with services/auth/srp.
 */
#ifndef PARLOR_TESTS_SRP_CLIENT_H
#define PARLOR_TESTS_SRP_CLIENT_H

#include "lib/base/buffer.h"
#include "lib/base/random.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

enum { SRP_CLIENT_NUMBER = 384, SRP_CLIENT_HASH = 32, SRP_CLIENT_SECRET = 128 };

struct srp_client {
	const char *pool, *name, *password; /* the pool's id behind "_" */
	BN_CTX *ctx;
	BIGNUM *n, *g, *k, *a, *big_a;
	struct buffer text;
};

/* Its padHex, as bytes. */
static inline void srp_client_put(struct buffer *out, const BIGNUM *n)
{
	uint8_t bytes[SRP_CLIENT_NUMBER];
	int size = BN_bn2bin(n, bytes);

	if (size && bytes[0] >= 0x80)
		buffer_put_byte(out, 0);
	buffer_put(out, bytes, (size_t)size);
}

static inline BIGNUM *srp_client_hash(struct buffer *in)
{
	uint8_t out[SRP_CLIENT_HASH];
	struct slice bytes = buffer_slice(in);

	EVP_Digest(bytes.data, bytes.size, out, NULL, EVP_sha256(), NULL);
	buffer_reset(in);
	return BN_bin2bn(out, SRP_CLIENT_HASH, NULL);
}

/* Draws its secret, of so many bytes at most. */
static inline void srp_client_init(struct srp_client *c, size_t secret_size)
{
	uint8_t secret[SRP_CLIENT_SECRET];

	c->ctx = BN_CTX_new();
	c->n = BN_get_rfc3526_prime_3072(NULL);
	c->g = BN_new();
	BN_set_word(c->g, 2);
	buffer_init(&c->text, 4096);
	srp_client_put(&c->text, c->n);
	srp_client_put(&c->text, c->g);
	c->k = srp_client_hash(&c->text);
	random_bytes(secret, secret_size);
	c->a = BN_bin2bn(secret, (int)secret_size, NULL);
	c->big_a = BN_new();
	BN_mod_exp(c->big_a, c->g, c->a, c->n, c->ctx);
}

static inline void srp_client_release(struct srp_client *c)
{
	BN_free(c->n);
	BN_free(c->g);
	BN_free(c->k);
	BN_free(c->a);
	BN_free(c->big_a);
	BN_CTX_free(c->ctx);
	buffer_release(&c->text);
}

static inline BIGNUM *srp_client_x(struct srp_client *c, const BIGNUM *salt)
{
	uint8_t inner[SRP_CLIENT_HASH];
	struct slice words;

	buffer_printf(&c->text, "%s%s:%s", c->pool, c->name, c->password);
	words = buffer_slice(&c->text);
	EVP_Digest(words.data, words.size, inner, NULL, EVP_sha256(), NULL);
	buffer_reset(&c->text);
	srp_client_put(&c->text, salt);
	buffer_put(&c->text, inner, SRP_CLIENT_HASH);
	return srp_client_hash(&c->text);
}

/* S = (B - k g^x)^(a + u x) */
static inline BIGNUM *srp_client_secret(struct srp_client *c,
					const BIGNUM *big_b, const BIGNUM *u,
					const BIGNUM *salt)
{
	BIGNUM *x = srp_client_x(c, salt), *s = BN_new(), *e = BN_new();

	BN_mod_exp(s, c->g, x, c->n, c->ctx);
	BN_mod_mul(s, s, c->k, c->n, c->ctx);
	BN_mod_sub(s, big_b, s, c->n, c->ctx);
	BN_mul(e, u, x, c->ctx);
	BN_add(e, e, c->a);
	BN_mod_exp(s, s, e, c->n, c->ctx);
	BN_free(x);
	BN_free(e);
	return s;
}

/* HKDF, then the signature over the names, the block and the time. */
static inline void srp_client_prove(struct srp_client *c, const BIGNUM *big_b,
				    const BIGNUM *salt, struct slice block,
				    const char *timestamp,
				    uint8_t proof[SRP_CLIENT_HASH])
{
	uint8_t mixer[SRP_CLIENT_HASH + 1], prk[SRP_CLIENT_HASH];
	uint8_t key[SRP_CLIENT_HASH];
	struct slice bytes;
	BIGNUM *u, *s;
	size_t size;

	srp_client_put(&c->text, c->big_a);
	srp_client_put(&c->text, big_b);
	u = srp_client_hash(&c->text);
	s = srp_client_secret(c, big_b, u, salt);
	srp_client_put(&c->text, u);
	size = buffer_size(&c->text);
	memcpy(mixer, buffer_slice(&c->text).data, size);
	buffer_reset(&c->text);
	srp_client_put(&c->text, s);
	bytes = buffer_slice(&c->text);
	HMAC(EVP_sha256(), mixer, (int)size, bytes.data, bytes.size, prk, NULL);
	buffer_reset(&c->text);
	HMAC(EVP_sha256(), prk, SRP_CLIENT_HASH,
	     (const uint8_t *)"Caldera Derived Key\x01", 20, key, NULL);
	buffer_printf(&c->text, "%s%s", c->pool, c->name);
	buffer_put_slice(&c->text, block);
	buffer_put_text(&c->text, timestamp);
	bytes = buffer_slice(&c->text);
	HMAC(EVP_sha256(), key, 16, bytes.data, bytes.size, proof, NULL);
	buffer_reset(&c->text);
	BN_free(u);
	BN_free(s);
}

#endif
