/* services/kv/expr/update.c - reading updates
 *
 * Sections in any order, each once: SET path = value, …; REMOVE path, …;
 * ADD path :value, …; DELETE path :value, ….
 */
#include "services/kv/expr/build.h"
#include "services/kv/expr/parser.h"

#include <stdlib.h>

#define WHAT "UpdateExpression"

struct reading {
	struct parser p;
	struct kv_action *actions;
	size_t count, room;
};

static const struct section {
	const char *name;
	enum kv_action_kind kind;
	unsigned types; /* of its values */
} sections[] = {
	{ "SET", ACTION_SET, ~0U },
	{ "REMOVE", ACTION_REMOVE, ~0U },
	{ "ADD", ACTION_ADD,
	  1U << ITEM_N | 1U << ITEM_SS | 1U << ITEM_NS | 1U << ITEM_BS },
	{ "DELETE", ACTION_DELETE,
	  1U << ITEM_SS | 1U << ITEM_NS | 1U << ITEM_BS },
};

static const char *long_name(enum item_type type)
{
	static const char *const names[] = {
		[ITEM_NONE] = "",	  [ITEM_S] = "STRING",
		[ITEM_N] = "NUMBER",	  [ITEM_B] = "BINARY",
		[ITEM_SS] = "STRING_SET", [ITEM_NS] = "NUMBER_SET",
		[ITEM_BS] = "BINARY_SET", [ITEM_M] = "MAP",
		[ITEM_L] = "LIST",	  [ITEM_NULL] = "NULL",
		[ITEM_BOOL] = "BOOLEAN",
	};

	return names[type];
}

/* ---- values of SET ---------------------------------------------------------
 */

static struct kv_node *read_sum(struct parser *);

static struct kv_node *read_term(struct parser *p)
{
	struct kv_node *node;

	if (!parser_take(p, "("))
		return parser_operand(p);
	if (!parser_enter(p))
		return NULL;
	node = read_sum(p);
	parser_leave(p);
	parser_expect(p, ")");
	return node;
}

/* A term, or two with + or - between them. */
static struct kv_node *read_sum(struct parser *p)
{
	struct kv_node *left = read_term(p), *right, *node;
	bool minus = token_is(&p->token, "-");
	const char *name = minus ? "-" : "+";

	if (!left || (!minus && !token_is(&p->token, "+")))
		return left;
	parser_advance(p);
	right = parser_count_operator(p) ? read_term(p) : NULL;
	node = parser_node(p, minus ? NODE_MINUS : NODE_PLUS, name, 2);
	if (!right || !node)
		return NULL;
	parser_check_type(p, name, left, 1U << ITEM_N);
	parser_check_type(p, name, right, 1U << ITEM_N);
	node->args[0] = left;
	node->args[1] = right;
	return node;
}

/* ---- sections --------------------------------------------------------------
 */

/* The value of ADD and DELETE. */
static const struct kv_node *read_constant(struct parser *p,
					   const struct section *section)
{
	const struct kv_node *node;

	if (p->token.kind != TOKEN_VALUE) {
		parser_syntax_error(p);
		return NULL;
	}
	node = parser_operand(p);
	if (node && node->value.type &&
	    !(section->types & 1U << node->value.type))
		parser_complain(p, COMPLAIN_OPERAND,
				"Incorrect operand type for operator or "
				"function; operator: %s, operand type: %s, "
				"typeSet: ALLOWED_FOR_%s_OPERAND",
				section->name, long_name(node->value.type),
				section->name);
	return node;
}

static void read_action(struct reading *r, const struct section *section)
{
	struct parser *p = &r->p;
	struct kv_action action = { .kind = section->kind };

	action.path = parser_path(p);
	if (section->kind == ACTION_SET) {
		parser_expect(p, "=");
		action.value = read_sum(p);
	} else if (section->kind != ACTION_REMOVE) {
		action.value = read_constant(p, section);
	}
	if (!p->failed && r->count < r->room)
		r->actions[r->count++] = action;
}

static const struct section *find_section(const struct parser *p)
{
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		if (token_is(&p->token, sections[i].name))
			return &sections[i];
	return NULL;
}

static void read_sections(struct reading *r)
{
	struct parser *p = &r->p;
	unsigned seen = 0;

	while (!p->failed && p->token.kind != TOKEN_END) {
		const struct section *section = find_section(p);

		if (!section) {
			parser_syntax_error(p);
			return;
		}
		if (seen & 1U << section->kind)
			parser_fail(p,
				    "The \"%s\" section can only be used once "
				    "in an update expression;",
				    section->name);
		seen |= 1U << section->kind;
		parser_advance(p);
		do
			read_action(r, section);
		while (parser_take(p, ","));
	}
}

/* ---- the whole -------------------------------------------------------------
 */

/* Actions in the order of the paths, which are sorted. */
static int by_path(const void *a, const void *b)
{
	const struct kv_path *left = ((const struct kv_action *)a)->path;
	const struct kv_path *right = ((const struct kv_action *)b)->path;

	return kv_path_compare(left, right);
}

int kv_build_update(struct kv_scope *scope, struct kv_action *actions,
		    size_t count, struct kv_update *out)
{
	const struct kv_path **paths =
	    arena_array(scope->mem, count + 1, sizeof(*paths));

	*out = (struct kv_update){ 0 };
	if (!paths)
		return fault_set(scope->fault, E_INVALID, "too much data");
	qsort(actions, count, sizeof(*actions), by_path);
	for (size_t i = 0; i < count; i++)
		paths[i] = actions[i].path;
	if (kv_paths_sort(paths, count, WHAT, scope->fault))
		return -E_INVALID;
	*out =
	    (struct kv_update){ .actions = actions,
				.count = count,
				.touched = { .paths = paths, .count = count } };
	return 0;
}

int kv_update_compile(struct kv_scope *scope, struct slice text,
		      struct kv_update *out)
{
	/* a path and the comma before the next take two bytes */
	struct reading r = { .room = text.size / 2 + 1 };

	*out = (struct kv_update){ 0 };
	if (!parser_start(&r.p, scope, WHAT, text))
		return -E_INVALID;
	r.p.update = true;
	r.actions = arena_array(scope->mem, r.room, sizeof(*r.actions));
	if (!r.actions)
		return fault_set(scope->fault, E_INVALID, "too much data");
	read_sections(&r);
	if (parser_end(&r.p))
		return -E_INVALID;
	return kv_build_update(scope, r.actions, r.count, out);
}

int kv_update_check(const struct kv_update *update,
		    const struct kv_key_schema *schema, struct fault *f)
{
	for (size_t i = 0; i < update->count; i++) {
		struct slice name = update->actions[i].path->steps[0].name;

		if (kv_schema_has(schema, name))
			return fault_set(
			    f, E_INVALID,
			    "One or more parameter values were invalid: Cannot "
			    "update attribute %.*s. This attribute is part of "
			    "the key",
			    SLICE_ARGS(name));
	}
	return 0;
}
