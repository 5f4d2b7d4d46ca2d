/* tests/unit/lib/net/http_parser.c - what bytes of HTTP/1.1 say */
#include "lib/net/http_parser.h"
#include "lib/base/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof(*(table)))
#define HOST "Host: a\r\n"
#define BYTES(literal)                                          \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}

static const struct http_scan_limits limits = { 64, 256, 5 };

/* Scans `bytes` as they come in pieces of `step`. */
static ssize_t scan_in_steps(struct slice bytes, size_t step,
			     struct http_scan *scan)
{
	const char *why = NULL;
	ssize_t result = 0;

	*scan = (struct http_scan){ 0 };
	for (size_t size = step; result == 0; size += step) {
		if (size > bytes.size)
			size = bytes.size;
		result = http_scan(scan, slice_make(bytes.data, size), &limits,
				   &why);
		if (size == bytes.size)
			break;
	}
	if (result < 0)
		assert_non_null(why);
	return result;
}

static void test_scan(void **state)
{
	static const struct {
		const char *name;
		struct slice bytes;
		ssize_t result;
	} cases[] = {
		{ "nothing yet", BYTES(""), 0 },
		{ "half a line", BYTES("GET / HT"), 0 },
		{ "no empty line yet", BYTES("GET / HTTP/1.1\r\na: b\r\n"), 0 },
		{ "whole", BYTES("GET / HTTP/1.1\r\na: b\r\n\r\nrest"), 24 },
		{ "bare LF", BYTES("GET / HTTP/1.1\na: b\r\n\r\n"), -400 },
		{ "bare LF ends the header", BYTES("GET / HTTP/1.1\r\n\n"),
		  -400 },
		{ "LF first", BYTES("\nGET / HTTP/1.1\r\n\r\n"), -400 },
		{ "a long target that ends",
		  BYTES("GET /0123456789012345678901234567890123456789012345678"
			"9a HTTP/1.1\r\n\r\n"),
		  -414 },
		{ "a long target that goes on",
		  BYTES("GET /0123456789012345678901234567890123456789012345678"
			"90123456789012345"),
		  -414 },
		{ "a long field",
		  BYTES("GET / HTTP/1.1\r\na: "
			"0123456789012345678901234567890123456789012345678901"
			"0123456789012345678901234567890123456789012345678901"
			"0123456789012345678901234567890123456789012345678901"
			"0123456789012345678901234567890123456789012345678901"
			"0123456789012345678901234567890123456789012345678901"
			"0123456789012345678901234567890123456789012345678901"),
		  -431 },
		{ "too many fields",
		  BYTES("GET / HTTP/1.1\r\na:\r\na:\r\na:\r\na:\r\na:\r\na:"
			"\r\n\r\n"),
		  -431 },
		{ "as many as there may be",
		  BYTES("GET / HTTP/1.1\r\na:\r\na:\r\na:\r\na:\r\na:\r\n\r\n"),
		  38 },
	};
	struct http_scan scan;

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++)
		for (size_t step = 1; step <= cases[i].bytes.size + 1; step++) {
			ssize_t got =
			    scan_in_steps(cases[i].bytes, step, &scan);

			if (got != cases[i].result)
				fail_msg("%s, %zu bytes at a time: got %zd, "
					 "want %zd",
					 cases[i].name, step, got,
					 cases[i].result);
		}
}

/* Scans and parses; a refusal of either. */
static int parse(struct slice bytes, struct http_head *head)
{
	static struct http_header rows[101];
	static const struct http_scan_limits wide = { 8192, 32768, 100 };
	struct http_scan scan = { 0 };
	const char *why = NULL;
	ssize_t size = http_scan(&scan, bytes, &wide, &why);
	int result;

	*head = (struct http_head){ 0 };
	if (size <= 0)
		return (int)size;
	result = http_parse_request(head, slice_make(bytes.data, (size_t)size),
				    rows);
	if (result < 0)
		assert_non_null(head->why);
	return result;
}

