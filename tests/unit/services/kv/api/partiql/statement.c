/* tests/unit/services/kv/api/partiql/statement.c - statements as trees */
#include "services/kv/api/partiql/statement.h"
#include "tests/support/expr_text.h"
#include "tests/support/node_text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define PART(name, type)                             \
	{                                            \
		{ (const uint8_t *)(name), 2 }, type \
	}

static const struct kv_key_schema both = {
	{ PART("pk", ITEM_S), PART("sk", ITEM_N) }, 1, 2
};
static const struct kv_key_schema several = {
	{ PART("h1", ITEM_S), PART("h2", ITEM_N), PART("r1", ITEM_S),
	  PART("r2", ITEM_N) },
	2,
	4
};

/* What a statement has for parameters: 7, 'p', [1, 2], {'a': 1}. */
static size_t make_parameters(struct arena *mem, struct item_value *out)
{
	struct slice item = expr_item(
	    mem, "{'1': {'N': '7'}, '2': {'S': 'p'}, '3': {'L': [{'N': '1'}, "
		 "{'N': '2'}]}, '4': {'M': {'a': {'N': '1'}}}}");
	struct slice name;
	size_t count = 0;

	while (item_next(&item, &name, &out[count]) > 0)
		count++;
	return count;
}

/* As many parameters as there are "?", from the first of those above on. */
static size_t count_marks(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '?';
	return count;
}

static void columns_text(struct buffer *out, const struct kv_paths *paths)
{
	buffer_put_text(out, paths ? "" : "*");
	for (size_t i = 0; paths && i < paths->count; i++) {
		buffer_printf(out, "%s%.*s: ", i ? ", " : "",
			      SLICE_ARGS(paths->names[i]));
		path_text(out, paths->paths[i]);
	}
}

/* table[.index]; what it does; where; order; returns */
static void statement_text(struct buffer *out,
			   const struct partiql_statement *s)
{
	const struct item_value item = { .type = ITEM_M, .bytes = s->item };

	buffer_printf(out, "%.*s", SLICE_ARGS(s->table));
	if (s->index.size)
		buffer_printf(out, ".%.*s", SLICE_ARGS(s->index));
	buffer_put_text(out, " | ");
	if (s->verb == PARTIQL_INSERT)
		value_text(out, &item);
	else if (s->verb == PARTIQL_UPDATE)
		update_text(out, &s->update);
	else if (s->verb != PARTIQL_DELETE)
		columns_text(out, s->paths);
	buffer_put_text(out, " | ");
	node_text(out, s->where);
	for (size_t i = 0; i < s->order_count; i++)
		buffer_printf(out, " | %.*s %s", SLICE_ARGS(s->order[i].name),
			      s->order[i].descending ? "down" : "up");
	if (s->returns)
		buffer_printf(out, " | %s", s->returns);
}

static void is_text(const char *statement, struct buffer *got, const char *want)
{
	buffer_put_byte(got, 0);
	if (strcmp((const char *)buffer_slice(got).data, want) != 0)
		fail_msg("%s:\n got %s\nwant %s", statement,
			 (const char *)buffer_slice(got).data, want);
	buffer_reset(got);
}

#define WHERE(text) "SELECT * FROM t WHERE " text
#define IS(text) "t | * | " text
#define SET(text) "UPDATE t SET " text
#define MALFORMED "Statement wasn't well formed, can't be processed: "

