/* lib/crypto/seal.c - secrets at rest */
#include "lib/crypto/seal.h"
#include "lib/base/random.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/keyfile.h"

#include <limits.h>
#include <openssl/evp.h>

enum { SEAL_VERSION = 1, SEAL_NONCE = 12, SEAL_TAG = 16 };

struct seal {
	uint8_t key[SEAL_KEY];
	uint8_t deriving[SEAL_KEY];
};

struct seal *seal_from_key(const uint8_t key[SEAL_KEY])
{
	struct seal *s = OPENSSL_malloc(sizeof(*s));

	if (!s)
		abort(); /* lack of memory ends the process */
	memcpy(s->key, key, SEAL_KEY);
	hash_hmac(slice_make(key, SEAL_KEY), SLICE("parlor seal: derive"),
		  s->deriving);
	return s;
}

struct seal *seal_new(const char *key_file, struct fault *fault)
{
	uint8_t key[SEAL_KEY];
	struct seal *s;

	if (keyfile_read_secret(key_file, key, fault))
		return NULL;
	s = seal_from_key(key);
	OPENSSL_cleanse(key, sizeof(key));
	return s;
}

void seal_free(struct seal *s)
{
	OPENSSL_clear_free(s, sizeof(*s));
}

/* One pass of the cipher over `in`. The tag is written when closing, checked
 * when opening. */
static bool run(const struct seal *s, bool closing, const uint8_t *nonce,
		struct slice where, struct slice in, uint8_t *out, uint8_t *tag)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int size;
	bool good;

	good = c && in.size < INT_MAX && where.size < INT_MAX &&
	       EVP_CipherInit_ex2(c, EVP_aes_256_gcm(), s->key, nonce, closing,
				  NULL) &&
	       EVP_CipherUpdate(c, NULL, &size, where.data, (int)where.size) &&
	       EVP_CipherUpdate(c, out, &size, in.data, (int)in.size) &&
	       (closing ||
		EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, SEAL_TAG, tag)) &&
	       EVP_CipherFinal_ex(c, out + in.size, &size) == 1 &&
	       (!closing ||
		EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, SEAL_TAG, tag));
	EVP_CIPHER_CTX_free(c);
	return good;
}

struct slice seal_close(const struct seal *s, struct slice secret,
			struct slice where, struct arena *mem)
{
	uint8_t *out = arena_alloc(mem, secret.size + SEAL_OVERHEAD);
	uint8_t *body;

	if (!out)
		return (struct slice){ 0 };
	body = out + 1 + SEAL_NONCE;
	out[0] = SEAL_VERSION;
	random_bytes(out + 1, SEAL_NONCE);
	if (!run(s, true, out + 1, where, secret, body, body + secret.size))
		abort(); /* lack of memory ends the process */
	return slice_make(out, secret.size + SEAL_OVERHEAD);
}

int seal_open(const struct seal *s, struct slice sealed, struct slice where,
	      struct arena *mem, struct slice *secret)
{
	uint8_t tag[SEAL_TAG], *out;
	struct slice body;

	if (sealed.size < SEAL_OVERHEAD || sealed.data[0] != SEAL_VERSION)
		return -E_LOSS;
	body = slice_make(sealed.data + 1 + SEAL_NONCE,
			  sealed.size - SEAL_OVERHEAD);
	memcpy(tag, body.data + body.size, SEAL_TAG);
	out = arena_alloc(mem, body.size + 1);
	if (!out)
		return -E_EXHAUSTED;
	if (!run(s, false, sealed.data + 1, where, body, out, tag)) {
		OPENSSL_cleanse(out, body.size);
		return -E_LOSS;
	}
	*secret = slice_make(out, body.size);
	return 0;
}

void seal_derive(const struct seal *s, const struct slice *pieces, size_t count,
		 uint8_t out[SEAL_KEY])
{
	hash_hmac_pieces(slice_make(s->deriving, SEAL_KEY), pieces, count, out);
}
