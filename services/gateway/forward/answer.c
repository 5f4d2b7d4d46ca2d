/* services/gateway/forward/answer.c - what goes back */
#include "lib/rpc/connect.h"
#include "services/gateway/forward/exchange.h"
#include "services/gateway/map/rest.h"

enum { JSON_MAX = 64 << 20, OWN_HEADERS = 1 };

static struct http_header line(const char *name, struct slice value)
{
	return (struct http_header){ slice_of(name), value };
}

/* The lines that every answer has; returns how many. */
static size_t own_headers(const struct exchange *e, struct http_header *out)
{
	out[0] = line("x-request-id", e->request_id);
	return 1;
}

/* ---- streams: their errors stand in the last envelope ----------------------
 */

static void on_drained(struct http_request *r)
{
	struct exchange *e = r->user;

	if (e->under_way)
		http_client_pause(&e->call, false);
}

bool exchange_is_between(const struct exchange *e)
{
	return !e->envelopes.head_size && !e->envelopes.left &&
	       !e->envelopes.ended;
}

/* Does the client speak the protocol's form for streams? */
static bool is_stream(const struct exchange *e)
{
	struct slice type =
	    http_header_find(&e->request->headers, "content-type");

	return e->match.route && e->match.route->method->server_streams &&
	       slice_starts(type, SLICE("application/connect+"));
}

static void begin_stream(struct exchange *e)
{
	struct http_header headers[1 + OWN_HEADERS];
	size_t count = own_headers(e, headers);

	headers[count++] =
	    line("content-type",
		 http_header_find(&e->request->headers, "content-type"));
	e->begun = true;
	http_respond_begin(e->request, 200, headers, count, NULL);
}

/* Within an envelope it is too late for words. */
static void end_stream(struct exchange *e)
{
	struct buffer envelope, end;

	buffer_init(&envelope, JSON_MAX);
	buffer_init(&end, JSON_MAX);
	if (!e->begun)
		begin_stream(e);
	if (exchange_is_between(e)) {
		connect_put_end(&end, &e->fault, NULL);
		connect_put_envelope(&envelope, ENVELOPE_END,
				     buffer_size(&end));
		buffer_put_slice(&envelope, buffer_slice(&end));
		http_respond_write(e->request, buffer_slice(&envelope));
	}
	http_respond_end(e->request, NULL, 0);
	buffer_release(&end);
	buffer_release(&envelope);
}

void exchange_refuse(struct exchange *e, int status)
{
	struct http_header more[CONNECT_MORE_HEADERS];
	size_t count = own_headers(e, more);

	if (e->begun || is_stream(e)) {
		end_stream(e);
		return;
	}
	if (e->fault.code == E_HTTP_METHOD)
		more[count++] = line("allow", slice_of(e->match.allow));
	connect_refuse(e->request, &e->fault, status, more, count, NULL);
}

void exchange_page(struct exchange *e, const struct site_page *page)
{
	struct http_header more[OWN_HEADERS];

	site_answer(e->site, page, e->request, more, own_headers(e, more));
}

/* ---- what the back end said ------------------------------------------------
 */

/* The words for a call that brought no answer; returns the status. */
static int no_answer(struct exchange *e)
{
	switch (e->call.error) {
	case -E_DEADLINE:
		fault_set(&e->fault, E_DEADLINE, "no answer in time");
		return 0;
	case -E_EXHAUSTED:
		fault_set(&e->fault, E_EXHAUSTED, "too many calls under way");
		e->fault.retry_after_ms = 1000;
		return 0;
	case -E_INVALID:
		fault_set(&e->fault, E_INVALID, "this cannot be passed on");
		return 0;
	case -E_LOSS:
		fault_set(&e->fault, E_UNAVAILABLE,
			  "the service's answer makes no sense");
		return 502;
	default:
		fault_set(&e->fault, E_UNAVAILABLE, "the service is away");
		e->fault.retry_after_ms = e->call.sent ? 0 : 1000;
		return 0;
	}
}

