/* tests/unit/lib/meter/spool.c - what SIGKILL cannot lose
 *
 * A child counts and tells each sum through a pipe; killed at a random instant,
 * it has left at least that sum in the file.
 */
#include "lib/meter/spool.h"
#include "lib/base/random.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/parlor-spool-XXXXXX";

enum { HOUR = 490000 };

static struct spool *open_spool(void)
{
	struct fault fault = { 0 };
	struct spool *s = spool_open(dir, "kv", &fault);

	if (!s)
		fail_msg("%s", fault.message);
	return s;
}

static void add(struct spool *s, const char *principal, int64_t hour,
		int64_t quantity)
{
	spool_add(s,
		  &(struct spool_key){ .principal = slice_of(principal),
				       .resource = SLICE("game"),
				       .operation = "GetItem",
				       .unit = "ReadRequestUnits",
				       .hour = hour },
		  quantity);
}

/* Acknowledges all there is and returns the sum of what had not been sent. */
static int64_t drain(struct spool *s, int64_t hour)
{
	struct arena mem;
	struct spool_batch batch;
	int64_t sum = 0;

	arena_init(&mem, 1 << 20);
	while (spool_batch(s, &mem, 100, hour, &batch)) {
		for (size_t i = 0; i < batch.count; i++)
			sum += batch.rows[i].total;
		spool_acknowledge(s, &batch);
		arena_reset(&mem);
	}
	arena_release(&mem);
	return sum;
}

static size_t files(void)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	size_t count = 0;

	while ((entry = readdir(d)))
		count += entry->d_name[0] != '.';
	closedir(d);
	return count;
}

static int clean(void **state)
{
	char path[300];
	DIR *d = opendir(dir);
	struct dirent *entry;

	(void)state;
	while ((entry = readdir(d))) {
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		if (entry->d_name[0] != '.')
			unlink(path);
	}
	closedir(d);
	return 0;
}

static void test_totals(void **state)
{
	struct spool *s = open_spool();
	struct spool_batch first, again;
	struct arena mem;

	(void)state;
	arena_init(&mem, 1 << 20);
	assert_false(spool_batch(s, &mem, 10, HOUR, &first));
	add(s, "user:a", HOUR, 2);
	add(s, "user:a", HOUR, 3);
	add(s, "user:b", HOUR, 1);
	assert_true(spool_batch(s, &mem, 10, HOUR, &first));
	assert_int_equal(first.count, 2);
	assert_int_equal(first.rows[0].total, 5);
	assert_true(slice_is(first.rows[0].key.principal, "user:a"));
	assert_true(slice_is(first.rows[0].key.resource, "game"));
	assert_string_equal(first.rows[0].key.operation, "GetItem");
	assert_string_equal(first.rows[0].key.unit, "ReadRequestUnits");
	assert_int_equal(first.rows[0].key.hour, HOUR);
	/* not acknowledged: it comes again, under a later number */
	assert_true(spool_batch(s, &mem, 10, HOUR, &again));
	assert_int_equal(again.count, 2);
	assert_int_equal(again.sequence, first.sequence + 1);
	add(s, "user:b", HOUR, 1); /* after the batch was made */
	spool_acknowledge(s, &again);
	assert_true(spool_batch(s, &mem, 10, HOUR, &again));
	assert_int_equal(again.count, 1);
	assert_int_equal(again.rows[0].total, 2);
	spool_acknowledge(s, &again);
	assert_false(spool_batch(s, &mem, 10, HOUR, &again));
	arena_release(&mem);
	spool_close(s);
}

static void test_long_texts_are_cut(void **state)
{
	struct spool *s = open_spool();
	char text[301] = "";

	(void)state;
	memset(text, 'x', 300);
	add(s, text, HOUR, 1);
	text[260] = '\0';
	add(s, text, HOUR, 2);
	assert_int_equal(drain(s, HOUR), 3);
	spool_close(s);
}

static void test_goes_on_after_close(void **state)
{
	struct spool *s = open_spool();
	struct spool_batch batch;
	struct arena mem;
	char epoch[64];

	(void)state;
	arena_init(&mem, 1 << 20);
	add(s, "user:a", HOUR, 4);
	assert_true(spool_batch(s, &mem, 10, HOUR, &batch));
	snprintf(epoch, sizeof(epoch), "%s", batch.epoch);
	spool_close(s);
	s = open_spool();
	add(s, "user:a", HOUR, 1);
	assert_true(spool_batch(s, &mem, 10, HOUR, &batch));
	assert_string_equal(batch.epoch, epoch);
	assert_int_equal(batch.sequence, 2);
	assert_int_equal(batch.rows[0].total, 5);
	arena_release(&mem);
	spool_close(s);
}

static void test_grows(void **state)
{
	struct spool *s = open_spool();
	char name[32];

	(void)state;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 20000; i++) {
			snprintf(name, sizeof(name), "user:%d", i);
			add(s, name, HOUR, 1);
		}
	spool_close(s);
	s = open_spool();
	assert_int_equal(drain(s, HOUR), 40000);
	assert_int_equal(drain(s, HOUR), 0);
	spool_close(s);
}

