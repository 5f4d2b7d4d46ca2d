/* lib/crypto/key.c - a key for signatures, parsed once */
#include "lib/crypto/key.h"
#include "lib/crypto/base64.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <stdatomic.h>

enum { RSA_BITS_MIN = 2048, RSA_BITS_MAX = 4096, P256_SIZE = 32 };

struct key {
	atomic_int references;
	enum key_algorithm algorithm;
	EVP_PKEY *pkey;
};

static struct key *key_make(enum key_algorithm algorithm, EVP_PKEY *pkey)
{
	struct key *key = malloc(sizeof(*key));

	if (!key || !pkey)
		abort(); /* lack of memory ends the process */
	atomic_init(&key->references, 1);
	key->algorithm = algorithm;
	key->pkey = pkey;
	return key;
}

struct key *key_hold(struct key *key)
{
	atomic_fetch_add(&key->references, 1);
	return key;
}

void key_release(struct key *key)
{
	if (!key || atomic_fetch_sub(&key->references, 1) != 1)
		return;
	EVP_PKEY_free(key->pkey);
	free(key);
}

enum key_algorithm key_algorithm(const struct key *key)
{
	return key->algorithm;
}

const char *key_algorithm_name(enum key_algorithm algorithm)
{
	return algorithm == KEY_RS256 ? "RS256" : "ES256";
}

bool key_equal(const struct key *a, const struct key *b)
{
	return a->algorithm == b->algorithm &&
	       EVP_PKEY_eq(a->pkey, b->pkey) == 1;
}

struct key *key_generate(enum key_algorithm algorithm)
{
	if (algorithm == KEY_RS256)
		return key_make(algorithm, EVP_RSA_gen(RSA_BITS_MIN));
	return key_make(algorithm, EVP_EC_gen("P-256"));
}

/* The key, if it is one that the algorithm may use; frees it otherwise. */
static struct key *key_accept(enum key_algorithm algorithm, EVP_PKEY *pkey,
			      struct fault *fault)
{
	char group[32] = "";
	int bits;

	ERR_clear_error();
	if (!pkey) {
		fault_set(fault, E_INVALID, "not a key");
		return NULL;
	}
	bits = EVP_PKEY_get_bits(pkey);
	if (algorithm == KEY_RS256) {
		if (!EVP_PKEY_is_a(pkey, "RSA"))
			fault_set(fault, E_INVALID, "not an RSA key");
		else if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX)
			fault_set(fault, E_INVALID,
				  "an RSA key of %d bits, want %d to %d", bits,
				  RSA_BITS_MIN, RSA_BITS_MAX);
	} else if (!EVP_PKEY_is_a(pkey, "EC") ||
		   !EVP_PKEY_get_group_name(pkey, group, sizeof(group), NULL) ||
		   strcmp(group, "prime256v1") != 0) {
		fault_set(fault, E_INVALID, "not a key on P-256");
	}
	if (fault->code == E_NONE)
		return key_make(algorithm, pkey);
	EVP_PKEY_free(pkey);
	return NULL;
}

/* There is nobody to ask for a pass phrase. */
static int no_phrase(char *out, int size, int writing, void *arg)
{
	(void)out, (void)size, (void)writing, (void)arg;
	return -1;
}

struct key *key_from_pem(enum key_algorithm algorithm, struct slice pem,
			 struct fault *fault)
{
	BIO *in = BIO_new_mem_buf(pem.data, (int)pem.size);
	EVP_PKEY *pkey;

	if (!in)
		abort(); /* lack of memory ends the process */
	pkey = PEM_read_bio_PrivateKey(in, NULL, no_phrase, NULL);
	BIO_free(in);
	return key_accept(algorithm, pkey, fault);
}

void key_put_pem(const struct key *key, struct buffer *out)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	char *text;
	long size;

	if (!bio || !PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL,
						   0, NULL, NULL))
		abort(); /* lack of memory ends the process */
	size = BIO_get_mem_data(bio, &text);
	buffer_put(out, text, (size_t)size);
	BIO_free(bio);
}

/* The public key of these parameters, or NULL; frees them. */
static EVP_PKEY *from_params(const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *pkey = NULL;

	if (!context || !params)
		abort(); /* lack of memory ends the process */
	if (EVP_PKEY_fromdata_init(context) != 1 ||
	    EVP_PKEY_fromdata(context, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(context);
	OSSL_PARAM_free(params);
	return pkey;
}

struct key *key_from_rsa(struct slice modulus, struct slice exponent,
			 struct fault *fault)
{
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BIGNUM *n = NULL, *e = NULL;
	OSSL_PARAM *params;

	if (modulus.size > RSA_BITS_MAX / 8 || exponent.size > 8) {
		OSSL_PARAM_BLD_free(build);
		fault_set(fault, E_INVALID, "an RSA key that is too large");
		return NULL;
	}
	n = BN_bin2bn(modulus.data, (int)modulus.size, NULL);
	e = BN_bin2bn(exponent.data, (int)exponent.size, NULL);
	if (!build || !n || !e)
		abort(); /* lack of memory ends the process */
	OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n);
	OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e);
	params = OSSL_PARAM_BLD_to_param(build);
	OSSL_PARAM_BLD_free(build);
	if (!BN_is_odd(n) || !BN_is_odd(e) || BN_is_one(e))
		fault_set(fault, E_INVALID, "not an RSA key");
	BN_free(n);
	BN_free(e);
	return key_accept(KEY_RS256, from_params("RSA", params), fault);
}

