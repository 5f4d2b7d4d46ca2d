/* services/kv/expr/parser.c - what all expressions have in common */
#include "services/kv/expr/parser.h"
#include "services/kv/expr/build.h"
#include "services/kv/expr/scope.h"

#include <stdarg.h>

/* An operator and the parentheses around it each take a level. */
enum { DEPTH_MAX = 2 * KV_EXPR_OPERATORS_MAX + 3 };

/* ---- failures --------------------------------------------------------------
 */

void parser_fail(struct parser *p, const char *format, ...)
{
	char words[FAULT_TEXT];
	va_list args;

	if (p->failed)
		return;
	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	fault_set(p->scope->fault, E_INVALID, "Invalid %s: %s", p->what, words);
	p->failed = true;
}

void parser_syntax_error(struct parser *p)
{
	size_t from = p->before.text.data ? p->before.at : p->token.at;
	struct token after = lexer_after(p->text, &p->token);

	parser_fail(p, "Syntax error; token: \"%.*s\", near: \"%.*s\"",
		    SLICE_ARGS(p->token.text),
		    SLICE_ARGS(slice_trim(slice_make(
			p->text.data + from,
			after.at - from +
			    (after.kind == TOKEN_END ? 0 : after.text.size)))));
}

void parser_complain(struct parser *p, enum complaint kind, const char *format,
		     ...)
{
	va_list args;

	if (kind >= p->gravest)
		return;
	p->gravest = kind;
	va_start(args, format);
	vsnprintf(p->complaint, sizeof(p->complaint), format, args);
	va_end(args);
}

/* ---- tokens ----------------------------------------------------------------
 */

void parser_advance(struct parser *p)
{
	p->before = p->token;
	p->token = lexer_after(p->text, &p->before);
}

bool parser_start(struct parser *p, struct kv_scope *scope, const char *what,
		  struct slice text)
{
	*p = (struct parser){ .scope = scope,
			      .what = what,
			      .text = text,
			      .gravest = COMPLAIN_NONE };
	if (text.size > KV_EXPR_SIZE_MAX) {
		parser_fail(p,
			    "Expression size has exceeded the maximum allowed "
			    "size; expression size: %zu",
			    text.size);
		return false;
	}
	p->token = lexer_next(text, 0);
	if (p->token.kind == TOKEN_END)
		parser_fail(p, "The expression can not be empty;");
	return !p->failed;
}

int parser_end(struct parser *p)
{
	if (!p->failed && p->token.kind != TOKEN_END)
		parser_syntax_error(p);
	if (!p->failed && p->gravest != COMPLAIN_NONE)
		parser_fail(p, "%s", p->complaint);
	return p->failed ? -E_INVALID : 0;
}

bool parser_take(struct parser *p, const char *text)
{
	if (p->failed || !token_is(&p->token, text))
		return false;
	parser_advance(p);
	return true;
}

void parser_expect(struct parser *p, const char *text)
{
	if (!parser_take(p, text))
		parser_syntax_error(p);
}

/* ---- bounds ----------------------------------------------------------------
 */

/* Deeper than operators can make it, it is all parentheses. */
bool parser_enter(struct parser *p)
{
	if (++p->depth > DEPTH_MAX)
		parser_fail(p, "The expression has redundant parentheses;");
	return !p->failed;
}

void parser_leave(struct parser *p)
{
	p->depth--;
}

bool parser_count_operator(struct parser *p)
{
	if (++p->operators > KV_EXPR_OPERATORS_MAX)
		parser_fail(p,
			    "The expression contains more than the maximum "
			    "allowed number of operators and functions; "
			    "maximum: %d",
			    KV_EXPR_OPERATORS_MAX);
	return !p->failed;
}

struct kv_node *parser_node(struct parser *p, enum kv_node_kind kind,
			    const char *name, size_t count)
{
	struct kv_node *node = kv_build_room(p->scope, kind, count);

	if (node)
		node->name = name;
	else
		p->failed = true;
	return node;
}

/* ---- paths -----------------------------------------------------------------
 */

static bool is_keyword(const struct parser *p)
{
	static const char *const keywords[] = { "AND", "OR", "NOT", "BETWEEN",
						"IN" };

	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
		if (token_is(&p->token, keywords[i]))
			return true;
	return false;
}

/* The attribute's name that the next token is or stands for. */
static struct slice read_name(struct parser *p)
{
	struct slice text = p->token.text;
	const struct item_value *name;

