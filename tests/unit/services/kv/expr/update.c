/* tests/unit/services/kv/expr/update.c - updates read and applied */
#include "tests/support/expr_text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct arena mem;

static int start(void **state)
{
	(void)state;
	arena_init(&mem, 64 << 20);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_release(&mem);
	return 0;
}

#define VALUES                                                               \
	"{':1': {'N': '1'}, ':2': {'N': '2'}, ':s': {'S': 'str'}, "          \
	"':l': {'L': [{'N': '8'}, {'N': '9'}]}, ':xy': {'SS': ['x', 'y']}, " \
	"':12': {'NS': ['1', '2']}, ':m': {'M': {'z': {'N': '0'}}}, "        \
	"':huge': {'N': '9e125'}, ':nul': {'NULL': true}}"

/* The item after, or the words of the refusal. */
static const char *apply(const char *text, const char *item)
{
	static struct fault f;
	struct kv_scope scope;
	struct kv_update update;
	struct slice out, again;

	fault_clear(&f);
	assert_int_equal(expr_scope(&scope, &mem, &f, "{'#d': {'S': 'data'}}",
				    VALUES),
			 0);
	if (kv_update_compile(&scope, slice_of(text), &update) ||
	    kv_update_apply(&update, expr_item(&mem, item), &mem, &out, &f))
		return f.message;
	/* what comes out is canonical */
	assert_int_equal(kv_item_canonical(out, &mem, &again, &f), 0);
	assert_true(slice_equal(out, again));
	return item_show(&mem, out);
}

#define MISSING                                                        \
	"The provided expression refers to an attribute that does not" \
	" exist in the item"
#define WRONG "An operand in the update expression has an incorrect data type"
#define PATH                                                     \
	"The document path provided in the update expression is" \
	" invalid for update"
#define INVALID "Invalid UpdateExpression: "

