/* services/kv/expr/lexer.h - the words of an expression
 *
 * Tokens are slices of the text. Nothing is looked up here: a WORD may be a
 * keyword, a function or an attribute.
 */
#ifndef PARLOR_KV_LEXER_H
#define PARLOR_KV_LEXER_H

#include "lib/base/slice.h"

enum token_kind {
	TOKEN_END,
	TOKEN_WORD,   /* a letter, then letters, digits, _ */
	TOKEN_NAME,   /* #name */
	TOKEN_VALUE,  /* :value */
	TOKEN_DIGITS, /* 123 */
	TOKEN_SYMBOL, /* = <> < <= > >= ( ) [ ] . , + - */
	TOKEN_BAD,    /* anything else, a character */
};

struct token {
	enum token_kind kind;
	struct slice text; /* "<EOF>" at the end */
	size_t at;	   /* where it begins */
};

/* The token at or behind `at`. */
struct token lexer_next(struct slice text, size_t at);

/* The one behind another; behind the end is the end. */
struct token lexer_after(struct slice text, const struct token *);

/* Is it this symbol, or this keyword in any case? */
bool token_is(const struct token *, const char *text);

/* DynamoDB's 573 reserved words, in any case. */
bool word_is_reserved(struct slice);

/* Is it "#name" (or ":name") and nothing else? */
bool placeholder_is_valid(struct slice, char sign);

#endif
