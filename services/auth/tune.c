/* services/auth/tune.c - parlor-auth tune: Argon2id fitted to a machine */
#include "services/auth/tune.h"
#include "lib/base/clock.h"
#include "services/auth/op/argon.h"
#include "services/auth/settings.h"

#include <pthread.h>
#include <unistd.h>

enum {
	TARGET_MS = 100,
	TARGET_MAX = 10000,
	ROUNDS = 3,
	MEMORY_MAX = 1 << 20, /* KiB: the setting's bound */
};

/* One of those that hash side by side. */
struct worker {
	pthread_t thread;
	const struct argon_cost *cost;
	int64_t took_us; /* the best of its rounds */
};

static void *work(void *arg)
{
	struct worker *w = arg;
	char text[ARGON_TEXT];

	for (int round = 0; round < ROUNDS; round++) {
		int64_t took_us = -clock_monotonic_ns() / 1000;

		argon_hash(w->cost, SLICE("correct horse"), text);
		took_us += clock_monotonic_ns() / 1000;
		if (!round || took_us < w->took_us)
			w->took_us = took_us;
	}
	return NULL;
}

/* The slowest of as many at once as there are threads. */
static int64_t measure(const struct argon_cost *cost, void *arg)
{
	const size_t threads = *(const size_t *)arg;
	struct worker workers[AUTH_HASH_THREADS_MAX];
	int64_t slowest = 1;

	for (size_t i = 0; i < threads; i++) {
		workers[i].cost = cost;
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			abort(); /* lack of memory ends the process */
	}
	for (size_t i = 0; i < threads; i++) {
		pthread_join(workers[i].thread, NULL);
		if (workers[i].took_us > slowest)
			slowest = workers[i].took_us;
	}
	return slowest;
}

static uint32_t memory_share(size_t threads)
{
	int64_t free_kb =
	    (int64_t)sysconf(_SC_AVPHYS_PAGES) * sysconf(_SC_PAGESIZE) / 1024;
	int64_t share = free_kb / 4 / (int64_t)threads;

	return (uint32_t)(share < MEMORY_MAX ? share : MEMORY_MAX);
}

static int tune(const void *settings, const char *operand, struct fault *fault)
{
	const struct auth_settings *s = settings;
	size_t threads = auth_hash_threads(&s->rules);
	uint64_t target_ms = TARGET_MS;
	struct argon_cost cost;
	int64_t took_us;

	if (operand &&
	    (slice_to_u64(slice_of(operand), TARGET_MAX, &target_ms) ||
	     !target_ms))
		return fault_set(fault, E_INVALID,
				 "tune: '%s' is not 1 to %d milliseconds",
				 operand, TARGET_MAX);
	cost = argon_fit(memory_share(threads), (int64_t)target_ms * 1000,
			 measure, &threads);
	took_us = measure(&cost, &threads);
	printf("# %zu at once, each in %lld ms: %lld sign-ins a second\n"
	       "auth:\n"
	       "  hash_memory: %uMB\n"
	       "  hash_passes: %u\n"
	       "  hash_lanes: %u\n",
	       threads, (long long)(took_us + 500) / 1000,
	       (long long)threads * 1000000 / took_us, cost.memory / 1024,
	       cost.passes, cost.lanes);
	return 0;
}

const struct daemon_command auth_commands[] = {
	{ "tune", "[MILLISECONDS]", tune,
	  "Print settings for Argon2id that fit this machine: with them a "
	  "password's hash takes so long, 100 without a number, while all "
	  "threads hash." },
	{ 0 }
};
