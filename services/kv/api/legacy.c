/* services/kv/api/legacy.c - what the older parameters say, as trees */
#include "services/kv/api/legacy.h"
#include "lib/rpc/call.h"
#include "services/kv/api/request.h"
#include "services/kv/expr/build.h"
#include "services/kv/model/item.h"

#define INVALID "One or more parameter values were invalid: "

enum {
	SETS = 1U << ITEM_SS | 1U << ITEM_NS | 1U << ITEM_BS,
	TEXTS = 1U << ITEM_S | 1U << ITEM_B,
	SCALARS = TEXTS | 1U << ITEM_N,
	ANY = ~0U,
};

static const struct comparison {
	const char *name;
	enum kv_node_kind kind;
	bool negated, key; /* key: KeyConditions may have it */
	size_t least, most;
	unsigned types; /* of its values */
} comparisons[] = {
	{ "EQ", NODE_EQ, false, true, 1, 1, ANY },
	{ "NE", NODE_NE, false, false, 1, 1, ANY },
	{ "LE", NODE_LE, false, true, 1, 1, SCALARS },
	{ "LT", NODE_LT, false, true, 1, 1, SCALARS },
	{ "GE", NODE_GE, false, true, 1, 1, SCALARS },
	{ "GT", NODE_GT, false, true, 1, 1, SCALARS },
	{ "NOT_NULL", NODE_EXISTS, false, false, 0, 0, ANY },
	{ "NULL", NODE_NOT_EXISTS, false, false, 0, 0, ANY },
	{ "CONTAINS", NODE_CONTAINS, false, false, 1, 1, SCALARS },
	{ "NOT_CONTAINS", NODE_CONTAINS, true, false, 1, 1, SCALARS },
	{ "BEGINS_WITH", NODE_BEGINS_WITH, false, true, 1, 1, TEXTS },
	{ "IN", NODE_IN, false, false, 1, SIZE_MAX, SCALARS },
	{ "BETWEEN", NODE_BETWEEN, false, true, 2, 2, SCALARS },
};

static const char *const comparison_words[] = {
	"IN",	       "NULL", "BETWEEN",  "LT", "NOT_CONTAINS",
	"EQ",	       "GT",   "NOT_NULL", "NE", "LE",
	"BEGINS_WITH", "GE",   "CONTAINS", NULL
};
static const char *const junction_words[] = { "OR", "AND", NULL };
static const char *const action_words[] = { "ADD", "PUT", "DELETE", NULL };

/* ---- from messages ---------------------------------------------------------
 */

struct api_test api_test_condition(const char *name,
				   const Parlor__Kv__V1__Condition *m)
{
	struct api_test test = { .name = slice_of(name) };

	if (m) {
		test.comparison = m->comparison_operator;
		test.values = m->attribute_value_list;
		test.count = m->n_attribute_value_list;
		test.listed = test.count || API_EMPTY(m, attribute_value_list);
	}
	return test;
}

struct api_test api_test_expected(
    const char *name, const Parlor__Kv__V1__ExpectedAttributeValue *m)
{
	struct api_test test = { .name = slice_of(name) };

	if (m) {
		test.comparison = m->comparison_operator;
		test.values = m->attribute_value_list;
		test.count = m->n_attribute_value_list;
		test.listed = test.count || API_EMPTY(m, attribute_value_list);
		test.value = m->has_value ? &m->value : NULL;
		test.has_exists = m->has_exists;
		test.exists = m->exists;
	}
	return test;
}

struct api_put api_put_update(const char *name,
			      const Parlor__Kv__V1__AttributeValueUpdate *m)
{
	return (struct api_put){
		.name = slice_of(name),
		.action = m && m->action ? m->action : "PUT",
		.value = m && m->has_value ? &m->value : NULL,
	};
}

/* ---- checks ----------------------------------------------------------------
 */

/* "queryFilter.NAME.member.LAST": a field's name begins small in a path. */
static void member_path(char *out, size_t size, const char *what,
			struct slice name, const char *last)
{
	snprintf(out, size, "%c%s.%.*s.member.%s", what[0] | 0x20, what + 1,
		 SLICE_ARGS(name), last);
}

static void complain_tests(struct complaints *complaints,
			   const struct api_tests *tests, bool needed)
{
	char path[FAULT_TEXT];

	for (size_t i = 0; tests->what && i < tests->count; i++) {
		struct slice word = slice_of(tests->rows[i].comparison);

		member_path(path, sizeof(path), tests->what,
			    tests->rows[i].name, "comparisonOperator");
		if (needed)
			complain_null(complaints, word, path);
		complain_enum(complaints, word, path, comparison_words);
	}
}