static void test_two_processes_share_a_directory(void **state)
{
	struct spool *one = open_spool(), *two = open_spool(), *three;

	(void)state;
	add(one, "user:a", HOUR, 1);
	add(two, "user:a", HOUR, 2);
	assert_int_equal(files(), 2);
	assert_int_equal(drain(one, HOUR), 1);
	spool_close(one);
	spool_close(two);
	three = open_spool(); /* takes over what both left */
	assert_int_equal(drain(three, HOUR), 2);
	assert_int_equal(files(), 1);
	spool_close(three);
}

static void test_starts_a_new_file_when_the_hour_turns(void **state)
{
	struct spool *s = open_spool();
	int64_t later = HOUR * 10;
	char name[32];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "user:%d", i);
		add(s, name, HOUR, 1);
	}
	assert_int_equal(drain(s, 0), 2000); /* the file's own hour */
	assert_int_equal(files(), 1);
	add(s, "user:0", HOUR, 1);
	drain(s, later); /* a new one is there, the old one leaves */
	add(s, "user:0", later, 1);
	assert_int_equal(drain(s, later), 2 + 1);
	assert_int_equal(files(), 1);
	spool_close(s);
}

static void test_refuses_what_is_damaged(void **state)
{
	struct spool *s = open_spool();
	struct fault fault = { 0 };
	char command[200];

	(void)state;
	spool_close(s);
	snprintf(command, sizeof(command),
		 "printf x | dd of=$(echo %s/kv.*.spool) bs=1 seek=20 "
		 "conv=notrunc 2>/dev/null",
		 dir);
	assert_int_equal(system(command), 0);
	assert_null(spool_open(dir, "kv", &fault));
	assert_non_null(strstr(fault.message, "is damaged"));
}

enum { ROUNDS = 5000 };

static void *add_many(void *s)
{
	char name[32];

	for (int i = 0; i < ROUNDS; i++) {
		snprintf(name, sizeof(name), "user:%d", i % 3000);
		add(s, name, HOUR + i % 2, 1);
	}
	return NULL;
}

static void test_threads(void **state)
{
	struct spool *s = open_spool();
	pthread_t threads[4];
	struct arena mem;

	(void)state;
	arena_init(&mem, 64 << 20);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, add_many, s);
	for (int i = 0; i < 20; i++) { /* changes files beneath them */
		struct spool_batch batch;

		spool_batch(s, &mem, 10, HOUR * 10 + i, &batch);
		arena_reset(&mem);
	}
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	spool_close(s);
	s = open_spool();
	assert_int_equal(drain(s, 0), 4 * ROUNDS);
	arena_release(&mem);
	spool_close(s);
}

/* Adds under ever new rows until it dies, saying the sum after each. */
static void count_and_tell(int pipe)
{
	struct spool *s = open_spool();
	char name[32];

	for (int64_t sum = 1;; sum++) {
		snprintf(name, sizeof(name), "user:%d", (int)(sum % 700));
		add(s, name, HOUR, 1);
		if (write(pipe, &sum, sizeof(sum)) != sizeof(sum))
			_exit(1);
	}
}

static int64_t last_told(int pipe, int64_t sum, int64_t enough)
{
	while (sum < enough && read(pipe, &sum, sizeof(sum)) == sizeof(sum))
		;
	return sum;
}

static void test_killed(void **state)
{
	(void)state;
	for (int round = 0; round < 20; round++) {
		int ends[2];
		int64_t told, held;
		struct spool *s;
		pid_t child;

		assert_int_equal(pipe(ends), 0);
		child = fork();
		if (child == 0)
			count_and_tell(ends[1]);
		close(ends[1]);
		told = last_told(ends[0], 0, (int64_t)random_below(4000) + 1);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		told = last_told(ends[0], told, INT64_MAX);
		close(ends[0]);
		s = open_spool();
		held = drain(s, HOUR);
		spool_close(s);
		clean(NULL);
		if (held < told || held > told + 1)
			fail_msg("told %lld, the file holds %lld",
				 (long long)told, (long long)held);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_totals, clean),
		cmocka_unit_test_setup(test_long_texts_are_cut, clean),
		cmocka_unit_test_setup(test_goes_on_after_close, clean),
		cmocka_unit_test_setup(test_grows, clean),
		cmocka_unit_test_setup(test_two_processes_share_a_directory,
				       clean),
		cmocka_unit_test_setup(
		    test_starts_a_new_file_when_the_hour_turns, clean),
		cmocka_unit_test_setup(test_refuses_what_is_damaged, clean),
		cmocka_unit_test_setup(test_threads, clean),
		cmocka_unit_test_setup(test_killed, clean),
	};
	int failed;

	if (!mkdtemp(dir))
		return 1;
	failed = cmocka_run_group_tests_name("spool", tests, NULL, NULL);
	clean(NULL);
	rmdir(dir);
	return failed;
}
