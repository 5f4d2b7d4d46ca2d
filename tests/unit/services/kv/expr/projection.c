/* tests/unit/services/kv/expr/projection.c - the part of an item paths name */
#include "tests/support/expr_text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ITEM                                                            \
	"{'a': {'M': {'b': {'L': [{'N': '0'}, {'M': {'c': {'S': 'x'}, " \
	"'d': {'S': 'y'}}}, {'N': '2'}]}, 'e': {'N': '5'}}}, "          \
	"'f': {'S': 'z'}, 'data': {'S': 'q'}}"

static void test_projection(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "f", "{'f': {'S': 'z'}}" },
		{ "q", "{}" },
		{ "f, a.e", "{'a': {'M': {'e': {'N': '5'}}}, 'f': "
			    "{'S': 'z'}}" },
		{ "#d", "{'data': {'S': 'q'}}" },
		{ "a.b[2], a.b[0]",
		  "{'a': {'M': {'b': {'L': [{'N': '0'}, {'N': '2'}]}}}}" },
		{ "a.b[1].d, a.b[7]",
		  "{'a': {'M': {'b': {'L': [{'M': {'d': {'S': 'y'}}}]}}}}" },
		{ "a.q, a.b.x, f.g", "{}" },
		{ "a.q, f", "{'f': {'S': 'z'}}" },
		{ "data", "Invalid ProjectionExpression: Attribute name is a "
			  "reserved keyword; reserved keyword: data" },
		{ "f,", "Invalid ProjectionExpression: Syntax error; token: "
			"\"<EOF>\", near: \",\"" },
		{ "f a", "Invalid ProjectionExpression: Syntax error; token: "
			 "\"a\", near: \"f a\"" },
		{ "size(f)", "Invalid ProjectionExpression: Syntax error; "
			     "token: \"(\", near: \"size(f\"" },
		{ "a, a.b", "Invalid ProjectionExpression: Two document paths "
			    "overlap with each other; must remove or rewrite "
			    "one of these paths; path one: [a], path two: [a, "
			    "b]" },
		{ "", "Invalid ProjectionExpression: The expression can not be "
		      "empty;" },
	};
	struct arena mem;

	(void)state;
	arena_init(&mem, 1 << 24);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault f = { 0 };
		struct kv_scope scope;
		struct kv_paths paths;
		const char *got = f.message;

		expr_scope(&scope, &mem, &f, "{'#d': {'S': 'data'}}", NULL);
		if (!kv_projection_compile(&scope, slice_of(cases[i].text),
					   &paths))
			got =
			    item_show(&mem,
				      kv_projection_apply(&paths,
							  expr_item(&mem, ITEM),
							  &mem));
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].text, got,
				 cases[i].want);
	}
	arena_release(&mem);
}

static void test_many_paths(void **state)
{
	char text[4096];
	size_t at = 0;
	struct arena mem;
	struct fault f = { 0 };
	struct kv_scope scope;
	struct kv_paths paths;

	(void)state;
	arena_init(&mem, 1 << 24);
	for (int i = 0; i < 26 * 26 && at < sizeof(text) - 4; i++)
		at +=
		    (size_t)snprintf(text + at, sizeof(text) - at, "%sq%c%c",
				     i ? "," : "", 'a' + i / 26, 'a' + i % 26);
	expr_scope(&scope, &mem, &f, NULL, NULL);
	assert_int_equal(kv_projection_compile(&scope, slice_of(text), &paths),
			 0);
	assert_int_equal(paths.count, 26 * 26);
	assert_int_equal(scope.touched_count, 26 * 26);
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_projection),
		cmocka_unit_test(test_many_paths),
	};

	return cmocka_run_group_tests_name("projection", tests, NULL, NULL);
}
