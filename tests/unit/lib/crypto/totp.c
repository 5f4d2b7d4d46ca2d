/* tests/unit/lib/crypto/totp.c - the vectors of RFC 6238, appendix B */
#include "lib/crypto/totp.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SECRET SLICE("12345678901234567890")

static const struct {
	int64_t now;
	const char *code; /* the last six digits of RFC 6238's eight */
} vectors[] = {
	{ 59, "287082" },	  { 1111111109, "081804" },
	{ 1111111111, "050471" }, { 1234567890, "005924" },
	{ 2000000000, "279037" }, { 20000000000, "353130" },
};

static void test_code(void **state)
{
	char got[TOTP_CODE];

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		totp_code(SECRET, vectors[i].now / TOTP_STEP, got);
		assert_string_equal(got, vectors[i].code);
	}
}

static void test_match(void **state)
{
	static const struct {
		const char *name, *code;
		int64_t now, step;
	} cases[] = {
		{ "now", "279037", 2000000000, 66666666 },
		{ "a step early", "279037", 2000000000 - 30, 66666666 },
		{ "a step late", "279037", 2000000000 + 30, 66666666 },
		{ "two steps early", "279037", 2000000000 - 60, 0 },
		{ "two steps late", "279037", 2000000000 + 60, 0 },
		{ "five digits", "27903", 2000000000, 0 },
		{ "seven digits", "2790370", 2000000000, 0 },
		{ "nothing", "", 2000000000, 0 },
		{ "another", "279038", 2000000000, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t got =
		    totp_match(SECRET, slice_of(cases[i].code), cases[i].now);

		if (got != cases[i].step)
			fail_msg("%s: got %lld", cases[i].name, (long long)got);
	}
}

static void test_text(void **state)
{
	char got[TOTP_TEXT];

	(void)state;
	totp_text(SECRET.data, got);
	assert_string_equal(got, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_code),
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
