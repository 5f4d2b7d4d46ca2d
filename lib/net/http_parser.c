/* lib/net/http_parser.c - what bytes of HTTP/1.1 say, when they say one thing
 */
#include "lib/net/http_parser.h"
#include "lib/base/fault.h"

/* ---- classes of bytes ------------------------------------------------------
 */

enum {
	TOKEN = 1 << 0,	  /* RFC 9110, 5.6.2 */
	VALUE = 1 << 1,	  /* in a field's value: visible, blank, above ASCII */
	TARGET = 1 << 2,  /* in a request target: visible, no '#' */
	NAME = 1 << 3,	  /* in a host's name: unreserved and sub-delims */
	LITERAL = 1 << 4, /* in an address in brackets */
	HEX = 1 << 5,
	DIGIT = 1 << 6,
};

static const uint8_t classes[256] = {
	['\t'] = VALUE,
	[' '] = VALUE,
	['!'] = TOKEN | VALUE | TARGET | NAME,
	['"'] = VALUE | TARGET,
	['#'] = TOKEN | VALUE,
	['$'] = TOKEN | VALUE | TARGET | NAME,
	['%'] = TOKEN | VALUE | TARGET,
	['&' ... '\''] = TOKEN | VALUE | TARGET | NAME,
	['(' ... ')'] = VALUE | TARGET | NAME,
	['*' ... '+'] = TOKEN | VALUE | TARGET | NAME,
	[','] = VALUE | TARGET | NAME,
	['-'] = TOKEN | VALUE | TARGET | NAME,
	['.'] = TOKEN | VALUE | TARGET | NAME | LITERAL,
	['/'] = VALUE | TARGET,
	['0' ... '9'] = TOKEN | VALUE | TARGET | NAME | LITERAL | HEX | DIGIT,
	[':'] = VALUE | TARGET | LITERAL,
	[';'] = VALUE | TARGET | NAME,
	['<'] = VALUE | TARGET,
	['='] = VALUE | TARGET | NAME,
	['>' ... '@'] = VALUE | TARGET,
	['A' ... 'F'] = TOKEN | VALUE | TARGET | NAME | LITERAL | HEX,
	['G' ... 'Z'] = TOKEN | VALUE | TARGET | NAME,
	['[' ... ']'] = VALUE | TARGET,
	['^' ... '`'] = TOKEN | VALUE | TARGET | 0,
	['a' ... 'f'] = TOKEN | VALUE | TARGET | NAME | LITERAL | HEX,
	['g' ... 'z'] = TOKEN | VALUE | TARGET | NAME,
	['{'] = VALUE | TARGET,
	['|'] = TOKEN | VALUE | TARGET,
	['}'] = VALUE | TARGET,
	['~'] = TOKEN | VALUE | TARGET | NAME,
	[0x80 ... 0xff] = VALUE,
};

/* How many bytes at the front are of the class. */
static size_t span(struct slice s, uint8_t class)
{
	size_t i = 0;

	while (i < s.size && classes[s.data[i]] & class)
		i++;
	return i;
}

static bool all_of(struct slice s, uint8_t class)
{
	return span(s, class) == s.size;
}

static struct slice skip(struct slice s, size_t bytes)
{
	return slice_make(s.data + bytes, s.size - bytes);
}

/* ---- where a header ends ---------------------------------------------------
 */

static int refuse(const char **why, int status, const char *text)
{
	*why = text;
	return -status;
}

/* Notes a complete line of `size` bytes. */
static int count_line(struct http_scan *s, size_t size,
		      const struct http_scan_limits *limits, const char **why)
{
	if (s->lines == 0 && size > limits->line)
		return refuse(why, 414, "request line too long");
	if (s->lines == 0)
		s->first = size + 2;
	else if (s->lines > limits->count)
		return refuse(why, 431, "too many header fields");
	s->lines++;
	return 0;
}

static int check_sizes(const struct http_scan *s, size_t size,
		       const struct http_scan_limits *limits, const char **why)
{
	if (s->lines == 0 && size > limits->line + 1) /* its CR */
		return refuse(why, 414, "request line too long");
	if (s->lines && size - s->first > limits->headers)
		return refuse(why, 431, "header too large");
	return 0;
}

