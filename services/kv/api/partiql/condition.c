/* services/kv/api/partiql/condition.c - what stands behind WHERE
 *
 * By precedence: OR binds least, then AND, NOT, and what compares.
 */
#include "services/kv/api/partiql/parser.h"
#include "services/kv/model/item.h"

enum { LOOSEST, BINDS_OR = LOOSEST, BINDS_AND, BINDS_NOT, BINDS_COMPARISON };

static const struct infix {
	const char *text;
	enum kv_node_kind kind;
	int binds;
} infixes[] = {
	{ "=", NODE_EQ, BINDS_COMPARISON },
	{ "<>", NODE_NE, BINDS_COMPARISON },
	{ "!=", NODE_NE, BINDS_COMPARISON },
	{ "<", NODE_LT, BINDS_COMPARISON },
	{ "<=", NODE_LE, BINDS_COMPARISON },
	{ ">", NODE_GT, BINDS_COMPARISON },
	{ ">=", NODE_GE, BINDS_COMPARISON },
	{ "BETWEEN", NODE_BETWEEN, BINDS_COMPARISON },
	{ "IN", NODE_IN, BINDS_COMPARISON },
	{ "IS", NODE_TYPE, BINDS_COMPARISON },
	{ "AND", NODE_AND, BINDS_AND },
	{ "OR", NODE_OR, BINDS_OR },
};

static const struct infix *find_infix(const struct pql_token *token)
{
	for (size_t i = 0; i < sizeof(infixes) / sizeof(*infixes); i++)
		if (pql_is(token, infixes[i].text))
			return &infixes[i];
	return NULL;
}

static const struct kv_node *read_condition(struct pql *, int binds);

static const struct kv_node *wanted(struct pql *p, const struct kv_node *node,
				    bool condition)
{
	if (pql_failed(p) || !node)
		return NULL;
	if (node_is_condition(node->kind) == condition)
		return node;
	fault_set(p->scope->fault, E_INVALID,
		  condition ? "Unexpected operand in a condition"
			    : "Unexpected condition in an operand");
	return NULL;
}

static const struct kv_node *read_operand(struct pql *p)
{
	return wanted(p, read_condition(p, BINDS_COMPARISON + 1), false);
}

static const struct kv_node *negate(struct pql *p, const struct kv_node *node)
{
	return kv_build_node(p->scope, NODE_NOT, &node, 1);
}

/* ---- functions -------------------------------------------------------------
 */

static const struct function {
	const char *name;
	enum kv_node_kind kind;
	size_t count;
	unsigned types; /* of a second operand that is a value */
} functions[] = {
	{ "attribute_type", NODE_TYPE, 2, 1U << ITEM_S },
	{ "begins_with", NODE_BEGINS_WITH, 2, 1U << ITEM_S | 1U << ITEM_B },
	{ "contains", NODE_CONTAINS, 2, ~0U },
	{ "size", NODE_SIZE, 1, ~0U },
};

static const struct function *find_function(const struct pql_token *token)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (pql_is(token, functions[i].name))
			return &functions[i];
	return NULL;
}

static const struct kv_node *build_function(struct pql *p,
					    const struct function *f,
					    const struct kv_node **args,
					    size_t count)
{
	const struct kv_node *last = args[f->count - 1];

	if (count != f->count)
		fault_set(p->scope->fault, E_INVALID,
			  "Incorrect number of operands for operator or "
			  "function; operator or function: %s, number of "
			  "operands: %zu",
			  f->name, count);
	else if (last->kind == NODE_VALUE &&
		 !(f->types & 1U << last->value.type))
		fault_set(p->scope->fault, E_INVALID,
			  "Incorrect operand type for operator or function; "
			  "operator or function: %s, operand type: %s",
			  f->name, item_type_name(last->value.type));
	return kv_build_node(p->scope, f->kind, args, f->count);
}

