/* lib/rpc/exchange.c - an HTTP request as a call, and its outcome as HTTP */
#include "lib/rpc/exchange.h"
#include "lib/base/clock.h"
#include "lib/rpc/base64.h"
#include "lib/rpc/connect.h"
#include "lib/rpc/gzip.h"
#include "lib/rpc/json.h"

static unsigned json_flags(const struct rpc_exchange *e)
{
	return e->options->ignore_unknown_fields ? JSON_IGNORE_UNKNOWN : 0;
}

static void fail(struct rpc_exchange *e, const char *why)
{
	call_fail(&e->call, E_INVALID, "%s", why);
}

/* The GET parameter of that name; empty, and failed, without it. */
static struct slice parameter(struct rpc_exchange *e, const char *name)
{
	struct slice value = slice_make("", 0);

	switch (http_query_find(&e->request->mem, e->request->query, name,
				&value)) {
	case 0:
		return value;
	case -E_MISSING:
		return slice_make("", 0);
	}
	call_fail(&e->call, E_INVALID, "malformed parameter '%s'", name);
	return slice_make("", 0);
}

static struct slice get_message(struct rpc_exchange *e)
{
	struct slice text = parameter(e, "message");
	uint8_t *bytes;
	size_t size = 0;

	if (!slice_is(parameter(e, "base64"), "1"))
		return text;
	bytes = arena_alloc(&e->request->mem, base64_bytes_max(text.size));
	if (!bytes || base64_read(text, bytes, &size) != 0)
		fail(e, "parameter 'message' is not base64");
	return slice_make(bytes, size);
}

struct slice rpc_exchange_decompress(struct rpc_exchange *e, struct slice bytes)
{
	struct fault fault = { 0 };

	buffer_init(&e->plain, e->request->body_max);
	e->plain.wipes = e->request->secret;
	if (gunzip(bytes, &e->plain, &fault) != 0)
		call_fail(&e->call, fault.code, "%s", fault.message);
	return buffer_slice(&e->plain);
}

/* The one message of a server stream's request. */
static struct slice stream_message(struct rpc_exchange *e)
{
	struct slice rest = e->request->body, message = slice_make("", 0);
	unsigned flags = 0;

	if (connect_next_envelope(&rest, e->request->body_max, &flags,
				  &message) != 1)
		fail(e, "the request is not one whole envelope");
	else if (rest.size)
		fail(e, "more than one message");
	else if (flags & ~(unsigned)ENVELOPE_COMPRESSED)
		fail(e, "an envelope with unknown flags");
	else if (flags && !e->compressed)
		fail(e, "a compressed message without "
			"connect-content-encoding");
	e->compressed = flags & ENVELOPE_COMPRESSED;
	return message;
}

static struct slice from_json(struct rpc_exchange *e, struct slice json)
{
	buffer_init(&e->message, e->options->body_max);
	e->message.wipes = e->request->secret;
	json_to_message(e->route->method->input, json, json_flags(e),
			e->call.mem, &e->message, &e->call.fault);
	return buffer_slice(&e->message);
}

static void decode(struct rpc_exchange *e)
{
	struct slice bytes = e->request->body;

	if (e->get)
		bytes = get_message(e);
	else if (e->stream)
		bytes = stream_message(e);
	/* an empty message needs no compression's header */
	if (!call_failed(&e->call) && e->compressed && bytes.size)
		bytes = rpc_exchange_decompress(e, bytes);
	if (!call_failed(&e->call) && e->json)
		bytes = from_json(e, bytes);
	e->call.request = bytes;
}

/* In the codec of the exchange, in `room` where it is not `message` itself. */
static struct slice encode(struct rpc_exchange *e, struct slice message,
			   struct buffer *room)
{
	struct fault fault = { 0 };

	if (!e->json)
		return message;
	buffer_init(room, ANSWER_MAX);
	if (json_from_message(e->route->method->output, message, 0, room,
			      &fault) != 0)
		call_fail(&e->call, E_INTERNAL, "cannot write the answer: %s",
			  fault.message);
	return buffer_slice(room);
}

struct slice rpc_exchange_compress(const struct rpc_exchange *e,
				   struct slice bytes, struct buffer *room,
				   bool *compressed)
{
	*compressed = e->takes_gzip && bytes.size >= GZIP_WORTH;
	if (!*compressed)
		return bytes;
	buffer_init(room, ANSWER_MAX + (1 << 20));
	gzip_put(room, bytes);
	return buffer_slice(room);
}

static struct slice content_type(const struct rpc_exchange *e)
{
	if (e->stream)
		return e->json ? SLICE("application/connect+json")
			       : SLICE("application/connect+proto");
	return e->json ? SLICE("application/json") : SLICE("application/proto");
}

/* The lines of a good answer; returns how many. */
static size_t answer_headers(const struct rpc_exchange *e, bool compressed,
			     struct http_header headers[4])
{
	size_t count = 0;