static void test_statements(void **state)
{
	static const struct {
		const char *statement, *want;
	} cases[] = {
		{ "SELECT * FROM t", IS("-") },
		{ "select * from \"t-1\".\"by \"\"x\"\"\" ; -- all",
		  "t-1.by \"x\" | * | -" },
		{ "SELECT b, a.x, l[0], m['y z'] /* four */ FROM t",
		  "t | _3: l[0], b: b, x: a.x, y z: m.y z | -" },
		{ WHERE("a = 1"), IS("(= a 1)") },
		{ WHERE("'it''s' <> \"a\"\"b\""), IS("(<> 'it's' a\"b)") },
		{ WHERE("a != -1.50 AND b<=+2e1 OR NOT c>.5"),
		  IS("(or (and (<> a -1.5) (<= b 20)) (not (> c 0.5)))") },
		{ WHERE("NOT (a = TRUE OR b = null) and c=FALSE"),
		  IS("(and (not (or (= a true) (= b null))) (= c false))") },
		{ WHERE("(a) = (1)"), IS("(= a 1)") },
		{ WHERE("a BETWEEN 1 AND 2 AND b NOT BETWEEN ? AND 9"),
		  IS("(and (between a 1 2) (not (between b 7 9)))") },
		{ WHERE("a IN [1, 'x', ?]"), IS("(in a 1 'x' 7)") },
		{ WHERE("a IN (1, b.c)"), IS("(in a 1 b.c)") },
		{ WHERE("a IN ('x') OR a NOT IN <<1, 2>>"),
		  IS("(or (in a 'x') (not (in a 1 2)))") },
		{ WHERE("a = ? AND b = ? AND c IN ?"),
		  IS("(and (and (= a 7) (= b 'p')) (in c 1 2))") },
		{ WHERE("a IS MISSING OR b is not missing"),
		  IS("(or (missing a) (exists b))") },
		{ WHERE("a IS NULL AND b IS NOT STRING AND c IS struct"),
		  IS("(and (and (type a 'NULL') (not (type b 'S'))) (type c "
		     "'M'))") },
		{ WHERE("Begins_With(a, 'x') AND contains(b, 1)"),
		  IS("(and (begins a 'x') (contains b 1))") },
		{ WHERE("size(a[1].b) > 3 AND attribute_type(a, 'SS')"),
		  IS("(and (> (size a[1].b) 3) (type a 'SS'))") },
		{ WHERE("a = {'x': [1, {}], 'y': <<'b', 'a'>>}"),
		  IS("(= a M{x: L{1, M{}}, y: SS{'a', 'b'}})") },
		{ WHERE("a = 1 ORDER BY pk DESC, sk"),
		  IS("(= a 1) | pk down | sk up") },
		{ "EXISTS( SELECT * FROM t WHERE a = 1 )", IS("(= a 1)") },
		{ "INSERT INTO t VALUE {'b': ?, 'a': <<1.0, 2>>}",
		  "t | M{a: NS{1, 2}, b: 7} | -" },
		{ "INSERT INTO \"t\" value {}", "t | M{} | -" },
		{ SET("a = 1 WHERE pk = 'x'"), "t | set a 1 | (= pk 'x')" },
		{ SET("a = 1, b.c[2] = 'y' SET d = a REMOVE e REMOVE f[0]"),
		  "t | set a 1; set b.c[2] 'y'; set d a; remove e; remove "
		  "f[0] | -" },
		{ SET("a = a + 1 - (b+?) WHERE pk = 'x' RETURNING MODIFIED "
		      "NEW *"),
		  "t | set a (- (+ a 1) (+ b 7)) | (= pk 'x') | UPDATED_NEW" },
		{ SET("l = list_append(l, [1]) SET s = SET_ADD(s, <<1>>) SET "
		      "r=set_delete(r, <<'x'>>)"),
		  "t | set l (list_append l L{1}); delete r SS{'x'}; add s "
		  "NS{1} | -" },
		{ SET("a = if_not_exists(a, 0) RETURNING ALL OLD *"),
		  "t | set a (if_not_exists a 0) | - | ALL_OLD" },
		{ "DELETE FROM t WHERE pk = 'x' RETURNING ALL OLD *",
		  "t |  | (= pk 'x') | ALL_OLD" },
		/* what is no statement */
		{ "", MALFORMED "Unexpected term" },
		{ "SELEC * FROM t", MALFORMED "Unexpected term" },
		{ "SELECT * WHERE a = 1",
		  MALFORMED "Expected FROM after SELECT list" },
		{ "SELECT FROM t", MALFORMED "Unexpected term" },
		{ "SELECT *, a FROM t",
		  "Other attributes should not be present in the projection "
		  "when '*' is used." },
		{ "SELECT a AS b FROM t", "Aliasing is not supported" },
		{ "SELECT * FROM t x", "Aliasing is not supported" },
		{ "SELECT * FROM t LIMIT 1",
		  "Unsupported clause: LIMIT at 1:17:5" },
		{ "SELECT * FROM t\n WHERE a[x] = 1",
		  "Unexpected path component at 2:10:1" },
		{ WHERE("a = 1 b"),
		  MALFORMED "Unexpected token after expression" },
		{ WHERE("a = 'x"), MALFORMED "Unexpected term" },
		{ WHERE("a ="), MALFORMED "Unexpected term" },
		{ WHERE("(a = 1"), MALFORMED "Expected ')'" },
		{ WHERE("a"), "Unexpected operand in a condition" },
		{ WHERE("a = (b = 1)"), "Unexpected condition in an operand" },
		{ WHERE("a IN 1"), MALFORMED "Unexpected term" },
		{ WHERE("a IS red"), MALFORMED "Expected type name" },
		{ WHERE("upper(a) = 'X'"),
		  "Invalid function name; function: upper" },
		{ WHERE("begins_with(a)"),
		  "Incorrect number of operands for operator or function; "
		  "operator or function: begins_with, number of operands: 1" },
		{ WHERE("begins_with(a, 1)"),
		  "Incorrect operand type for operator or function; operator "
		  "or function: begins_with, operand type: N" },
		{ WHERE("a = ? AND b = ? AND c = ? AND d = ? AND e = ?"),
		  "Number of parameters in request and statement don't "
		  "match." },
		{ WHERE("a = <<1, 'x'>>"),
		  "Set elements must be all of one of the types String, "
		  "Number and Binary" },
		{ WHERE("a = 1e200"),
		  "Number overflow. Attempting to store a number with "
		  "magnitude larger than supported range" },
		{ "INSERT INTO t VALUE 1",
		  "Unsupported type in INSERT: the value is no map" },
		{ "INSERT INTO t.i VALUE {}",
		  "This operation is not supported on an index" },
		{ "UPDATE t WHERE pk = 1",
		  MALFORMED "Expected data manipulation" },
		{ "UPDATE t SET a", MALFORMED "Expected assignment for SET" },
		{ SET("a = SET_ADD(b, <<1>>)"),
		  "SET_ADD takes the path that is set, and a set" },
		{ SET("a = SET_DELETE(a, 1)"),
		  "Incorrect operand type for operator or function; operator "
		  "or function: SET_DELETE, operand type: N" },
		{ SET("a = 1 SET a.b = 2"),
		  "Invalid UpdateExpression: Two document paths overlap with "
		  "each other; must remove or rewrite one of these paths; "
		  "path one: [a], path two: [a, b]" },
		{ SET("a = 1 RETURNING SOME *"),
		  MALFORMED "Expected ( MODIFIED | ALL ) ( NEW | OLD ) in each "
			    "returning element." },
		{ "DELETE t WHERE pk = 1",
		  MALFORMED "Expected FROM after DELETE" },
		{ "DELETE FROM t WHERE a = 1 RETURNING ALL NEW *",
		  "DELETE can only return ALL OLD *" },
	};
	struct buffer got;
	struct arena mem;

	(void)state;
	buffer_init(&got, 8192);
	arena_init(&mem, 4 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct partiql_statement s;
		struct item_value values[8];
		struct fault f = { 0 };
		struct kv_scope scope;
		size_t most, marks = count_marks(cases[i].statement);

		arena_reset(&mem);
		most = make_parameters(&mem, values);
		kv_scope_init(&scope, &mem, &f);
		if (partiql_parse(&scope, slice_of(cases[i].statement), values,
				  marks < most ? marks : most, &s))
			buffer_put_text(&got, f.message);
		else
			statement_text(&got, &s);
		is_text(cases[i].statement, &got, cases[i].want);
	}
	arena_release(&mem);
	buffer_release(&got);
}

