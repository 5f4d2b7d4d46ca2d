/* lib/rpc/json_text.c - JSON's own grammar, without a tree */
#include "lib/rpc/json_text.h"
#include "lib/rpc/json.h"

/* Writes the places from the outermost: "item.attributes". */
static void put_places(struct buffer *out, const struct json_place *place,
		       int most)
{
	enum { NAME_MAX_SHOWN = 64 };
	size_t size;

	if (!place || !most)
		return;
	put_places(out, place->up, most - 1);
	if (buffer_size(out))
		buffer_put_byte(out, '.');
	size = place->name.size;
	buffer_put(out, place->name.data,
		   size < NAME_MAX_SHOWN ? size : NAME_MAX_SHOWN);
}

void json_fail(struct json_text *t, int code, const char *why)
{
	struct buffer place;
	size_t offset = (size_t)(t->at - t->begin);

	if (json_failed(t))
		return;
	buffer_init(&place, 512);
	put_places(&place, t->place, 6);
	if (buffer_size(&place))
		fault_set(t->fault, code, "field '%.*s': %s at byte %zu",
			  SLICE_ARGS(buffer_slice(&place)), why, offset);
	else
		fault_set(t->fault, code, "json: %s at byte %zu", why, offset);
	buffer_release(&place);
}

uint8_t json_peek(struct json_text *t)
{
	if (json_failed(t))
		return 0;
	while (t->at < t->end && (*t->at == ' ' || *t->at == '\n' ||
				  *t->at == '\t' || *t->at == '\r'))
		t->at++;
	return t->at < t->end ? *t->at : 0;
}

static bool take(struct json_text *t, char want, const char *why)
{
	if (json_peek(t) != (uint8_t)want) {
		json_fail(t, E_INVALID, why);
		return false;
	}
	t->at++;
	return true;
}

void json_open(struct json_text *t, char bracket)
{
	if (!take(t, bracket,
		  bracket == '{' ? "not an object" : "not an array"))
		return;
	if (++t->depth > JSON_DEPTH_MAX)
		json_fail(t, E_INVALID, "nested too deep");
}

bool json_more(struct json_text *t, char close, bool *first)
{
	uint8_t next = json_peek(t);

	if (next == (uint8_t)close) {
		t->at++;
		t->depth--;
		return false;
	}
	if (!*first)
		take(t, ',', "',' is missing");
	*first = false;
	return !json_failed(t);
}

struct slice json_name(struct json_text *t)
{
	struct slice name = json_take_string(t);

