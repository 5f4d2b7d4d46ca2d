/* tests/unit/services/auth/model/user.c - names and what users say of themselves
 */
#include "services/auth/model/user.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void test_username(void **state)
{
	char longest[129], longer[130];
	const struct {
		const char *name, *username;
		int result;
	} cases[] = {
		{ "letters", "ann", 0 },
		{ "an address", "ann@example.com", 0 },
		{ "another script", "\xce\x91\xce\xbd\xce\xbd\xce\xb1", 0 },
		{ "symbols", "<ann>+1", 0 },
		{ "128 characters", longest, 0 },
		{ "129 characters", longer, -E_PARAMETER },
		{ "nothing", "", -E_PARAMETER },
		{ "a blank", "ann b", -E_PARAMETER },
		{ "a line's end", "ann\r\nBcc: x", -E_PARAMETER },
		{ "a no-break space", "ann\xc2\xa0", -E_PARAMETER },
		{ "a control character", "ann\x7f", -E_PARAMETER },
	};

	(void)state;
	memset(longest, 'a', 128);
	memset(longer, 'a', 129);
	longest[128] = longer[129] = '\0';
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault fault;
		int result;

		fault_clear(&fault);
		result =
		    auth_username_check(slice_of(cases[i].username), &fault);
		if (result != cases[i].result)
			fail_msg("%s: got %d", cases[i].name, result);
	}
}

static void test_fold(void **state)
{
	struct arena mem;

	(void)state;
	arena_init(&mem, 1024);
	assert_true(slice_is(auth_username_fold(&mem, SLICE("AnN@\xc3\x84")),
			     "ann@\xc3\x84"));
	arena_release(&mem);
}

static void test_guests_name(void **state)
{
	static const struct {
		const char *name;
		bool guests;
	} cases[] = {
		{ "guest-", true },  { "guest-abc", true },
		{ "GUEST-1", true }, { "guest", false },
		{ "guests", false }, { "a-guest-", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (auth_username_is_guests(slice_of(cases[i].name)) !=
		    cases[i].guests)
			fail_msg("'%s'", cases[i].name);
}

static void test_attributes(void **state)
{
	static const struct {
		const char *name, *value;
		int result;
		const char *words;
	} cases[] = {
		{ "email", "ann@example.com", 0, "" },
		{ "email", "a.b+c@sub.example.com", 0, "" },
		{ "email", "ann", -E_PARAMETER,
		  "Invalid email address format." },
		{ "email", "@example.com", -E_PARAMETER,
		  "Invalid email address format." },
		{ "email", "ann@", -E_PARAMETER,
		  "Invalid email address format." },
		{ "email", "a..b@example.com", -E_PARAMETER,
		  "Invalid email address format." },
		{ "email", "ann@example.com>\r\nBcc: <x@example.com",
		  -E_PARAMETER, "Invalid email address format." },
		{ "email", "ann@b@example.com", -E_PARAMETER,
		  "Invalid email address format." },
		{ "nickname", "Ann the \xc3\x84ger", 0, "" },
		{ "nickname", "a\nb", -E_PARAMETER, "Invalid nickname." },
		{ "sub", "1", -E_NOT_AUTHORIZED,
		  "A client attempted to write unauthorized attribute" },
		{ "email_verified", "true", -E_NOT_AUTHORIZED,
		  "A client attempted to write unauthorized attribute" },
		{ "shoe_size", "45", -E_PARAMETER,
		  "Attributes did not conform to the schema: shoe_size: "
		  "Attribute does not exist in the schema.\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct auth_user user = { 0 };
		struct fault fault;
		int result;

		fault_clear(&fault);
		result = auth_user_set(&user, slice_of(cases[i].name),
				       slice_of(cases[i].value), &fault);
		if (result != cases[i].result ||
		    strcmp(fault.message, cases[i].words) != 0)
			fail_msg("%s '%s': got %d '%s'", cases[i].name,
				 cases[i].value, result, fault.message);
	}
}

static void test_complete(void **state)
{
	struct auth_user user = { 0 };
	struct fault fault;

	(void)state;
	fault_clear(&fault);
	assert_int_equal(auth_user_complete(&user, &fault), -E_PARAMETER);
	user.attributes[AUTH_EMAIL] = SLICE("ann@example.com");
	fault_clear(&fault);
	assert_int_equal(auth_user_complete(&user, &fault), 0);
}

static void test_masked(void **state)
{
	struct arena mem;

	(void)state;
	arena_init(&mem, 1024);
	assert_string_equal(auth_email_masked(&mem, SLICE("ann@example.com")),
			    "a***@e***");
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_username),
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_guests_name),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_masked),
	};

	return cmocka_run_group_tests_name("user", tests, NULL, NULL);
}
