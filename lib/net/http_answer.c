/* lib/net/http_answer.c - how an answer goes out */
#include "lib/net/http_connection.h"

#include <assert.h>
#include <stdio.h>

enum {
	COPIED = 16384,	     /* larger bodies are written from where they are */
	HEAD_OVERHEAD = 256, /* status line, Date, framing, Connection */
	HEADER_OVERHEAD = 4, /* ": " and CRLF */
	CHUNK_OVERHEAD = 24, /* its size and two CRLF */
	TURN_WRITES = 64, /* pieces of a stream, then others have their turn */
	RUNAWAY = 64 << 20, /* who writes on and on past the limit */
};

/* ---- writing ---------------------------------------------------------------
 */

/* What was not taken is kept behind what waits. */
static void keep(struct connection *c, struct slice more, size_t taken)
{
	size_t waiting = buffer_size(&c->out);
	size_t of_out = taken < waiting ? taken : waiting;

	buffer_consume(&c->out, of_out);
	taken -= of_out;
	buffer_put(&c->out, more.data + taken, more.size - taken);
}

/* The handler may go on once half of the limit is free. */
void answer_go_on(struct connection *c)
{
	size_t limit = c->shard->server->limits.output;

	if (!c->crowded || buffer_size(&c->out) > limit / 2)
		return;
	c->crowded = false;
	c->writes = 0;
	if (c->drained && c->answer == ANSWER_BEGUN)
		c->drained(&c->request);
}

bool connection_flush(struct connection *c, struct slice more)
{
	struct slice waiting = buffer_slice(&c->out);
	struct iovec parts[2] = {
		{ (void *)waiting.data, waiting.size },
		{ (void *)more.data, more.size },
	};
	ssize_t size = 0;

	if (waiting.size + more.size == 0)
		return true;
	size = stream_write(&c->stream, waiting.size ? parts : parts + 1,
			    waiting.size && more.size ? 2 : 1);
	if (size == STREAM_BROKEN) {
		connection_drop(c);
		return false;
	}
	if (size > 0 || !c->sending)
		c->progress_ms = c->shard->now_ms;
	keep(c, more, size > 0 ? (size_t)size : 0);
	c->sending = buffer_size(&c->out) > 0;
	if (c->sending && !c->stream.writing_needs_reading &&
	    event_add(&c->writable, NULL) != 0)
		connection_drop(c);
	return c->stream.fd >= 0;
}

/* ---- heads -----------------------------------------------------------------
 */

static uint8_t *put(uint8_t *at, struct slice bytes)
{
	memcpy(at, bytes.data, bytes.size);
	return at + bytes.size;
}

static uint8_t *put_number(uint8_t *at, uint64_t number)
{
	char digits[SLICE_U64];

	return put(at, slice_of_u64(number, digits));
}

const char *answer_date(struct shard *shard)
{
	time_t now = time(NULL);
	struct tm utc;

	if (now != shard->date_second) {
		shard->date_second = now;
		gmtime_r(&now, &utc);
		strftime(shard->date, sizeof(shard->date),
			 "%a, %d %b %Y %H:%M:%S GMT", &utc);
	}
	return shard->date;
}

/* Those that would end the line and begin another are left out. */
static uint8_t *put_headers(uint8_t *at, const struct http_header *headers,
			    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!http_is_clean(headers[i].name) ||
		    !http_is_clean(headers[i].value))
			continue;
		at = put(at, headers[i].name);
		at = put(at, SLICE(": "));
		at = put(at, headers[i].value);
		at = put(at, SLICE("\r\n"));
	}
	return at;
}

static size_t headers_size(const struct http_header *headers, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++)
		size += headers[i].name.size + headers[i].value.size +
			HEADER_OVERHEAD;
	return size;
}

static uint8_t *put_status(uint8_t *at, int status)
{
	if (status == 200)
		return put(at, SLICE("HTTP/1.1 200 OK\r\nDate: "));
	at = put(at, SLICE("HTTP/1.1 "));
	at = put_number(at, (uint64_t)status);
	at = put(at, SLICE(" "));
	at = put(at, slice_of(http_reason(status)));
	return put(at, SLICE("\r\nDate: "));
}

static bool status_has_body(int status)
{
	return status >= 200 && status != 204 && status != 304;
}

static uint8_t *put_framing(uint8_t *at, const struct connection *c,
			    const uint64_t *length)
{
	if (!status_has_body(c->status))
		return at;
	if (length) {
		at = put(at, SLICE("Content-Length: "));
		at = put_number(at, *length);
		return put(at, SLICE("\r\n"));
	}
	return c->chunked ? put(at, SLICE("Transfer-Encoding: chunked\r\n"))
			  : at;
}