	if (p->token.kind == TOKEN_NAME) {
		name = kv_scope_name(p->scope, text);
		if (!name)
			parser_complain(p, COMPLAIN_NAME,
					"An expression attribute name used in "
					"the document path is not defined; "
					"attribute name: %.*s",
					SLICE_ARGS(text));
		else
			text = name->bytes;
	} else if (p->token.kind == TOKEN_WORD && !is_keyword(p)) {
		if (word_is_reserved(text))
			parser_complain(p, COMPLAIN_RESERVED,
					"Attribute name is a reserved keyword; "
					"reserved keyword: %.*s",
					SLICE_ARGS(text));
	} else {
		parser_syntax_error(p);
	}
	parser_advance(p);
	return text;
}

static uint32_t read_index(struct parser *p)
{
	uint64_t index = 0;

	if (p->token.kind != TOKEN_DIGITS)
		parser_syntax_error(p);
	else if (slice_to_u64(p->token.text, INT32_MAX, &index))
		parser_complain(p, COMPLAIN_PATH,
				"List index is not within the allowable range; "
				"index: [%.*s]",
				SLICE_ARGS(p->token.text));
	parser_advance(p);
	parser_expect(p, "]");
	return (uint32_t)index;
}

/* The steps behind the first; more than fit are counted and not kept. */
static size_t read_steps(struct parser *p, struct kv_step *steps)
{
	size_t count = 1;

	while (!p->failed) {
		struct kv_step step = { 0 };

		if (parser_take(p, "."))
			step.name = read_name(p);
		else if (parser_take(p, "["))
			step.index = read_index(p);
		else
			break;
		if (count < KV_PATH_STEPS_MAX)
			steps[count] = step;
		count++;
	}
	return count;
}

const struct kv_path *parser_path(struct parser *p)
{
	struct kv_step steps[KV_PATH_STEPS_MAX] = { { .name = read_name(p) } };
	size_t count = read_steps(p, steps);
	const struct kv_path *path;

	if (count > KV_PATH_STEPS_MAX) {
		parser_complain(p, COMPLAIN_PATH,
				"The document path has too many nesting "
				"elements; nesting levels: %zu",
				count);
		count = KV_PATH_STEPS_MAX;
	}
	if (p->failed)
		return NULL;
	path = kv_build_path(p->scope, steps, count);
	p->failed = !path;
	return path;
}

/* ---- operands and functions ------------------------------------------------
 */

enum {
	ANY = ~0U,
	STRINGS = 1U << ITEM_S | 1U << ITEM_B,
	TEXT = 1U << ITEM_S,
	LISTS = 1U << ITEM_L,
	SIZED = 1U << ITEM_S | 1U << ITEM_B | 1U << ITEM_SS | 1U << ITEM_NS |
		1U << ITEM_BS | 1U << ITEM_M | 1U << ITEM_L,
};

static const struct function {
	const char *name;
	enum kv_node_kind kind;
	size_t count;
	bool update;	   /* belongs to updates; others to conditions */
	bool path;	   /* its first operand is a document path */
	unsigned types[2]; /* of operands that are values */
} functions[] = {
	{ "attribute_exists", NODE_EXISTS, 1, false, true, { ANY } },
	{ "attribute_not_exists", NODE_NOT_EXISTS, 1, false, true, { ANY } },
	{ "attribute_type", NODE_TYPE, 2, false, true, { ANY, TEXT } },
	{ "begins_with",
	  NODE_BEGINS_WITH,
	  2,
	  false,
	  false,
	  { STRINGS, STRINGS } },
	{ "contains", NODE_CONTAINS, 2, false, false, { ANY, ANY } },
	{ "size", NODE_SIZE, 1, false, false, { SIZED } },
	{ "if_not_exists", NODE_IF_NOT_EXISTS, 2, true, true, { ANY, ANY } },
	{ "list_append", NODE_LIST_APPEND, 2, true, false, { LISTS, LISTS } },
};

static const struct function *find_function(struct slice name)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (slice_is(name, functions[i].name))
			return &functions[i];
	return NULL;
}

void parser_check_type(struct parser *p, const char *name,
		       const struct kv_node *node, unsigned types)
{
	if (node && node->kind == NODE_VALUE && node->value.type &&
	    !(types & 1U << node->value.type))
		parser_complain(p, COMPLAIN_OPERAND,
				"Incorrect operand type for operator or "
				"function; operator or function: %s, operand "
				"type: %s",
				name, item_type_name(node->value.type));
}

void parser_check_distinct(struct parser *p, const struct kv_node *node)
{
	const struct kv_node *first = node->args[0];
	char text[256];

	for (size_t i = 1; i < node->count; i++) {
		if (first->kind != NODE_PATH ||
		    node->args[i]->kind != NODE_PATH ||
		    kv_path_compare(first->path, node->args[i]->path))
			continue;
		kv_path_show(first->path, text, sizeof(text));
		parser_complain(p, COMPLAIN_COUNT,
				"The first operand must be distinct from the "
				"remaining operands for this operator or "
				"function; operator: %s, first operand: %s",
				node->name, text);
	}
}