ssize_t http_scan(struct http_scan *s, struct slice bytes,
		  const struct http_scan_limits *limits, const char **why)
{
	const uint8_t *feed;

	if (s->lines == 0 && bytes.size && !(classes[bytes.data[0]] & TOKEN))
		return refuse(why, 400, "this is not HTTP");
	while (s->at < bytes.size &&
	       (feed = memchr(bytes.data + s->at, '\n', bytes.size - s->at))) {
		size_t end = (size_t)(feed - bytes.data);
		int result;

		if (end == s->line || feed[-1] != '\r')
			return refuse(why, 400, "a line ends without CR");
		s->at = end + 1;
		if (end - 1 == s->line) {
			result = check_sizes(s, s->at, limits, why);
			return result ? result : (ssize_t)s->at;
		}
		result = count_line(s, end - 1 - s->line, limits, why);
		if (result)
			return result;
		s->line = s->at;
	}
	s->at = bytes.size;
	return check_sizes(s, bytes.size, limits, why);
}

/* ---- the first line --------------------------------------------------------
 */

static int head_refuse(struct http_head *h, int status, const char *text)
{
	return refuse(&h->why, status, text);
}

/* HTTP/1.x: 0, with the minor that we speak; else -400 or -505. */
static int parse_version(struct http_head *h, struct slice version)
{
	const uint8_t *p = version.data;

	if (version.size != 8 || memcmp(p, "HTTP/", 5) != 0 ||
	    !(classes[p[5]] & DIGIT) || p[6] != '.' || !(classes[p[7]] & DIGIT))
		return head_refuse(h, 400, "invalid HTTP version");
	if (p[5] != '1')
		return head_refuse(h, 505, "only HTTP/1.1 is spoken here");
	h->minor = p[7] == '0' ? 0 : 1;
	return 0;
}

/* Every '%' is followed by two hex digits. */
static bool escapes_are_whole(struct slice s)
{
	for (size_t i = 0; i < s.size; i++)
		if (s.data[i] == '%' &&
		    (s.size - i < 3 || !(classes[s.data[i + 1]] & HEX) ||
		     !(classes[s.data[i + 2]] & HEX)))
			return false;
	return true;
}

/* uri-host [":" port]; the host may be empty. */
static bool host_is_valid(struct slice host)
{
	size_t size;

	if (host.size && host.data[0] == '[') {
		size = 1 + span(skip(host, 1), LITERAL);
		if (size < 3 || size == host.size || host.data[size] != ']')
			return false;
		size++;
	} else {
		size = 0;
		while (size < host.size && (classes[host.data[size]] & NAME ||
					    host.data[size] == '%'))
			size++;
		if (!escapes_are_whole(slice_make(host.data, size)))
			return false;
	}
	if (size == host.size)
		return true;
	return host.data[size] == ':' && host.size - size <= 6 &&
	       all_of(skip(host, size + 1), DIGIT);
}

static void split_query(struct http_head *h, struct slice target)
{
	h->path = slice_cut(&target, '?');
	h->query = target;
}

/* "http://host:port/path?query": the authority is the host. */
static int parse_absolute(struct http_head *h, struct slice target)
{
	size_t scheme = slice_starts(target, SLICE("http://"))	  ? 7
			: slice_starts(target, SLICE("https://")) ? 8
								  : 0;
	size_t size = 0;

	if (!scheme)
		return head_refuse(h, 400, "invalid request target");
	target = skip(target, scheme);
	while (size < target.size && target.data[size] != '/' &&
	       target.data[size] != '?')
		size++;
	h->host = slice_make(target.data, size);
	if (size == 0 || !host_is_valid(h->host))
		return head_refuse(h, 400, "invalid host in the target");
	split_query(h, skip(target, size));
	if (h->path.size == 0)
		h->path = slice_is(h->method, "OPTIONS") && !h->query.size
			      ? SLICE("*")
			      : SLICE("/");
	return 0;
}

static int parse_target(struct http_head *h, struct slice target)
{
	if (slice_is(h->method, "CONNECT")) {
		if (target.data[0] == '/' || !host_is_valid(target))
			return head_refuse(h, 400, "invalid request target");
		return head_refuse(h, 501, "no tunnels here");
	}
	if (target.data[0] == '/') {
		split_query(h, target);
		return 0;
	}
	if (slice_is(target, "*") && slice_is(h->method, "OPTIONS")) {
		h->path = target;
		return 0;
	}
	return parse_absolute(h, target);
}

int http_parse_request_line(struct http_head *h, struct slice line)
{
	size_t size = span(line, TOKEN);
	struct slice target;
	int result;

	h->method = slice_make(line.data, size);
	if (size == 0 || size == line.size || line.data[size] != ' ')
		return head_refuse(h, 400, "invalid method");
	line = skip(line, size + 1);
	size = span(line, TARGET);
	if (size == 0 || size == line.size || line.data[size] != ' ')
		return head_refuse(h, 400, "invalid request target");
	target = slice_make(line.data, size);
	result = parse_version(h, skip(line, size + 1));
	return result ? result : parse_target(h, target);
}

