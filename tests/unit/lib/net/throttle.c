/* tests/unit/lib/net/throttle.c - so many in a second or an hour */
#include "lib/net/throttle.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof(*(table)))
#define MS 1000000ll

static void test_bucket(void **state)
{
	/* ten a second, three at once */
	static const struct {
		int64_t at_ms;
		const char *who;
		int64_t wait_ms;
	} steps[] = {
		{ 1000, "ann", 0 }, { 1000, "ann", 0 },
		{ 1000, "ann", 0 }, { 1000, "ann", 100 },
		{ 1000, "bob", 0 }, { 1050, "ann", 50 },
		{ 1100, "ann", 0 }, { 1100, "ann", 100 },
		{ 2000, "ann", 0 }, { 2000, "ann", 0 },
		{ 2000, "ann", 0 }, { 2000, "ann", 100 },
		{ 2000, "bob", 0 },
	};
	struct throttle *t = throttle_new(10, 1000, 3);

	(void)state;
	for (size_t i = 0; i < ROWS(steps); i++) {
		int64_t got = throttle_take(t, slice_of(steps[i].who),
					    steps[i].at_ms * MS);

		if (got != steps[i].wait_ms)
			fail_msg("step %zu: got %lld, want %lld", i,
				 (long long)got, (long long)steps[i].wait_ms);
	}
	throttle_free(t);
}

static void test_hour(void **state)
{
	struct throttle *t = throttle_new(100, 3600000, 100);

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_int_equal(throttle_take(t, SLICE("ann"), MS), 0);
	assert_int_equal(throttle_take(t, SLICE("ann"), MS), 36000);
	assert_int_equal(throttle_take(t, SLICE("ann"), 36001 * MS), 0);
	assert_int_equal(throttle_take(t, SLICE("ann"), 36001 * MS), 36000);
	throttle_free(t);
}

static void test_no_limit(void **state)
{
	struct throttle *t = throttle_new(0, 1000, 5);

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(throttle_take(t, SLICE("ann"), MS), 0);
	throttle_free(t);
}

static void test_crowd(void **state)
{
	struct throttle *t = throttle_new(1, 1000, 2);
	char who[16];

	(void)state;
	/* a crowd larger than the table: each is let through at first */
	for (int i = 0; i < 200000; i++) {
		snprintf(who, sizeof(who), "%d", i);
		assert_int_equal(throttle_take(t, slice_of(who), 1000 * MS), 0);
	}
	throttle_free(t);
}

/* What is known afterwards is taken, also beyond what there is. */
static void test_spend(void **state)
{
	struct throttle *t = throttle_new(10, 1000, 5);
	struct slice ann = SLICE("ann");
	const int64_t now = 5000 * MS;

	(void)state;
	assert_int_equal(throttle_wait(t, ann, 0, now), 0);
	throttle_spend(t, ann, 400 * MS, now);
	assert_int_equal(throttle_wait(t, ann, 0, now), 0);
	assert_int_equal(throttle_wait(t, ann, 100 * MS, now), 1);
	assert_int_equal(throttle_wait(t, ann, 99 * MS, now), 0);
	throttle_spend(t, ann, 300 * MS, now);
	assert_int_equal(throttle_wait(t, ann, 0, now), 201);
	assert_int_equal(throttle_wait(t, ann, 0, now + 200 * MS), 1);
	assert_int_equal(throttle_wait(t, ann, 0, now + 201 * MS), 0);
	assert_int_equal(throttle_wait(t, SLICE("bob"), 500 * MS, now), 1);
	assert_int_equal(throttle_wait(t, SLICE("bob"), 499 * MS, now), 0);
	throttle_free(t);
	assert_int_equal(throttle_wait(NULL, ann, 0, now), 0);
	throttle_spend(NULL, ann, 1, now);
}

static struct throttle *shared;
static atomic_int passed;

static void *hammer(void *arg)
{
	(void)arg;
	for (int i = 0; i < 20000; i++)
		if (throttle_take(shared, SLICE("ann"), 5000 * MS) == 0)
			atomic_fetch_add(&passed, 1);
	return NULL;
}

static void test_threads(void **state)
{
	pthread_t threads[4];

	(void)state;
	shared = throttle_new(1000, 1000, 50);
	assert_int_equal(throttle_take(shared, SLICE("ann"), 5000 * MS), 0);
	for (size_t i = 0; i < ROWS(threads); i++)
		pthread_create(&threads[i], NULL, hammer, NULL);
	for (size_t i = 0; i < ROWS(threads); i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(atomic_load(&passed), 49);
	throttle_free(shared);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bucket),	 cmocka_unit_test(test_hour),
		cmocka_unit_test(test_no_limit), cmocka_unit_test(test_crowd),
		cmocka_unit_test(test_threads),	 cmocka_unit_test(test_spend),
	};

	return cmocka_run_group_tests_name("throttle", tests, NULL, NULL);
}
