/* tests/unit/services/kv/expr/condition.c - conditions read and held */
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

#define NAMES "{'#d': {'S': 'data'}, '#dot': {'S': 'a.b'}}"
#define VALUES                                                        \
	"{':1': {'N': '1'}, ':2': {'N': '2.0'}, ':10': {'N': '10'}, " \
	"':s': {'S': 'str'}, ':st': {'S': 'st'}, ':e': {'S': ''}, "   \
	"':b': {'B': 'bin'}, ':ss': {'SS': ['x', 'y']}, "             \
	"':l': {'L': [{'N': '1'}]}, ':t': {'BOOL': true}, "           \
	"':S': {'S': 'S'}, ':x': {'S': 'x'}, ':bad': {'S': 'NUMBER'}}"
#define ITEM                                                               \
	"{'n': {'N': '2'}, 's': {'S': 'string'}, 'b': {'B': 'binary'}, "   \
	"'ss': {'SS': ['y', 'x']}, 'l': {'L': [{'N': '1'}, {'S': 'x'}]}, " \
	"'m': {'M': {'k': {'M': {'data': {'N': '10'}}}}}, "                \
	"'data': {'S': 'd'}, 'a.b': {'N': '1'}, 't': {'BOOL': true}, "     \
	"'nul': {'NULL': true}, 'u': {'S': '\xc3\xa9\xc3\xa9'}}"

/* "true", "false", or the words of the refusal. */
static const char *hold(const char *text)
{
	static struct fault f;
	struct kv_scope scope;
	const struct kv_node *node;

	fault_clear(&f);
	assert_int_equal(expr_scope(&scope, &mem, &f, NAMES, VALUES), 0);
	if (kv_condition_compile(&scope, "ConditionExpression", slice_of(text),
				 &node))
		return f.message;
	return kv_condition_holds(node, expr_item(&mem, ITEM)) ? "true"
							       : "false";
}

static void test_truth(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "n = :2", "true" },
		{ "n=:2", "true" },
		{ "n <> :2", "false" },
		{ "n = :1", "false" },
		{ "n < :10", "true" },
		{ "n > :10", "false" },
		{ "n <= :2", "true" },
		{ "n >= :2", "true" },
		{ ":2 = n", "true" },
		{ "s < :st", "false" },
		{ "s > :st", "true" },
		{ "n = :s", "false" },
		{ "n < :s", "false" },
		{ "n <> :s", "true" },
		{ "q = :1", "false" },
		{ "q < :1", "false" },
		{ "q <> :1", "true" },
		{ "q = r", "false" },
		{ "n BETWEEN :1 AND :10", "true" },
		{ "n between :1 and :2", "true" },
		{ "n BETWEEN :10 AND :10", "false" },
		{ ":2 BETWEEN n AND m.k.#d", "true" },
		{ "n IN (:1, :2)", "true" },
		{ "n IN (:1)", "false" },
		{ "q IN (:1)", "false" },
		{ "ss = :ss", "true" },
		{ "l[0] = :1", "true" },
		{ "l[1] = :x", "true" },
		{ "l[2] = :1", "false" },
		{ "l.x = :1", "false" },
		{ "m.k.#d = :10", "true" },
		{ "m[0] = :10", "false" },
		{ "#dot = :1", "true" },
		{ "#d = :s", "false" },
		{ "t = :t", "true" },
		{ "attribute_exists(n)", "true" },
		{ "attribute_exists(m.k)", "true" },
		{ "attribute_exists(q)", "false" },
		{ "attribute_not_exists(q)", "true" },
		{ "attribute_type(s, :S)", "true" },
		{ "attribute_type(n, :S)", "false" },
		{ "attribute_type(q, :S)", "false" },
		{ "begins_with(s, :st)", "true" },
		{ "begins_with(s, :e)", "true" },
		{ "begins_with(b, :b)", "true" },
		{ "begins_with(b, :s)", "false" },
		{ "begins_with(q, :s)", "false" },
		{ "contains(s, :st)", "true" },
		{ "contains(s, :x)", "false" },
		{ "contains(ss, :x)", "true" },
		{ "contains(ss, :s)", "false" },
		{ "contains(l, :1)", "true" },
		{ "contains(l, :2)", "false" },
		{ "contains(q, :1)", "false" },
		{ "size(s) > :2", "true" },
		{ "size(u) = :2", "true" },
		{ "size(l) = :2", "true" },
		{ "size(ss) = :2", "true" },
		{ "size(m) = :1", "true" },
		{ "size(n) = :1", "false" },
		{ "size(q) < :10", "false" },
		{ "NOT n = :1", "true" },
		{ "NOT q = :1", "true" },
		{ "not n = :2", "false" },
		{ "n = :1 OR n = :2", "true" },
		{ "n = :1 AND n = :2", "false" },
		{ "n = :2 OR n = :1 AND n = :1", "true" },
		{ "(n = :2 OR n = :1) AND n = :1", "false" },
		{ "NOT n = :1 AND n = :2", "true" },
		{ "NOT (n = :1 OR n = :2)", "false" },
		{ "NOT NOT n = :2", "true" },
		{ "(n) = :2", "true" },
		{ "n = (:2)", "Invalid ConditionExpression: Syntax error; "
			      "token: \"(\", near: \"= (:2\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = hold(cases[i].text);

		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].text, got,
				 cases[i].want);
	}
}

