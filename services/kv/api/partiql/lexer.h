/* services/kv/api/partiql/lexer.h - the words of a PartiQL statement
 *
 * Tokens are slices of the text. Nothing is looked up here: a WORD may be a
 * keyword, a function or a name.
 */
#ifndef PARLOR_KV_PARTIQL_LEXER_H
#define PARLOR_KV_PARTIQL_LEXER_H

#include "lib/base/arena.h"

enum pql_kind {
	PQL_END,
	PQL_WORD,   /* a letter or _, then letters, digits, _ and $ */
	PQL_NAME,   /* "name", with its quotes */
	PQL_STRING, /* 'text', with its quotes */
	PQL_NUMBER, /* 1, 1.0, 1e0, without a sign */
	PQL_SYMBOL, /* = <> != < <= > >= << >> ( ) [ ] { } . , : ; * + - ? */
	PQL_BAD,    /* anything else, or a quote without its other */
};

struct pql_token {
	enum pql_kind kind;
	struct slice text;
	size_t at; /* where it begins */
};

/* The token at or behind `at`; blanks and comments are no tokens. */
struct pql_token pql_next(struct slice text, size_t at);

/* The one behind another; behind the end is the end. */
struct pql_token pql_after(struct slice text, const struct pql_token *);

/* Is it this symbol, or this keyword in any case? */
bool pql_is(const struct pql_token *, const char *text);

/* What stands between the quotes of a NAME or STRING, doubled ones single; in
 * the arena where it is not as it stands. Null data when the arena is full. */
struct slice pql_unquote(const struct pql_token *, struct arena *);

#endif
