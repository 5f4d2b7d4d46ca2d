/* tests/unit/services/kv/expr/key_condition.c - which part a query reads */
#include "tests/support/expr_text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define VALUES                                                       \
	"{':p': {'S': 'part'}, ':1': {'N': '1'}, ':2': {'N': '2'}, " \
	"':s': {'S': 's'}}"

#define PART(name, type)                             \
	{                                            \
		{ (const uint8_t *)(name), 2 }, type \
	}

static const struct kv_key_schema both = {
	{ PART("pk", ITEM_S), PART("sk", ITEM_N) }, 1, 2
};
static const struct kv_key_schema strings = {
	{ PART("pk", ITEM_S), PART("sk", ITEM_S) }, 1, 2
};
static const struct kv_key_schema single = { { PART("pk", ITEM_S) }, 1, 1 };
static const struct kv_key_schema several = {
	{ PART("h1", ITEM_S), PART("h2", ITEM_N), PART("r1", ITEM_S),
	  PART("r2", ITEM_N), PART("r3", ITEM_S) },
	2,
	5
};

static const char *show(struct arena *mem, const struct kv_key_condition *c)
{
	static const char *const kinds[] = { "",   " =",  " <", " <=",
					     " >", " >=", " b", " begins" };

	const char *text = "";

	for (size_t i = 0; i < KV_KEY_PARTS_MAX && c->hashes[i].type; i++)
		text = arena_printf(mem, "%s%s%.*s", text, i ? " " : "",
				    SLICE_ARGS(c->hashes[i].bytes));
	for (size_t i = 0; i < c->sort_count; i++)
		text = arena_printf(
		    mem, "%s%s %.*s", text,
		    kinds[i + 1 < c->sort_count ? KV_RANGE_EQ : c->kind],
		    SLICE_ARGS(c->sorts[i].bytes));
	return arena_printf(mem, "%s%s%.*s", text, c->high.type ? " " : "",
			    SLICE_ARGS(c->high.bytes));
}

#define INVALID "Invalid KeyConditionExpression: "
#define TYPE                                                    \
	"One or more parameter values were invalid: Condition " \
	"parameter type does not match schema type"

