/* tests/unit/services/auth/model/lockout.c - how long guessing is shut out */
#include "services/auth/model/lockout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { LAST = 1000000 };

static void test_end(void **state)
{
	static const struct {
		const char *name;
		int64_t count, seconds; /* -1: not at all */
	} cases[] = {
		{ "none", 0, -1 },	 { "four", 4, -1 },
		{ "the fifth", 5, 1 },	 { "the sixth", 6, 2 },
		{ "the tenth", 10, 32 }, { "the most", 14, 512 },
		{ "no more", 15, 900 },	 { "never more", 1 << 30, 900 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct auth_failures f = { cases[i].count, LAST };
		int64_t want =
		    cases[i].seconds < 0 ? 0 : LAST + 1000 * cases[i].seconds;

		if (auth_lockout_end(&f) != want)
			fail_msg("%s: got %lld, want %lld", cases[i].name,
				 (long long)auth_lockout_end(&f),
				 (long long)want);
	}
}

static void test_old(void **state)
{
	const struct auth_failures none = { 0, 0 }, some = { 3, LAST };

	(void)state;
	assert_true(auth_failures_are_old(&none, 0));
	assert_false(auth_failures_are_old(&some, LAST + 899999));
	assert_true(auth_failures_are_old(&some, LAST + 900000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_old),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
