/* tests/unit/lib/conf/yaml.c - YAML as a tree, as JSON, and refused */
#include "lib/conf/yaml.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct arena mem;

static void test_as_json(void **state)
{
	static const struct {
		const char *name, *yaml, *json;
	} cases[] = {
		{ "nothing", "", "{}" },
		{ "a comment", "# x\n", "{}" },
		{ "map and list", "a: [1, two]\nb:\n  - c: x\n",
		  "{\"a\":[1,\"two\"],\"b\":[{\"c\":\"x\"}]}" },
		{ "plain words of JSON", "[true, false, null, ~, yes]",
		  "[true,false,null,null,\"yes\"]" },
		{ "quoted ones are texts", "['true', \"null\", '1', '']",
		  "[\"true\",\"null\",\"1\",\"\"]" },
		{ "numbers", "[0, -1.5, 1e3, 01, 1., .5, 0x1, 2012-10-17, +1]",
		  "[0,-1.5,1e3,\"01\",\"1.\",\".5\",\"0x1\",\"2012-10-17\","
		  "\"+1\"]" },
		{ "escapes", "\"a\\n\\\"\\u00e9\"", "\"a\\n\\\"é\"" },
		{ "an alias is what it names", "[&x {a: 1}, *x]",
		  "[{\"a\":1},{\"a\":1}]" },
		{ "a block of text", "a: |\n  x\n  y\n",
		  "{\"a\":\"x\\ny\\n\"}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault fault = { 0 };
		struct yaml_node *node =
		    yaml_parse(slice_of(cases[i].yaml), "f", &mem, &fault);
		struct buffer b;

		if (!node)
			fail_msg("%s: %s", cases[i].name, fault.message);
		buffer_init(&b, 4096);
		yaml_put_json(&b, node);
		if (!slice_is(buffer_slice(&b), cases[i].json))
			fail_msg("%s: got %.*s", cases[i].name,
				 SLICE_ARGS(buffer_slice(&b)));
		buffer_release(&b);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *name, *yaml, *why;
	} cases[] = {
		{ "not closed", "a: [1\nb: 2\n", "f:2: " },
		{ "a key twice", "a: 1\nb: 2\na: 3\n",
		  "f:3: the key 'a' stands here twice" },
		{ "a map as key", "{{a: b}: c}", "f:1: a key that is not" },
		{ "an alias of nothing", "a: *x\n",
		  "f:1: an alias of nothing" },
		{ "an alias of itself", "a: &x [*x]\n",
		  "f:1: an alias of nothing" },
		{ "two documents", "a: 1\n---\nb: 2\n",
		  "f:2: a second document" },
		{ "NUL", "a: \"\\0\"\n", "f:1: a text with NUL" },
		{ "a tab as indent", "a:\n\tb: 1\n", "f:2: " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault fault = { 0 };

		assert_null(
		    yaml_parse(slice_of(cases[i].yaml), "f", &mem, &fault));
		if (strncmp(fault.message, cases[i].why,
			    strlen(cases[i].why)) != 0)
			fail_msg("%s: got %s", cases[i].name, fault.message);
	}
}

static void test_bounds(void **state)
{
	struct fault fault = { 0 };
	static char deep[20001];
	char laughs[2048];
	size_t used;

	(void)state;
	memset(deep, '[', 10000);
	memset(deep + 10000, ']', 10000);
	assert_null(yaml_parse(slice_of(deep), "f", &mem, &fault));
	assert_string_equal(fault.message, "f:1: nested too deep");

	used = (size_t)snprintf(laughs, sizeof(laughs),
				"a: &a [x,x,x,x,x,x,x,x,x]\n");
	for (int c = 'b'; c < 'k'; c++)
		used += (size_t)snprintf(
		    laughs + used, sizeof(laughs) - used,
		    "%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c, c, c - 1,
		    c - 1, c - 1, c - 1, c - 1, c - 1, c - 1, c - 1);
	fault_clear(&fault);
	assert_null(yaml_parse(slice_of(laughs), "f", &mem, &fault));
	assert_non_null(strstr(fault.message, "too many values"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_json),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_bounds),
	};
	int failed;

	arena_init(&mem, 64 << 20);
	failed = cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
	arena_release(&mem);
	return failed;
}