void api_legacy_complain(struct complaints *complaints,
			 const struct api_legacy *legacy)
{
	const struct api_tests *tests = &legacy->tests;
	char path[FAULT_TEXT];

	if (legacy->names_empty)
		complain(complaints, SLICE("[]"), "attributesToGet",
			 "have length greater than or equal to 1");
	complain_tests(complaints, tests, !api_is(tests->what, "Expected"));
	complain_tests(complaints, &legacy->key, true);
	complain_enum(complaints, slice_of(legacy->junction),
		      "conditionalOperator", junction_words);
	for (size_t i = 0; i < legacy->put_count; i++) {
		member_path(path, sizeof(path), "AttributeUpdates",
			    legacy->puts[i].name, "action");
		complain_enum(complaints, slice_of(legacy->puts[i].action),
			      path, action_words);
	}
}

/* "A, B" of those names that are not NULL. */
static void join(char *out, size_t size, const char *const *names, size_t count)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < count && used < size; i++)
		if (names[i])
			used +=
			    (size_t)snprintf(out + used, size - used, "%s%s",
					     used ? ", " : "", names[i]);
}

/* KeyConditions may go with any expression but the one in their place. */
int api_legacy_alone(struct call *c, const struct api_expressions *e)
{
	const struct api_legacy *legacy = &e->legacy;
	const char *const older[] = {
		legacy->name_count || legacy->names_empty ? "AttributesToGet"
							  : NULL,
		legacy->put_count ? "AttributeUpdates" : NULL,
		legacy->tests.given ? legacy->tests.what : NULL,
		legacy->junction ? "ConditionalOperator" : NULL,
		legacy->key.given && e->key_condition ? legacy->key.what : NULL,
	};
	const char *const newer[] = {
		e->projection ? "ProjectionExpression" : NULL,
		e->filter ? "FilterExpression" : NULL,
		e->key_condition ? "KeyConditionExpression" : NULL,
		e->update ? "UpdateExpression" : NULL,
		e->condition ? "ConditionExpression" : NULL,
	};
	char old[160], new[160];

	join(old, sizeof(old), older, sizeof(older) / sizeof(*older));
	join(new, sizeof(new), newer, sizeof(newer) / sizeof(*newer));
	if (old[0] && new[0])
		return call_fail(c, E_INVALID,
				 "Can not use both expression and "
				 "non-expression parameters in the same "
				 "request: Non-expression parameters: {%s} "
				 "Expression parameters: {%s}",
				 old, new);
	if (legacy->junction && legacy->tests.count < 2)
		return call_fail(
		    c, E_INVALID, INVALID "ConditionalOperator %s",
		    legacy->tests.count
			? "can only be used when Filter or Expected has two or "
			  "more elements"
			: "cannot be used without Filter or Expected");
	return 0;
}

/* ---- conditions ------------------------------------------------------------
 */

static int refuse(struct kv_scope *scope, const char *words,
		  const struct api_test *test)
{
	return fault_set(scope->fault, E_INVALID,
			 INVALID "%s for Attribute: %.*s", words,
			 SLICE_ARGS(test->name));
}

/* A row of Expected as a comparison with a list. */
static int read_expected(struct kv_scope *scope, struct api_test *test)
{
	bool compares = test->comparison != NULL, exists = test->exists;
	bool unary = api_is(test->comparison, "NULL") ||
		     api_is(test->comparison, "NOT_NULL");
	const struct {
		bool wrong;
		const char *why;
	} refusals[] = {
		{ test->listed && test->value,
		  "Value and AttributeValueList cannot be used together" },
		{ compares && test->has_exists,
		  "Exists and ComparisonOperator cannot be used together" },
		{ !compares && test->listed,
		  "AttributeValueList can only be used with a "
		  "ComparisonOperator" },
		{ test->has_exists && !exists && test->value,
		  "Value cannot be used when Exists is false" },
		{ !compares && !test->value && test->has_exists && exists,
		  "Value must be provided when Exists is true" },
		{ !compares && !test->value && !test->has_exists,
		  "Value must be provided when Exists is null" },
	};

	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
		if (refusals[i].wrong)
			return refuse(scope, refusals[i].why, test);
	if (compares && !unary && !test->listed && !test->value)
		return fault_set(scope->fault, E_INVALID,
				 INVALID "Value or AttributeValueList must be "
					 "used with ComparisonOperator: %s for "
					 "Attribute: %.*s",
				 test->comparison, SLICE_ARGS(test->name));
	if (!compares)
		test->comparison = test->value ? "EQ" : "NULL";
	if (test->value) {
		test->values = test->value;
		test->count = 1;
	}
	return 0;
}