static void test_apply(void **state)
{
	static const struct {
		const char *text, *item, *want;
	} cases[] = {
		{ "SET b = :1", "{'a': {'S': 'x'}, 'c': {'S': 'y'}}",
		  "{'a': {'S': 'x'}, 'b': {'N': '1'}, 'c': {'S': 'y'}}" },
		{ "set a = :1", "{'a': {'S': 'x'}}", "{'a': {'N': '1'}}" },
		{ "SET a = b, b = a", "{'a': {'N': '1'}, 'b': {'N': '2'}}",
		  "{'a': {'N': '2'}, 'b': {'N': '1'}}" },
		{ "SET a = a + :1", "{'a': {'N': '41'}}",
		  "{'a': {'N': '42'}}" },
		{ "SET a = :2 - b", "{'b': {'N': '3'}}",
		  "{'a': {'N': '-1'}, 'b': {'N': '3'}}" },
		{ "SET a = (a + :1)", "{'a': {'N': '41'}}",
		  "{'a': {'N': '42'}}" },
		{ "SET a = if_not_exists(a, :1) + :2", "{}",
		  "{'a': {'N': '3'}}" },
		{ "SET a = if_not_exists(a, :1)", "{'a': {'S': 'x'}}",
		  "{'a': {'S': 'x'}}" },
		{ "SET a = list_append(a, :l)", "{'a': {'L': [{'S': 'x'}]}}",
		  "{'a': {'L': [{'S': 'x'}, {'N': '8'}, {'N': '9'}]}}" },
		{ "SET a = list_append(:l, if_not_exists(a, :l))", "{}",
		  "{'a': {'L': [{'N': '8'}, {'N': '9'}, {'N': '8'}, "
		  "{'N': '9'}]}}" },
		{ "SET a.b = :1", "{'a': {'M': {'c': {'N': '3'}}}}",
		  "{'a': {'M': {'b': {'N': '1'}, 'c': {'N': '3'}}}}" },
		{ "SET a.#d = :1, a.b = :2, c = :s", "{'a': {'M': {}}}",
		  "{'a': {'M': {'b': {'N': '2'}, 'data': {'N': '1'}}}, 'c': "
		  "{'S': 'str'}}" },
		{ "SET a[0] = :1", "{'a': {'L': [{'S': 'x'}, {'S': 'y'}]}}",
		  "{'a': {'L': [{'N': '1'}, {'S': 'y'}]}}" },
		{ "SET a[9] = :2, a[5] = :1", "{'a': {'L': [{'S': 'x'}]}}",
		  "{'a': {'L': [{'S': 'x'}, {'N': '1'}, {'N': '2'}]}}" },
		{ "SET a[0].b = :1", "{'a': {'L': [{'M': {}}]}}",
		  "{'a': {'L': [{'M': {'b': {'N': '1'}}}]}}" },
		{ "REMOVE a", "{'a': {'N': '1'}, 'b': {'N': '2'}}",
		  "{'b': {'N': '2'}}" },
		{ "REMOVE q", "{'a': {'N': '1'}}", "{'a': {'N': '1'}}" },
		{ "REMOVE a[0], a[2], a[7]",
		  "{'a': {'L': [{'N': '0'}, {'N': '1'}, {'N': '2'}]}}",
		  "{'a': {'L': [{'N': '1'}]}}" },
		{ "REMOVE a[0] SET a[1] = :s",
		  "{'a': {'L': [{'N': '0'}, {'N': '1'}, {'N': '2'}]}}",
		  "{'a': {'L': [{'S': 'str'}, {'N': '2'}]}}" },
		{ "REMOVE a.b", "{'a': {'M': {'b': {'N': '1'}}}}",
		  "{'a': {'M': {}}}" },
		{ "ADD a :1", "{}", "{'a': {'N': '1'}}" },
		{ "ADD a :1, b :xy", "{'a': {'N': '0.5'}}",
		  "{'a': {'N': '1.5'}, 'b': {'SS': ['x', 'y']}}" },
		{ "ADD a :xy", "{'a': {'SS': ['w', 'y', 'z']}}",
		  "{'a': {'SS': ['w', 'x', 'y', 'z']}}" },
		{ "ADD a :12", "{'a': {'NS': ['-5', '10']}}",
		  "{'a': {'NS': ['-5', '1', '2', '10']}}" },
		{ "DELETE a :xy", "{'a': {'SS': ['w', 'y', 'z']}}",
		  "{'a': {'SS': ['w', 'z']}}" },
		{ "DELETE a :xy", "{'a': {'SS': ['x', 'y']}}", "{}" },
		{ "DELETE a :xy", "{}", "{}" },
		{ "DELETE a :12", "{'a': {'NS': ['1', '3']}}",
		  "{'a': {'NS': ['3']}}" },
		{ "SET a = b", "{}", MISSING },
		{ "SET a = a + :1", "{}", MISSING },
		{ "SET a = a + :1", "{'a': {'S': 'x'}}", WRONG },
		{ "SET a = list_append(a, :l)", "{'a': {'S': 'x'}}", WRONG },
		{ "ADD a :1", "{'a': {'S': 'x'}}", WRONG },
		{ "ADD a :xy", "{'a': {'NS': ['1']}}", WRONG },
		{ "DELETE a :xy", "{'a': {'NS': ['1']}}", WRONG },
		{ "SET a.b = :1", "{}", PATH },
		{ "SET a.b = :1", "{'a': {'S': 'x'}}", PATH },
		{ "SET a[0] = :1", "{'a': {'M': {}}}", PATH },
		{ "SET a.b.c = :1", "{'a': {'M': {}}}", PATH },
		{ "REMOVE a.b", "{}", PATH },
		{ "SET a[3].b = :1", "{'a': {'L': []}}", PATH },
		{ "ADD a :huge", "{'a': {'N': '9e125'}}",
		  "Number overflow. Attempting to store a number with "
		  "magnitude larger than supported range" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = apply(cases[i].text, cases[i].item);

		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s on %s: got %s, want %s", cases[i].text,
				 cases[i].item, got, cases[i].want);
	}
}

