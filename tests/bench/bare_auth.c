/* tests/bench/bare_auth.c - the bare limits of auth.srp and auth.refresh
 *
 *	bare_auth THREADS SECONDS POWERS SIGNATURES
 *
 * Computes so many powers of SRP's size (3072 bits, an exponent of 256, by
 * OpenSSL's function for secrets) and RSA-2048 signatures over SHA-256 in turn, on
 * so many threads. Prints rounds per second.
 */
#include "lib/base/clock.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { THREADS_MAX = 256, EXPONENT = 256, SIGNATURE = 256 };

static EVP_PKEY *rsa;
static long powers, signatures;
static atomic_bool over;
static atomic_llong rounds;

struct numbers {
	BN_CTX *ctx;
	BIGNUM *prime, *base, *exponent, *out;
	BN_MONT_CTX *montgomery;
};

static void must(int good)
{
	if (good != 1)
		abort();
}

static void numbers_init(struct numbers *n)
{
	n->ctx = BN_CTX_secure_new();
	n->prime = BN_get_rfc3526_prime_3072(NULL);
	n->base = BN_new();
	n->exponent = BN_new();
	n->out = BN_new();
	n->montgomery = BN_MONT_CTX_new();
	must(BN_rand_range(n->base, n->prime));
	must(BN_rand(n->exponent, EXPONENT, BN_RAND_TOP_ONE,
		     BN_RAND_BOTTOM_ANY));
	must(BN_MONT_CTX_set(n->montgomery, n->prime, n->ctx));
}

static void numbers_release(struct numbers *n)
{
	BN_MONT_CTX_free(n->montgomery);
	BN_free(n->out);
	BN_free(n->exponent);
	BN_free(n->base);
	BN_free(n->prime);
	BN_CTX_free(n->ctx);
}

static void sign(EVP_MD_CTX *md)
{
	static const uint8_t claims[700];
	uint8_t signature[SIGNATURE];
	size_t size = sizeof(signature);

	must(EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, rsa));
	must(EVP_DigestSign(md, signature, &size, claims, sizeof(claims)));
}

static void *work(void *unused)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	struct numbers n;

	(void)unused;
	numbers_init(&n);
	while (!atomic_load(&over)) {
		for (long i = 0; i < powers; i++)
			must(BN_mod_exp_mont_consttime(n.out, n.base,
						       n.exponent, n.prime,
						       n.ctx, n.montgomery));
		for (long i = 0; i < signatures; i++)
			sign(md);
		atomic_fetch_add(&rounds, 1);
	}
	numbers_release(&n);
	EVP_MD_CTX_free(md);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS_MAX];
	size_t count = argc == 5 ? strtoul(argv[1], NULL, 10) : 0;
	double seconds = argc == 5 ? strtod(argv[2], NULL) : 0;
	int64_t start;

	if (!count || count > THREADS_MAX || seconds <= 0) {
		fputs("usage: bare_auth THREADS SECONDS POWERS SIGNATURES\n",
		      stderr);
		return 2;
	}
	powers = strtol(argv[3], NULL, 10);
	signatures = strtol(argv[4], NULL, 10);
	rsa = EVP_RSA_gen(2048);
	start = clock_monotonic_ns();
	for (size_t i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, work, NULL))
			abort();
	nanosleep(&(struct timespec){ (time_t)seconds,
				      (long)((seconds -
					      (double)(time_t)seconds) *
					     1e9) },
		  NULL);
	atomic_store(&over, true);
	for (size_t i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	printf("%.2f\n", (double)atomic_load(&rounds) /
			     ((double)(clock_monotonic_ns() - start) / 1e9));
	EVP_PKEY_free(rsa);
	return 0;
}
