/* tests/unit/services/auth/model/user_filter.c - which users ListUsers is to
 * find */
#include "services/auth/model/user_filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_read(void **state)
{
	static const struct {
		const char *text;
		int result;
		enum auth_wanted what;
		bool prefix;
		const char *value;
	} cases[] = {
		{ "", 0, AUTH_WANT_ALL, false, "" },
		{ "  ", 0, AUTH_WANT_ALL, false, "" },
		{ "email = \"a\"", 0, AUTH_WANT_ATTRIBUTE, false, "a" },
		{ "EMAIL=\"a\"", 0, AUTH_WANT_ATTRIBUTE, false, "a" },
		{ " sub ^= \"\" ", 0, AUTH_WANT_SUB, true, "" },
		{ "name = \"a\\\"b\\\\\"", 0, AUTH_WANT_ATTRIBUTE, false,
		  "a\"b\\" },
		{ "cognito:user_status = \"CONFIRMED\"", 0, AUTH_WANT_STATUS,
		  false, "CONFIRMED" },
		{ "given_name = \"a\"", 0, AUTH_WANT_ATTRIBUTE, false, "a" },
		{ "email", -E_PARAMETER, 0, false, "" },
		{ "email =", -E_PARAMETER, 0, false, "" },
		{ "email = a", -E_PARAMETER, 0, false, "" },
		{ "email = \"a", -E_PARAMETER, 0, false, "" },
		{ "email = \"a\\", -E_PARAMETER, 0, false, "" },
		{ "email = \"a\\\"", -E_PARAMETER, 0, false, "" },
		{ "email = \"a\" x", -E_PARAMETER, 0, false, "" },
		{ "email ^ = \"a\"", -E_PARAMETER, 0, false, "" },
		{ "= \"a\"", -E_PARAMETER, 0, false, "" },
		{ "locale = \"a\"", -E_PARAMETER, 0, false, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct auth_user_filter got;
		struct fault fault = { 0 };
		struct arena mem;
		int result;

		arena_init(&mem, 1 << 16);
		result = auth_user_filter_read(slice_of(cases[i].text), &mem,
					       &got, &fault);
		if (result != cases[i].result)
			fail_msg("'%s': got %d (%s), want %d", cases[i].text,
				 result, fault.message, cases[i].result);
		if (!result && (got.what != cases[i].what ||
				got.prefix != cases[i].prefix ||
				!slice_is(got.value, cases[i].value)))
			fail_msg("'%s': got %d %d '%.*s'", cases[i].text,
				 got.what, got.prefix, SLICE_ARGS(got.value));
		arena_release(&mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_read) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