	headers[count++] =
	    (struct http_header){ SLICE("content-type"), content_type(e) };
	headers[count++] =
	    (struct http_header){ SLICE("x-request-id"), e->call.header_id };
	if (compressed)
		headers[count++] = (struct http_header){
			e->stream ? SLICE("connect-content-encoding")
				  : SLICE("content-encoding"),
			SLICE("gzip")
		};
	if (e->get)
		headers[count++] =
		    (struct http_header){ SLICE("vary"),
					  SLICE("accept-encoding") };
	return count;
}

static void drained(struct http_request *request)
{
	struct rpc_exchange *e = request->user;

	if (e->call.resume)
		e->call.resume(&e->call);
}

static void begin_stream(struct rpc_exchange *e)
{
	struct http_header headers[4];

	if (e->begun)
		return;
	e->begun = true;
	http_respond_begin(e->request, 200, headers,
			   answer_headers(e, e->takes_gzip, headers), drained);
}

/* One envelope in one write; the bytes that wait, if they are too many. */
static size_t write_envelope(struct rpc_exchange *e, unsigned flags,
			     struct slice message)
{
	struct buffer out;
	size_t waiting;

	buffer_init(&out, ENVELOPE_SIZE + message.size);
	connect_put_envelope(&out, flags, message.size);
	buffer_put_slice(&out, message);
	begin_stream(e);
	waiting = http_respond_write(e->request, buffer_slice(&out));
	buffer_release(&out);
	return http_respond_crowded(e->request) ? waiting + 1 : 0;
}

static size_t send_message(struct call *c, struct slice message)
{
	struct rpc_exchange *e = c->door_state;
	struct buffer json = { 0 }, gzip = { 0 };
	struct slice bytes = encode(e, message, &json);
	bool compressed;
	size_t waiting = 0;

	bytes = rpc_exchange_compress(e, bytes, &gzip, &compressed);
	if (!call_failed(c))
		waiting =
		    write_envelope(e, compressed ? ENVELOPE_COMPRESSED : 0,
				   bytes);
	buffer_release(&json);
	buffer_release(&gzip);
	return waiting;
}

/* The last envelope says how it went. */
static void end_stream(struct rpc_exchange *e)
{
	struct buffer end;

	buffer_init(&end, ANSWER_MAX);
	connect_put_end(&end, &e->call.fault, e->options->descriptors);
	write_envelope(e, ENVELOPE_END, buffer_slice(&end));
	buffer_release(&end);
	http_respond_end(e->request, NULL, 0);
}

/* What tells the client how to do it right. */
static size_t advice(const struct rpc_exchange *e,
		     struct http_header headers[CONNECT_MORE_HEADERS])
{
	size_t count = 0;

	headers[count++] =
	    (struct http_header){ SLICE("x-request-id"), e->call.header_id };
	switch (e->call.fault.code) {
	case E_HTTP_METHOD:
		headers[count++] =
		    (struct http_header){ SLICE("allow"),
					  slice_of(e->route->allow) };
		break;
	case E_HTTP_MEDIA_TYPE:
		headers[count++] = (struct http_header){
			SLICE("accept-post"),
			e->route->op->flags & OP_STREAM
			    ? SLICE("application/connect+proto, "
				    "application/connect+json")
			    : SLICE("application/proto, application/json")
		};
		break;
	case E_UNIMPLEMENTED:
		headers[count++] =
		    (struct http_header){ SLICE("accept-encoding"),
					  SLICE("gzip") };
		break;
	}
	return count;
}

static void refuse(struct rpc_exchange *e, int status)
{
	struct http_header more[CONNECT_MORE_HEADERS];

	/* a stream's answer is always 200: its last envelope tells the rest */
	if (e->stream)
		end_stream(e);
	else
		connect_refuse(e->request, &e->call.fault, status, more,
			       advice(e, more), e->options->descriptors);
}

static void answer(struct call *c, struct slice message)
{
	struct rpc_exchange *e = c->door_state;
	struct buffer json = { 0 }, gzip = { 0 };
	struct http_header headers[4];
	struct slice bytes = slice_make("", 0);
	bool compressed = false;

	if (c->deadline_ns && clock_monotonic_ns() > c->deadline_ns)
		call_fail(c, E_DEADLINE, "the deadline has passed");
	if (!call_failed(c) && !e->stream) {
		bytes = encode(e, message, &json);
		bytes = rpc_exchange_compress(e, bytes, &gzip, &compressed);
	}
	if (call_failed(c) || e->stream)
		refuse(e, 0);
	else
		http_respond(e->request, 200, headers,
			     answer_headers(e, compressed, headers), bytes);
	buffer_release(&json);
	buffer_release(&gzip);
}

const struct rpc_door connect_door = {
	.call = { .answer = answer, .send = send_message },
	.check = connect_check,
	.decode = decode,
	.refuse = refuse,
};