static const struct comparison *find_comparison(const char *name)
{
	for (size_t i = 0; i < sizeof(comparisons) / sizeof(*comparisons); i++)
		if (api_is(name, comparisons[i].name))
			return &comparisons[i];
	return NULL;
}

/* The values of one row, canonical; NULL after a failure. */
static struct item_value *read_values(struct kv_scope *scope,
				      const struct api_test *test)
{
	struct item_value *values =
	    arena_array(scope->mem, test->count + 1, sizeof(*values));

	if (!values)
		fault_set(scope->fault, E_INVALID, "too much data");
	for (size_t i = 0; values && i < test->count; i++)
		if (kv_value_canonical(api_bytes(test->values[i]), scope->mem,
				       &values[i], scope->fault))
			return NULL;
	return values;
}

static int check_values(struct kv_scope *scope, const struct comparison *by,
			const struct item_value *values, size_t count)
{
	if (count < by->least || count > by->most)
		return fault_set(scope->fault, E_INVALID,
				 INVALID "Invalid number of argument(s) for "
					 "the %s ComparisonOperator",
				 by->name);
	for (size_t i = 1; i < count; i++)
		if (values[i].type != values[0].type)
			return fault_set(scope->fault, E_INVALID,
					 INVALID "AttributeValues inside "
						 "AttributeValueList must be "
						 "of same type");
	if (count && !(by->types & 1U << values[0].type))
		return fault_set(scope->fault, E_INVALID,
				 INVALID "ComparisonOperator %s is not valid "
					 "for %s AttributeValue type",
				 by->name, item_type_name(values[0].type));
	if (by->kind == NODE_BETWEEN &&
	    kv_value_compare(&values[0], &values[1]) > 0)
		return fault_set(scope->fault, E_INVALID,
				 "The BETWEEN condition was provided a range "
				 "where the lower bound is greater than the "
				 "upper bound");
	return 0;
}

static const struct kv_node *build_test(struct kv_scope *scope,
					const struct comparison *by,
					struct slice name,
					const struct item_value *values,
					size_t count)
{
	struct kv_node *node = kv_build_room(scope, by->kind, count + 1);
	const struct kv_node *built = node;

	if (!node)
		return NULL;
	node->args[0] = kv_build_operand(scope, kv_build_name(scope, name));
	for (size_t i = 0; i < count; i++)
		node->args[i + 1] = kv_build_value(scope, &values[i]);
	return by->negated ? kv_build_node(scope, NODE_NOT, &built, 1) : node;
}

/* A row's condition; NULL after a failure. */
static const struct kv_node *read_test(struct kv_scope *scope,
				       const struct api_test *test, bool key)
{
	const struct comparison *by = find_comparison(test->comparison);
	const struct item_value *values = read_values(scope, test);

	if (!by || !values || check_values(scope, by, values, test->count))
		return NULL;
	if (key && !by->key) {
		fault_set(scope->fault, E_INVALID,
			  "Attempted conditional constraint is not an "
			  "indexable operation");
		return NULL;
	}
	return build_test(scope, by, test->name, values, test->count);
}

void api_legacy_condition(struct kv_scope *scope,
			  const struct api_legacy *legacy,
			  const struct kv_node **out)
{
	const struct api_tests *tests = &legacy->tests;
	const struct kv_node **nodes;

	if (!scope || scope->fault->code || !tests->count)
		return;
	nodes = arena_array(scope->mem, tests->count, sizeof(*nodes));
	for (size_t i = 0; nodes && i < tests->count; i++) {
		if (api_is(tests->what, "Expected") &&
		    read_expected(scope, &tests->rows[i]))
			return;
		nodes[i] = read_test(scope, &tests->rows[i], false);
		if (!nodes[i])
			return;
	}
	if (nodes)
		*out =
		    kv_build_junction(scope,
				      api_is(legacy->junction, "OR") ? NODE_OR
								     : NODE_AND,
				      nodes, tests->count);
}

void api_legacy_key(struct kv_scope *scope, const struct api_legacy *legacy,
		    const struct kv_node **out)
{
	const struct api_tests *tests = &legacy->key;
	const struct kv_node *nodes[2 * KV_KEY_PARTS_MAX];

	if (scope->fault->code)
		return;
	if (tests->count < 1 || tests->count > 2 * KV_KEY_PARTS_MAX) {
		fault_set(scope->fault, E_INVALID,
			  "Conditions can be of length 1 or 2 only");
		return;
	}
	for (size_t i = 0; i < tests->count; i++) {
		nodes[i] = read_test(scope, &tests->rows[i], true);
		if (!nodes[i])
			return;
	}
	*out = kv_build_junction(scope, NODE_AND, nodes, tests->count);
}

