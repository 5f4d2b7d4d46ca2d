/* services/kv/expr/lexer.c - the words of an expression */
#include "services/kv/expr/lexer.h"

static bool is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_inner(uint8_t c)
{
	return is_letter(c) || is_digit(c) || c == '_';
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* How many bytes from `at` on are of that class. */
static size_t span(struct slice text, size_t at, bool (*of)(uint8_t))
{
	size_t end = at;

	while (end < text.size && of(text.data[end]))
		end++;
	return end - at;
}

static size_t symbol_size(struct slice text, size_t at)
{
	uint8_t c = text.data[at];
	uint8_t next = at + 1 < text.size ? text.data[at + 1] : 0;

	if ((c == '<' && (next == '=' || next == '>')) ||
	    (c == '>' && next == '='))
		return 2;
	return c && strchr("=<>()[].,+-", c) ? 1 : 0;
}

/* A character's bytes, for an error's text. */
static size_t character_size(struct slice text, size_t at)
{
	size_t size = 1;

	while (at + size < text.size && (text.data[at + size] & 0xc0) == 0x80)
		size++;
	return size;
}

static struct token make(enum token_kind kind, struct slice text, size_t at,
			 size_t size)
{
	return (struct token){ kind, slice_make(text.data + at, size), at };
}

struct token lexer_next(struct slice text, size_t at)
{
	uint8_t c;
	size_t size;

	at += span(text, at, is_blank);
	if (at == text.size)
		return (struct token){ TOKEN_END, SLICE("<EOF>"), at };
	c = text.data[at];
	if (is_letter(c))
		return make(TOKEN_WORD, text, at, span(text, at, is_inner));
	if (is_digit(c))
		return make(TOKEN_DIGITS, text, at, span(text, at, is_digit));
	size = span(text, at + 1, is_inner);
	if (size && (c == '#' || c == ':'))
		return make(c == '#' ? TOKEN_NAME : TOKEN_VALUE, text, at,
			    size + 1);
	size = symbol_size(text, at);
	return size ? make(TOKEN_SYMBOL, text, at, size)
		    : make(TOKEN_BAD, text, at, character_size(text, at));
}

struct token lexer_after(struct slice text, const struct token *token)
{
	if (token->kind == TOKEN_END)
		return *token;
	return lexer_next(text, token->at + token->text.size);
}

bool token_is(const struct token *token, const char *text)
{
	return (token->kind == TOKEN_SYMBOL || token->kind == TOKEN_WORD) &&
	       slice_equal_nocase(token->text, slice_of(text));
}

bool placeholder_is_valid(struct slice key, char sign)
{
	return key.size > 1 && key.data[0] == (uint8_t)sign &&
	       span(key, 1, is_inner) == key.size - 1;
}