static void test_requests_refused(void **state)
{
	static const struct {
		const char *name;
		struct slice bytes;
		int status;
	} cases[] = {
		/* the request line */
		{ "no version", BYTES("GET /\r\n" HOST "\r\n"), 400 },
		{ "HTTP/2.0", BYTES("GET / HTTP/2.0\r\n" HOST "\r\n"), 505 },
		{ "HTTP/2's preface", BYTES("PRI * HTTP/2.0\r\n\r\n"), 505 },
		{ "HTTP/0.9", BYTES("GET / HTTP/0.9\r\n" HOST "\r\n"), 505 },
		{ "lower case", BYTES("GET / http/1.1\r\n" HOST "\r\n"), 400 },
		{ "two digits", BYTES("GET / HTTP/1.10\r\n" HOST "\r\n"), 400 },
		{ "one digit", BYTES("GET / HTTP/1\r\n" HOST "\r\n"), 400 },
		{ "two spaces", BYTES("GET  / HTTP/1.1\r\n" HOST "\r\n"), 400 },
		{ "a tab", BYTES("GET\t/ HTTP/1.1\r\n" HOST "\r\n"), 400 },
		{ "space at the end", BYTES("GET / HTTP/1.1 \r\n" HOST "\r\n"),
		  400 },
		{ "space in front", BYTES(" GET / HTTP/1.1\r\n" HOST "\r\n"),
		  400 },
		{ "no method", BYTES("/ HTTP/1.1\r\n" HOST "\r\n"), 400 },
		{ "a method that is no token",
		  BYTES("G(T / HTTP/1.1\r\n" HOST "\r\n"), 400 },
		{ "a space in the target",
		  BYTES("GET /a b HTTP/1.1\r\n" HOST "\r\n"), 400 },
		{ "NUL in the target",
		  BYTES("GET /a\0b HTTP/1.1\r\n" HOST "\r\n"), 400 },
		{ "a fragment", BYTES("GET /a#b HTTP/1.1\r\n" HOST "\r\n"),
		  400 },
		{ "above ASCII",
		  BYTES("GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n"), 400 },
		{ "a target without slash",
		  BYTES("GET a HTTP/1.1\r\n" HOST "\r\n"), 400 },
		{ "* without OPTIONS", BYTES("GET * HTTP/1.1\r\n" HOST "\r\n"),
		  400 },
		{ "another scheme",
		  BYTES("GET ftp://a/ HTTP/1.1\r\n" HOST "\r\n"), 400 },
		{ "absolute without a host",
		  BYTES("GET http:///a HTTP/1.1\r\n" HOST "\r\n"), 400 },
		{ "absolute with user information",
		  BYTES("GET http://u@a/ HTTP/1.1\r\n" HOST "\r\n"), 400 },
		{ "CONNECT", BYTES("CONNECT a:443 HTTP/1.1\r\n" HOST "\r\n"),
		  501 },
		{ "CONNECT with a path",
		  BYTES("CONNECT /a HTTP/1.1\r\n" HOST "\r\n"), 400 },
		/* fields */
		{ "space before the colon",
		  BYTES("GET / HTTP/1.1\r\n" HOST "a : b\r\n\r\n"), 400 },
		{ "tab before the colon",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Content-Length\t: 5\r\n\r\n"),
		  400 },
		{ "folded",
		  BYTES("GET / HTTP/1.1\r\n" HOST "a: b\r\n c\r\n\r\n"), 400 },
		{ "folded at the start",
		  BYTES("GET / HTTP/1.1\r\n a: b\r\n" HOST "\r\n"), 400 },
		{ "no colon", BYTES("GET / HTTP/1.1\r\n" HOST "ab\r\n\r\n"),
		  400 },
		{ "no name", BYTES("GET / HTTP/1.1\r\n" HOST ": b\r\n\r\n"),
		  400 },
		{ "NUL in a value",
		  BYTES("GET / HTTP/1.1\r\n" HOST "a: b\0c\r\n\r\n"), 400 },
		{ "NUL in a name",
		  BYTES("GET / HTTP/1.1\r\n" HOST "a\0: b\r\n\r\n"), 400 },
		{ "CR in a value",
		  BYTES("GET / HTTP/1.1\r\n" HOST "a: b\rc\r\n\r\n"), 400 },
		{ "DEL in a value",
		  BYTES("GET / HTTP/1.1\r\n" HOST "a: b\x7f\r\n\r\n"), 400 },
		/* host */
		{ "no Host", BYTES("GET / HTTP/1.1\r\n\r\n"), 400 },
		{ "two Hosts", BYTES("GET / HTTP/1.1\r\n" HOST HOST "\r\n"),
		  400 },
		{ "two Hosts in HTTP/1.0",
		  BYTES("GET / HTTP/1.0\r\n" HOST HOST "\r\n"), 400 },
		{ "Host with a space",
		  BYTES("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), 400 },
		{ "Host with a path",
		  BYTES("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400 },
		{ "Host with a user",
		  BYTES("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"), 400 },
		{ "Host with a bad port",
		  BYTES("GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n"), 400 },
		{ "Host with a long port",
		  BYTES("GET / HTTP/1.1\r\nHost: a:123456\r\n\r\n"), 400 },
		{ "a list of Hosts",
		  BYTES("GET / HTTP/1.1\r\nHost: a:1,b:2\r\n\r\n"), 400 },
		{ "Host with a cut escape",
		  BYTES("GET / HTTP/1.1\r\nHost: a%2\r\n\r\n"), 400 },
		{ "Host with an open bracket",
		  BYTES("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"), 400 },
		/* framing */
		{ "length with a sign",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Content-Length: +5\r\n\r\n"),
		  400 },
		{ "length below zero",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Content-Length: -1\r\n\r\n"),
		  400 },
		{ "length in hex",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Content-Length: 0x5\r\n\r\n"),
		  400 },
		{ "no length in the field",
		  BYTES("POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n"),
		  400 },
		{ "length with a vertical tab",
		  BYTES("POST / HTTP/1.1\r\n" HOST "Content-Length: \x0b"
			"5\r\n\r\n"),
		  400 },
		{ "length with a space inside",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Content-Length: 5 5\r\n\r\n"),
		  400 },
		{ "lengths that differ",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Content-Length: 5\r\nContent-Length: 6\r\n\r\n"),
		  400 },
		{ "the same length twice",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Content-Length: 5\r\nContent-Length: 5\r\n\r\n"),
		  400 },
		{ "a list of lengths",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Content-Length: 5, 5\r\n\r\n"),
		  400 },
		{ "length and chunked",
		  BYTES("POST / HTTP/1.1\r\n" HOST "Content-Length: 5\r\n"
			"Transfer-Encoding: chunked\r\n\r\n"),
		  400 },
		{ "chunked in HTTP/1.0",
		  BYTES("POST / HTTP/1.0\r\n" HOST
			"Transfer-Encoding: chunked\r\n\r\n"),
		  400 },
		{ "chunked twice",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Transfer-Encoding: chunked\r\n"
			"Transfer-Encoding: chunked\r\n\r\n"),
		  400 },
		{ "chunked in chunked",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Transfer-Encoding: chunked, chunked\r\n\r\n"),
		  400 },
		{ "chunked not last",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Transfer-Encoding: chunked, gzip\r\n\r\n"),
		  400 },
		{ "not chunked at all",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Transfer-Encoding: identity\r\n\r\n"),
		  400 },
		{ "nearly chunked",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Transfer-Encoding: xchunked\r\n\r\n"),
		  400 },
		{ "chunked with a parameter",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Transfer-Encoding: chunked;a=b\r\n\r\n"),
		  400 },
		{ "chunked in quotes",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Transfer-Encoding: \"chunked\"\r\n\r\n"),
		  400 },
		{ "chunked behind a vertical tab",
		  BYTES("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: \x0b"
			"chunked\r\n\r\n"),
		  400 },
		{ "an empty coding",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Transfer-Encoding: , chunked\r\n\r\n"),
		  400 },
		{ "gzip under chunked",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Transfer-Encoding: gzip, chunked\r\n\r\n"),
		  501 },
		{ "another expectation",
		  BYTES("POST / HTTP/1.1\r\n" HOST "Expect: magic\r\n\r\n"),
		  417 },
	};
	struct http_head head;

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		int got = parse(cases[i].bytes, &head);

		if (got != -cases[i].status)
			fail_msg("%s: got %d, want %d", cases[i].name, got,
				 -cases[i].status);
	}
}

static void test_requests_taken(void **state)
{
	static const struct {
		const char *name;
		struct slice bytes;
		const char *method, *path, *query, *host;
		enum http_framing framing;
		uint64_t length;
		bool keep_alive, expects;
	} cases[] = {
		{ "plain", BYTES("GET /a?b=c HTTP/1.1\r\n" HOST "\r\n"), "GET",
		  "/a", "b=c", "a", HTTP_BODY_NONE, 0, true, false },
		{ "two question marks",
		  BYTES("GET /?a?b HTTP/1.1\r\n" HOST "\r\n"), "GET", "/",
		  "a?b", "a", HTTP_BODY_NONE, 0, true, false },
		{ "a later HTTP/1", BYTES("GET / HTTP/1.7\r\n" HOST "\r\n"),
		  "GET", "/", "", "a", HTTP_BODY_NONE, 0, true, false },
		{ "HTTP/1.0 closes", BYTES("GET / HTTP/1.0\r\n\r\n"), "GET",
		  "/", "", "", HTTP_BODY_NONE, 0, false, false },
		{ "HTTP/1.0 kept",
		  BYTES("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"),
		  "GET", "/", "", "", HTTP_BODY_NONE, 0, true, false },
		{ "asked to close",
		  BYTES("GET / HTTP/1.1\r\n" HOST
			"Connection: foo, Close\r\n\r\n"),
		  "GET", "/", "", "a", HTTP_BODY_NONE, 0, false, false },
		{ "absolute: its host counts",
		  BYTES("GET http://b:80/c?d HTTP/1.1\r\n" HOST "\r\n"), "GET",
		  "/c", "d", "b:80", HTTP_BODY_NONE, 0, true, false },
		{ "absolute without a path",
		  BYTES("GET http://b?d HTTP/1.1\r\n" HOST "\r\n"), "GET", "/",
		  "d", "b", HTTP_BODY_NONE, 0, true, false },
		{ "OPTIONS of the server",
		  BYTES("OPTIONS * HTTP/1.1\r\n" HOST "\r\n"), "OPTIONS", "*",
		  "", "a", HTTP_BODY_NONE, 0, true, false },
		{ "the same, absolute",
		  BYTES("OPTIONS http://b HTTP/1.1\r\n" HOST "\r\n"), "OPTIONS",
		  "*", "", "b", HTTP_BODY_NONE, 0, true, false },
		{ "an address as host",
		  BYTES("GET / HTTP/1.1\r\nHOST:[::1]:80\r\n\r\n"), "GET", "/",
		  "", "[::1]:80", HTTP_BODY_NONE, 0, true, false },
		{ "an empty host", BYTES("GET / HTTP/1.1\r\nHost:\r\n\r\n"),
		  "GET", "/", "", "", HTTP_BODY_NONE, 0, true, false },
		{ "a length with blanks around",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"content-length: \t 007 \t\r\n\r\n"),
		  "POST", "/", "", "a", HTTP_BODY_LENGTH, 7, true, false },
		{ "no body by its length",
		  BYTES("POST / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n"),
		  "POST", "/", "", "a", HTTP_BODY_NONE, 0, true, false },
		{ "a length past 64 bits is very long",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Content-Length: 99999999999999999999\r\n\r\n"),
		  "POST", "/", "", "a", HTTP_BODY_LENGTH, UINT64_MAX, true,
		  false },
		{ "chunked",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Transfer-Encoding: Chunked\r\n\r\n"),
		  "POST", "/", "", "a", HTTP_BODY_CHUNKED, 0, true, false },
		{ "an expectation",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Content-Length: 5\r\nExpect: 100-Continue\r\n\r\n"),
		  "POST", "/", "", "a", HTTP_BODY_LENGTH, 5, true, true },
		{ "an expectation without a body",
		  BYTES("POST / HTTP/1.1\r\n" HOST
			"Expect: 100-continue\r\n\r\n"),
		  "POST", "/", "", "a", HTTP_BODY_NONE, 0, true, false },
		{ "an expectation in HTTP/1.0",
		  BYTES("POST / HTTP/1.0\r\nContent-Length: 5\r\n"
			"Expect: 100-continue\r\n\r\n"),
		  "POST", "/", "", "", HTTP_BODY_LENGTH, 5, false, false },
	};
	struct http_head h;

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		int got = parse(cases[i].bytes, &h);

		if (got != 0)
			fail_msg("%s: refused with %d, %s", cases[i].name, got,
				 h.why);
		if (!slice_is(h.method, cases[i].method) ||
		    !slice_is(h.path, cases[i].path) ||
		    !slice_is(h.query, cases[i].query) ||
		    !slice_is(h.host, cases[i].host) ||
		    h.framing != cases[i].framing ||
		    h.length != cases[i].length ||
		    h.keep_alive != cases[i].keep_alive ||
		    h.expect_continue != cases[i].expects)
			fail_msg("%s: misread", cases[i].name);
	}
}