struct key *key_from_p256(struct slice x, struct slice y, struct fault *fault)
{
	uint8_t point[1 + 2 * P256_SIZE] = { POINT_CONVERSION_UNCOMPRESSED };
	OSSL_PARAM_BLD *build;
	OSSL_PARAM *params;

	if (x.size != P256_SIZE || y.size != P256_SIZE) {
		fault_set(fault, E_INVALID, "not a point on P-256");
		return NULL;
	}
	memcpy(point + 1, x.data, P256_SIZE);
	memcpy(point + 1 + P256_SIZE, y.data, P256_SIZE);
	build = OSSL_PARAM_BLD_new();
	if (!build)
		abort(); /* lack of memory ends the process */
	OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME,
					"prime256v1", 0);
	OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point,
					 sizeof(point));
	params = OSSL_PARAM_BLD_to_param(build);
	OSSL_PARAM_BLD_free(build);
	return key_accept(KEY_ES256, from_params("EC", params), fault);
}

/* Appends ,"name":"…" with one of the key's numbers. */
static void put_number(const struct key *key, const char *name,
		       const char *param, struct buffer *out)
{
	uint8_t bytes[RSA_BITS_MAX / 8];
	char text[BASE64_SIZE(RSA_BITS_MAX / 8)];
	BIGNUM *number = NULL;
	int size;

	if (!EVP_PKEY_get_bn_param(key->pkey, param, &number))
		abort(); /* lack of memory ends the process */
	size = key->algorithm == KEY_ES256
		   ? BN_bn2binpad(number, bytes, P256_SIZE)
		   : BN_bn2bin(number, bytes);
	buffer_printf(out, ",\"%s\":\"%.*s\"", name,
		      (int)base64url_encode(slice_make(bytes, (size_t)size),
					    text),
		      text);
	BN_free(number);
}

void key_put_jwk(const struct key *key, const char *id, struct buffer *out)
{
	buffer_printf(out, "{\"kid\":\"%s\",\"alg\":\"%s\",\"use\":\"sig\"", id,
		      key_algorithm_name(key->algorithm));
	if (key->algorithm == KEY_RS256) {
		buffer_put_text(out, ",\"kty\":\"RSA\"");
		put_number(key, "n", OSSL_PKEY_PARAM_RSA_N, out);
		put_number(key, "e", OSSL_PKEY_PARAM_RSA_E, out);
	} else {
		buffer_put_text(out, ",\"kty\":\"EC\",\"crv\":\"P-256\"");
		put_number(key, "x", OSSL_PKEY_PARAM_EC_PUB_X, out);
		put_number(key, "y", OSSL_PKEY_PARAM_EC_PUB_Y, out);
	}
	buffer_put_byte(out, '}');
}

/* ECDSA's DER as JWS has it: R and S, 32 bytes each. */
static size_t raw_from_der(const uint8_t *der, size_t size, uint8_t *out)
{
	ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long)size);

	if (!signature ||
	    BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, P256_SIZE) < 0 ||
	    BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + P256_SIZE,
			 P256_SIZE) < 0)
		abort(); /* we made it ourselves just now */
	ECDSA_SIG_free(signature);
	return 2 * (size_t)P256_SIZE;
}

size_t key_sign(const struct key *key, struct slice message, uint8_t *out)
{
	uint8_t der[KEY_SIGNATURE_MAX];
	size_t size = sizeof(der);
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	if (!context ||
	    EVP_DigestSignInit_ex(context, NULL, "SHA256", NULL, NULL,
				  key->pkey, NULL) != 1 ||
	    EVP_DigestSign(context, der, &size, message.data, message.size) !=
		1)
		abort(); /* lack of memory, or a key that cannot sign */
	EVP_MD_CTX_free(context);
	if (key->algorithm == KEY_ES256)
		return raw_from_der(der, size, out);
	memcpy(out, der, size);
	return size;
}

/* R and S as ECDSA's DER; 0 when there is no memory. */
static size_t der_from_raw(struct slice raw, uint8_t *out)
{
	ECDSA_SIG *signature = ECDSA_SIG_new();
	int size;

	if (!signature ||
	    !ECDSA_SIG_set0(signature, BN_bin2bn(raw.data, P256_SIZE, NULL),
			    BN_bin2bn(raw.data + P256_SIZE, P256_SIZE, NULL)))
		abort(); /* lack of memory ends the process */
	size = i2d_ECDSA_SIG(signature, &out);
	ECDSA_SIG_free(signature);
	return size > 0 ? (size_t)size : 0;
}

bool key_verify(const struct key *key, struct slice message,
		struct slice signature)
{
	uint8_t der[2 * P256_SIZE + 16];
	EVP_MD_CTX *context;
	bool good;

	if (key->algorithm == KEY_ES256) {
		if (signature.size != 2 * P256_SIZE)
			return false;
		signature = slice_make(der, der_from_raw(signature, der));
	}
	context = EVP_MD_CTX_new();
	if (!context)
		abort(); /* lack of memory ends the process */
	good = EVP_DigestVerifyInit_ex(context, NULL, "SHA256", NULL, NULL,
				       key->pkey, NULL) == 1 &&
	       EVP_DigestVerify(context, signature.data, signature.size,
				message.data, message.size) == 1;
	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return good;
}
