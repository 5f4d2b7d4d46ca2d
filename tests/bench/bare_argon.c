/* tests/bench/bare_argon.c - the bare limit of auth.sign_in; links: service_auth
 *
 *	bare_argon THREADS SECONDS
 *
 * Verifies a password by libargon2 itself, with the parameters that parlor-auth
 * ships, on so many threads. Prints verifications per second.
 */
#include "lib/base/clock.h"

#include <argon2.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { MEMORY = 19456, PASSES = 2, LANES = 1, THREADS_MAX = 256 };

static const char password[] = "Correct-horse-7";
static char hash[160];
static atomic_bool over;
static atomic_llong verified;

static void *verify(void *unused)
{
	(void)unused;
	while (!atomic_load(&over)) {
		if (argon2id_verify(hash, password, sizeof(password) - 1) !=
		    ARGON2_OK)
			abort();
		atomic_fetch_add(&verified, 1);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS_MAX];
	size_t count = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
	double seconds = argc == 3 ? strtod(argv[2], NULL) : 0;
	int64_t start;

	if (!count || count > THREADS_MAX || seconds <= 0) {
		fputs("usage: bare_argon THREADS SECONDS\n", stderr);
		return 2;
	}
	if (argon2id_hash_encoded(PASSES, MEMORY, LANES, password,
				  sizeof(password) - 1, "0123456789abcdef", 16,
				  32, hash, sizeof(hash)) != ARGON2_OK)
		abort();
	start = clock_monotonic_ns();
	for (size_t i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, verify, NULL))
			abort();
	nanosleep(&(struct timespec){ (time_t)seconds,
				      (long)((seconds -
					      (double)(time_t)seconds) *
					     1e9) },
		  NULL);
	atomic_store(&over, true);
	for (size_t i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	printf("%.2f\n", (double)atomic_load(&verified) /
			     ((double)(clock_monotonic_ns() - start) / 1e9));
	return 0;
}