static void check_type_name(struct parser *p, const struct kv_node *node)
{
	if (node->kind != NODE_VALUE || node->value.type != ITEM_S)
		return;
	for (int type = ITEM_S; type <= ITEM_BOOL; type++)
		if (slice_is(node->value.bytes,
			     item_type_name((enum item_type)type)))
			return;
	parser_complain(p, COMPLAIN_OPERAND,
			"Invalid attribute type name found; type: %.*s, valid "
			"types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
			SLICE_ARGS(node->value.bytes));
}

static void check_function(struct parser *p, const struct function *f,
			   const struct kv_node *node, size_t given)
{
	if (given != f->count) {
		parser_complain(p, COMPLAIN_COUNT,
				"Incorrect number of operands for operator or "
				"function; operator or function: %s, number of "
				"operands: %zu",
				f->name, given);
		return;
	}
	if (f->path && node->args[0]->kind != NODE_PATH)
		parser_complain(p, COMPLAIN_COUNT,
				"Operator or function requires a document "
				"path; operator or function: %s",
				f->name);
	if (f->kind == NODE_CONTAINS || f->kind == NODE_BEGINS_WITH)
		parser_check_distinct(p, node);
	for (size_t i = 0; i < f->count; i++)
		parser_check_type(p, f->name, node->args[i], f->types[i]);
	if (f->kind == NODE_TYPE)
		check_type_name(p, node->args[1]);
}

static void check_allowed(struct parser *p, const struct function *f,
			  struct slice name)
{
	if (!f)
		parser_complain(p, COMPLAIN_FUNCTION,
				"Invalid function name; function: %.*s",
				SLICE_ARGS(name));
	else if (f->update != p->update)
		parser_complain(p, COMPLAIN_MISUSE,
				"The function is not allowed in %s expression; "
				"function: %s",
				p->update ? "an update" : "a condition",
				f->name);
}

/* The operands up to ")"; those past two are counted and not kept. */
static size_t read_arguments(struct parser *p, const struct kv_node **args)
{
	size_t count = 0;

	do {
		const struct kv_node *node = parser_operand(p);

		if (!node)
			return 0;
		if (count < 2)
			args[count] = node;
		count++;
	} while (parser_take(p, ","));
	parser_expect(p, ")");
	return count;
}

/* A function's name has been taken, and "(". */
static struct kv_node *read_function(struct parser *p, struct slice name)
{
	const struct function *f = find_function(name);
	struct kv_node *node;
	size_t given;

	if (!parser_enter(p) || !parser_count_operator(p))
		return NULL;
	check_allowed(p, f, name);
	node = parser_node(p, f ? f->kind : NODE_EXISTS, f ? f->name : "", 2);
	if (!node)
		return NULL;
	node->function = true;
	given = read_arguments(p, node->args);
	parser_leave(p);
	if (p->failed)
		return NULL;
	if (f)
		check_function(p, f, node, given);
	node->count = given < 2 ? given : 2;
	return node;
}

static struct kv_node *read_value(struct parser *p)
{
	const struct item_value *value =
	    kv_scope_value(p->scope, p->token.text);
	struct kv_node *node = parser_node(p, NODE_VALUE, "", 0);

	if (!value)
		parser_complain(p, COMPLAIN_VALUE,
				"An expression attribute value used in "
				"expression is not defined; attribute value: "
				"%.*s",
				SLICE_ARGS(p->token.text));
	else if (node)
		node->value = *value;
	parser_advance(p);
	return node;
}

static struct kv_node *read_path(struct parser *p)
{
	const struct kv_path *path = parser_path(p);
	struct kv_node *node = path ? parser_node(p, NODE_PATH, "", 0) : NULL;

	if (node)
		node->path = path;
	return node;
}

struct kv_node *parser_primary(struct parser *p)
{
	struct token name = p->token, after;

	if (p->failed)
		return NULL;
	if (p->token.kind == TOKEN_VALUE)
		return read_value(p);
	after = lexer_after(p->text, &name);
	if (name.kind == TOKEN_WORD && !is_keyword(p) &&
	    token_is(&after, "(")) {
		parser_advance(p);
		parser_advance(p);
		return read_function(p, name.text);
	}
	return read_path(p);
}

struct kv_node *parser_operand(struct parser *p)
{
	struct kv_node *node = parser_primary(p);

	return parser_want(p, node, false) ? node : NULL;
}

bool parser_want(struct parser *p, const struct kv_node *node, bool condition)
{
	if (p->failed || !node)
		return false;
	if (node_is_condition(node->kind) == condition)
		return true;
	if (!node->function) {
		parser_syntax_error(p);
		return false;
	}
	parser_complain(p, COMPLAIN_MISUSE,
			"The function is not allowed to be used this way in an "
			"expression; function: %s",
			node->name);
	return true;
}