/* ---- projections -----------------------------------------------------------
 */

static int refuse_twice(struct kv_scope *scope, const struct slice *sorted)
{
	while (!slice_equal(sorted[0], sorted[1]))
		sorted++;
	return fault_set(scope->fault, E_INVALID,
			 INVALID "Duplicate value in attribute name: %.*s",
			 SLICE_ARGS(sorted[0]));
}

void api_legacy_projection(struct kv_scope *scope,
			   const struct api_legacy *legacy,
			   struct kv_paths *out)
{
	size_t count = legacy->name_count;
	struct slice *names = arena_array(scope->mem, count, sizeof(*names));
	const struct kv_path **paths =
	    arena_array(scope->mem, count, sizeof(*paths));

	for (size_t i = 0; names && paths && i < count; i++) {
		names[i] = slice_of(legacy->names[i]);
		paths[i] = kv_build_name(scope, names[i]);
	}
	if (!names || !paths || scope->fault->code)
		fault_set(scope->fault, E_INVALID, "too much data");
	else if (!kv_set_sort(ITEM_S, names, count))
		refuse_twice(scope, names);
	else
		kv_build_projection(scope, paths, count, out);
}

/* ---- updates ---------------------------------------------------------------
 */

static int check_put(struct kv_scope *scope, const struct api_put *put,
		     enum item_type type)
{
	unsigned adds = SETS | 1U << ITEM_N | 1U << ITEM_L;

	if (!put->value && !api_is(put->action, "DELETE"))
		return fault_set(scope->fault, E_INVALID,
				 INVALID "Only DELETE action is allowed when "
					 "no attribute value is specified");
	if (put->value && api_is(put->action, "DELETE") && !(SETS & 1U << type))
		return fault_set(scope->fault, E_INVALID,
				 INVALID "DELETE action with value is not "
					 "supported for the type %s",
				 item_type_name(type));
	if (api_is(put->action, "ADD") && !(adds & 1U << type))
		return fault_set(scope->fault, E_INVALID,
				 INVALID "ADD action is not supported for the "
					 "type %s",
				 item_type_name(type));
	return 0;
}

/* ADD of a list: list_append(if_not_exists(path, []), value). */
static const struct kv_node *build_append(struct kv_scope *scope,
					  const struct kv_path *path,
					  const struct kv_node *value)
{
	static const struct item_value none = { .type = ITEM_L };
	const struct kv_node *have[] = { kv_build_operand(scope, path),
					 kv_build_value(scope, &none) };
	const struct kv_node *both[] = {
		kv_build_node(scope, NODE_IF_NOT_EXISTS, have, 2), value
	};

	return kv_build_node(scope, NODE_LIST_APPEND, both, 2);
}

static int read_put(struct kv_scope *scope, const struct api_put *put,
		    struct kv_action *out)
{
	struct item_value value = { .type = ITEM_NONE };
	bool add = api_is(put->action, "ADD");

	if (put->value && kv_value_canonical(api_bytes(*put->value), scope->mem,
					     &value, scope->fault))
		return -E_INVALID;
	if (check_put(scope, put, value.type))
		return -E_INVALID;
	out->path = kv_build_name(scope, put->name);
	out->kind = !put->value			    ? ACTION_REMOVE
		    : api_is(put->action, "DELETE") ? ACTION_DELETE
		    : add && value.type != ITEM_L   ? ACTION_ADD
						    : ACTION_SET;
	if (put->value)
		out->value = kv_build_value(scope, &value);
	if (add && value.type == ITEM_L)
		out->value = build_append(scope, out->path, out->value);
	return scope->fault->code ? -E_INVALID : 0;
}

/* DELETE, with a value or without, makes no item where there is none. */
void api_legacy_update(struct kv_scope *scope, const struct api_legacy *legacy,
		       struct kv_update *out)
{
	size_t count = legacy->put_count;
	struct kv_action *actions;
	bool makes_none = true;

	if (!scope || scope->fault->code || !count)
		return;
	actions = arena_array(scope->mem, count, sizeof(*actions));
	for (size_t i = 0; actions && i < count; i++) {
		if (read_put(scope, &legacy->puts[i], &actions[i]))
			return;
		makes_none &= api_is(legacy->puts[i].action, "DELETE");
	}
	if (!actions || kv_build_update(scope, actions, count, out))
		return;
	out->makes_none = makes_none;
	out->mismatch = "Type mismatch for attribute to update";
}
