/* tests/unit/services/auth/model/schema.c - what may be said of a pool's users */
#include "services/auth/model/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const struct auth_schema standard = { NULL, 0 };

static void check(const char *name, const struct auth_rule *rule,
		  const char *value, int want, const char *words)
{
	struct fault fault = { 0 };
	int result = auth_rule_check(rule, slice_of(value), &fault);

	if (result != want || !strstr(fault.message, words))
		fail_msg("%s '%s': got %d '%s'", name, value, result,
			 fault.message);
}

static void test_standard(void **state)
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
		{ "nickname", "\xc3", -E_PARAMETER, "UTF-8" },
		{ "phone_number", "+493012345678", 0, "" },
		{ "phone_number", "03012345678", -E_PARAMETER,
		  "Invalid phone number format." },
		{ "phone_number", "+", -E_PARAMETER,
		  "Invalid phone number format." },
		{ "phone_number", "+1234567890123456", -E_PARAMETER,
		  "Invalid phone number format." },
		{ "birthdate", "1815-12-10", 0, "" },
		{ "birthdate", "10.12.1815", -E_PARAMETER, "birthdate" },
		{ "updated_at", "1764097200", 0, "" },
		{ "updated_at", "-1", -E_PARAMETER, "no less than 0" },
		{ "address", "1 Lane\nTown", 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(cases[i].name,
		      auth_rule_find(&standard, slice_of(cases[i].name)),
		      cases[i].value, cases[i].result, cases[i].words);
	assert_null(auth_rule_find(&standard, SLICE("shoe")));
	assert_int_equal(auth_attribute_named(SLICE("zoneinfo")),
			 AUTH_ZONEINFO);
	assert_int_equal(auth_attribute_named(SLICE("sub")), AUTH_ATTRIBUTES);
}

static void test_types(void **state)
{
	static const struct {
		enum auth_type type;
		const char *min, *max, *value;
		int result;
	} cases[] = {
		{ AUTH_TYPE_STRING, "2", "3", "a", -E_PARAMETER },
		{ AUTH_TYPE_STRING, "2", "3", "\xc3\xa4\xc3\xb6", 0 },
		{ AUTH_TYPE_STRING, "2", "3", "abcd", -E_PARAMETER },
		{ AUTH_TYPE_STRING, "", "", "abcd", 0 },
		{ AUTH_TYPE_NUMBER, "-1.5", "10", "-1.5", 0 },
		{ AUTH_TYPE_NUMBER, "-1.5", "10", "-1.6", -E_PARAMETER },
		{ AUTH_TYPE_NUMBER, "", "10", "10.01", -E_PARAMETER },
		{ AUTH_TYPE_NUMBER, "", "", "1e3", -E_PARAMETER },
		{ AUTH_TYPE_NUMBER, "", "", "-", -E_PARAMETER },
		{ AUTH_TYPE_NUMBER, "", "", "1.", -E_PARAMETER },
		{ AUTH_TYPE_NUMBER, "", "", ".5", -E_PARAMETER },
		{ AUTH_TYPE_NUMBER, "", "", "nan", -E_PARAMETER },
		{ AUTH_TYPE_BOOLEAN, "", "", "true", 0 },
		{ AUTH_TYPE_BOOLEAN, "", "", "True", -E_PARAMETER },
		{ AUTH_TYPE_DATETIME, "", "", "2026-11-26", 0 },
		{ AUTH_TYPE_DATETIME, "", "", "2026-11-26T11:05:00Z", 0 },
		{ AUTH_TYPE_DATETIME, "", "", "2026-11-26T11:05:00.25+01:00",
		  0 },
		{ AUTH_TYPE_DATETIME, "", "", "2026-11-26T11:05",
		  -E_PARAMETER },
		{ AUTH_TYPE_DATETIME, "", "", "yesterday", -E_PARAMETER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct auth_rule rule = {
			.name = SLICE("custom:x"),
			.type = cases[i].type,
			.min = slice_of(cases[i].min),
			.max = slice_of(cases[i].max),
		};

		check(auth_type_name(cases[i].type), &rule, cases[i].value,
		      cases[i].result, "");
	}
}

static void test_add(void **state)
{
	static const struct {
		const char *name;
		enum auth_type type;
		bool required;
		const char *min, *max;
		const char *words; /* "": it is added */
	} cases[] = {
		{ "custom:a", AUTH_TYPE_STRING, false, "", "", "" },
		{ "custom:a", AUTH_TYPE_STRING, false, "0", "2048", "" },
		{ "email", AUTH_TYPE_UNSET, true, "", "", "" },
		{ "custom:have", AUTH_TYPE_STRING, false, "", "",
		  "custom:have: Existing attribute already has name "
		  "custom:have." },
		{ "custom:a", AUTH_TYPE_UNSET, false, "", "",
		  "Invalid AttributeDataType input" },
		{ "custom:a", AUTH_TYPE_STRING, true, "", "",
		  "Required custom attributes are not supported currently." },
		{ "email", AUTH_TYPE_NUMBER, false, "", "",
		  "You can not change AttributeDataType" },
		{ "custom:a", AUTH_TYPE_STRING, false, "", "2049", "2048" },
		{ "custom:a", AUTH_TYPE_STRING, false, "-1", "", "0" },
		{ "custom:a", AUTH_TYPE_STRING, false, "5", "4", "minimum" },
		{ "custom:a", AUTH_TYPE_NUMBER, false, "5", "4", "minimum" },
		{ "custom:a", AUTH_TYPE_NUMBER, false, "x", "", "number" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct auth_rule have = { .name = SLICE("custom:have"),
						.type = AUTH_TYPE_STRING };
		struct auth_schema schema = { &have, 1 };
		struct auth_rule rule = {
			.name = slice_of(cases[i].name),
			.type = cases[i].type,
			.required = cases[i].required,
			.min = slice_of(cases[i].min),
			.max = slice_of(cases[i].max),
		};
		struct fault fault = { 0 };
		struct arena mem;
		int result;

		arena_init(&mem, 1 << 16);
		result = auth_schema_add(&schema, &rule, 1, &mem, &fault);
		if ((result == 0) != (*cases[i].words == 0) ||
		    !strstr(fault.message, cases[i].words))
			fail_msg("%s: got %d '%s'", cases[i].name, result,
				 fault.message);
		assert_int_equal(schema.count, result ? 1 : 2);
		arena_release(&mem);
	}
}

/* What is as usual is told as usual; one's own stands behind. */
static void test_next(void **state)
{
	struct auth_rule rows[] = {
		{ .name = SLICE("custom:a"), .type = AUTH_TYPE_NUMBER },
		{ .name = SLICE("email"), .required = true },
	};
	struct auth_schema schema = { NULL, 0 };
	const struct auth_rule *rule;
	struct slice last = { NULL, 0 };
	struct fault fault = { 0 };
	size_t at = 0, count = 0;
	struct arena mem;

	(void)state;
	arena_init(&mem, 1 << 16);
	assert_int_equal(auth_schema_add(&schema, rows, 2, &mem, &fault), 0);
	while ((rule = auth_rule_next(&schema, &at))) {
		if (slice_is(rule->name, "email"))
			assert_true(rule->required &&
				    slice_is(rule->max, "2048"));
		last = rule->name;
		count++;
	}
	assert_true(slice_is(last, "custom:a"));
	assert_int_equal(count, 21);
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_standard),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_next),
	};

	return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