static void test_refusals(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "The expression can not be empty;" },
		{ "  ", "The expression can not be empty;" },
		{ "a", "Syntax error; token: \"<EOF>\", near: \"a\"" },
		{ "a = ", "Syntax error; token: \"<EOF>\", near: \"=\"" },
		{ "a = :1 b", "Syntax error; token: \"b\", near: \":1 b\"" },
		{ "a = = :1", "Syntax error; token: \"=\", near: \"= = :1\"" },
		{ "_a = :1", "Syntax error; token: \"_\", near: \"_a\"" },
		{ "a = :1 AND", "Syntax error; token: \"<EOF>\", near: "
				"\"AND\"" },
		{ "a AND b", "Syntax error; token: \"AND\", near: "
			     "\"a AND b\"" },
		{ "(a = :1", "Syntax error; token: \"<EOF>\", near: \":1\"" },
		{ "a[x] = :1", "Syntax error; token: \"x\", near: \"[x]\"" },
		{ "a[-1] = :1", "Syntax error; token: \"-\", near: \"[-1\"" },
		{ "a..b = :1", "Syntax error; token: \".\", near: \"..b\"" },
		{ "a = 1", "Syntax error; token: \"1\", near: \"= 1\"" },
		{ "a = 'x'", "Syntax error; token: \"'\", near: \"= 'x\"" },
		{ "a ! b", "Syntax error; token: \"!\", near: \"a ! b\"" },
		{ "a = :1 + :1", "Syntax error; token: \"+\", near: "
				 "\":1 + :1\"" },
		{ "data = :1", "Attribute name is a reserved keyword; "
			       "reserved keyword: data" },
		{ "m.Zone = :1", "Attribute name is a reserved keyword; "
				 "reserved keyword: Zone" },
		{ "#no = :1", "An expression attribute name used in the "
			      "document path is not defined; attribute name: "
			      "#no" },
		{ "a = :no", "An expression attribute value used in expression "
			     "is not defined; attribute value: :no" },
		{ "foo(a)", "Invalid function name; function: foo" },
		{ "Size(a) = :1", "Invalid function name; function: Size" },
		{ "size(a)", "The function is not allowed to be used this way "
			     "in an expression; function: size" },
		{ "attribute_exists(a) = :1",
		  "The function is not allowed to be used this way in an "
		  "expression; function: attribute_exists" },
		{ "NOT size(a)", "The function is not allowed to be used this "
				 "way in an expression; function: size" },
		{ "a = if_not_exists(a, :1)",
		  "The function is not allowed in a condition expression; "
		  "function: if_not_exists" },
		{ "attribute_exists(a, b)",
		  "Incorrect number of operands for operator or function; "
		  "operator or function: attribute_exists, number of operands: "
		  "2" },
		{ "begins_with(a)",
		  "Incorrect number of operands for operator or function; "
		  "operator or function: begins_with, number of operands: 1" },
		{ "attribute_exists(:1)",
		  "Operator or function requires a document path; operator or "
		  "function: attribute_exists" },
		{ "begins_with(a, :1)",
		  "Incorrect operand type for operator or function; operator "
		  "or function: begins_with, operand type: N" },
		{ "a < :ss", "Incorrect operand type for operator or function; "
			     "operator or function: <, operand type: SS" },
		{ "a BETWEEN :t AND :1",
		  "Incorrect operand type for operator or function; operator "
		  "or function: BETWEEN, operand type: BOOL" },
		{ "size(:1) = :1",
		  "Incorrect operand type for operator or function; operator "
		  "or function: size, operand type: N" },
		{ "attribute_type(a, :1)",
		  "Incorrect operand type for operator or function; operator "
		  "or function: attribute_type, operand type: N" },
		{ "attribute_type(a, :bad)",
		  "Invalid attribute type name found; type: NUMBER, valid "
		  "types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}" },
		{ "a BETWEEN :10 AND :1",
		  "The BETWEEN operator requires upper bound to be greater "
		  "than or equal to lower bound; lower bound operand: "
		  "AttributeValue: {N:10}, upper bound operand: "
		  "AttributeValue: {N:1}" },
		{ "a BETWEEN :1 AND :s",
		  "The BETWEEN operator requires same data type for lower and "
		  "upper bounds; lower bound operand: AttributeValue: {N:1}, "
		  "upper bound operand: AttributeValue: {S:str}" },
		{ "a = a", "The first operand must be distinct from the "
			   "remaining operands for this operator or function; "
			   "operator: =, first operand: [a]" },
		{ "a.b[1] IN (:1, a.b[1])",
		  "The first operand must be distinct from the remaining "
		  "operands for this operator or function; operator: IN, first "
		  "operand: [a, b, [1]]" },
		{ "((a = :1))", "The expression has redundant parentheses;" },
		{ "((a = :1) AND b = :1)", NULL },
		{ "a[2147483648] = :1",
		  "List index is not within the allowable range; index: "
		  "[2147483648]" },
		{ "data = :no AND foo(a)",
		  "Attribute name is a reserved keyword; reserved keyword: "
		  "data" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = hold(cases[i].text);
		const char *want =
		    cases[i].want
			? arena_printf(&mem, "Invalid ConditionExpression: %s",
				       cases[i].want)
			: "false";

		if (strcmp(got, want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].text, got,
				 want);
	}
}

