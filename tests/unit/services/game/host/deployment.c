/* tests/unit/services/game/host/deployment.c - functions.yaml, right and wrong
 */
#include "services/game/host/deployment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/functions.XXXXXX";

static void write_file(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void test_read(void **state)
{
	struct fault fault = { 0 };
	struct host_deployment *d;
	const struct host_function *f;

	(void)state;
	write_file("functions:\n"
		   "  - name: Echo\n"
		   "    executable: echo\n"
		   "    rpc: test.Echo/Say\n"
		   "    memory_mb: 32\n"
		   "    policy: {Version: '2012-10-17', Statement: []}\n"
		   "  - {name: Act, executable: act, rpc: test.Acts/Act}\n");
	d = host_deployment_read(path, TEST_FUNCTIONS, &fault);
	if (!d) {
		fail_msg("%s", fault.message);
		return;
	}
	assert_int_equal(d->list.count, 2);
	f = host_deployment_at(d, 0);
	assert_int_equal(f->memory_mb, 32);
	assert_string_equal(f->executable, TEST_FUNCTIONS "/echo");
	assert_string_equal(f->policy,
			    "{\"Version\":\"2012-10-17\",\"Statement\":[]}");
	f = host_deployment_at(d, 1);
	assert_string_equal(f->name, "Act");
	assert_int_equal(f->timeout_ms, 3000);
	assert_null(f->policy);
	assert_null(host_deployment_at(d, 2));
	host_deployment_release(d);
}

static void test_refusals(void **state)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "functions: [{name: A, executable: echo, rpc: a.B/C, x: 1}]",
		  "functions[0]" },
		{ "functions: [{name: A, executable: echo}]", "'rpc'" },
		{ "functions: [{name: A b, executable: echo, rpc: a.B/C}]",
		  "name 'A b'" },
		{ "functions: [{name: A, executable: echo, rpc: a.B}]",
		  "not SERVICE/METHOD" },
		{ "functions: [{name: A, executable: none, rpc: a.B/C}]",
		  "cannot execute" },
		{ "functions: [{name: A, executable: echo, rpc: a.B/C, "
		  "memory_mb: 1}]",
		  "memory_mb: less than 4" },
		{ "functions: [{name: A, executable: echo, rpc: a.B/C}, {name: "
		  "A, executable: echo, rpc: a.B/D}]",
		  "stands twice" },
		{ "functions: [{name: A, executable: echo, rpc: a.B/C}, {name: "
		  "B, executable: echo, rpc: a.B/C}]",
		  "both serve" },
		{ "functions: 7", "functions" },
		{ "[]", "sections" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault fault = { 0 };

		write_file(cases[i].text);
		assert_null(host_deployment_read(path, TEST_FUNCTIONS, &fault));
		if (!strstr(fault.message, cases[i].words) ||
		    !strstr(fault.message, path))
			fail_msg("'%s': got '%s', want '%s'", cases[i].text,
				 fault.message, cases[i].words);
	}
}

static void test_no_file(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	assert_null(host_deployment_read("/nowhere", TEST_FUNCTIONS, &fault));
	assert_non_null(strstr(fault.message, "/nowhere"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_no_file),
	};
	int file = mkstemp(path), failed;

	close(file);
	failed = cmocka_run_group_tests_name("deployment", tests, NULL, NULL);
	unlink(path);
	return failed;
}