static struct slice content_type(const struct exchange *e)
{
	struct slice type =
	    http_header_find(&e->call.answer_headers, "content-type");

	return slice_trim(slice_cut(&type, ';'));
}

/* Notes for log and metrics what kind of error it is, and sees that there are
 * words: a proxy on the way, or a back end of another kind, may have none.
 * Returns whether the answer can go on as it is. */
static bool read_error(struct exchange *e)
{
	int status = e->call.status;

	if (slice_equal_nocase(content_type(e), SLICE("application/json")) &&
	    connect_read_error(e->call.answer, &e->request->mem, &e->fault) ==
		0)
		return true;
	fault_set(&e->fault, connect_code_of_status(status),
		  "the service answered %d", status);
	return false;
}

/* All lines that go on, and ours. */
static size_t answer_headers(const struct exchange *e, struct http_header **out)
{
	const struct http_headers *theirs = &e->call.answer_headers;
	struct http_header *rows =
	    arena_alloc(&e->request->mem,
			(theirs->count + OWN_HEADERS) * sizeof(*rows));
	size_t count = 0;

	if (rows) {
		count = headers_of_answer(theirs, rows);
		count += own_headers(e, rows + count);
	}
	*out = rows;
	return count;
}

static void pass_on(struct exchange *e)
{
	struct http_header *headers;
	size_t count = answer_headers(e, &headers);

	http_respond(e->request, e->call.status, headers, count,
		     e->call.answer);
}

/* A message of the rpc's as JSON. */
static void answer_json(struct exchange *e)
{
	struct http_header headers[1 + OWN_HEADERS];
	size_t count = own_headers(e, headers);
	struct buffer json;

	buffer_init(&json, JSON_MAX);
	if (!slice_is(content_type(e), "application/proto"))
		fault_set(&e->fault, E_INTERNAL,
			  "the service answered in no known form");
	else
		rest_write(e->match.route, e->call.answer, &json, &e->fault);
	headers[count++] = line("content-type", SLICE("application/json"));
	if (e->fault.code)
		exchange_refuse(e, 502);
	else
		http_respond(e->request, 200, headers, count,
			     buffer_slice(&json));
	buffer_release(&json);
}

void exchange_answer(struct exchange *e)
{
	const struct route *route = e->match.route;

	if (e->call.error) {
		exchange_refuse(e, no_answer(e));
	} else if (e->begun) {
		if (!e->envelopes.ended)
			fault_set(&e->fault, E_UNAVAILABLE,
				  "the service broke off");
		end_stream(e);
	} else if (e->call.status != 200) {
		if (read_error(e) && !is_stream(e))
			pass_on(e);
		else
			exchange_refuse(e, e->call.status < 400
					       ? 502
					       : e->call.status);
	} else if (route->rest) {
		answer_json(e);
	} else {
		pass_on(e);
	}
}

/* ---- pieces ----------------------------------------------------------------
 */

static void pass_envelopes(struct envelopes *at, struct slice piece)
{
	while (piece.size) {
		size_t wanted =
		    at->left ? at->left : ENVELOPE_SIZE - at->head_size;
		size_t size = piece.size < wanted ? piece.size : wanted;
		unsigned flags;

		if (at->left) {
			at->left -= size;
		} else {
			memcpy(at->head + at->head_size, piece.data, size);
			at->head_size += size;
		}
		piece = slice_make(piece.data + size, piece.size - size);
		if (at->head_size < ENVELOPE_SIZE)
			continue;
		at->left = connect_envelope_size(at->head, &flags);
		at->ended |= flags & ENVELOPE_END;
		at->head_size = 0;
	}
}

void exchange_piece(struct exchange *e, struct slice piece)
{
	struct http_header *headers;
	size_t count;

	if (!e->begun) {
		count = answer_headers(e, &headers);
		e->begun = true;
		http_respond_begin(e->request, e->call.status, headers, count,
				   on_drained);
	}
	pass_envelopes(&e->envelopes, piece);
	http_respond_write(e->request, piece);
	if (http_respond_crowded(e->request))
		http_client_pause(&e->call, true);
}