static int parse_status_line(struct http_head *h, struct slice line)
{
	int result =
	    parse_version(h, slice_make(line.data, line.size < 8 ? 0 : 8));
	struct slice rest;

	if (result)
		return -400;
	rest = skip(line, 8);
	if (rest.size < 4 || rest.data[0] != ' ' || rest.data[1] < '1' ||
	    rest.data[1] > '5' || span(skip(rest, 1), DIGIT) != 3)
		return head_refuse(h, 400, "invalid status");
	h->status = (rest.data[1] - '0') * 100 + (rest.data[2] - '0') * 10 +
		    (rest.data[3] - '0');
	rest = skip(rest, 4);
	if (rest.size && (rest.data[0] != ' ' || !all_of(rest, VALUE)))
		return head_refuse(h, 400, "invalid reason phrase");
	return 0;
}

/* ---- the fields that frame -------------------------------------------------
 */

/* What was met on the way through the fields. */
struct framing {
	bool host, length, coding, coding_known;
	bool close, keep_alive;
};

static int take_length(struct http_head *h, struct framing *f,
		       struct slice value)
{
	if (f->length)
		return head_refuse(h, 400, "more than one Content-Length");
	f->length = true;
	if (value.size == 0 || !all_of(value, DIGIT))
		return head_refuse(h, 400, "invalid Content-Length");
	/* what passes 64 bits is too large for every limit */
	if (slice_to_u64(value, UINT64_MAX, &h->length) != 0)
		h->length = UINT64_MAX;
	return 0;
}

/* Chunked alone is spoken. Others in front of it can be told from the end of
 * the body, so they are honestly unimplemented; without it as the last one
 * nobody knows where the body ends. */
static int take_coding(struct http_head *h, struct framing *f,
		       struct slice value)
{
	if (f->coding)
		return head_refuse(h, 400, "more than one Transfer-Encoding");
	f->coding = true;
	if (slice_equal_nocase(value, SLICE("chunked"))) {
		f->coding_known = true;
		return 0;
	}
	while (value.size) {
		struct slice coding = slice_trim(slice_cut(&value, ','));
		bool chunked = slice_equal_nocase(coding, SLICE("chunked"));

		if (coding.size == 0 || !all_of(coding, TOKEN) ||
		    chunked != (value.size == 0))
			return head_refuse(h, 400, "invalid Transfer-Encoding");
	}
	return 0;
}

static int take_host(struct http_head *h, struct framing *f, struct slice value)
{
	if (f->host)
		return head_refuse(h, 400, "more than one Host");
	f->host = true;
	if (!host_is_valid(value))
		return head_refuse(h, 400, "invalid Host");
	if (!h->host.data)
		h->host = value;
	return 0;
}

static int take_expect(struct http_head *h, struct framing *f,
		       struct slice value)
{
	(void)f;
	if (!slice_equal_nocase(value, SLICE("100-continue")))
		return head_refuse(h, 417, "unknown expectation");
	h->expect_continue = h->minor > 0;
	return 0;
}

static int take_connection(struct http_head *h, struct framing *f,
			   struct slice value)
{
	(void)h;
	while (value.size) {
		struct slice option = slice_trim(slice_cut(&value, ','));

		if (slice_equal_nocase(option, SLICE("close")))
			f->close = true;
		else if (slice_equal_nocase(option, SLICE("keep-alive")))
			f->keep_alive = true;
	}
	return 0;
}

struct field {
	struct slice name;
	int (*take)(struct http_head *, struct framing *, struct slice);
	bool request_only;
};

/* The row of a name of that length; no two of ours are of one length. */
static const struct field *find_field(struct slice name)
{
	static const struct field fields[] = {
		[4] = { SLICE("host"), take_host, true },
		[6] = { SLICE("expect"), take_expect, true },
		[10] = { SLICE("connection"), take_connection, false },
		[14] = { SLICE("content-length"), take_length, false },
		[17] = { SLICE("transfer-encoding"), take_coding, false },
	};
	const struct field *field;

	if (name.size >= sizeof(fields) / sizeof(*fields))
		return NULL;
	field = &fields[name.size];
	return field->take && slice_equal_nocase(field->name, name) ? field
								    : NULL;
}

/* ---- fields ----------------------------------------------------------------
 */

/* Cuts the first line off *rest, which ends with CRLF. */
static struct slice cut_line(struct slice *rest)
{
	struct slice line = slice_cut(rest, '\n');