/* `count` times `before`, then `middle`, then `count` times `after`. */
static const char *repeat(size_t count, const char *before, const char *middle,
			  const char *after)
{
	struct buffer b;
	const char *text;

	buffer_init(&b, 1 << 20);
	for (size_t i = 0; i < count; i++)
		buffer_put_text(&b, before);
	buffer_put_text(&b, middle);
	for (size_t i = 0; i < count; i++)
		buffer_put_text(&b, after);
	text = arena_copy(&mem, buffer_slice(&b).data, buffer_size(&b));
	buffer_release(&b);
	return text;
}

#define OPERATORS                                                \
	"The expression contains more than the maximum allowed " \
	"number of operators and functions; maximum: 300"

static void test_bounds(void **state)
{
	const struct {
		const char *name, *text, *want;
	} cases[] = {
		{ "149 levels of a<b or (…",
		  repeat(149, "a<b or (", "a<b", ")"), NULL },
		{ "299 operators in a row", repeat(149, "a<b or ", "a<b", ""),
		  NULL },
		{ "301 operators", repeat(150, "a<b or ", "a<b", ""),
		  OPERATORS },
		{ "300 NOTs", repeat(299, "NOT ", "a<b", ""), NULL },
		{ "301 NOTs", repeat(300, "NOT ", "a<b", ""), OPERATORS },
		{ "299 NOT (", repeat(299, "NOT (", "a<b", ")"), NULL },
		{ "20,000 parentheses", repeat(20000, "(", "a<b", ")"),
		  "Expression size has exceeded the maximum allowed size; "
		  "expression size: 40003" },
		{ "2,000 parentheses", repeat(2000, "(", "a<b", ")"),
		  "The expression has redundant parentheses;" },
		{ "4,096 open ones", repeat(4096, "(", "", ""),
		  "The expression has redundant parentheses;" },
		{ "4,096 bytes", repeat(4087, "", "a = :1", " "), NULL },
		{ "4,097 bytes", repeat(4091, "", "a = :1", " "),
		  "Expression size has exceeded the maximum allowed size; "
		  "expression size: 4097" },
		{ "nested functions", repeat(400, "size(", "a", ")"),
		  OPERATORS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = hold(cases[i].text);
		bool truth = !strcmp(got, "true") || !strcmp(got, "false");

		if (cases[i].want ? truth || !strstr(got, cases[i].want)
				  : !truth)
			fail_msg("%s: got %s, want %s", cases[i].name, got,
				 cases[i].want ? cases[i].want : "a truth");
	}
}

static void test_counts(void **state)
{
	const char *hundred = repeat(99, "", "a IN (:1", ",:1");
	const char *steps32 = repeat(31, "", "a", ".b");

	(void)state;
	assert_string_equal(hold(arena_printf(&mem, "%s)", hundred)), "false");
	assert_string_equal(
	    hold(arena_printf(&mem, "%s,:1)", hundred)),
	    "Invalid ConditionExpression: The IN operator is provided with too "
	    "many operands; number of operands: 101");
	assert_string_equal(hold(arena_printf(&mem, "%s = :1", steps32)),
			    "false");
	assert_string_equal(
	    hold(arena_printf(&mem, "%s[0] = :1", steps32)),
	    "Invalid ConditionExpression: The document path has too many "
	    "nesting elements; nesting levels: 33");
}

static void test_placeholders(void **state)
{
	static const struct {
		const char *name, *names, *values, *text, *want;
	} cases[] = {
		{ "all used", "{'#a': {'S': 'a'}}", "{':v': {'N': '1'}}",
		  "#a = :v", "" },
		{ "a name unused",
		  "{'#a': {'S': 'a'}, '#b': {'S': 'b'}, "
		  "'#c': {'S': 'c'}}",
		  "{':v': {'N': '1'}}", "#a = :v",
		  "Value provided in ExpressionAttributeNames unused in "
		  "expressions: keys: {#b, #c}" },
		{ "a value unused", NULL,
		  "{':v': {'N': '1'}, ':w': {'N': '1'}}", "a = :v",
		  "Value provided in ExpressionAttributeValues unused in "
		  "expressions: keys: {:w}" },
		{ "a name without #", "{'a': {'S': 'a'}}", NULL, "a = b",
		  "ExpressionAttributeNames contains invalid key: Syntax "
		  "error; key: \"a\"" },
		{ "a name of more", "{'#a-b': {'S': 'a'}}", NULL, "a = b",
		  "ExpressionAttributeNames contains invalid key: Syntax "
		  "error; key: \"#a-b\"" },
		{ "a value without :", NULL, "{'v': {'N': '1'}}", "a = b",
		  "ExpressionAttributeValues contains invalid key: Syntax "
		  "error; key: \"v\"" },
		{ "a bad value", NULL, "{':a': {'N': '1'}, ':v': {'N': 'x'}}",
		  "a = b",
		  "ExpressionAttributeValues contains invalid value: The "
		  "parameter cannot be converted to a numeric value: x for key "
		  ":v" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault f = { 0 };
		struct kv_scope scope;
		const struct kv_node *node;

		if (!expr_scope(&scope, &mem, &f, cases[i].names,
				cases[i].values) &&
		    !kv_condition_compile(&scope, "FilterExpression",
					  slice_of(cases[i].text), &node))
			kv_scope_done(&scope);
		if (strcmp(f.message, cases[i].want) != 0)
			fail_msg("%s: got '%s', want '%s'", cases[i].name,
				 f.message, cases[i].want);
	}
}

static void test_touched_and_filtered(void **state)
{
	struct kv_key_schema schema = { { { SLICE("k"), ITEM_S } }, 1, 1 };
	struct fault f = { 0 };
	struct kv_scope scope;
	const struct kv_node *node;

	(void)state;
	assert_int_equal(expr_scope(&scope, &mem, &f, NULL, VALUES), 0);
	assert_int_equal(
	    kv_condition_compile(&scope, "FilterExpression",
				 SLICE("a.b = :1 OR size(c[0]) = :1 AND NOT "
				       "contains(d, e)"),
				 &node),
	    0);
	assert_int_equal(scope.touched_count, 4);
	assert_true(slice_is(scope.touched[0], "a"));
	assert_true(slice_is(scope.touched[3], "e"));
	assert_int_equal(kv_filter_check(node, "Filter Expression", &schema,
					 &f),
			 0);
	schema.parts[0].name = SLICE("c");
	assert_int_equal(kv_filter_check(node, "Filter Expression", &schema,
					 &f),
			 -E_INVALID);
	assert_string_equal(f.message, "Filter Expression can only contain "
				       "non-primary key attributes: Primary "
				       "key attribute: c");
}

static void test_full_arena(void **state)
{
	(void)state;
	for (size_t max = 0; max < 20000; max += 64) {
		struct arena small;
		struct fault f = { 0 };
		struct kv_scope scope;
		const struct kv_node *node;

		arena_init(&small, max);
		kv_scope_init(&scope, &small, &f);
		if (!kv_condition_compile(
			&scope, "ConditionExpression",
			SLICE("a = b AND (c IN (d, e) OR NOT size(f) < g.h)"),
			&node))
			assert_false(kv_condition_holds(node, SLICE("")));
		arena_release(&small);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_truth),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_placeholders),
		cmocka_unit_test(test_touched_and_filtered),
		cmocka_unit_test(test_full_arena),
	};

	return cmocka_run_group_tests_name("condition", tests, start, end);
}
