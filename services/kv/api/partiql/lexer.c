/* services/kv/api/partiql/lexer.c - the words of a PartiQL statement */
#include "services/kv/api/partiql/lexer.h"

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_first(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_inner(uint8_t c)
{
	return is_first(c) || is_digit(c) || c == '$';
}

static uint8_t byte_at(struct slice text, size_t at)
{
	return at < text.size ? text.data[at] : 0;
}

/* Behind all bytes from `at` on that are of the class. */
static size_t span(struct slice text, size_t at, bool (*of)(uint8_t))
{
	while (at < text.size && of(text.data[at]))
		at++;
	return at;
}

/* Behind the first of these two bytes from `at` on, or the end. */
static size_t behind(struct slice text, size_t at, const char *pair)
{
	const uint8_t *found =
	    at < text.size
		? memmem(text.data + at, text.size - at, pair, strlen(pair))
		: NULL;

	return found ? (size_t)(found - text.data) + strlen(pair) : text.size;
}

static size_t skip_blanks(struct slice text, size_t at)
{
	for (;;) {
		uint8_t c = byte_at(text, at), next = byte_at(text, at + 1);

		if (c && strchr(" \t\r\n", c))
			at++;
		else if (c == '-' && next == '-')
			at = behind(text, at, "\n");
		else if (c == '/' && next == '*')
			at = behind(text, at + 2, "*/");
		else
			return at;
	}
}

/* Behind the quote that closes the one at `at`; 0: there is none. */
static size_t quoted_end(struct slice text, size_t at)
{
	uint8_t quote = text.data[at];

	for (at++; at < text.size; at++) {
		if (text.data[at] != quote)
			continue;
		if (byte_at(text, at + 1) != quote)
			return at + 1;
		at++;
	}
	return 0;
}

static size_t number_end(struct slice text, size_t at)
{
	size_t exponent;

	at = span(text, at, is_digit);
	if (byte_at(text, at) == '.')
		at = span(text, at + 1, is_digit);
	if ((byte_at(text, at) | 0x20) != 'e')
		return at;
	exponent = at + 1;
	if (byte_at(text, exponent) == '+' || byte_at(text, exponent) == '-')
		exponent++;
	return is_digit(byte_at(text, exponent))
		   ? span(text, exponent, is_digit)
		   : at;
}

static size_t symbol_end(struct slice text, size_t at)
{
	static const uint8_t pairs[][2] = { { '<', '>' }, { '!', '=' },
					    { '<', '=' }, { '>', '=' },
					    { '<', '<' }, { '>', '>' } };
	uint8_t c = text.data[at];

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (c == pairs[i][0] && byte_at(text, at + 1) == pairs[i][1])
			return at + 2;
	return c && strchr("=<>()[]{}.,:;*+-?", c) ? at + 1 : 0;
}

static struct pql_token make(enum pql_kind kind, struct slice text, size_t at,
			     size_t end)
{
	if (end <= at) { /* a character that is no token, with all its bytes */
		kind = PQL_BAD;
		for (end = at + 1; (byte_at(text, end) & 0xc0) == 0x80; end++)
			;
	}
	return (struct pql_token){ kind, slice_make(text.data + at, end - at),
				   at };
}

struct pql_token pql_next(struct slice text, size_t at)
{
	uint8_t c;

	at = skip_blanks(text, at);
	if (at >= text.size)
		return (struct pql_token){ PQL_END, SLICE(""), text.size };
	c = text.data[at];
	if (is_first(c))
		return make(PQL_WORD, text, at, span(text, at, is_inner));
	if (is_digit(c) || (c == '.' && is_digit(byte_at(text, at + 1))))
		return make(PQL_NUMBER, text, at, number_end(text, at));
	if (c == '"' || c == '\'')
		return make(c == '"' ? PQL_NAME : PQL_STRING, text, at,
			    quoted_end(text, at));
	return make(PQL_SYMBOL, text, at, symbol_end(text, at));
}

struct pql_token pql_after(struct slice text, const struct pql_token *token)
{
	if (token->kind == PQL_END)
		return *token;
	return pql_next(text, token->at + token->text.size);
}

bool pql_is(const struct pql_token *token, const char *text)
{
	return (token->kind == PQL_WORD || token->kind == PQL_SYMBOL) &&
	       slice_equal_nocase(token->text, slice_of(text));
}

struct slice pql_unquote(const struct pql_token *token, struct arena *mem)
{
	struct slice inner =
	    slice_make(token->text.data + 1, token->text.size - 2);
	uint8_t quote = token->text.data[0], *out;
	size_t size = 0;

	if (!memchr(inner.data, quote, inner.size))
		return inner;
	out = arena_alloc(mem, inner.size);
	for (size_t i = 0; out && i < inner.size; i++) {
		out[size++] = inner.data[i];
		i += inner.data[i] == quote;
	}
	return slice_make(out, size);
}
