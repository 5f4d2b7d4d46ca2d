/* tests/unit/lib/crypto/threads.c - many check while keys and revocations change
 */
#include "lib/crypto/identity.h"
#include "lib/crypto/keyset.h"
#include "lib/crypto/revocations.h"
#include "lib/crypto/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { NOW = 1764097200, THREADS = 4, ROUNDS = 300, TOKENS = 4 };

static struct keyset *users;
static struct revocations *revocations;
static struct identity *identity;
static struct buffer tokens[TOKENS];
static atomic_int wrong;
static atomic_bool revoked; /* the last token has been, for good */

static void load(const struct key *first, const struct key *second)
{
	struct buffer text;
	struct fault fault;

	buffer_init(&text, 65536);
	fault_clear(&fault);
	buffer_put_text(&text, "{\"keys\":[");
	key_put_jwk(first, "u1", &text);
	buffer_put_byte(&text, ',');
	key_put_jwk(second, "u2", &text);
	buffer_put_text(&text, "]}");
	if (keyset_load(users, buffer_slice(&text), &fault))
		atomic_fetch_add(&wrong, 1);
	buffer_release(&text);
}

static int check(size_t i)
{
	struct principal who;
	struct fault fault;
	struct arena mem;
	int result;

	arena_init(&mem, 65536);
	fault_clear(&fault);
	result = identity_check_user(identity, buffer_slice(&tokens[i]),
				     NOW * 1000ll, &mem, &who, &fault);
	arena_release(&mem);
	return result;
}

static void *reader(void *unused)
{
	(void)unused;
	for (int round = 0; round < ROUNDS * 10; round++) {
		bool was = atomic_load(&revoked);

		for (size_t i = 0; i + 1 < TOKENS; i++)
			if (check(i))
				atomic_fetch_add(&wrong, 1);
		if (was && check(TOKENS - 1) != -E_TOKEN_REVOKED)
			atomic_fetch_add(&wrong, 1);
	}
	return NULL;
}

/* Swaps the second key to and fro and fills the set of revocations, so that it
 * grows and is swept under its readers. */
static void disturb(const struct key *first, const struct key *second)
{
	char value[32];

	for (int round = 0; round < ROUNDS; round++) {
		load(first, round & 1 ? second : first);
		for (int i = 0; i < 20; i++) {
			snprintf(value, sizeof(value), "other %d %d", round, i);
			revocations_add(revocations, REVOKE_TOKEN,
					slice_of(value), 0, NOW + round);
		}
		if (round == ROUNDS / 2) {
			revocations_add(revocations, REVOKE_ORIGIN,
					SLICE("sign-in 3"), 0, NOW + 3600);
			atomic_store(&revoked, true);
		}
		revocations_sweep(revocations, NOW + round - 50);
	}
}

static void test_threads(void **state)
{
	struct key *first = key_generate(KEY_RS256),
		   *second = key_generate(KEY_RS256);
	pthread_t threads[THREADS];
	char claims[512];

	(void)state;
	users = keyset_new();
	revocations = revocations_new();
	identity = identity_new(&(struct identity_options){
	    .service = "kv",
	    .users = users,
	    .issuer = "i",
	    .revocations = revocations,
	});
	load(first, second);
	for (size_t i = 0; i < TOKENS; i++) {
		snprintf(
		    claims, sizeof(claims),
		    "{\"sub\":\"s\",\"iss\":\"i\",\"token_use\":\"access\","
		    "\"origin_jti\":\"sign-in %zu\",\"iat\":%d,"
		    "\"exp\":%d}",
		    i, NOW, NOW + 60);
		buffer_init(&tokens[i], 4096);
		token_sign(first, "u1", slice_of(claims), &tokens[i]);
	}
	for (size_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, reader, NULL);
	disturb(first, second);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(atomic_load(&wrong), 0);
	for (size_t i = 0; i < TOKENS; i++)
		buffer_release(&tokens[i]);
	identity_free(identity);
	keyset_free(users);
	revocations_free(revocations);
	key_release(first);
	key_release(second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