static void test_refusals(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "The expression can not be empty;" },
		{ "SET", "Syntax error; token: \"<EOF>\", near: \"SET\"" },
		{ "a = :1", "Syntax error; token: \"a\", near: \"a =\"" },
		{ "SET a = :1,",
		  "Syntax error; token: \"<EOF>\", near: \",\"" },
		{ "SET a :1", "Syntax error; token: \":1\", near: \"a :1\"" },
		{ "SET _a = :1", "Syntax error; token: \"_\", near: "
				 "\"SET _a\"" },
		{ "SET a = :1 + :1 + :1",
		  "Syntax error; token: \"+\", near: \":1 + :1\"" },
		{ "ADD a b", "Syntax error; token: \"b\", near: \"a b\"" },
		{ "SET a = :1 SET b = :2",
		  "The \"SET\" section can only be used once in an update "
		  "expression;" },
		{ "SET data = :1", "Attribute name is a reserved keyword; "
				   "reserved keyword: data" },
		{ "SET a = size(b)", "The function is not allowed in an update "
				     "expression; function: size" },
		{ "SET a = attribute_exists(b)",
		  "The function is not allowed in an update expression; "
		  "function: attribute_exists" },
		{ "SET a = foo(b)", "Invalid function name; function: foo" },
		{ "SET a = if_not_exists(:1, :1)",
		  "Operator or function requires a document path; operator or "
		  "function: if_not_exists" },
		{ "SET a = :s + :1",
		  "Incorrect operand type for operator or function; operator "
		  "or function: +, operand type: S" },
		{ "SET a = list_append(a, :s)",
		  "Incorrect operand type for operator or function; operator "
		  "or function: list_append, operand type: S" },
		{ "ADD a :s",
		  "Incorrect operand type for operator or function; operator: "
		  "ADD, operand type: STRING, typeSet: "
		  "ALLOWED_FOR_ADD_OPERAND" },
		{ "DELETE a :1",
		  "Incorrect operand type for operator or function; operator: "
		  "DELETE, operand type: NUMBER, typeSet: "
		  "ALLOWED_FOR_DELETE_OPERAND" },
		{ "SET a = :1, a = :2",
		  "Two document paths overlap with each other; must remove or "
		  "rewrite one of these paths; path one: [a], path two: [a]" },
		{ "SET b = :1, a.b[1].c = :1 REMOVE a.b",
		  "Two document paths overlap with each other; must remove or "
		  "rewrite one of these paths; path one: [a, b, [1], c], path "
		  "two: [a, b]" },
		{ "SET a[1] = :1, a.b = :1",
		  "Two document paths conflict with each other; must remove "
		  "or rewrite one of these paths; path one: [a, [1]], path "
		  "two: [a, b]" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = apply(cases[i].text, "{}");
		const char *want =
		    arena_printf(&mem, INVALID "%s", cases[i].want);

		if (strcmp(got, want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].text, got,
				 want);
	}
}

static void test_key_attributes(void **state)
{
	struct kv_key_schema schema = {
		{ { SLICE("pk"), ITEM_S }, { SLICE("sk"), ITEM_S } }, 1, 2
	};
	struct fault f = { 0 };
	struct kv_scope scope;
	struct kv_update update;

	(void)state;
	assert_int_equal(expr_scope(&scope, &mem, &f, NULL, VALUES), 0);
	assert_int_equal(kv_update_compile(&scope,
					   SLICE("SET a = :1 REMOVE sk.x"),
					   &update),
			 0);
	assert_int_equal(kv_update_check(&update, &schema, &f), -E_INVALID);
	assert_string_equal(f.message,
			    "One or more parameter values were invalid: Cannot "
			    "update attribute sk. This attribute is part of "
			    "the key");
}

static void test_touched(void **state)
{
	struct slice item = expr_item(&mem, "{'a': {'M': {'b': {'N': '1'}, 'c':"
					    " {'N': '2'}}}, 'd': {'N': '3'}, "
					    "'e': {'N': '4'}}");
	struct fault f = { 0 };
	struct kv_scope scope;
	struct kv_update update;

	(void)state;
	assert_int_equal(expr_scope(&scope, &mem, &f, NULL, VALUES), 0);
	assert_int_equal(
	    kv_update_compile(&scope, SLICE("SET a.c = d REMOVE e ADD q :1"),
			      &update),
	    0);
	assert_string_equal(item_show(&mem, kv_projection_apply(&update.touched,
								item, &mem)),
			    "{'a': {'M': {'c': {'N': '2'}}}, 'e': {'N': '4'}}");
	assert_int_equal(scope.touched_count, 4); /* a, d, e, q */
}

/* Values nest no deeper than an item may, wherever they are put. */
static void test_depth(void **state)
{
	char item[2000] = "", path[400] = "SET a", value[64] = "= :m";
	size_t at = 0;

	(void)state;
	at += (size_t)snprintf(item, sizeof(item), "{'a': ");
	for (int i = 0; i < 31; i++)
		at += (size_t)snprintf(item + at, sizeof(item) - at, "{'L': [");
	at += (size_t)snprintf(item + at, sizeof(item) - at, "{'L': []}");
	for (int i = 0; i < 31; i++)
		at += (size_t)snprintf(item + at, sizeof(item) - at, "]}");
	snprintf(item + at, sizeof(item) - at, "}");
	at = 5;
	for (int i = 0; i < 31; i++)
		at += (size_t)snprintf(path + at, sizeof(path) - at, "[0]");
	snprintf(path + at, sizeof(path) - at, " %s", value);
	assert_true(*apply(path, item) == '{');
	snprintf(path + at, sizeof(path) - at, " = a");
	assert_string_equal(apply(path, item),
			    "Nesting Levels have exceeded supported limits");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_apply),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_key_attributes),
		cmocka_unit_test(test_touched),
		cmocka_unit_test(test_depth),
	};

	return cmocka_run_group_tests_name("update", tests, start, end);
}