/* Parameters that nothing asks for are as wrong as missing ones. */
static void test_too_many(void **state)
{
	struct partiql_statement s;
	struct item_value values[8];
	struct fault f = { 0 };
	struct kv_scope scope;
	struct arena mem;
	size_t count;

	(void)state;
	arena_init(&mem, 1 << 20);
	count = make_parameters(&mem, values);
	kv_scope_init(&scope, &mem, &f);
	assert_int_equal(partiql_parse(&scope, SLICE("SELECT * FROM t"), values,
				       count, &s),
			 -E_INVALID);
	assert_string_equal(
	    f.message,
	    "Number of parameters in request and statement don't match.");
	arena_release(&mem);
}

static void test_depth(void **state)
{
	enum { DEEP = 4000 };
	static const char begin[] = "SELECT * FROM t WHERE ";
	static const char *const nested[] = { "(", "[", "NOT ", "a = (" };
	struct arena mem;

	(void)state;
	arena_init(&mem, 16 << 20);
	for (size_t i = 0; i < sizeof(nested) / sizeof(*nested); i++) {
		struct partiql_statement s;
		struct fault f = { 0 };
		struct kv_scope scope;
		struct buffer text;

		buffer_init(&text, 1 << 20);
		buffer_put_text(&text, begin);
		for (int j = 0; j < DEEP; j++)
			buffer_put_text(&text, nested[i]);
		kv_scope_init(&scope, &mem, &f);
		assert_int_equal(partiql_parse(&scope, buffer_slice(&text),
					       NULL, 0, &s),
				 -E_INVALID);
		assert_string_equal(f.message,
				    "The statement is nested too deeply");
		buffer_release(&text);
	}
	arena_release(&mem);
}

