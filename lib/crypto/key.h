/* lib/crypto/key.h - a key for signatures, parsed once
 *
 * The algorithm belongs to the key and not to what was signed with it: a token
 * never chooses how it is checked. Immutable and counted; any thread.
 */
#ifndef PARLOR_CRYPTO_KEY_H
#define PARLOR_CRYPTO_KEY_H

#include "lib/base/buffer.h"
#include "lib/base/fault.h"

enum key_algorithm {
	KEY_RS256, /* RSASSA-PKCS1-v1_5 with SHA-256, 2048 to 4096 bits */
	KEY_ES256, /* ECDSA on P-256 with SHA-256, signature as R and S */
};

enum { KEY_ID_MAX = 128, KEY_SIGNATURE_MAX = 512, KEY_PEM_MAX = 8192 };

struct key;

/* A new pair: RSA of 2048 bits, or P-256. */
struct key *key_generate(enum key_algorithm);

/* Reads a private key (PKCS #8 PEM). NULL, with words, when it is none, or not
 * one for that algorithm. */
struct key *key_from_pem(enum key_algorithm, struct slice pem, struct fault *);

/* Appends the private key as PEM. */
void key_put_pem(const struct key *, struct buffer *);

/* Public keys from a JWK's numbers, big-endian. */
struct key *key_from_rsa(struct slice modulus, struct slice exponent,
			 struct fault *);
struct key *key_from_p256(struct slice x, struct slice y, struct fault *);

/* Appends the public key as a JWK (RFC 7517) with "kid", "alg" and "use". */
void key_put_jwk(const struct key *, const char *id, struct buffer *);

struct key *key_hold(struct key *);
void key_release(struct key *); /* NULL does nothing */

enum key_algorithm key_algorithm(const struct key *);
const char *key_algorithm_name(enum key_algorithm); /* "RS256" */

/* The same public key? */
bool key_equal(const struct key *, const struct key *);

/* Signs; returns the signature's length. `out` has KEY_SIGNATURE_MAX bytes. */
size_t key_sign(const struct key *, struct slice message, uint8_t *out);

bool key_verify(const struct key *, struct slice message,
		struct slice signature);

#endif
