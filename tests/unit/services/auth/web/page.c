/* tests/unit/services/auth/web/page.c */
#include "services/auth/web/page.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct {
	const char *name, *template_text, *value, *want;
} cases[] = {
	{ "text alone", "<p>a</p>", "x", "<p>a</p>" },
	{ "a value", "<p>{{v}}</p>", "x", "<p>x</p>" },
	{ "a value is text", "<p title=\"{{v}}\">", "\"'><b>&amp;",
	  "<p title=\"&quot;&#39;&gt;&lt;b&gt;&amp;amp;\">" },
	{ "no template of its own", "{{v}}", "{{v}}", "{{v}}" },
	{ "another name", "a{{other}}b", "x", "ab" },
	{ "a part", "a{{?v}}<b>{{v}}</b>{{/v}}c", "x", "a<b>x</b>c" },
	{ "a part without a value", "a{{?v}}<b>{{v}}</b>{{/v}}c", "", "ac" },
	{ "a part that has no end", "a{{?v}}b", "", "a" },
	{ "half a mark", "a{{v", "x", "ax" },
};

static void test_filling(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct web w = { 0 };
		struct buffer b;

		print_message("%s\n", cases[i].name);
		buffer_init(&b, 256);
		web_say(&w, "v", slice_of(cases[i].value));
		web_fill(&b, slice_of(cases[i].template_text), &w);
		assert_true(slice_is(buffer_slice(&b), cases[i].want));
		buffer_release(&b);
	}
}

static void test_look(void **state)
{
	struct fault fault = { 0 };
	const struct web_look *look = web_look_new("title", NULL, NULL, &fault);

	(void)state;
	assert_non_null(look);
	assert_true(look->style.size > 0);
	assert_null(web_look_new("title", "/no/such.css", look, &fault));
	assert_non_null(strstr(fault.message, "'/no/such.css'"));
	web_look_free(look);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filling),
		cmocka_unit_test(test_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