	take(t, ':', "':' is missing");
	return name;
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hex digits at `at`, or -1. */
static int32_t hex4(const uint8_t *at, const uint8_t *end)
{
	int32_t value = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(at[i]);

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

static size_t put_utf8(uint8_t *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (uint8_t)(0xc0 | c >> 6);
		out[1] = (uint8_t)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (uint8_t)(0xe0 | c >> 12);
		out[1] = (uint8_t)(0x80 | (c >> 6 & 63));
		out[2] = (uint8_t)(0x80 | (c & 63));
		return 3;
	}
	out[0] = (uint8_t)(0xf0 | c >> 18);
	out[1] = (uint8_t)(0x80 | (c >> 12 & 63));
	out[2] = (uint8_t)(0x80 | (c >> 6 & 63));
	out[3] = (uint8_t)(0x80 | (c & 63));
	return 4;
}

/* The character of "\uXXXX" (two of them for a surrogate pair) whose digits
 * begin at *at; -1 when it is none. */
static int32_t unicode_escape(const uint8_t **at, const uint8_t *end)
{
	int32_t high = hex4(*at, end), low;

	if (high < 0 || (high >= 0xdc00 && high <= 0xdfff))
		return -1;
	*at += 4;
	if (high < 0xd800 || high > 0xdbff)
		return high;
	if (end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u')
		return -1;
	low = hex4(*at + 2, end);
	if (low < 0xdc00 || low > 0xdfff)
		return -1;
	*at += 6;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/* Resolves the escape behind a backslash at *at; bytes written, or 0. */
static size_t unescape(const uint8_t **at, const uint8_t *end, uint8_t *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;
	int32_t character;

	if (**at == 'u') {
		++*at;
		character = unicode_escape(at, end);
		return character < 0 ? 0 : put_utf8(out, (uint32_t)character);
	}
	found = **at ? strchr(from, **at) : NULL;
	if (!found)
		return 0;
	++*at;
	*out = (uint8_t)to[found - from];
	return 1;
}

/* The text between quotes, which has escapes. */
static struct slice resolve(struct json_text *t, const uint8_t *at,
			    const uint8_t *end)
{
	uint8_t *copy = arena_alloc(t->scratch, (size_t)(end - at));
	uint8_t *out = copy;

	if (!copy) {
		json_fail(t, E_HTTP_TOO_LARGE, "too many strings with escapes");
		return slice_make("", 0);
	}
	while (at < end) {
		size_t size;

		if (*at != '\\') {
			*out++ = *at++;
			continue;
		}
		at++;
		size = unescape(&at, end, out);
		if (!size) {
			json_fail(t, E_INVALID, "no such escape in a string");
			return slice_make("", 0);
		}
		out += size;
	}
	return slice_make(copy, (size_t)(out - copy));
}

/* Moves to the closing quote; notes what was met on the way. */
static const uint8_t *string_end(const uint8_t *at, const uint8_t *end,
				 bool *escapes, uint8_t *all)
{
	for (; at < end && *at != '"' && *at >= 0x20; at++) {
		*all |= *at;
		if (*at != '\\')
			continue;
		*escapes = true;
		if (++at == end)
			break;
	}
	return at < end && *at == '"' ? at : NULL;
}

struct slice json_take_string(struct json_text *t)
{
	struct slice empty = slice_make("", 0), text;
	bool escapes = false;
	uint8_t all = 0;
	const uint8_t *begin, *end;

	if (!take(t, '"', "not a string"))
		return empty;
	begin = t->at;
	end = string_end(begin, t->end, &escapes, &all);
	if (!end) {
		json_fail(t, E_INVALID, "a string without end");
		return empty;
	}
	text = slice_make(begin, (size_t)(end - begin));
	if (all & 0x80 && !slice_is_utf8(text)) {
		json_fail(t, E_INVALID, "a string that is not UTF-8");
		return empty;
	}
	if (escapes)
		text = resolve(t, begin, end);
	t->at = end + 1;
	return text;
}

static const uint8_t *digits(const uint8_t *at, const uint8_t *end)
{
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	return at;
}

/* Past the number at `at`, or NULL when there is none. */
static const uint8_t *number_end(const uint8_t *at, const uint8_t *end)
{
	const uint8_t *start;

	if (at < end && *at == '-')
		at++;
	start = at;
	at = digits(at, end);
	if (at == start || (*start == '0' && at - start > 1))
		return NULL;
	if (at < end && *at == '.') {
		start = ++at;
		at = digits(at, end);
		if (at == start)
			return NULL;
	}
	if (at < end && (*at | 0x20) == 'e') {
		at++;
		if (at < end && (*at == '+' || *at == '-'))
			at++;
		start = at;
		at = digits(at, end);
		if (at == start)
			return NULL;
	}
	return at;
}

bool json_is_number(struct slice text)
{
	return text.size && number_end(text.data, text.data + text.size) ==
				text.data + text.size;
}

struct slice json_number(struct json_text *t)
{
	const uint8_t *begin, *end = NULL;

	json_peek(t);
	begin = t->at;
	if (!json_failed(t))
		end = number_end(begin, t->end);
	if (!end) {
		json_fail(t, E_INVALID, "not a number");
		return SLICE("0");
	}
	t->at = end;
	return slice_make(begin, (size_t)(end - begin));
}

void json_word(struct json_text *t, const char *word)
{
	size_t size = strlen(word);

	json_peek(t);
	if (json_failed(t))
		return;
	if ((size_t)(t->end - t->at) < size || memcmp(t->at, word, size) != 0)
		json_fail(t, E_INVALID, "no such value");
	else
		t->at += size;
}

static void skip_object(struct json_text *t)
{
	bool first = true;

	json_open(t, '{');
	while (json_more(t, '}', &first)) {
		json_name(t);
		json_skip(t);
	}
}

static void skip_array(struct json_text *t)
{
	bool first = true;

	json_open(t, '[');
	while (json_more(t, ']', &first))
		json_skip(t);
}

void json_skip(struct json_text *t)
{
	switch (json_peek(t)) {
	case '{':
		skip_object(t);
		break;
	case '[':
		skip_array(t);
		break;
	case '"':
		json_take_string(t);
		break;
	case 't':
		json_word(t, "true");
		break;
	case 'f':
		json_word(t, "false");
		break;
	case 'n':
		json_word(t, "null");
		break;
	default:
		json_number(t);
	}
}

void json_finish(struct json_text *t)
{
	json_peek(t);
	if (!json_failed(t) && t->at != t->end)
		json_fail(t, E_INVALID, "more after the end");
}