/* ---- which items -----------------------------------------------------------
 */

static const struct kv_node *parse_where(struct kv_scope *scope,
					 struct arena *mem, const char *where,
					 struct partiql_statement *s)
{
	char *text = arena_printf(mem, "SELECT * FROM t%s%s",
				  *where ? " WHERE " : "", where);

	if (partiql_parse(scope, slice_of(text), NULL, 0, s))
		fail_msg("%s: %s", where, scope->fault->message);
	return s->where;
}

static void test_keys(void **state)
{
	static const char missing[] =
	    "Where clause does not contain a mandatory equality on all key "
	    "attributes";
	static const struct {
		const char *where, *want;
	} cases[] = {
		{ "pk = 'a' AND sk = 1", "M{pk: 'a', sk: 1} -" },
		{ "1 = sk AND (a = 2 AND pk = 'a')",
		  "M{pk: 'a', sk: 1} (= a 2)" },
		{ "pk = 'a' AND sk = 1 AND sk > 0 AND NOT a = 1",
		  "M{pk: 'a', sk: 1} (and (> sk 0) (not (= a 1)))" },
		{ "pk = 'a' AND sk = 1 AND pk = 'b'",
		  "M{pk: 'a', sk: 1} (= pk 'b')" },
		{ "", missing },
		{ "pk = 'a'", missing },
		{ "pk = 'a' AND sk > 1", missing },
		{ "pk = 'a' AND sk = a", missing },
		{ "pk = 'a' OR sk = 1", missing },
		{ "pk = 'a' AND sk.x = 1", missing },
	};
	struct buffer got;
	struct arena mem;

	(void)state;
	buffer_init(&got, 8192);
	arena_init(&mem, 1 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct item_value key = { .type = ITEM_M };
		const struct kv_node *where, *rest;
		struct partiql_statement s;
		struct fault f = { 0 };
		struct kv_scope scope;

		arena_reset(&mem);
		kv_scope_init(&scope, &mem, &f);
		where = parse_where(&scope, &mem, cases[i].where, &s);
		if (partiql_key(&scope, where, &both, &key.bytes, &rest)) {
			buffer_put_text(&got, f.message);
		} else {
			value_text(&got, &key);
			buffer_put_text(&got, " ");
			node_text(&got, rest);
		}
		is_text(cases[i].where, &got, cases[i].want);
	}
	arena_release(&mem);
	buffer_release(&got);
}

static void plan_text(struct buffer *out, const struct partiql_plan *plan)
{
	static const char *const kinds[] = { "",  "=",	"<", "<=",
					     ">", ">=", "b", "begins" };

	for (size_t i = 0; i < plan->count; i++) {
		const struct kv_key_condition *c = &plan->conditions[i];

		for (size_t j = 0; j < KV_KEY_PARTS_MAX; j++)
			if (c->hashes[j].type)
				buffer_printf(out, "%.*s ",
					      SLICE_ARGS(c->hashes[j].bytes));
		for (size_t j = 0; j < c->sort_count; j++)
			buffer_printf(out, "%s%s%.*s", j ? " " : "",
				      kinds[j + 1 < c->sort_count ? KV_RANGE_EQ
								  : c->kind],
				      SLICE_ARGS(c->sorts[j].bytes));
		buffer_printf(out, "%s%.*s; ", c->high.type ? " " : "",
			      SLICE_ARGS(c->high.bytes));
	}
	node_text(out, plan->filter);
	buffer_put_text(out, plan->backward ? " down" : "");
}

#define TURN                                                        \
	"ORDER BY must follow the attributes of a key in turn, in " \
	"one direction"

struct plan_case {
	const char *where, *want;
};

static void check_plans(const struct kv_key_schema *schema,
			const struct plan_case *cases, size_t count)
{
	struct buffer got;
	struct arena mem;

	buffer_init(&got, 8192);
	arena_init(&mem, 1 << 20);
	for (size_t i = 0; i < count; i++) {
		struct partiql_statement s;
		struct partiql_plan plan;
		struct fault f = { 0 };
		struct kv_scope scope;

		arena_reset(&mem);
		kv_scope_init(&scope, &mem, &f);
		parse_where(&scope, &mem, cases[i].where, &s);
		if (partiql_plan(&scope, &s, schema, &plan))
			buffer_put_text(&got, f.message);
		else
			plan_text(&got, &plan);
		is_text(cases[i].where, &got, cases[i].want);
	}
	arena_release(&mem);
	buffer_release(&got);
}