	line.size--; /* the CR, which http_scan saw */
	return line;
}

/* Reads one "name: value"; 0 or -400. */
static int parse_field(struct slice line, struct http_header *row,
		       const char **why)
{
	size_t size = span(line, TOKEN);

	if (size == 0 || size == line.size || line.data[size] != ':')
		return refuse(why, 400,
			      line.data[0] == ' ' || line.data[0] == '\t'
				  ? "a header line is folded"
				  : "invalid header name");
	row->name = slice_make(line.data, size);
	row->value = slice_trim(skip(line, size + 1));
	if (!all_of(row->value, VALUE))
		return refuse(why, 400, "invalid header value");
	return 0;
}

/* All lines up to the empty one; those that frame go to `f`. */
static int parse_fields(struct http_head *h, struct slice rest,
			struct http_header *rows, struct framing *f,
			bool request)
{
	h->headers = (struct http_headers){ .rows = rows };
	for (;;) {
		struct slice line = cut_line(&rest);
		struct http_header *row = &rows[h->headers.count];
		const struct field *field;
		int result;

		if (line.size == 0)
			return 0;
		result = parse_field(line, row, &h->why);
		if (result)
			return result;
		h->headers.count++;
		field = find_field(row->name);
		if (field && (request || !field->request_only))
			result = field->take(h, f, row->value);
		if (result)
			return result;
	}
}

static int check_framing(struct http_head *h, const struct framing *f)
{
	if (f->coding && f->length)
		return head_refuse(h, 400,
				   "Transfer-Encoding and Content-Length");
	if (f->coding && h->minor == 0)
		return head_refuse(h, 400, "Transfer-Encoding in HTTP/1.0");
	if (f->coding && !f->coding_known)
		return head_refuse(h, 501, "unknown transfer coding");
	if (f->coding)
		h->framing = HTTP_BODY_CHUNKED;
	else if (f->length)
		h->framing = HTTP_BODY_LENGTH;
	h->keep_alive = !f->close && (h->minor > 0 || f->keep_alive);
	return 0;
}

int http_parse_request(struct http_head *h, struct slice header,
		       struct http_header *rows)
{
	struct framing f = { 0 };
	int result;

	*h = (struct http_head){ 0 };
	result = http_parse_request_line(h, cut_line(&header));
	if (result)
		return result;
	result = parse_fields(h, header, rows, &f, true);
	if (result)
		return result;
	if (!f.host && h->minor > 0)
		return head_refuse(h, 400, "no Host");
	result = check_framing(h, &f);
	if (h->framing == HTTP_BODY_LENGTH && h->length == 0)
		h->framing = HTTP_BODY_NONE;
	if (h->framing == HTTP_BODY_NONE)
		h->expect_continue = false;
	return result;
}

int http_parse_answer(struct http_head *h, struct slice header,
		      struct http_header *rows, struct slice method)
{
	struct framing f = { 0 };
	int result;

	*h = (struct http_head){ 0 };
	result = parse_status_line(h, cut_line(&header));
	if (!result)
		result = parse_fields(h, header, rows, &f, false);
	if (!result)
		result = check_framing(h, &f);
	if (result)
		return -400;
	if (h->framing == HTTP_BODY_NONE)
		h->framing = HTTP_BODY_TO_CLOSE;
	if (slice_is(method, "HEAD") || h->status < 200 || h->status == 204 ||
	    h->status == 304)
		h->framing = HTTP_BODY_NONE;
	if (h->framing == HTTP_BODY_TO_CLOSE)
		h->keep_alive = false;
	return 0;
}

int http_parse_trailer(struct http_headers *headers, struct slice trailer,
		       struct http_header *rows, const char **why)
{
	*headers = (struct http_headers){ .rows = rows };
	for (;;) {
		struct slice line = cut_line(&trailer);

		if (line.size == 0)
			return 0;
		if (parse_field(line, &rows[headers->count], why) != 0)
			return -400;
		headers->count++;
	}
}

/* ---- chunked bodies --------------------------------------------------------
 */

/* A quoted string at the front: its size, or 0. */
static size_t quoted(struct slice s)
{
	size_t i = 1;

	if (s.size < 2 || s.data[0] != '"')
		return 0;
	while (i < s.size && s.data[i] != '"') {
		i += s.data[i] == '\\' ? 1 : 0;
		if (i >= s.size || !(classes[s.data[i]] & VALUE))
			return 0;
		i++;
	}
	return i < s.size ? i + 1 : 0;
}