/* `length` NULL: it is not known. */
static void put_head(struct connection *c, const struct http_header *headers,
		     size_t count, const uint64_t *length)
{
	const struct http_request *r = &c->request;
	size_t most = HEAD_OVERHEAD + headers_size(headers, count) +
		      headers_size(r->lines, r->line_count);
	uint8_t *begin = buffer_reserve(&c->out, most), *at;

	if (atomic_load_explicit(&c->shard->server->draining,
				 memory_order_relaxed) ||
	    connection_leaves_body(c))
		c->close = true;
	at = put_status(begin, c->status);
	at = put(at, slice_make(answer_date(c->shard), HTTP_DATE));
	at = put(at, SLICE("\r\n"));
	at = put_headers(at, headers, count);
	at = put_headers(at, r->lines, r->line_count);
	at = put_framing(at, c, length);
	if (c->close)
		at = put(at, SLICE("Connection: close\r\n"));
	else if (r->minor == 0)
		at = put(at, SLICE("Connection: keep-alive\r\n"));
	at = put(at, SLICE("\r\n"));
	buffer_added(&c->out, (size_t)(at - begin));
	c->sent += (size_t)(at - begin);
}

/* ---- whole answers ---------------------------------------------------------
 */

void http_respond(struct http_request *r, int status,
		  const struct http_header *headers, size_t count,
		  struct slice body)
{
	struct connection *c = connection_of(r);
	uint64_t length = body.size;

	assert(c->answer == ANSWER_NONE);
	connection_touch(c);
	c->answer = ANSWER_DONE;
	c->status = status;
	if (c->stream.fd < 0)
		return;
	put_head(c, headers, count, &length);
	if (c->head || !status_has_body(status))
		return;
	c->sent += body.size;
	if (body.size <= COPIED)
		buffer_put_slice(&c->out, body);
	else
		connection_flush(c, body);
}

void answer_plainly(struct connection *c, int status, const char *why)
{
	static const struct http_header type = {
		{ (const uint8_t *)"Content-Type", 12 },
		{ (const uint8_t *)"text/plain; charset=utf-8", 25 }
	};
	char text[128];
	int size = snprintf(text, sizeof(text), "%s\n", why);

	http_respond(&c->request, status, &type, 1,
		     slice_make(text, (size_t)size));
}

/* ---- piece by piece --------------------------------------------------------
 */

void http_respond_begin(struct http_request *r, int status,
			const struct http_header *headers, size_t count,
			void (*drained)(struct http_request *))
{
	struct connection *c = connection_of(r);

	assert(c->answer == ANSWER_NONE);
	connection_touch(c);
	c->answer = ANSWER_BEGUN;
	c->status = status;
	c->drained = drained;
	c->chunked = r->minor > 0;
	if (!c->chunked)
		c->close = true; /* its end is the connection's */
	if (c->stream.fd >= 0)
		put_head(c, headers, count, NULL);
	c->head = c->head || !status_has_body(status);
}

static void put_chunk_size(struct buffer *out, size_t size)
{
	static const char hex[] = "0123456789abcdef";
	char digits[16];
	size_t first = sizeof(digits);

	do {
		digits[--first] = hex[size & 15];
		size >>= 4;
	} while (size);
	buffer_put(out, digits + first, sizeof(digits) - first);
	buffer_put(out, "\r\n", 2);
}

size_t http_respond_write(struct http_request *r, struct slice piece)
{
	struct connection *c = connection_of(r);
	size_t waiting;

	assert(c->answer == ANSWER_BEGUN);
	if (c->stream.fd < 0 || c->head || piece.size == 0)
		return 0;
	connection_touch(c);
	if (c->chunked)
		put_chunk_size(&c->out, piece.size);
	if (piece.size <= COPIED)
		buffer_put_slice(&c->out, piece);
	else if (!connection_flush(c, piece))
		return 0;
	if (c->chunked)
		buffer_put(&c->out, "\r\n", 2);
	c->sent += piece.size;
	waiting = buffer_size(&c->out);
	c->writes++;
	if (waiting > c->shard->server->limits.output ||
	    c->writes >= TURN_WRITES)
		c->crowded = true;
	if (waiting > c->shard->server->limits.output + RUNAWAY)
		connection_drop(c);
	return waiting;
}

bool http_respond_crowded(const struct http_request *r)
{
	return connection_of((struct http_request *)r)->crowded;
}

void http_respond_end(struct http_request *r,
		      const struct http_header *trailers, size_t count)
{
	struct connection *c = connection_of(r);
	size_t most = CHUNK_OVERHEAD + headers_size(trailers, count);
	uint8_t *begin, *at;

	assert(c->answer == ANSWER_BEGUN);
	connection_touch(c);
	c->answer = ANSWER_DONE;
	if (c->stream.fd < 0 || c->head || !c->chunked)
		return;
	begin = buffer_reserve(&c->out, most);
	at = put(begin, SLICE("0\r\n"));
	at = put_headers(at, trailers, count);
	at = put(at, SLICE("\r\n"));
	buffer_added(&c->out, (size_t)(at - begin));
}