/* A function's name has been seen, with "(" behind it. */
static const struct kv_node *read_function(struct pql *p)
{
	const struct function *f = find_function(&p->token);
	const struct kv_node *args[2] = { NULL, NULL };
	size_t count = 0;

	if (!f) {
		fault_set(p->scope->fault, E_INVALID,
			  "Invalid function name; function: %.*s",
			  SLICE_ARGS(p->token.text));
		return NULL;
	}
	pql_advance(p);
	pql_expect(p, "(");
	do {
		const struct kv_node *arg = read_operand(p);

		if (!arg)
			return NULL;
		if (count < 2)
			args[count] = arg;
		count++;
	} while (pql_take(p, ","));
	pql_expect(p, ")");
	return pql_failed(p) ? NULL : build_function(p, f, args, count);
}

/* ---- operators -------------------------------------------------------------
 */

/* Room for one operand, IN's members of a list or set, and them. */
static const struct kv_node *spread(struct pql *p, const struct kv_node *left,
				    const struct item_value *list)
{
	struct kv_node *node =
	    kv_build_room(p->scope, NODE_IN, kv_value_count(list) + 1);
	struct slice rest = list->bytes;
	struct item_value member;

	if (!node)
		return NULL;
	node->args[0] = left;
	node->count = 1;
	while (item_next_value(list->type, &rest, &member) > 0)
		node->args[node->count++] = kv_build_value(p->scope, &member);
	return node;
}

/* IN (1, 2), whose members may be any operands. */
static const struct kv_node *read_members(struct pql *p,
					  const struct kv_node *left)
{
	const struct kv_node *args[1 + KV_EXPR_IN_MAX + 1] = { left };
	size_t count = 1;

	do {
		const struct kv_node *member = read_operand(p);

		if (!member)
			return NULL;
		if (count < sizeof(args) / sizeof(*args))
			args[count++] = member;
	} while (pql_take(p, ","));
	pql_expect(p, ")");
	return kv_build_node(p->scope, NODE_IN, args, count);
}

static const struct kv_node *read_in(struct pql *p, const struct kv_node *left)
{
	const struct kv_node *node;

	if (pql_take(p, "(")) {
		node = read_members(p, left);
	} else {
		node = read_operand(p);
		if (!node)
			return NULL;
		if (node->kind != NODE_VALUE || node->value.type < ITEM_SS ||
		    node->value.type > ITEM_L || node->value.type == ITEM_M) {
			pql_malformed(p, "Unexpected term");
			return NULL;
		}
		node = spread(p, left, &node->value);
	}
	if (node && node->count - 1 > KV_EXPR_IN_MAX)
		fault_set(p->scope->fault, E_INVALID,
			  "The IN operator is provided with too many operands; "
			  "number of operands: %zu",
			  node->count - 1);
	return node;
}

static const struct kv_node *read_between(struct pql *p,
					  const struct kv_node *left)
{
	const struct kv_node *args[3] = { left, read_operand(p), NULL };

	pql_expect(p, "AND");
	args[2] = read_operand(p);
	return kv_build_node(p->scope, NODE_BETWEEN, args, 3);
}

/* PartiQL's names of DynamoDB's types. */
static const struct type {
	const char *name, *type;
} types[] = {
	{ "NULL", "NULL" }, { "BOOL", "BOOL" }, { "BOOLEAN", "BOOL" },
	{ "STRING", "S" },  { "VARCHAR", "S" }, { "INT", "N" },
	{ "INTEGER", "N" }, { "DECIMAL", "N" }, { "NUMERIC", "N" },
	{ "FLOAT", "N" },   { "BLOB", "B" },	{ "LIST", "L" },
	{ "STRUCT", "M" },  { "TUPLE", "M" },
};