static size_t blanks(struct slice s)
{
	size_t i = 0;

	while (i < s.size && (s.data[i] == ' ' || s.data[i] == '\t'))
		i++;
	return i;
}

/* *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] ) and nothing
 * behind it. */
static bool extensions_are_valid(struct slice s)
{
	while (s.size) {
		size_t size;

		s = skip(s, blanks(s));
		if (s.size == 0 || s.data[0] != ';')
			return false;
		s = skip(s, 1);
		s = skip(s, blanks(s));
		size = span(s, TOKEN);
		if (size == 0)
			return false;
		s = skip(s, size);
		size = blanks(s);
		if (size == s.size || s.data[size] != '=')
			continue;
		s = skip(s, size + 1);
		s = skip(s, blanks(s));
		size = span(s, TOKEN);
		size = size ? size : quoted(s);
		if (size == 0)
			return false;
		s = skip(s, size);
	}
	return true;
}

/* A chunk's first line, without CRLF. */
static int parse_chunk_size(struct slice line, uint64_t *size)
{
	size_t digits = span(line, HEX);

	if (digits == 0 || digits > 16)
		return -E_INVALID;
	*size = 0;
	for (size_t i = 0; i < digits; i++) {
		unsigned byte = line.data[i];

		*size = *size << 4 |
			(byte <= '9' ? byte - '0' : (byte | 0x20) - 'a' + 10);
	}
	return extensions_are_valid(skip(line, digits)) ? 0 : -E_INVALID;
}

/* Takes "size;extensions CRLF". */
static int chunk_begin(struct http_chunks *c, struct slice *in,
		       const char **why)
{
	size_t most =
	    in->size < HTTP_CHUNK_LINE_MAX ? in->size : HTTP_CHUNK_LINE_MAX;
	const uint8_t *feed = most ? memchr(in->data, '\n', most) : NULL;
	size_t size = feed ? (size_t)(feed - in->data) : 0;

	if (!feed && in->size >= HTTP_CHUNK_LINE_MAX)
		return refuse(why, 400, "chunk line too long");
	if (!feed)
		return HTTP_CHUNK_MORE;
	if (size < 2 || feed[-1] != '\r' ||
	    parse_chunk_size(slice_make(in->data, size - 1), &c->left) != 0)
		return refuse(why, 400, "invalid chunk size");
	*in = skip(*in, size + 1);
	c->state = c->left ? HTTP_CHUNK_DATA : HTTP_CHUNK_TRAILER;
	c->trailer.lines = 1;
	return HTTP_CHUNK_PIECE;
}

static int chunk_data(struct http_chunks *c, struct slice *in,
		      struct slice *piece)
{
	size_t size = c->left < in->size ? (size_t)c->left : in->size;

	if (size == 0)
		return HTTP_CHUNK_MORE;
	*piece = slice_make(in->data, size);
	*in = skip(*in, size);
	c->left -= size;
	if (c->left == 0)
		c->state = HTTP_CHUNK_END;
	return HTTP_CHUNK_PIECE;
}

static int chunk_end(struct http_chunks *c, struct slice *in, const char **why)
{
	if ((in->size > 0 && in->data[0] != '\r') ||
	    (in->size > 1 && in->data[1] != '\n'))
		return refuse(why, 400, "a chunk is longer than its size");
	if (in->size < 2)
		return HTTP_CHUNK_MORE;
	*in = skip(*in, 2);
	c->state = HTTP_CHUNK_SIZE;
	return HTTP_CHUNK_PIECE;
}

static int chunk_trailer(struct http_chunks *c, struct slice *in,
			 struct slice *piece,
			 const struct http_scan_limits *limits,
			 const char **why)
{
	ssize_t size = http_scan(&c->trailer, *in, limits, why);

	if (size <= 0)
		return (int)size; /* HTTP_CHUNK_MORE is 0 */
	*piece = slice_make(in->data, size > 2 ? (size_t)size : 0);
	*in = skip(*in, (size_t)size);
	return HTTP_CHUNK_LAST;
}

int http_chunks_next(struct http_chunks *c, struct slice *in,
		     struct slice *piece, const struct http_scan_limits *limits,
		     const char **why)
{
	int result;

	for (;;) {
		switch (c->state) {
		case HTTP_CHUNK_SIZE:
			result = chunk_begin(c, in, why);
			break;
		case HTTP_CHUNK_DATA:
			return chunk_data(c, in, piece);
		case HTTP_CHUNK_END:
			result = chunk_end(c, in, why);
			break;
		default:
			return chunk_trailer(c, in, piece, limits, why);
		}
		if (result != HTTP_CHUNK_PIECE)
			return result;
	}
}
