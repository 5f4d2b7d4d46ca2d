/* tests/unit/lib/crypto/base64.c - bytes as letters, RFC 4648 */
#include "lib/crypto/base64.h"
#include "lib/base/fault.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_encode(void **state)
{
	static const struct {
		const char *bytes, *standard, *url;
	} cases[] = {
		{ "", "", "" },
		{ "f", "Zg==", "Zg" },
		{ "fo", "Zm8=", "Zm8" },
		{ "foo", "Zm9v", "Zm9v" },
		{ "foob", "Zm9vYg==", "Zm9vYg" },
		{ "fooba", "Zm9vYmE=", "Zm9vYmE" },
		{ "foobar", "Zm9vYmFy", "Zm9vYmFy" },
		{ "\xfb\xff\xfe", "+//+", "-__-" },
	};
	uint8_t back[64];
	char text[64];
	size_t size;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice bytes = slice_of(cases[i].bytes), got;

		got = slice_make(text, base64_encode(bytes, text));
		if (!slice_is(got, cases[i].standard) ||
		    base64_decode(got, back, &size) ||
		    !slice_equal(slice_make(back, size), bytes))
			fail_msg("'%s': got '%.*s'", cases[i].bytes,
				 SLICE_ARGS(got));
		got = slice_make(text, base64url_encode(bytes, text));
		if (!slice_is(got, cases[i].url) ||
		    base64url_decode(got, back, &size) ||
		    !slice_equal(slice_make(back, size), bytes))
			fail_msg("'%s': got '%.*s'", cases[i].bytes,
				 SLICE_ARGS(got));
	}
}

static void test_strict(void **state)
{
	static const struct {
		const char *name, *text;
		int standard, url;
	} cases[] = {
		{ "padding belongs to one", "Zg==", 0, -E_INVALID },
		{ "its absence to the other", "Zg", -E_INVALID, 0 },
		{ "bits behind the last byte", "Zh", -E_INVALID, -E_INVALID },
		{ "the same, padded", "Zh==", -E_INVALID, -E_INVALID },
		{ "one letter too many", "Zm9vY", -E_INVALID, -E_INVALID },
		{ "a blank", "Zm 9v", -E_INVALID, -E_INVALID },
		{ "a line's end", "Zm9v\n", -E_INVALID, -E_INVALID },
		{ "three of padding", "Z===", -E_INVALID, -E_INVALID },
		{ "padding inside", "Zg==Zg==", -E_INVALID, -E_INVALID },
		{ "plus and slash", "+//+", 0, -E_INVALID },
		{ "minus and underscore", "-__-", -E_INVALID, 0 },
		{ "a letter above ASCII", "Zm9\xc3", -E_INVALID, -E_INVALID },
	};
	uint8_t out[64];
	size_t size;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice text = slice_of(cases[i].text);
		int standard = base64_decode(text, out, &size);
		int url = base64url_decode(text, out, &size);

		if (standard != cases[i].standard || url != cases[i].url)
			fail_msg("%s: got %d, %d", cases[i].name, standard,
				 url);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_strict),
	};

	return cmocka_run_group_tests_name("base64", tests, NULL, NULL);
}
