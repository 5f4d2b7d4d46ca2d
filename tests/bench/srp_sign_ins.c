/* tests/bench/srp_sign_ins.c - sign-ins by SRP, as fast as they are answered
 *
 *	srp_sign_ins SOCKET CLIENT POOL NAME PASSWORD CONNECTIONS SECONDS
 *
 * POOL is the pool's id behind its "_". Prints a line of JSON: how many, how many a
 * second, and the processor time that this program itself took, in microseconds.
 */
#include "lib/base/clock.h"
#include "lib/crypto/base64.h"
#include "tests/bench/pool_ask.h"
#include "tests/support/srp_client.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>

enum { CONNECTIONS_MAX = 256, SECRET = 32 };

#define TIMESTAMP "Tue Nov 4 09:05:07 UTC 2026"

static const char *path, *client_id, *pool, *name, *password;
static atomic_bool over;
static atomic_llong done, failed;

/* A text of the challenge. */
struct text {
	char at[POOL_ASK_TEXT];
};

static void prove(struct srp_client *c, const struct http_ask *a,
		  const char *block, char out[64])
{
	static _Thread_local struct text hex;
	static _Thread_local uint8_t bytes[POOL_ASK_TEXT];
	uint8_t proof[SRP_CLIENT_HASH];
	BIGNUM *b = NULL, *salt = NULL;
	size_t size = 0;

	pool_ask_text(a, "SRP_B", hex.at);
	BN_hex2bn(&b, hex.at);
	pool_ask_text(a, "SALT", hex.at);
	BN_hex2bn(&salt, hex.at);
	base64_decode(slice_of(block), bytes, &size);
	srp_client_prove(c, b, salt, slice_make(bytes, size), TIMESTAMP, proof);
	out[base64_encode(slice_make(proof, sizeof(proof)), out)] = '\0';
	BN_free(b);
	BN_free(salt);
}

static void sign_in(struct srp_client *c, struct http_ask *a, const char *hex)
{
	static _Thread_local struct text block;
	char signature[64];

	pool_ask(a, "InitiateAuth",
		 "{\"AuthFlow\":\"USER_SRP_AUTH\",\"ClientId\":\"%s\","
		 "\"AuthParameters\":{\"USERNAME\":\"%s\",\"SRP_A\":\"%s\"}}",
		 client_id, name, hex);
	pool_ask_text(a, "SECRET_BLOCK", block.at);
	prove(c, a, block.at, signature);
	pool_ask(a, "RespondToAuthChallenge",
		 "{\"ChallengeName\":\"PASSWORD_VERIFIER\","
		 "\"ClientId\":\"%s\",\"ChallengeResponses\":{"
		 "\"USERNAME\":\"%s\",\"PASSWORD_CLAIM_SECRET_BLOCK\":\"%s\","
		 "\"PASSWORD_CLAIM_SIGNATURE\":\"%s\","
		 "\"TIMESTAMP\":\"" TIMESTAMP "\"}}",
		 client_id, name, block.at, signature);
	atomic_fetch_add(a->status == 200 ? &done : &failed, 1);
}

static void *run(void *unused)
{
	struct srp_client c = { .pool = pool,
				.name = name,
				.password = password };
	struct http_ask *a = calloc(1, sizeof(*a));
	char *hex;

	(void)unused;
	if (!a || !http_ask_connect(a, path)) {
		perror(path);
		exit(2);
	}
	srp_client_init(&c, SECRET);
	hex = BN_bn2hex(c.big_a);
	while (!atomic_load(&over))
		sign_in(&c, a, hex);
	OPENSSL_free(hex);
	srp_client_release(&c);
	http_ask_close(a);
	free(a);
	return NULL;
}

static double own_us(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

int main(int argc, char **argv)
{
	pthread_t threads[CONNECTIONS_MAX];
	size_t count = argc == 8 ? strtoul(argv[6], NULL, 10) : 0;
	long seconds = argc == 8 ? strtol(argv[7], NULL, 10) : 0;
	int64_t start = clock_monotonic_ns();
	double took;

	if (!count || count > CONNECTIONS_MAX || seconds <= 0) {
		fputs("usage: srp_sign_ins SOCKET CLIENT POOL NAME PASSWORD "
		      "CONNECTIONS SECONDS\n",
		      stderr);
		return 2;
	}
	path = argv[1];
	client_id = argv[2];
	pool = argv[3];
	name = argv[4];
	password = argv[5];
	for (size_t i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, run, NULL))
			abort();
	nanosleep(&(struct timespec){ .tv_sec = seconds }, NULL);
	atomic_store(&over, true);
	for (size_t i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	took = (double)(clock_monotonic_ns() - start) / 1e9;
	printf("{\"sign_ins\":%lld,\"errors\":%lld,\"seconds\":%.3f,"
	       "\"rate\":%.2f,\"own_us\":%.0f}\n",
	       (long long)atomic_load(&done), (long long)atomic_load(&failed),
	       took, (double)atomic_load(&done) / took, own_us());
	return atomic_load(&failed) > 0;
}
