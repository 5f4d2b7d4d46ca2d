/* tests/unit/services/auth/model/password.c - which passwords the pool takes */
#include "services/auth/model/password.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define POLICY(min, flags)                                         \
	{                                                          \
		min, (flags)&1, (flags)&2, (flags)&4, (flags)&8, 0 \
	}
#define REFUSED "Password did not conform with policy: "

static void test_policy(void **state)
{
	char longest[258];
	const struct {
		const char *name, *password;
		struct auth_password_policy policy;
		const char *words;
	} cases[] = {
		{ "Cognito's default", "Abcdef1!", POLICY(8, 15), "" },
		{ "seven", "Abcde1!", POLICY(8, 15),
		  REFUSED "Password not long enough" },
		{ "no capital", "abcdef1!", POLICY(8, 15),
		  REFUSED "Password must have uppercase characters" },
		{ "no small letter", "ABCDEF1!", POLICY(8, 15),
		  REFUSED "Password must have lowercase characters" },
		{ "no digit", "Abcdefg!", POLICY(8, 15),
		  REFUSED "Password must have numeric characters" },
		{ "no symbol", "Abcdefg1", POLICY(8, 15),
		  REFUSED "Password must have symbol characters" },
		{ "a blank inside is a symbol", "Abc def1", POLICY(8, 15), "" },
		{ "length alone", "aaaaaa", POLICY(6, 0), "" },
		{ "nothing", "", POLICY(6, 0),
		  REFUSED "Password not long enough" },
		{ "257 characters", longest, POLICY(6, 0),
		  REFUSED "Password too long" },
	};

	(void)state;
	memset(longest, 'a', 257);
	longest[257] = '\0';
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault fault;

		fault_clear(&fault);
		auth_password_check(&cases[i].policy,
				    slice_of(cases[i].password), &fault);
		if (strcmp(fault.message, cases[i].words) != 0)
			fail_msg("%s: got '%s'", cases[i].name, fault.message);
	}
}

static void test_shape(void **state)
{
	static const struct {
		const char *password;
		bool good;
	} cases[] = {
		{ "ab", true },
		{ "a b", true },
		{ "\xc3\xa9t\xc3\xa9", true },
		{ "", false },
		{ "a", false },
		{ " ab", false },
		{ "ab ", false },
		{ "\tab", false },
		{ "ab\n", false },
		{ "ab\ncd", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (auth_password_is_shaped(slice_of(cases[i].password)) !=
		    cases[i].good)
			fail_msg("'%s'", cases[i].password);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shape),
		cmocka_unit_test(test_policy),
	};

	return cmocka_run_group_tests_name("password", tests, NULL, NULL);
}
