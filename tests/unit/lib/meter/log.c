/* tests/unit/lib/meter/log.c - a line of JSON for each thing that happened */
#include "lib/meter/log.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/parlor-log-XXXXXX";

static char *contents(void)
{
	static char text[1 << 20];
	FILE *file = fopen(path, "re");
	size_t size = fread(text, 1, sizeof(text) - 1, file);

	fclose(file);
	text[size] = '\0';
	return text;
}

static int start(void **state)
{
	(void)state;
	assert_int_equal(truncate(path, 0), 0);
	return log_open("test", LOG_INFO, path);
}

static void test_line(void **state)
{
	const char *text;

	(void)state;
	log_debug("below the level");
	log_info("a \"%s\"\n", "word");
	text = contents();
	assert_null(strstr(text, "below"));
	assert_non_null(strstr(text, "\"level\":\"info\",\"daemon\":\"test\","
				     "\"message\":\"a \\\"word\\\"\\n\"}\n"));
	assert_int_equal(strncmp(text, "{\"time\":\"20", 11), 0);
}

static void test_request(void **state)
{
	struct log_request r = {
		.operation = "PutItem",
		.resource = "game",
		.peer = "127.0.0.1",
		.code = "ok",
		.principal = SLICE("user:a\xff"),
		.status = 200,
		.microseconds = 12,
		.bytes_in = 3,
		.bytes_out = 4,
	};

	(void)state;
	log_request(&r);
	assert_non_null(strstr(
	    contents(),
	    ",\"operation\":\"PutItem\",\"resource\":\"game\","
	    "\"principal\":\"user:a\\ufffd\",\"status\":200,\"code\":\"ok\","
	    "\"us\":12,\"in\":3,\"out\":4,\"peer\":\"127.0.0.1\"}\n"));
}

static void test_long_texts_are_cut(void **state)
{
	static char text[100000];

	(void)state;
	memset(text, 1, sizeof(text) - 1);
	log_info("%s", text);
	log_request(&(struct log_request){ .operation = text,
					   .principal = slice_of(text),
					   .request_id = slice_of(text) });
	assert_true(strlen(contents()) < 32 * 1024);
	assert_int_equal(contents()[strlen(contents()) - 1], '\n');
}

static void *gather_lines(void *unused)
{
	log_gather();
	log_info("waits");
	assert_int_equal(strlen(contents()), 0);
	log_flush();
	assert_non_null(strstr(contents(), "waits"));
	log_info("at the end of the thread");
	log_warn("does not wait");
	assert_non_null(strstr(contents(), "does not wait"));
	log_info("last");
	return unused;
}

static void test_gathered(void **state)
{
	pthread_t thread;

	(void)state;
	pthread_create(&thread, NULL, gather_lines, NULL);
	pthread_join(thread, NULL);
	assert_non_null(strstr(contents(), "last"));
}

static void test_reopen(void **state)
{
	char moved[64];

	(void)state;
	snprintf(moved, sizeof(moved), "%s.1", path);
	assert_int_equal(rename(path, moved), 0);
	log_info("to the old file");
	assert_int_equal(log_open("test", LOG_INFO, path), 0);
	log_info("to the new file");
	assert_non_null(strstr(contents(), "new file"));
	assert_null(strstr(contents(), "old file"));
	assert_int_equal(log_open("test", LOG_INFO, "/nowhere/at/all"), -1);
	log_info("still here");
	assert_non_null(strstr(contents(), "still here"));
	unlink(moved);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_line, start),
		cmocka_unit_test_setup(test_request, start),
		cmocka_unit_test_setup(test_long_texts_are_cut, start),
		cmocka_unit_test_setup(test_gathered, start),
		cmocka_unit_test_setup(test_reopen, start),
	};
	int failed;

	close(mkstemp(path));
	failed = cmocka_run_group_tests_name("log", tests, NULL, NULL);
	unlink(path);
	return failed;
}
