/* services/kv/expr/condition.c - reading conditions
 *
 * By precedence: OR binds least, then AND, NOT, and what compares.
 */
#include "services/kv/expr/parser.h"
#include "services/kv/model/item.h"

enum { LOOSEST, BINDS_OR = LOOSEST, BINDS_AND, BINDS_NOT, BINDS_COMPARISON };

static const struct infix {
	const char *text;
	enum kv_node_kind kind;
	int binds;
} infixes[] = {
	{ "=", NODE_EQ, BINDS_COMPARISON },
	{ "<>", NODE_NE, BINDS_COMPARISON },
	{ "<", NODE_LT, BINDS_COMPARISON },
	{ "<=", NODE_LE, BINDS_COMPARISON },
	{ ">", NODE_GT, BINDS_COMPARISON },
	{ ">=", NODE_GE, BINDS_COMPARISON },
	{ "BETWEEN", NODE_BETWEEN, BINDS_COMPARISON },
	{ "IN", NODE_IN, BINDS_COMPARISON },
	{ "AND", NODE_AND, BINDS_AND },
	{ "OR", NODE_OR, BINDS_OR },
};

static const struct infix *find_infix(const struct parser *p)
{
	for (size_t i = 0; i < sizeof(infixes) / sizeof(*infixes); i++)
		if (token_is(&p->token, infixes[i].text))
			return &infixes[i];
	return NULL;
}

/* ---- what makes no sense ---------------------------------------------------
 */

enum { ORDERED = 1U << ITEM_S | 1U << ITEM_N | 1U << ITEM_B };

static void check_bounds(struct parser *p, const struct kv_node *low,
			 const struct kv_node *high)
{
	const struct item_value *a = &low->value, *b = &high->value;

	if (low->kind != NODE_VALUE || high->kind != NODE_VALUE || !a->type ||
	    !b->type)
		return;
	if (a->type != b->type)
		parser_complain(
		    p, COMPLAIN_OPERAND,
		    "The BETWEEN operator requires same data type for lower "
		    "and upper bounds; lower bound operand: AttributeValue: "
		    "{%s:%.*s}, upper bound operand: AttributeValue: {%s:%.*s}",
		    item_type_name(a->type), SLICE_ARGS(a->bytes),
		    item_type_name(b->type), SLICE_ARGS(b->bytes));
	else if (1U << a->type & ORDERED && kv_value_compare(a, b) > 0)
		parser_complain(
		    p, COMPLAIN_OPERAND,
		    "The BETWEEN operator requires upper bound to be greater "
		    "than or equal to lower bound; lower bound operand: "
		    "AttributeValue: {%s:%.*s}, upper bound operand: "
		    "AttributeValue: {%s:%.*s}",
		    item_type_name(a->type), SLICE_ARGS(a->bytes),
		    item_type_name(b->type), SLICE_ARGS(b->bytes));
}

static void check_comparison(struct parser *p, const struct kv_node *node)
{
	parser_check_distinct(p, node);
	if (node->kind == NODE_EQ || node->kind == NODE_NE ||
	    node->kind == NODE_IN)
		return;
	for (size_t i = 0; i < node->count; i++)
		parser_check_type(p, node->name, node->args[i], ORDERED);
	if (node->kind == NODE_BETWEEN)
		check_bounds(p, node->args[1], node->args[2]);
}

/* ---- operators -------------------------------------------------------------
 */

static struct kv_node *read_condition(struct parser *, int binds);

/* The members of IN ( … ), into the node, which has room for all. */
static void read_members(struct parser *p, struct kv_node *node)
{
	parser_expect(p, "(");
	do {
		const struct kv_node *member = parser_operand(p);

		if (!member)
			return;
		if (node->count <= KV_EXPR_IN_MAX)
			node->args[node->count] = member;
		node->count++;
	} while (parser_take(p, ","));
	parser_expect(p, ")");
	if (node->count - 1 > KV_EXPR_IN_MAX)
		parser_fail(p,
			    "The IN operator is provided with too many "
			    "operands; number of operands: %zu",
			    node->count - 1);
}

static struct kv_node *read_comparison(struct parser *p,
				       const struct infix *infix,
				       struct kv_node *left)
{
	size_t room = infix->kind == NODE_IN ? 1 + KV_EXPR_IN_MAX : 3;
	struct kv_node *node;

	if (!parser_want(p, left, false))
		return NULL;
	parser_advance(p);
	node = parser_node(p, infix->kind, infix->text, room);
	if (!node)
		return NULL;
	node->args[0] = left;
	node->count = 1;
	if (infix->kind == NODE_IN) {
		read_members(p, node);
	} else {
		node->args[node->count++] = parser_operand(p);
		if (infix->kind == NODE_BETWEEN) {
			parser_expect(p, "AND");
			node->args[node->count++] = parser_operand(p);
		}
	}
	if (p->failed)
		return NULL;
	check_comparison(p, node);
	return node;
}

static struct kv_node *read_junction(struct parser *p,
				     const struct infix *infix,
				     struct kv_node *left)
{
	struct kv_node *right, *node;

	if (!parser_want(p, left, true))
		return NULL;
	parser_advance(p);
	right = read_condition(p, infix->binds + 1);
	node = parser_node(p, infix->kind, infix->text, 2);
	if (!parser_want(p, right, true) || !node)
		return NULL;
	node->args[0] = left;
	node->args[1] = right;
	return node;
}

static struct kv_node *read_not(struct parser *p)
{
	struct kv_node *inner = read_condition(p, BINDS_NOT);
	struct kv_node *node = parser_node(p, NODE_NOT, "NOT", 1);

	if (!parser_count_operator(p) || !parser_want(p, inner, true) || !node)
		return NULL;
	node->args[0] = inner;
	return node;
}

static struct kv_node *read_parentheses(struct parser *p)
{
	struct kv_node *node = read_condition(p, LOOSEST);

	parser_expect(p, ")");
	if (p->failed || !node)
		return NULL;
	if (node->parentheses)
		parser_complain(p, COMPLAIN_PARENTHESES,
				"The expression has redundant parentheses;");
	node->parentheses = true;
	return node;
}

static struct kv_node *read_prefix(struct parser *p)
{
	if (parser_take(p, "NOT"))
		return read_not(p);
	if (parser_take(p, "("))
		return read_parentheses(p);
	return parser_primary(p);
}

/* An operand or a condition, with all that binds at least so tightly. */
static struct kv_node *read_condition(struct parser *p, int binds)
{
	const struct infix *infix;
	struct kv_node *node;

	if (!parser_enter(p))
		return NULL;
	node = read_prefix(p);
	while (node && (infix = find_infix(p)) && infix->binds >= binds) {
		if (!parser_count_operator(p))
			return NULL;
		node = infix->binds == BINDS_COMPARISON
			   ? read_comparison(p, infix, node)
			   : read_junction(p, infix, node);
	}
	parser_leave(p);
	return node;
}

int kv_condition_compile(struct kv_scope *scope, const char *what,
			 struct slice text, const struct kv_node **out)
{
	struct parser p;
	const struct kv_node *node;

	if (!parser_start(&p, scope, what, text))
		return -E_INVALID;
	node = read_condition(&p, LOOSEST);
	if (p.token.kind != TOKEN_END && !p.failed)
		parser_syntax_error(&p);
	parser_want(&p, node, true);
	*out = node;
	return parser_end(&p);
}
