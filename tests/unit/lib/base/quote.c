/* tests/unit/lib/base/quote.c - any bytes as a JSON string */
#include "lib/base/quote.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_quote(void **state)
{
	static const struct {
		const char *name;
		struct slice text;
		const char *want;
	} cases[] = {
		{ "nothing", SLICE(""), "\"\"" },
		{ "plain", SLICE("a b"), "\"a b\"" },
		{ "quote and backslash", SLICE("\"\\"), "\"\\\"\\\\\"" },
		{ "named controls", SLICE("\b\t\n\f\r"),
		  "\"\\b\\t\\n\\f\\r\"" },
		{ "other controls", SLICE("\0\v\x1f"),
		  "\"\\u0000\\u000b\\u001f\"" },
		{ "delete is escaped", SLICE("\x7f"), "\"\\u007f\"" },
		{ "UTF-8 stays", SLICE("é€😀"), "\"é€😀\"" },
		{ "no UTF-8", SLICE("a\xff\xc3"), "\"a\\ufffd\\ufffd\"" },
		{ "overlong", SLICE("\xc0\xaf"), "\"\\ufffd\\ufffd\"" },
	};
	struct buffer b;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buffer_init(&b, 256);
		buffer_put_quoted(&b, cases[i].text);
		if (!slice_is(buffer_slice(&b), cases[i].want))
			fail_msg("%s: got %.*s", cases[i].name,
				 SLICE_ARGS(buffer_slice(&b)));
		buffer_release(&b);
	}
}

static void test_html(void **state)
{
	struct buffer b;

	(void)state;
	buffer_init(&b, 256);
	buffer_put_html(&b, SLICE("<a href=\"'&\0é\">"));
	assert_true(slice_equal(buffer_slice(&b),
				SLICE("&lt;a href=&quot;&#39;&amp;\0é&quot;"
				      "&gt;")));
	buffer_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_html),
	};

	return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
