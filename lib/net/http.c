/* lib/net/http.c - what a message of HTTP/1.1 is made of, for both ends */
#include "lib/net/http.h"
#include "lib/base/fault.h"

struct slice http_header_find(const struct http_headers *headers,
			      const char *name)
{
	struct slice wanted = slice_of(name);

	for (size_t i = 0; i < headers->count; i++)
		if (slice_equal_nocase(headers->rows[i].name, wanted))
			return headers->rows[i].value;
	return slice_make(NULL, 0);
}

struct slice http_cookie_find(const struct http_headers *headers,
			      const char *name)
{
	for (size_t i = 0; i < headers->count; i++) {
		struct slice list = headers->rows[i].value;

		if (!slice_equal_nocase(headers->rows[i].name, SLICE("cookie")))
			continue;
		while (list.size) {
			struct slice value = slice_trim(slice_cut(&list, ';'));

			if (slice_is(slice_cut(&value, '='), name))
				return value;
		}
	}
	return slice_make(NULL, 0);
}

bool http_is_clean(struct slice text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] == '\r' || text.data[i] == '\n' ||
		    text.data[i] == '\0')
			return false;
	return true;
}

bool http_list_has(struct slice list, const char *word)
{
	struct slice wanted = slice_of(word);

	while (list.size)
		if (slice_equal_nocase(slice_trim(slice_cut(&list, ',')),
				       wanted))
			return true;
	return false;
}

bool http_takes(struct slice list, const char *encoding)
{
	while (list.size) {
		struct slice rest = slice_cut(&list, ',');
		struct slice name = slice_trim(slice_cut(&rest, ';'));

		rest = slice_trim(rest);
		if (slice_equal_nocase(name, slice_of(encoding)))
			return !slice_is(rest, "q=0") &&
			       !slice_starts(rest, SLICE("q=0.0"));
	}
	return false;
}

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{ 100, "Continue" },
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 206, "Partial Content" },
	{ 301, "Moved Permanently" },
	{ 302, "Found" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 411, "Length Required" },
	{ 412, "Precondition Failed" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 417, "Expectation Failed" },
	{ 422, "Unprocessable Content" },
	{ 426, "Upgrade Required" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 499, "Client Closed Request" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
	{ 505, "HTTP Version Not Supported" },
};

const char *http_reason(int status)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "";
}

static int hex_digit(uint8_t byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* The byte that %XX at `at` stands for, or -1. */
static int escaped(struct slice in, size_t at)
{
	int high, low;

	if (in.size - at < 3)
		return -1;
	high = hex_digit(in.data[at + 1]);
	low = hex_digit(in.data[at + 2]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

int http_percent_decode(struct arena *mem, struct slice in, bool plus,
			struct slice *out)
{
	char *copy = arena_copy(mem, in.data, in.size);
	size_t size = 0;

	if (!copy)
		return -E_EXHAUSTED;
	for (size_t i = 0; i < in.size; i++) {
		int byte = in.data[i];

		if (byte == '%') {
			byte = escaped(in, i);
			i += 2;
		} else if (byte == '+' && plus) {
			byte = ' ';
		}
		if (byte <= 0)
			return -E_INVALID;
		copy[size++] = (char)byte;
	}
	copy[size] = '\0';
	*out = slice_make(copy, size);
	return 0;
}

bool http_query_next(struct slice *query, struct slice *name,
		     struct slice *value)
{
	while (query->size) {
		*value = slice_cut(query, '&');
		if (value->size) {
			*name = slice_cut(value, '=');
			return true;
		}
	}
	return false;
}

int http_query_find(struct arena *mem, struct slice query, const char *name,
		    struct slice *value)
{
	struct slice raw_name, raw, decoded;

	while (http_query_next(&query, &raw_name, &raw)) {
		if (http_percent_decode(mem, raw_name, true, &decoded) != 0)
			return -E_INVALID;
		if (slice_is(decoded, name))
			return http_percent_decode(mem, raw, true, value);
	}
	return -E_MISSING;
}
