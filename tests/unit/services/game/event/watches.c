/* tests/unit/services/game/event/watches.c - who is told of which change */
#include "services/game/event/watches.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { MAX = 6, MAX_PER_USER = 4 };

static struct loop *loop;
static struct watches *all;

struct seen {
	struct watch *watch;
	int changes;
};

static int setup(void **state)
{
	(void)state;
	loop = loop_new();
	all = watches_new(MAX, MAX_PER_USER);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	watches_free(all);
	loop_free(loop);
	return 0;
}

static void on_changed(void *arg)
{
	struct seen *seen = arg;

	seen->changes++;
}

static struct watch_item item(const char *table, const char *pk, const char *sk)
{
	return (struct watch_item){ slice_of(table), slice_of(pk),
				    slice_of(sk) };
}

static int add(struct seen *seen, struct watch_item what, const char *user)
{
	struct fault fault = { 0 };

	*seen = (struct seen){ 0 };
	seen->watch = watches_add(all, &what, slice_of(user), loop, on_changed,
				  seen, &fault);
	if (fault.code)
		assert_non_null(strstr(fault.message, fault.code == E_EXHAUSTED
							  ? "game.watches"
							  : "no stream"));
	return fault.code;
}

static void stop(struct task *task)
{
	loop_stop(task->loop);
}

/* Runs what has been posted so far. */
static void settle(void)
{
	struct task task = { .loop = loop, .done = stop };

	loop_post(loop, &task);
	loop_run(loop);
}

static void changed(const char *table, const char *pk, const char *sk)
{
	struct watch_item what = item(table, pk, sk);

	watches_changed(all, &what);
}

static void test_telling(void **state)
{
	struct seen a, twin, b, other;

	(void)state;
	assert_int_equal(add(&a, item("game", "view#1", "match#a"), "1"), 0);
	assert_int_equal(add(&twin, item("game", "view#1", "match#a"), "1"), 0);
	assert_int_equal(add(&b, item("game", "view#1", "match#b"), "1"), 0);
	assert_int_equal(add(&other, item("chess", "view#1", "match#a"), "2"),
			 0);
	changed("game", "view#1", "match#a");
	changed("game", "view#1", "match#a");
	changed("game", "view#2", "match#a");
	changed("game", "view#1match#a", "");
	settle();
	assert_int_equal(a.changes, 1); /* once, until it was told */
	assert_int_equal(twin.changes, 1);
	assert_int_equal(b.changes, 0);
	assert_int_equal(other.changes, 0);
	changed("game", "view#1", "match#a");
	settle();
	assert_int_equal(a.changes, 2);
	watches_all_changed(all, SLICE("game"));
	settle();
	assert_int_equal(a.changes, 3);
	assert_int_equal(b.changes, 1);
	assert_int_equal(other.changes, 0);
	watch_free(a.watch);
	watch_free(twin.watch);
	watch_free(b.watch);
	watch_free(other.watch);
}

static void test_freed_while_told(void **state)
{
	struct seen a, b;

	(void)state;
	add(&a, item("game", "x", "y"), "1");
	add(&b, item("game", "x", "y"), "1");
	changed("game", "x", "y");
	watch_free(a.watch);
	settle();
	assert_int_equal(a.changes, 0);
	assert_int_equal(b.changes, 1);
	watch_free(b.watch);
}

static void test_limits(void **state)
{
	struct seen one[MAX_PER_USER], two[MAX - MAX_PER_USER], more;

	(void)state;
	for (int i = 0; i < MAX_PER_USER; i++)
		assert_int_equal(add(&one[i], item("game", "x", "y"), "1"), 0);
	assert_int_equal(add(&more, item("game", "x", "y"), "1"), E_EXHAUSTED);
	for (int i = 0; i < MAX - MAX_PER_USER; i++)
		assert_int_equal(add(&two[i], item("game", "x", "y"), "2"), 0);
	assert_int_equal(add(&more, item("game", "x", "y"), "3"), E_EXHAUSTED);
	watch_free(one[0].watch);
	assert_int_equal(add(&one[0], item("game", "x", "y"), "1"), 0);
	for (int i = 0; i < MAX_PER_USER; i++)
		watch_free(one[i].watch);
	for (int i = 0; i < MAX - MAX_PER_USER; i++)
		watch_free(two[i].watch);
}

static void test_refused(void **state)
{
	struct seen a, b;

	(void)state;
	assert_int_equal(add(&a, item("game", "x", "y"), "1"), 0);
	watches_refuse(all, "game", "it has no stream");
	watches_refuse(all, "game", "it still has no stream");
	assert_int_equal(add(&b, item("game", "x", "y"), "1"), E_UNAVAILABLE);
	assert_int_equal(add(&b, item("chess", "x", "y"), "1"), 0);
	watch_free(b.watch);
	watches_refuse(all, "game", NULL);
	assert_int_equal(add(&b, item("game", "x", "y"), "1"), 0);
	watch_free(a.watch);
	watch_free(b.watch);
	watches_refuse(all, "game", "it has no stream"); /* until the end */
}

static void *change_often(void *arg)
{
	(void)arg;
	for (int i = 0; i < 10000; i++)
		changed("game", "x", "y");
	return NULL;
}

static void test_threads(void **state)
{
	struct seen a;
	pthread_t thread;

	(void)state;
	pthread_create(&thread, NULL, change_often, NULL);
	for (int i = 0; i < 1000; i++) {
		add(&a, item("game", "x", "y"), "1");
		settle();
		watch_free(a.watch);
	}
	pthread_join(thread, NULL);
	settle();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_telling),
		cmocka_unit_test(test_freed_while_told),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("watches", tests, setup, teardown);
}
