/* services/kv/expr/parser.h - what all expressions have in common
 *
 * A recursive parser a token ahead, bounded in depth and in operators. What is
 * no expression at all fails at once. What is one but means nothing (a reserved
 * word, a placeholder that is not defined, an operand of the wrong type) is a
 * complaint: parsing goes on, and the gravest complaint is the answer, in the
 * order DynamoDB looks for them.
 */
#ifndef PARLOR_KV_PARSER_H
#define PARLOR_KV_PARSER_H

#include "services/kv/expr/lexer.h"
#include "services/kv/expr/node.h"

/* The gravest first. */
enum complaint {
	COMPLAIN_RESERVED,
	COMPLAIN_FUNCTION,
	COMPLAIN_MISUSE,
	COMPLAIN_NAME,
	COMPLAIN_VALUE,
	COMPLAIN_PARENTHESES,
	COMPLAIN_PATH,
	COMPLAIN_COUNT,
	COMPLAIN_OPERAND,
	COMPLAIN_NONE,
};

struct parser {
	struct kv_scope *scope;
	const char *what; /* "ConditionExpression" */
	bool update;	  /* which functions are allowed */
	struct slice text;
	struct token before, token; /* the one taken last, the next one */
	size_t operators, depth;
	bool failed; /* the scope's fault says why */
	enum complaint gravest;
	char complaint[FAULT_TEXT];
};

/* False, and failed, when the text is empty or too long. */
bool parser_start(struct parser *, struct kv_scope *, const char *what,
		  struct slice text);

/* Nothing may be left. Returns 0, or -E_INVALID with the fault set. */
int parser_end(struct parser *);

void parser_advance(struct parser *);

/* Takes the token if it is this one; parser_expect fails if it isn't. */
bool parser_take(struct parser *, const char *text);
void parser_expect(struct parser *, const char *text);

/* "Syntax error; token: …, near: …" at the next token. */
void parser_syntax_error(struct parser *);

/* Fails at once, with words behind "Invalid …Expression: ". */
void parser_fail(struct parser *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void parser_complain(struct parser *, enum complaint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* One more level of nesting, or one more operator or function: false, and
 * failed, when there are too many. */
bool parser_enter(struct parser *);
void parser_leave(struct parser *);
bool parser_count_operator(struct parser *);

/* A node of the arena with room for `count` arguments; NULL and failed when it
 * is full. */
struct kv_node *parser_node(struct parser *, enum kv_node_kind,
			    const char *name, size_t count);

/* NULL when failed; so below. */
const struct kv_path *parser_path(struct parser *);

/* A path, a value or a function, which may be a condition. */
struct kv_node *parser_primary(struct parser *);

/* The same where only an operand may stand. */
struct kv_node *parser_operand(struct parser *);

/* Fails unless the node, which may be NULL, is an operand (or a condition). */
bool parser_want(struct parser *, const struct kv_node *, bool condition);

/* Complains when the node's first operand is a path that another one is, too. */
void parser_check_distinct(struct parser *, const struct kv_node *);

/* Complains when the node is a value of none of these types (bits of
 * 1 << item_type). */
void parser_check_type(struct parser *, const char *name,
		       const struct kv_node *, unsigned types);

#endif
