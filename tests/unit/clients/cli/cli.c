/* tests/unit/clients/cli/cli.c - command lines and their exit status */
#include "clients/cli/cli.h"
#include "clients/cli/command.h"
#include "clients/cli/home.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static char home[] = "/tmp/parlor-cli-XXXXXX";

/* Runs blank-separated words with what they print thrown away. */
static int run(const char *words)
{
	char text[256], *argv[32] = { (char *)(uintptr_t) "parlor" };
	struct slice rest;
	int argc = 1, status, out = dup(1), err = dup(2);

	snprintf(text, sizeof(text), "%s", words);
	for (rest = slice_of(text); rest.size > 0;) {
		struct slice word = slice_cut(&rest, ' ');

		argv[argc] = (char *)(uintptr_t)word.data;
		argv[argc++][word.size] = '\0';
	}
	fflush(stdout);
	assert_non_null(freopen("/dev/null", "w", stderr));
	assert_int_equal(dup2(2, 1), 1);
	status = cli_main(argc, argv);
	fflush(NULL);
	dup2(out, 1);
	dup2(err, 2);
	close(out);
	close(err);
	return status;
}

static void test_statuses(void **state)
{
	static const struct {
		const char *name, *words;
		int status;
	} cases[] = {
		{ "help is given", "--help", EXIT_OK },
		{ "by a word too", "help", EXIT_OK },
		{ "of a command", "match create --help", EXIT_OK },
		{ "of some", "match --help", EXIT_OK },
		{ "a version", "--version", EXIT_OK },
		{ "nothing to do", "", EXIT_USAGE },
		{ "an unknown command", "dance", EXIT_USAGE },
		{ "half a command", "match", EXIT_USAGE },
		{ "an unknown option", "whoami --loud", EXIT_USAGE },
		{ "an option of another command", "whoami --email a@b",
		  EXIT_USAGE },
		{ "an option without its value", "whoami --profile",
		  EXIT_USAGE },
		{ "a flag with a value", "whoami --json=yes", EXIT_USAGE },
		{ "an opponent of another command", "match list --level 1",
		  EXIT_USAGE },
		{ "an argument too few", "match move x", EXIT_USAGE },
		{ "an argument too many", "whoami me", EXIT_USAGE },
		{ "a sign-up without an address", "sign-up ada", EXIT_USAGE },
		{ "endpoints that aren't there", "--endpoints /nowhere whoami",
		  EXIT_USAGE },
		{ "no operation of the store", "kv Dance {}", EXIT_USAGE },
		{ "no operation at all", "call a.b/C {}", EXIT_USAGE },
		{ "no suite", "whoami", EXIT_UNREACHABLE },
		{ "options behind the command", "whoami --json --profile ada",
		  EXIT_UNREACHABLE },
		{ "values behind an equals sign", "whoami --profile=ada",
		  EXIT_UNREACHABLE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int got = run(cases[i].words);

		if (got != cases[i].status)
			fail_msg("%s: got %d, want %d", cases[i].name, got,
				 cases[i].status);
	}
}

/* Each row has what its help prints, and is found by its own name. */
static void test_rows(void **state)
{
	(void)state;
	for (const struct command *row = commands; row->name; row++) {
		char *words[4], *rest;
		char name[64];
		int count = 0, taken;

		snprintf(name, sizeof(name), "%s", row->name);
		for (char *at = strtok_r(name, " ", &rest); at;
		     at = strtok_r(NULL, " ", &rest))
			words[count++] = at;
		assert_ptr_equal(command_find(words, count, &taken), row);
		assert_int_equal(taken, count);
		assert_true(row->run &&
			    row->help[strlen(row->help) - 1] == '.');
	}
}

static void test_argument_counts(void **state)
{
	static const struct {
		const char *arguments;
		int count;
		bool fits;
	} cases[] = {
		{ "", 0, true },       { "", 1, false },
		{ "A", 0, false },     { "A", 1, true },
		{ "A [B]", 1, true },  { "A [B]", 2, true },
		{ "A [B]", 3, false }, { "[A]", 0, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct command row = { .arguments = cases[i].arguments };

		if (command_takes(&row, cases[i].count) != cases[i].fits)
			fail_msg("'%s' with %d", cases[i].arguments,
				 cases[i].count);
	}
}

static void test_files_are_private(void **state)
{
	struct cli c = { 0 };
	struct stat file;
	const char *path;

	(void)state;
	arena_init(&c.mem, 1 << 20);
	path = home_path(&c, "profiles/ada.json");
	assert_int_equal(home_write(&c, path, SLICE("old")), 0);
	assert_int_equal(home_write(&c, path, SLICE("new one")), 0);
	assert_int_equal(stat(path, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0600);
	assert_int_equal(file.st_size, 7);
	assert_int_equal(unlink(path), 0);
	path = home_path(&c, "profiles");
	assert_int_equal(stat(path, &file), 0);
	assert_int_equal(file.st_mode & 0777, 0700);
	assert_int_equal(rmdir(path), 0); /* and nothing else is in it */
	arena_release(&c.mem);
}

static int make_home(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(home));
	unsetenv("PARLOR_ENDPOINTS");
	return setenv("PARLOR_HOME", home, 1) || chdir(home);
}

static int remove_home(void **state)
{
	(void)state;
	return rmdir(home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_argument_counts),
		cmocka_unit_test(test_files_are_private),
	};

	return cmocka_run_group_tests_name("cli", tests, make_home,
					   remove_home);
}
