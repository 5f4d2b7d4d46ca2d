/* lib/crypto/hash.c - SHA-256, and HMAC over it */
#include "lib/crypto/hash.h"

#include <assert.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>

enum { HASH_BLOCK = 64 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t context_key;
static EVP_MD *sha256;

static void context_free(void *context)
{
	EVP_MD_CTX_free(context);
}

static void start(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (!sha256 || pthread_key_create(&context_key, context_free))
		abort(); /* no OpenSSL worth the name, or no memory */
}

/* This thread's context, ready for a new digest. */
static EVP_MD_CTX *begin(void)
{
	EVP_MD_CTX *context;

	pthread_once(&once, start);
	context = pthread_getspecific(context_key);
	if (!context) {
		context = EVP_MD_CTX_new();
		if (!context || pthread_setspecific(context_key, context))
			abort(); /* lack of memory ends the process */
	}
	if (EVP_DigestInit_ex2(context, sha256, NULL) != 1)
		abort();
	return context;
}

void hash_sha256_pieces(const struct slice *pieces, size_t count,
			uint8_t out[HASH_SIZE])
{
	EVP_MD_CTX *context = begin();

	for (size_t i = 0; i < count; i++)
		if (EVP_DigestUpdate(context, pieces[i].data, pieces[i].size) !=
		    1)
			abort();
	if (EVP_DigestFinal_ex(context, out, NULL) != 1)
		abort();
}

void hash_sha256(struct slice data, uint8_t out[HASH_SIZE])
{
	hash_sha256_pieces(&data, 1, out);
}

void hash_hmac_pieces(struct slice key, const struct slice *pieces,
		      size_t count, uint8_t out[HASH_SIZE])
{
	uint8_t block[HASH_BLOCK] = { 0 }, inner[HASH_SIZE];
	struct slice all[1 + HASH_PIECES] = { slice_make(block, HASH_BLOCK) };

	assert(count <= HASH_PIECES);
	memcpy(all + 1, pieces, count * sizeof(*pieces));
	if (key.size > HASH_BLOCK)
		hash_sha256(key, block);
	else if (key.size)
		memcpy(block, key.data, key.size);
	for (size_t i = 0; i < HASH_BLOCK; i++)
		block[i] ^= 0x36;
	hash_sha256_pieces(all, 1 + count, inner);
	for (size_t i = 0; i < HASH_BLOCK; i++)
		block[i] ^= 0x36 ^ 0x5c;
	all[1] = slice_make(inner, HASH_SIZE);
	hash_sha256_pieces(all, 2, out);
	OPENSSL_cleanse(block, sizeof(block));
}

void hash_hmac(struct slice key, struct slice data, uint8_t out[HASH_SIZE])
{
	hash_hmac_pieces(key, &data, 1, out);
}

void hash_hex(const uint8_t hash[HASH_SIZE], char out[HASH_HEX])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < HASH_SIZE; i++) {
		out[2 * i] = digits[hash[i] >> 4];
		out[2 * i + 1] = digits[hash[i] & 15];
	}
	out[2 * HASH_SIZE] = '\0';
}

void hash_sha256_hex(struct slice data, char out[HASH_HEX])
{
	uint8_t hash[HASH_SIZE];

	hash_sha256(data, hash);
	hash_hex(hash, out);
}