static void test_key_conditions(void **state)
{
	static const struct {
		const struct kv_key_schema *schema;
		const char *text, *want;
	} cases[] = {
		{ &both, "pk = :p", "part" },
		{ &both, ":p = pk", "part" },
		{ &both, "pk = :p AND sk = :1", "part = 1" },
		{ &both, "sk < :1 and pk = :p", "part < 1" },
		{ &both, "pk = :p AND :1 <= sk", "part >= 1" },
		{ &both, "pk = :p AND sk BETWEEN :1 AND :2", "part b 1 2" },
		{ &both, "(pk = :p) AND (sk > :1)", "part > 1" },
		{ &strings, "pk = :p AND begins_with(sk, :s)",
		  "part begins s" },
		{ &single, "pk = :p", "part" },
		{ &both, "sk = :1",
		  "Query condition missed key schema element:"
		  " pk" },
		{ &both, "pk = :p AND x = :1",
		  "Query condition missed key schema element: sk" },
		{ &single, "pk = :p AND x = :1",
		  "Query key condition not supported" },
		{ &both, "pk > :p", "Query key condition not supported" },
		{ &both, "pk = :1", TYPE },
		{ &both, "pk = :p AND sk = :s", TYPE },
		{ &both, "pk = :p AND begins_with(sk, :s)", TYPE },
		{ &both, "pk = :p OR sk = :1",
		  "Invalid operator used in KeyConditionExpression: "
		  "OR" },
		{ &both, "NOT pk = :p",
		  "Invalid operator used in KeyConditionExpression: "
		  "NOT" },
		{ &both, "pk <> :p",
		  "Invalid operator used in KeyConditionExpression: "
		  "<>" },
		{ &both, "pk IN (:p)",
		  "Invalid operator used in KeyConditionExpression: "
		  "IN" },
		{ &both, "attribute_exists(pk)",
		  "Invalid operator used in KeyConditionExpression: "
		  "attribute_exists" },
		{ &both, "pk = :p AND size(sk) = :1",
		  "KeyConditionExpressions cannot contain nested "
		  "operations" },
		{ &both, "pk = :p AND pk = :p",
		  "KeyConditionExpressions must only contain one "
		  "condition per key" },
		{ &both, "pk = :p AND sk > :1 AND sk < :2",
		  "KeyConditionExpressions must only contain one "
		  "condition per key" },
		{ &both, "pk = :p AND sk > :1 AND x < :2",
		  "Conditions can be of length 1 or 2 only" },
		{ &both,
		  "a = :1 AND b = :1 AND c = :1 AND d = :1 AND e = :1 AND "
		  "f = :1 AND g = :1 AND h = :1 AND i = :1",
		  "Conditions can be of length 1 or 2 only" },
		{ &several, "h1 = :p AND h2 = :1", "part 1" },
		{ &several, "r1 = :s AND h2 = :1 AND h1 = :p", "part 1 = s" },
		{ &several, "h2 = :1 AND h1 = :p AND r1 < :s", "part 1 < s" },
		{ &several, "h2 = :1 AND h1 = :p AND begins_with(r1, :s)",
		  "part 1 begins s" },
		{ &several,
		  "h1 = :p AND h2 = :1 AND r2 BETWEEN :1 AND :2 AND "
		  "r1 = :s",
		  "part 1 = s b 1 2" },
		{ &several,
		  "h1 = :p AND h2 = :1 AND r1 = :s AND r2 = :2 AND "
		  "r3 >= :s",
		  "part 1 = s = 2 >= s" },
		{ &several, "h1 = :p",
		  "Query condition missed key schema element: h2" },
		{ &several, "h2 = :1 AND r1 = :s",
		  "Query condition missed key schema element: h1" },
		{ &several, "h1 = :p AND h2 = :1 AND r2 = :1",
		  "Query condition missed key schema element: r1" },
		{ &several, "h1 = :p AND h2 = :1 AND r1 = :s AND r3 = :s",
		  "Query condition missed key schema element: r2" },
		{ &several, "h1 = :p AND h2 = :1 AND r1 = :s AND x = :s",
		  "Query condition missed key schema element: r2" },
		{ &several, "h1 = :p AND h2 > :1",
		  "Query key condition not supported" },
		{ &several, "h1 = :p AND h2 = :1 AND r1 > :s AND r2 = :1",
		  "Query key condition not supported" },
		{ &several,
		  "h1 = :p AND h2 = :1 AND begins_with(r1, :s) AND "
		  "r2 < :1",
		  "Query key condition not supported" },
		{ &several, "h1 = :p AND h2 = :p", TYPE },
		{ &several, "h1 = :p AND h2 = :1 AND r1 = :s AND r2 = :s",
		  TYPE },
		{ &both, "pk.x = :p",
		  "KeyConditionExpressions cannot have conditions on "
		  "nested attributes" },
		{ &both, "pk = sk",
		  "Invalid condition in KeyConditionExpression: "
		  "Multiple attribute names used in one condition" },
		{ &both, ":p = :s",
		  "Invalid condition in KeyConditionExpression: No key "
		  "attribute specified" },
		{ &both, "pk",
		  INVALID "Syntax error; token: \"<EOF>\", near: "
			  "\"pk\"" },
	};
	struct arena mem;

	(void)state;
	arena_init(&mem, 1 << 24);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault f = { 0 };
		struct kv_scope scope;
		struct kv_key_condition condition;
		const struct kv_node *node;
		const char *got = f.message;

		expr_scope(&scope, &mem, &f, NULL, VALUES);
		if (!kv_key_condition_compile(&scope, slice_of(cases[i].text),
					      &node) &&
		    !kv_key_condition_match(node, cases[i].schema, &condition,
					    &f))
			got = show(&mem, &condition);
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].text, got,
				 cases[i].want);
	}
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key_conditions),
	};

	return cmocka_run_group_tests_name("key_condition", tests, NULL, NULL);
}