static const struct kv_node *build_type(struct pql *p,
					const struct kv_node *left)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		const struct item_value name = { .type = ITEM_S,
						 .bytes =
						     slice_of(types[i].type) };
		const struct kv_node *args[2] = { left, kv_build_value(p->scope,
								       &name) };

		if (pql_take(p, types[i].name))
			return kv_build_node(p->scope, NODE_TYPE, args, 2);
	}
	pql_malformed(p, "Expected type name");
	return NULL;
}

/* IS [NOT] MISSING, NULL or a type. */
static const struct kv_node *read_is(struct pql *p, const struct kv_node *left)
{
	bool negated = pql_take(p, "NOT");
	const struct kv_node *node;

	if (pql_take(p, "MISSING"))
		return kv_build_node(p->scope,
				     negated ? NODE_EXISTS : NODE_NOT_EXISTS,
				     &left, 1);
	node = build_type(p, left);
	return node && negated ? negate(p, node) : node;
}

static const struct kv_node *read_comparison(struct pql *p,
					     const struct infix *infix,
					     const struct kv_node *left)
{
	const struct kv_node *args[2] = { left, NULL };

	if (!wanted(p, left, false))
		return NULL;
	pql_advance(p);
	switch (infix->kind) {
	case NODE_IN:
		return read_in(p, left);
	case NODE_BETWEEN:
		return read_between(p, left);
	case NODE_TYPE:
		return read_is(p, left);
	default:
		args[1] = read_operand(p);
		return kv_build_node(p->scope, infix->kind, args, 2);
	}
}

static const struct kv_node *read_junction(struct pql *p,
					   const struct infix *infix,
					   const struct kv_node *left)
{
	const struct kv_node *args[2] = { wanted(p, left, true), NULL };

	pql_advance(p);
	args[1] = wanted(p, read_condition(p, infix->binds + 1), true);
	return kv_build_node(p->scope, infix->kind, args, 2);
}

static const struct kv_node *read_prefix(struct pql *p)
{
	struct pql_token after = pql_after(p->text, &p->token);
	const struct kv_node *node;

	if (pql_take(p, "NOT")) {
		node = wanted(p, read_condition(p, BINDS_NOT), true);
		return node ? negate(p, node) : NULL;
	}
	if (pql_take(p, "(")) {
		node = read_condition(p, LOOSEST);
		pql_expect(p, ")");
		return node;
	}
	if (pql_is_value(p))
		return pql_constant(p);
	if (p->token.kind == PQL_WORD && pql_is(&after, "("))
		return read_function(p);
	return kv_build_operand(p->scope, pql_path(p));
}

/* NOT IN and NOT BETWEEN: what comes behind NOT. */
static const struct infix *find_negated(const struct pql *p)
{
	struct pql_token after = pql_after(p->text, &p->token);
	bool fits = pql_is(&p->token, "NOT") &&
		    (pql_is(&after, "IN") || pql_is(&after, "BETWEEN"));

	return fits ? find_infix(&after) : NULL;
}

static const struct kv_node *read_infix(struct pql *p,
					const struct infix *infix,
					const struct kv_node *left)
{
	bool negated = pql_take(p, "NOT");
	const struct kv_node *node;

	if (infix->binds < BINDS_COMPARISON)
		return read_junction(p, infix, left);
	node = read_comparison(p, infix, left);
	return node && negated ? negate(p, node) : node;
}

/* An operand or a condition, with all that binds at least so tightly. */
static const struct kv_node *read_condition(struct pql *p, int binds)
{
	const struct infix *infix;
	const struct kv_node *node;

	if (!pql_enter(p))
		return NULL;
	node = read_prefix(p);
	while (node && !pql_failed(p)) {
		infix = find_negated(p);
		if (!infix)
			infix = find_infix(&p->token);
		if (!infix || infix->binds < binds)
			break;
		node = read_infix(p, infix, node);
	}
	pql_leave(p);
	return node;
}

const struct kv_node *pql_condition(struct pql *p)
{
	return wanted(p, read_condition(p, LOOSEST), true);
}