static void test_answers(void **state)
{
	static const struct {
		const char *name, *method;
		struct slice bytes;
		int result, status;
		enum http_framing framing;
		bool keep_alive;
	} cases[] = {
		{ "with a length", "GET",
		  BYTES("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), 0, 200,
		  HTTP_BODY_LENGTH, true },
		{ "no reason", "GET", BYTES("HTTP/1.1 204 \r\n\r\n"), 0, 204,
		  HTTP_BODY_NONE, true },
		{ "nor its space", "GET",
		  BYTES("HTTP/1.1 304\r\nContent-Length: 5\r\n\r\n"), 0, 304,
		  HTTP_BODY_NONE, true },
		{ "to HEAD", "HEAD",
		  BYTES("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), 0, 200,
		  HTTP_BODY_NONE, true },
		{ "until it closes", "GET", BYTES("HTTP/1.1 200 OK\r\n\r\n"), 0,
		  200, HTTP_BODY_TO_CLOSE, false },
		{ "chunked", "GET",
		  BYTES("HTTP/1.1 200 OK\r\nTransfer-Encoding: "
			"chunked\r\n\r\n"),
		  0, 200, HTTP_BODY_CHUNKED, true },
		{ "closing", "GET",
		  BYTES("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
			"Connection: close\r\n\r\n"),
		  0, 200, HTTP_BODY_LENGTH, false },
		{ "interim", "GET", BYTES("HTTP/1.1 100 Continue\r\n\r\n"), 0,
		  100, HTTP_BODY_NONE, true },
		{ "an unknown coding", "GET",
		  BYTES("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, "
			"chunked\r\n\r\n"),
		  -400, 0, 0, false },
		{ "two lengths", "GET",
		  BYTES("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
			"Content-Length: 0\r\n\r\n"),
		  -400, 0, 0, false },
		{ "both framings", "GET",
		  BYTES("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
			"Transfer-Encoding: chunked\r\n\r\n"),
		  -400, 0, 0, false },
		{ "another protocol", "GET", BYTES("SSH-2.0-x\r\n\r\n"), -400,
		  0, 0, false },
		{ "two digits", "GET", BYTES("HTTP/1.1 20 OK\r\n\r\n"), -400, 0,
		  0, false },
		{ "600", "GET", BYTES("HTTP/1.1 600 OK\r\n\r\n"), -400, 0, 0,
		  false },
	};
	static const struct http_scan_limits wide = { 8192, 32768, 100 };
	struct http_header rows[8];

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct http_scan scan = { 0 };
		struct http_head h;
		const char *why;
		ssize_t size = http_scan(&scan, cases[i].bytes, &wide, &why);
		int got;

		assert_int_equal(size, cases[i].bytes.size);
		got = http_parse_answer(&h, cases[i].bytes, rows,
					slice_of(cases[i].method));
		if (got != cases[i].result ||
		    (got == 0 && (h.status != cases[i].status ||
				  h.framing != cases[i].framing ||
				  h.keep_alive != cases[i].keep_alive)))
			fail_msg("%s: got %d, status %d", cases[i].name, got,
				 h.status);
	}
}

/* Decodes `bytes` that come `step` at a time; the body to `out`, the bytes left
 * behind it to *rest. Returns an event or a refusal. */
static int decode(struct slice bytes, size_t step, char *out, size_t *rest,
		  size_t *trailers)
{
	struct http_chunks chunks = { 0 };
	size_t begin = 0, end = 0, size = 0;
	int event = HTTP_CHUNK_MORE;

	while (event == HTTP_CHUNK_MORE && end < bytes.size) {
		struct slice in, piece = { 0 };

		end = end + step < bytes.size ? end + step : bytes.size;
		in = slice_make(bytes.data + begin, end - begin);
		do {
			const char *why;

			event = http_chunks_next(&chunks, &in, &piece, &limits,
						 &why);
			if (event == HTTP_CHUNK_PIECE) {
				memcpy(out + size, piece.data, piece.size);
				size += piece.size;
			}
		} while (event == HTTP_CHUNK_PIECE);
		begin = end - in.size;
	}
	out[size] = '\0';
	*rest = bytes.size - begin;
	*trailers = chunks.trailer.lines ? chunks.trailer.lines - 1 : 0;
	return event;
}

static void test_chunks(void **state)
{
	static const struct {
		const char *name;
		struct slice bytes;
		int result;
		const char *body;
		size_t rest, trailers;
	} cases[] = {
		{ "one and the last", BYTES("5\r\nhello\r\n0\r\n\r\nGET"),
		  HTTP_CHUNK_LAST, "hello", 3, 0 },
		{ "several, hex in both cases",
		  BYTES("a\r\n0123456789\r\n00B\r\nabcdefghijk\r\n0\r\n\r\n"),
		  HTTP_CHUNK_LAST, "0123456789abcdefghijk", 0, 0 },
		{ "extensions",
		  BYTES("2;a;b=c ; d = \"e;\\\" f\"\r\nhi\r\n0;x\r\n\r\n"),
		  HTTP_CHUNK_LAST, "hi", 0, 0 },
		{ "trailers", BYTES("0\r\na: b\r\nc: d\r\n\r\n"),
		  HTTP_CHUNK_LAST, "", 0, 2 },
		{ "unfinished", BYTES("5\r\nhel"), HTTP_CHUNK_MORE, "hel", 0,
		  0 },
		{ "two numbers", BYTES("5 5\r\nhello\r\n"), -400, "", 10, 0 },
		{ "space behind", BYTES("5 \r\nhello\r\n"), -400, "", 9, 0 },
		{ "space in front", BYTES(" 5\r\nhello\r\n"), -400, "", 9, 0 },
		{ "a sign", BYTES("+5\r\nhello\r\n"), -400, "", 9, 0 },
		{ "0x", BYTES("0x5\r\nhello\r\n"), -400, "", 10, 0 },
		{ "no size", BYTES("\r\nhello\r\n"), -400, "", 8, 0 },
		{ "bare LF", BYTES("5\nhello\r\n"), -400, "", 8, 0 },
		{ "more than 64 bits", BYTES("10000000000000005\r\nhello\r\n"),
		  -400, "", 25, 0 },
		{ "an extension without a name", BYTES("5;\r\nhello\r\n"), -400,
		  "", 0, 0 },
		{ "an extension with an open quote",
		  BYTES("5;a=\"b\r\nhello\r\n"), -400, "", 0, 0 },
		{ "longer than its size", BYTES("4\r\nhello\r\n"), -400, "hell",
		  3, 0 },
		{ "LF alone behind the data", BYTES("5\r\nhello\n0\r\n\r\n"),
		  -400, "hello", 0, 0 },
		{ "too many trailers",
		  BYTES("0\r\na:\r\nb:\r\nc:\r\nd:\r\ne:\r\nf:\r\n\r\n"), -431,
		  "", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++)
		for (size_t step = 1; step <= cases[i].bytes.size; step++) {
			char out[256];
			size_t rest, trailers;
			int got =
			    decode(cases[i].bytes, step, out, &rest, &trailers);

			if (got != cases[i].result ||
			    strcmp(out, cases[i].body) != 0)
				fail_msg("%s, %zu at a time: got %d '%s'",
					 cases[i].name, step, got, out);
			if (got == HTTP_CHUNK_LAST &&
			    step == cases[i].bytes.size)
				assert_true(rest == cases[i].rest &&
					    trailers == cases[i].trailers);
		}
}

static void test_queries(void **state)
{
	static const struct {
		const char *query, *name, *value;
		int result;
	} cases[] = {
		{ "a=1&b=2", "b", "2", 0 },
		{ "a=1&a=2", "a", "1", 0 },
		{ "a%20b=c+d%26", "a b", "c d&", 0 },
		{ "&&a", "a", "", 0 },
		{ "a==", "a", "=", 0 },
		{ "", "a", NULL, -E_MISSING },
		{ "ab=1", "a", NULL, -E_MISSING },
		{ "a=%2", "a", NULL, -E_INVALID },
		{ "a=%zz", "a", NULL, -E_INVALID },
		{ "a=%00", "a", NULL, -E_INVALID },
	};
	struct arena mem;

	(void)state;
	arena_init(&mem, 4096);
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct slice value = { 0 };
		int got = http_query_find(&mem, slice_of(cases[i].query),
					  cases[i].name, &value);

		if (got != cases[i].result ||
		    (got == 0 && !slice_is(value, cases[i].value)))
			fail_msg("'%s' in '%s': got %d '%.*s'", cases[i].name,
				 cases[i].query, got, SLICE_ARGS(value));
	}
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_requests_refused),
		cmocka_unit_test(test_requests_taken),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_chunks),
		cmocka_unit_test(test_queries),
	};

	return cmocka_run_group_tests_name("http_parser", tests, NULL, NULL);
}
