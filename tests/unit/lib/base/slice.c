/* tests/unit/lib/base/slice.c - bytes that somebody else owns */
#include "lib/base/slice.h"
#include "lib/base/fault.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_utf8(void **state)
{
	static const struct {
		const char *name, *text;
		size_t size;
		bool valid;
	} cases[] = {
		{ "empty", "", 0, true },
		{ "ascii", "abc", 3, true },
		{ "a NUL is a character", "a\0b", 3, true },
		{ "two, three and four bytes",
		  "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9, true },
		{ "overlong slash", "\xc0\xaf", 2, false },
		{ "overlong three", "\xe0\x80\xaf", 3, false },
		{ "surrogate", "\xed\xa0\x80", 3, false },
		{ "above U+10FFFF", "\xf4\x90\x80\x80", 4, false },
		{ "cut short", "\xe2\x82", 2, false },
		{ "bare continuation", "\x80", 1, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (slice_is_utf8(slice_make(cases[i].text, cases[i].size)) !=
		    cases[i].valid)
			fail_msg("%s: want %d", cases[i].name, cases[i].valid);
}

static void test_to_u64(void **state)
{
	static const struct {
		const char *text;
		uint64_t max, value;
		int result;
	} cases[] = {
		{ "0", 10, 0, 0 },
		{ "10", 10, 10, 0 },
		{ "11", 10, 0, -E_INVALID },
		{ "9", 5, 0, -E_INVALID },
		{ "007", 10, 7, 0 },
		{ "", 10, 0, -E_INVALID },
		{ "+5", 10, 0, -E_INVALID },
		{ "5 ", 10, 0, -E_INVALID },
		{ "18446744073709551615", UINT64_MAX, UINT64_MAX, 0 },
		{ "18446744073709551616", UINT64_MAX, 0, -E_INVALID },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint64_t value = 0;
		int result =
		    slice_to_u64(slice_of(cases[i].text), cases[i].max, &value);

		if (result != cases[i].result || value != cases[i].value)
			fail_msg("'%s': got %d, %llu", cases[i].text, result,
				 (unsigned long long)value);
	}
}

static void test_cut(void **state)
{
	struct slice rest = SLICE("a,,b");

	(void)state;
	assert_true(slice_is(slice_cut(&rest, ','), "a"));
	assert_true(slice_is(slice_cut(&rest, ','), ""));
	assert_true(slice_is(slice_cut(&rest, ','), "b"));
	assert_int_equal(rest.size, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_to_u64),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests_name("slice", tests, NULL, NULL);
}
