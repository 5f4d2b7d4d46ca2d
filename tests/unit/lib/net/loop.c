/* tests/unit/lib/net/loop.c - loops, pools and timers */
#include "lib/net/loop.h"
#include "lib/base/clock.h"
#include "lib/base/fault.h"

#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { POSTERS = 4, POSTS = 1000 };

struct post {
	struct task task;
	struct loop *loop;
	int poster, number;
};

static int last_number[POSTERS];
static int posts_seen;
static bool in_order = true;

static void post_done(struct task *task)
{
	struct post *p = LIST_ENTRY(task, struct post, task);

	if (p->number != last_number[p->poster] + 1)
		in_order = false;
	last_number[p->poster] = p->number;
	if (++posts_seen == POSTERS * POSTS)
		loop_stop(p->loop);
}

static void *post_many(void *arg)
{
	struct post *posts = arg;

	for (int i = 0; i < POSTS; i++)
		loop_post(posts[i].loop, &posts[i].task);
	return NULL;
}

static void test_posts_arrive_once_in_order(void **state)
{
	static struct post posts[POSTERS][POSTS];
	pthread_t threads[POSTERS];
	struct loop *loop = loop_new();

	(void)state;
	for (int t = 0; t < POSTERS; t++) {
		for (int i = 0; i < POSTS; i++)
			posts[t][i] = (struct post){
				{ .done = post_done }, loop, t, i + 1
			};
		pthread_create(&threads[t], NULL, post_many, posts[t]);
	}
	loop_run(loop);
	for (int t = 0; t < POSTERS; t++)
		pthread_join(threads[t], NULL);
	assert_int_equal(posts_seen, POSTERS * POSTS);
	assert_true(in_order);
	loop_free(loop);
}

struct job {
	struct task task;
	sem_t *gate;
	pthread_t ran_on;
	int *left;
};

static void job_run(struct task *task)
{
	struct job *job = LIST_ENTRY(task, struct job, task);

	sem_wait(job->gate);
	job->ran_on = pthread_self();
}

static void job_done(struct task *task)
{
	struct job *job = LIST_ENTRY(task, struct job, task);

	if (--*job->left == 0)
		loop_stop(task->loop);
}

static void test_pool_is_bounded_and_comes_back(void **state)
{
	enum { DEPTH = 3, JOBS = 1 + DEPTH };
	struct loop *loop = loop_new();
	struct pool *pool = pool_new(1, DEPTH);
	struct job jobs[JOBS + 1];
	int left = 0;
	sem_t gate;

	(void)state;
	sem_init(&gate, 0, 0);
	for (int i = 0; i < JOBS + 1; i++)
		jobs[i] = (struct job){
			.task = { .run = job_run, .done = job_done },
			.gate = &gate,
			.left = &left,
		};
	/* At least the queue's depth is taken, at most one more is running. */
	for (int i = 0; i < JOBS + 1; i++)
		if (pool_submit(pool, loop, &jobs[i].task) == 0)
			left++;
	assert_in_range(left, DEPTH, JOBS);
	assert_int_equal(pool_submit(pool, loop, &jobs[JOBS].task),
			 -E_EXHAUSTED);
	for (int i = 0; i < JOBS; i++)
		sem_post(&gate);
	loop_run(loop);
	assert_int_equal(left, 0);
	assert_false(pthread_equal(jobs[0].ran_on, pthread_self()));
	pool_end(pool);
	assert_int_equal(pool_submit(pool, loop, &jobs[0].task), -E_EXHAUSTED);
	pool_free(pool);
	sem_destroy(&gate);
	loop_free(loop);
}

static void test_what_a_pool_did_is_settled_without_its_loop(void **state)
{
	struct loop *loop = loop_new();
	struct pool *pool = pool_new(1, 1);
	int left = 1;
	struct job job = {
		.task = { .run = job_run, .done = job_done },
		.left = &left,
	};
	sem_t gate;

	(void)state;
	sem_init(&gate, 0, 1);
	job.gate = &gate;
	assert_int_equal(pool_submit(pool, loop, &job.task), 0);
	pool_end(pool);
	assert_int_equal(left, 1);
	assert_true(loop_settle(loop));
	assert_int_equal(left, 0);
	assert_false(loop_settle(loop));
	pool_free(pool);
	sem_destroy(&gate);
	loop_free(loop);
}

struct alarm_clock {
	struct timer timer;
	struct loop *loop;
	int fired, again;
};

static void ring(struct timer *t)
{
	struct alarm_clock *a = LIST_ENTRY(t, struct alarm_clock, timer);

	a->fired++;
	if (a->again-- > 0)
		timer_set(t, 5);
	else
		loop_stop(a->loop);
}

static void test_timers(void **state)
{
	struct loop *loop = loop_new();
	struct alarm_clock repeats = { .loop = loop, .again = 2 };
	struct alarm_clock never = { .loop = loop };
	int64_t start = clock_monotonic_ms();

	(void)state;
	timer_init(&repeats.timer, loop, ring);
	timer_init(&never.timer, loop, ring);
	timer_set(&never.timer, 1);
	timer_cancel(&never.timer);
	timer_set(&repeats.timer, 10);
	loop_run(loop);
	assert_int_equal(repeats.fired, 3);
	assert_int_equal(never.fired, 0);
	assert_in_range(clock_monotonic_ms() - start, 18, 2000);
	timer_release(&repeats.timer);
	timer_release(&never.timer);
	loop_free(loop);
}

struct turn {
	struct loop_turn turn;
	int ends;
};

static void count_turn(struct loop_turn *turn)
{
	LIST_ENTRY(turn, struct turn, turn)->ends++;
}

static void test_turns_end(void **state)
{
	struct loop *loop = loop_new();
	struct turn turn = { .turn = { .end = count_turn } };

	(void)state;
	loop_turn_add(loop, &turn.turn);
	loop_stop(loop); /* before it runs: it ends at once */
	loop_run(loop);
	assert_int_equal(turn.ends, 0);
	struct alarm_clock once = { .loop = loop };
	timer_init(&once.timer, loop, ring);
	timer_set(&once.timer, 1);
	loop_run(loop);
	assert_in_range(turn.ends, 1, 3);
	loop_turn_remove(&turn.turn);
	timer_release(&once.timer);
	loop_free(loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_posts_arrive_once_in_order),
		cmocka_unit_test(test_pool_is_bounded_and_comes_back),
		cmocka_unit_test(
		    test_what_a_pool_did_is_settled_without_its_loop),
		cmocka_unit_test(test_timers),
		cmocka_unit_test(test_turns_end),
	};

	return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