static void test_plans(void **state)
{
	static const struct plan_case cases[] = {
		{ "", "-" },
		{ "a = 1", "(= a 1)" },
		{ "pk > 'a'", "(> pk 'a')" },
		{ "pk = 'a' OR a = 1", "(or (= pk 'a') (= a 1))" },
		{ "pk = 'a'", "a ; -" },
		{ "a = 1 AND pk = 'a' AND b = 2", "a ; (and (= a 1) (= b 2))" },
		{ "pk = 'a' AND sk = 1", "a =1; -" },
		{ "pk = 'a' AND 1 < sk", "a >1; -" },
		{ "pk = 'a' AND sk BETWEEN 1 AND 2 AND sk < 9",
		  "a b1 2; (< sk 9)" },
		/* what a query cannot read is filtered */
		{ "pk = 'a' AND sk <> 1", "a ; (<> sk 1)" },
		{ "pk = 'a' AND sk > a", "a ; (> sk a)" },
		{ "pk IN ['b', 'a', 'b'] AND sk >= 1", "b >=1; a >=1; -" },
		{ "pk = 'b' OR pk = 'a' OR pk IN ('c')", "b ; a ; c ; -" },
		{ "pk IN ['b', 'a'] ORDER BY pk", "a ; b ; -" },
		{ "pk IN ['a', 'b'] ORDER BY pk DESC, sk DESC",
		  "b ; a ; - down" },
		{ "pk = 1",
		  "One or more parameter values were invalid: Condition "
		  "parameter type does not match schema type" },
		{ "pk = 'a' AND sk < 'x'",
		  "One or more parameter values were invalid: Condition "
		  "parameter type does not match schema type" },
		{ "a = 1 ORDER BY pk",
		  "Must have at least one non-optional hash key condition in "
		  "WHERE clause when using ORDER BY clause." },
		{ "pk IN ['a', 'b'] ORDER BY sk",
		  "Must have hash key in ORDER BY clause when more than one "
		  "hash key condition specified in WHERE clause." },
		{ "pk = 'a' ORDER BY a",
		  "Variable reference a in ORDER BY clause must be part of the "
		  "primary key." },
	};

	(void)state;
	check_plans(&both, cases, sizeof(cases) / sizeof(*cases));
}

static void test_several_attributes(void **state)
{
	static const struct plan_case cases[] = {
		{ "h1 = 'a' AND h2 = 1", "a 1 ; -" },
		{ "r2 > 3 AND h2 = 1 AND r1 = 'x' AND h1 = 'a' AND r2 < 9",
		  "a 1 =x >3; (< r2 9)" },
		{ "h1 = 'a' AND h2 = 1 AND r1 > 'x' AND r2 = 2",
		  "a 1 >x; (= r2 2)" },
		/* without one of the partition key's it is a scan */
		{ "h1 = 'a' AND r1 = 'x'", "(and (= h1 'a') (= r1 'x'))" },
		{ "h1 IN ['b', 'a'] AND h2 IN [2, 1]",
		  "b 2 ; b 1 ; a 2 ; a 1 ; -" },
		{ "h1 IN ['b', 'a'] AND h2 IN [2, 1] ORDER BY h1, h2, r1 DESC",
		  "a 1 ; a 2 ; b 1 ; b 2 ; - down" },
		{ "h1 IN ['b', 'a'] AND h2 = 1 ORDER BY h1",
		  "Must have hash key in ORDER BY clause when more than one "
		  "hash key condition specified in WHERE clause." },
		{ "h1 = 'a' AND h2 = 1 ORDER BY r1 DESC, r2 DESC",
		  "a 1 ; - down" },
		{ "h1 = 'a' AND h2 = 1 ORDER BY r1, r2 DESC", TURN },
		{ "h1 = 'a' AND h2 = 1 ORDER BY r2", TURN },
		{ "h1 IN [1, 2, 3, 4, 5, 6, 7, 8] AND "
		  "h2 IN [1, 2, 3, 4, 5, 6, 7]",
		  "The IN operator is provided with too many operands; number "
		  "of operands: 56" },
	};

	(void)state;
	check_plans(&several, cases, sizeof(cases) / sizeof(*cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_statements),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_plans),
		cmocka_unit_test(test_several_attributes),
	};

	return cmocka_run_group_tests_name("statement", tests, NULL, NULL);
}
