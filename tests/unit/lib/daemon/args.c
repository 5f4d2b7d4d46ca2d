/* tests/unit/lib/daemon/args.c - a daemon's command line */
#include "lib/daemon/args.h"
#include "lib/base/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

static void test_args(void **state)
{
	static const struct {
		const char *name;
		char *argv[6];
		int result;
		enum args_verb verb;
		const char *config, *listen;
	} cases[] = {
		{ "nothing", { "d" }, 0, ARGS_RUN, NULL, NULL },
		{ "a value behind",
		  { "d", "--config", "f" },
		  0,
		  ARGS_RUN,
		  "f",
		  NULL },
		{ "a value within",
		  { "d", "--config=f", "--listen=" },
		  0,
		  ARGS_RUN,
		  "f",
		  "" },
		{ "a verb",
		  { "d", "--check", "--config", "f" },
		  0,
		  ARGS_CHECK,
		  "f",
		  NULL },
		{ "no such option",
		  { "d", "--confi" },
		  -E_INVALID,
		  0,
		  NULL,
		  NULL },
		{ "more than the name",
		  { "d", "--configs", "f" },
		  -E_INVALID,
		  0,
		  NULL,
		  NULL },
		{ "a verb takes no value",
		  { "d", "--help=x" },
		  -E_INVALID,
		  0,
		  NULL,
		  NULL },
		{ "a value is missing",
		  { "d", "--config" },
		  -E_INVALID,
		  0,
		  NULL,
		  NULL },
		{ "a command",
		  { "d", "--config=f", "do", "this" },
		  0,
		  ARGS_COMMAND,
		  "f",
		  NULL },
		{ "a third word",
		  { "d", "do", "this", "now" },
		  -E_INVALID,
		  0,
		  NULL,
		  NULL },
	};

	(void)state;
	assert_non_null(freopen("/dev/null", "we", stderr));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *argv[6];
		struct args args;
		int argc = 0, result;

		memcpy(argv, cases[i].argv, sizeof(argv));
		while (argv[argc])
			argc++;
		result = args_read(argc, argv, &args);
		if (result != cases[i].result)
			fail_msg("%s: got %d", cases[i].name, result);
		if (result < 0)
			continue;
		assert_int_equal(args.verb, cases[i].verb);
		if (cases[i].config)
			assert_string_equal(args.config, cases[i].config);
		if (cases[i].listen)
			assert_string_equal(args.listen, cases[i].listen);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_args) };

	return cmocka_run_group_tests_name("args", tests, NULL, NULL);
}
