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

static const struct auth_rule rules[] = {
	{ .name = { (const uint8_t *)"email", 5 },
	  .type = AUTH_TYPE_STRING,
	  .required = true },
	{ .name = { (const uint8_t *)"name", 4 },
	  .type = AUTH_TYPE_STRING,
	  .required = true },
	{ .name = { (const uint8_t *)"custom:side", 11 },
	  .type = AUTH_TYPE_STRING,
	  .frozen = true },
	{ .name = { (const uint8_t *)"custom:shoe", 11 },
	  .type = AUTH_TYPE_NUMBER },
};
static const struct auth_schema schema = { rules, 4 };

#define CHANGE(name, value)               \
	{                                 \
		SLICE(name), SLICE(value) \
	}

static void test_changes(void **state)
{
	const struct {
		const char *name;
		struct auth_change change;
		bool is_new;
		int result;
		const char *words;
	} cases[] = {
		{ "a standard one", CHANGE("nickname", "A"), false, 0, "" },
		{ "its end", CHANGE("nickname", ""), false, 0, "" },
		{ "an own one", CHANGE("custom:shoe", "45"), false, 0, "" },
		{ "one that does not fit", CHANGE("custom:shoe", "big"), false,
		  -E_PARAMETER,
		  "Attributes did not conform to the schema: custom:shoe: "
		  "Attribute is not a number\n" },
		{ "a frozen one of a new account", CHANGE("custom:side", "w"),
		  true, 0, "" },
		{ "a frozen one later", CHANGE("custom:side", "w"), false,
		  -E_PARAMETER,
		  "user.custom:side: Attribute cannot be updated.\n" },
		{ "none", CHANGE("shoe", "45"), true, -E_PARAMETER,
		  "Attributes did not conform to the schema: shoe: Attribute "
		  "does not exist in the schema.\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct auth_user user = { .status = AUTH_CONFIRMED };
		struct slice want = cases[i].change.value;
		struct fault fault = { 0 };
		int result = cases[i].is_new
				 ? auth_user_begin(&user, &schema,
						   &cases[i].change, 1, &fault)
				 : auth_user_apply(&user, &schema,
						   &cases[i].change, 1, &fault);

		if (result != cases[i].result ||
		    strcmp(fault.message, cases[i].words) != 0)
			fail_msg("%s: got %d '%s'", cases[i].name, result,
				 fault.message);
		if (!result &&
		    !slice_equal(auth_user_said(&user, cases[i].change.name),
				 want))
			fail_msg("%s: it is not said", cases[i].name);
	}
}

/* An address that changes is not verified any more, whoever changes it. */
static void test_verified(void **state)
{
	const struct auth_change said[] = { CHANGE("email", "a@b.c"),
					    CHANGE("email_verified", "true"),
					    CHANGE("phone_number", "+4930"),
					    CHANGE("phone_number_verified",
						   "true") },
				 moved = CHANGE("email", "x@b.c"),
				 doubt = CHANGE("email_verified", "maybe");
	struct auth_user user = { .status = AUTH_CONFIRMED };
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(auth_user_change(&user, &schema, said, 4, true,
					  &fault),
			 0);
	assert_true(user.email_verified && user.phone_verified);
	assert_int_equal(auth_user_apply(&user, &schema, &said[0], 1, &fault),
			 0);
	assert_true(user.email_verified);
	assert_int_equal(auth_user_apply(&user, &schema, &moved, 1, &fault), 0);
	assert_true(!user.email_verified && user.phone_verified);
	assert_int_equal(auth_user_change(&user, &schema, &doubt, 1, false,
					  &fault),
			 -E_PARAMETER);
}

static void test_next(void **state)
{
	struct auth_user user = { .status = AUTH_CONFIRMED };
	struct auth_change row;
	size_t at = 0;

	(void)state;
	auth_user_note(&user, SLICE("custom:b"), SLICE("1"));
	auth_user_note(&user, SLICE("email"), SLICE("a@b.c"));
	auth_user_note(&user, SLICE("custom:a"), SLICE("2"));
	auth_user_note(&user, SLICE("custom:b"), SLICE(""));
	assert_true(auth_user_next(&user, &at, &row));
	assert_true(slice_is(row.name, "email"));
	assert_true(auth_user_next(&user, &at, &row));
	assert_true(slice_is(row.name, "custom:a"));
	assert_false(auth_user_next(&user, &at, &row));
}

static void test_complete(void **state)
{
	struct auth_user user = { 0 };
	struct fault fault;

	(void)state;
	fault_clear(&fault);
	assert_int_equal(auth_user_complete(&user, &schema, &fault),
			 -E_PARAMETER);
	assert_string_equal(fault.message,
			    "Attributes did not conform to the schema: "
			    "email: The attribute is required\n"
			    "name: The attribute is required\n");
	user.attributes[AUTH_EMAIL] = SLICE("ann@example.com");
	user.attributes[AUTH_NAME] = SLICE("Ann");
	fault_clear(&fault);
	assert_int_equal(auth_user_complete(&user, &schema, &fault), 0);
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
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_verified),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_masked),
	};

	return cmocka_run_group_tests_name("user", tests, NULL, NULL);
}
