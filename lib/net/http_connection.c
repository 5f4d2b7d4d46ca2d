/* lib/net/http_connection.c - a connection of the server, request by request */
#include "lib/net/http_connection.h"

#include "lib/base/clock.h"
#include "lib/net/tls.h"

#include <stdlib.h>

enum {
	TRIM_MS = 1000,	   /* idle so long: memory goes back */
	LINGER_MS = 2000,  /* for the other end to read our last words */
	BODY_KEPT = 16384, /* a chunked body's buffer kept between requests */
	OUT_KEPT = 16384,
	OUT_CROWDED = 65536, /* no next request while so much waits */
	SKIP_MAX = 65536,    /* of an unread body, to save the connection */
};

/* ---- phases ----------------------------------------------------------------
 */

static int64_t phase_timeout(const struct connection *c, enum phase phase)
{
	const struct http_limits *limits = &c->shard->server->limits;

	switch (phase) {
	case PHASE_IDLE:
		if (c->stream.ssl && !c->request.started_ns)
			return limits->header_ms; /* the handshake's, too */
		return limits->idle_ms < TRIM_MS ? limits->idle_ms : TRIM_MS;
	case PHASE_HEADER:
		return limits->header_ms;
	case PHASE_BODY:
		return limits->body_ms;
	case PHASE_LINGER:
		return LINGER_MS;
	default:
		return 0;
	}
}

static void set_phase(struct connection *c, enum phase phase)
{
	int64_t timeout = phase_timeout(c, phase);

	if (phase != PHASE_SKIP) /* it keeps its body's */
		c->phase_until = timeout ? c->shard->now_ms + timeout : 0;
	c->phase = phase;
	c->trimmed = false;
}

/* What waits for the handler to answer, and cannot be freed before. */
static bool handler_owes(const struct connection *c)
{
	return c->answer != ANSWER_DONE &&
	       (c->phase == PHASE_WAIT || c->answer == ANSWER_BEGUN);
}

void connection_touch(struct connection *c)
{
	if (list_empty(&c->touched))
		list_append(&c->shard->touched, &c->touched);
}

static void set_reading(struct connection *c, bool reading)
{
	if (c->reading == reading)
		return;
	c->reading = reading;
	if (!reading)
		event_del(&c->readable);
	else if (event_add(&c->readable, NULL) != 0)
		connection_drop(c);
}

static void tell_closed(struct connection *c)
{
	struct http_request *r = &c->request;

	if (r->closed)
		return;
	r->closed = true;
	if (r->on_close)
		r->on_close(r);
}

static void tell_end(struct connection *c)
{
	struct http_request *r = &c->request;

	if (r->on_end)
		r->on_end(r, c->status, c->sent);
	r->on_end = NULL;
}

void connection_drop(struct connection *c)
{
	if (c->stream.fd < 0)
		return;
	set_reading(c, false);
	event_del(&c->writable);
	stream_close(&c->stream);
	connection_touch(c);
	if (c->answer == ANSWER_DONE)
		return; /* the turn's end will end it */
	if (c->phase == PHASE_BODY || c->phase == PHASE_WAIT)
		tell_closed(c);
	if (!handler_owes(c)) {
		tell_end(c);
		c->phase = PHASE_DEAD;
	}
}

/* ---- a request is over -----------------------------------------------------
 */

static bool body_is_unread(const struct connection *c)
{
	return c->phase == PHASE_BODY;
}

/* Is the rest of the body sure to come, and small, as far as it says? */
static bool worth_skipping(const struct connection *c)
{
	return !c->close && !c->request.expects &&
	       (c->framing == HTTP_BODY_CHUNKED || c->left <= SKIP_MAX);
}

bool connection_leaves_body(const struct connection *c)
{
	return body_is_unread(c) && !worth_skipping(c);
}

static void reset_request(struct connection *c)
{
	struct arena mem = c->request.mem;

	arena_reset(&mem);
	c->request = (struct http_request){
		.mem = mem,
		.loop = c->shard->loop,
		.peer = c->peer,
		.tls = c->stream.ssl != NULL,
		.started_ns = c->request.started_ns,
	};
	if (c->body.capacity > BODY_KEPT)
		buffer_release(&c->body);
	buffer_reset(&c->body);
	c->scan = (struct http_scan){ 0 };
	c->answer = ANSWER_NONE;
	c->status = 0;
	c->sent = 0;
	c->writes = 0;
	c->head = c->chunked = c->crowded = false;
	c->drained = NULL;
}

/* The answer is made: what comes next on this connection? */
static void end_request(struct connection *c)
{
	enum phase next = PHASE_IDLE;

	tell_end(c);
	if (connection_leaves_body(c))
		c->close = true;
	else if (body_is_unread(c))
		next = PHASE_SKIP;
	if (c->framing == HTTP_BODY_CHUNKED)
		c->left = SKIP_MAX;
	reset_request(c);
	if (c->stream.fd < 0)
		next = PHASE_DEAD;
	else if (c->close)
		next = PHASE_LINGER;
	set_phase(c, next);
}

/* ---- refusals --------------------------------------------------------------
 */

/* The server's own answer; the connection closes behind it. */
static void refuse(struct connection *c, int status, const char *why)
{
	const struct http_handler *handler = c->shard->server->handler;

	c->close = true;
	set_phase(c, PHASE_WAIT);
	if (c->answer != ANSWER_NONE) { /* too late for another */
		connection_drop(c);
		return;
	}
	if (c->request.path.size && handler->error)
		handler->error(&c->request, status, why, handler->arg);
	if (c->answer == ANSWER_NONE)
		answer_plainly(c, status, why);
}

/* Refuses a header that was never whole, saying what its first line asked. */
static void refuse_header(struct connection *c, struct slice in, int status,
			  const char *why)
{
	struct http_head head = { 0 };

	if (c->scan.lines) {
		struct slice line =
		    arena_slice(&c->request.mem,
				slice_make(in.data, c->scan.first - 2));

		if (http_parse_request_line(&head, line) == 0) {
			c->request.method = head.method;
			c->request.path = head.path;
			c->request.query = head.query;
			c->head = slice_is(head.method, "HEAD");
		}
	}
	refuse(c, status, why);
}

static void refuse_kept(struct connection *c, int status, const char *why)
{
	refuse_header(c, buffer_slice(&c->in), status, why);
}

/* ---- bodies ----------------------------------------------------------------
 */

static void skip(struct slice *in, size_t bytes)
{
	*in = slice_make(in->data + bytes, in->size - bytes);
}

static void tell_drain(struct connection *c)
{
	struct http_request *r = &c->request;
	void (*on_drain)(struct http_request *) = r->on_drain;

	r->on_drain = NULL;
	if (on_drain && c->answer != ANSWER_DONE && !r->closed)
		on_drain(r);
}

static void body_complete(struct connection *c)
{
	const struct http_handler *handler = c->shard->server->handler;

	set_phase(c, PHASE_WAIT);
	handler->handle(&c->request, handler->arg);
	if (c->shard->drain_begun)
		tell_drain(c);
}

static bool read_length(struct connection *c, struct slice *in)
{
	size_t size = in->size < c->left ? in->size : (size_t)c->left;
	struct slice *body = &c->request.body;

	memcpy((uint8_t *)body->data + body->size, in->data, size);
	body->size += size;
	c->left -= size;
	skip(in, size);
	if (c->left == 0)
		body_complete(c);
	return c->left == 0;
}

/* False, with the refusal under way, when the trailer is bad. */
static bool take_trailer(struct connection *c, struct slice trailer)
{
	struct http_request *r = &c->request;
	struct http_header *rows = arena_array(&r->mem, c->chunks.trailer.lines,
					       sizeof(struct http_header));
	const char *why = "too large a trailer";
	int result = -431;

	trailer = arena_slice(&r->mem, trailer);
	if (rows && trailer.data)
		result = http_parse_trailer(&r->trailers, trailer, rows, &why);
	if (result)
		refuse(c, -result, why);
	return result == 0;
}

static bool read_chunks(struct connection *c, struct slice *in)
{
	const char *why = "";
	struct slice piece = { 0 };
	int event = http_chunks_next(&c->chunks, in, &piece,
				     &c->shard->server->scan_limits, &why);

	if (event < 0) {
		refuse(c, -event, why);
		return true;
	}
	if (event == HTTP_CHUNK_MORE)
		return false;
	if (event == HTTP_CHUNK_PIECE) {
		buffer_put_slice(&c->body, piece);
		if (c->body.failed)
			refuse(c, 413, "body too large");
		return true;
	}
	if (piece.size && !take_trailer(c, piece))
		return true;
	c->request.body = buffer_slice(&c->body);
	body_complete(c);
	return true;
}

static bool read_body(struct connection *c, struct slice *in)
{
	if (in->size == 0)
		return false;
	return c->framing == HTTP_BODY_CHUNKED ? read_chunks(c, in)
					       : read_length(c, in);
}

/* What is malformed or too much ends the connection without a word: the answer
 * has gone out. */
static bool skip_chunks(struct connection *c, struct slice *in)
{
	const char *why = "";
	struct slice piece = { 0 };
	int event = http_chunks_next(&c->chunks, in, &piece,
				     &c->shard->server->scan_limits, &why);

	if (event == HTTP_CHUNK_MORE)
		return false;
	if (event == HTTP_CHUNK_PIECE && piece.size <= c->left) {
		c->left -= piece.size;
		return true;
	}
	c->close = event != HTTP_CHUNK_LAST;
	set_phase(c, c->close ? PHASE_LINGER : PHASE_IDLE);
	return true;
}

static bool skip_length(struct connection *c, struct slice *in)
{
	size_t size = in->size < c->left ? in->size : (size_t)c->left;

	skip(in, size);
	c->left -= size;
	if (c->left)
		return false;
	set_phase(c, PHASE_IDLE);
	return true;
}

static bool skip_body(struct connection *c, struct slice *in)
{
	return c->framing == HTTP_BODY_CHUNKED ? skip_chunks(c, in)
					       : skip_length(c, in);
}

/* ---- headers ---------------------------------------------------------------
 */

static void fill_request(struct connection *c, const struct http_head *head)
{
	struct http_request *r = &c->request;

	r->method = head->method;
	r->path = head->path;
	r->query = head->query;
	r->host = head->host;
	r->headers = head->headers;
	r->has_body = head->framing != HTTP_BODY_NONE;
	r->minor = head->minor;
	r->expects = head->expect_continue;
	r->body_max = c->shard->server->limits.body;
	c->head = slice_is(head->method, "HEAD");
	c->framing = head->framing;
	c->chunks = (struct http_chunks){ 0 };
	c->left = head->length;
	if (!head->keep_alive ||
	    atomic_load_explicit(&c->shard->server->draining,
				 memory_order_relaxed))
		c->close = true;
}

/* Makes room for the body that was announced. False when it is refused. */
static bool expect_body(struct connection *c)
{
	struct http_request *r = &c->request;

	if (r->body_max > c->shard->server->limits.body)
		r->body_max = c->shard->server->limits.body;
	if (c->framing == HTTP_BODY_LENGTH && c->left <= r->body_max)
		r->body.data = arena_alloc(&r->mem, (size_t)c->left);
	if (c->framing == HTTP_BODY_LENGTH && !r->body.data) {
		refuse(c, 413, "body too large");
		return false;
	}
	c->body.max = r->body_max;
	return true;
}

/* From now on nothing of what it says stays in memory when it is over. */
static void keep_secret(struct connection *c)
{
	c->secret = true;
	c->in.wipes = c->body.wipes = c->request.mem.wipes = true;
}

static void begin_request(struct connection *c, struct slice in)
{
	const struct http_handler *handler = c->shard->server->handler;
	struct http_request *r = &c->request;

	set_phase(c, r->has_body ? PHASE_BODY : PHASE_WAIT);
	if (slice_is(r->path, "*")) {
		http_respond(r, 204, NULL, 0, slice_make(NULL, 0));
		return;
	}
	if (handler->begin)
		handler->begin(r, handler->arg);
	if (r->secret)
		keep_secret(c);
	if (c->answer != ANSWER_NONE)
		return;
	if (!r->has_body) {
		body_complete(c);
		return;
	}
	if (expect_body(c) && r->expects && in.size == 0) {
		buffer_put_text(&c->out, "HTTP/1.1 100 Continue\r\n\r\n");
		r->expects = false; /* now the body is sure to come */
	}
}

/* The header is whole: copied to where it stays, parsed, and begun. */
static void take_header(struct connection *c, struct slice *in, size_t size)
{
	struct http_request *r = &c->request;
	struct slice header = arena_slice(&r->mem, slice_make(in->data, size));
	struct http_header *rows =
	    arena_alloc(&r->mem, c->scan.lines * sizeof(*rows));
	struct http_head head;
	int result;

	skip(in, size);
	if (!header.data || !rows) {
		refuse(c, 431, "header too large");
		return;
	}
	result = http_parse_request(&head, header, rows);
	fill_request(c, &head);
	if (result)
		refuse(c, -result, head.why);
	else
		begin_request(c, *in);
}

static bool read_header(struct connection *c, struct slice *in)
{
	const char *why = "";
	ssize_t size;

	/* empty lines in front of a request are an old habit of clients */
	while (c->scan.at == 0 && slice_starts(*in, SLICE("\r\n")))
		skip(in, 2);
	if (c->scan.at == 0 && (in->size == 0 || slice_is(*in, "\r"))) {
		if (in->size == 0)
			c->phase = PHASE_IDLE;
		return false;
	}
	size = http_scan(&c->scan, *in, &c->shard->server->scan_limits, &why);
	if (size == 0)
		return false;
	if (size < 0)
		refuse_header(c, *in, (int)-size, why);
	else
		take_header(c, in, (size_t)size);
	return true;
}

static bool read_first_byte(struct connection *c, const struct slice *in)
{
	if (in->size == 0 || buffer_size(&c->out) > OUT_CROWDED)
		return false;
	set_phase(c, PHASE_HEADER);
	c->request.started_ns = clock_monotonic_ns();
	return true;
}

/* ---- bytes -----------------------------------------------------------------
 */

/* One step with what came; false when there is none to make. */
static bool step(struct connection *c, struct slice *in)
{
	if (c->answer == ANSWER_DONE) {
		end_request(c);
		return true;
	}
	switch (c->phase) {
	case PHASE_IDLE:
		return read_first_byte(c, in);
	case PHASE_HEADER:
		return read_header(c, in);
	case PHASE_BODY:
		return c->answer == ANSWER_NONE && read_body(c, in);
	case PHASE_SKIP:
		return skip_body(c, in);
	case PHASE_LINGER:
	case PHASE_DEAD:
		skip(in, in->size);
		return false;
	default:
		return false;
	}
}

/* Makes all steps there are; leaves what it could not use. */
static struct slice process(struct connection *c, struct slice in)
{
	c->processing = true;
	while (step(c, &in))
		;
	c->processing = false;
	return in;
}

/* Goes on with bytes that came earlier. */
static void process_kept(struct connection *c)
{
	size_t size = buffer_size(&c->in);
	struct slice left = process(c, buffer_slice(&c->in));

	buffer_consume(&c->in, size - left.size);
	if (buffer_size(&c->in) == 0 && c->in.capacity)
		buffer_release(&c->in);
}

/* The other end says no more. It may still read, so what it asked is answered;
 * but who waits for news may want to stop. */
static void take_end(struct connection *c)
{
	c->ended = true;
	c->close = true;
	set_reading(c, false);
	switch (c->phase) {
	case PHASE_HEADER:
		refuse_kept(c, 400, "the request ends early");
		break;
	case PHASE_BODY:
		if (c->answer == ANSWER_NONE)
			refuse(c, 400, "the request ends early");
		break;
	case PHASE_WAIT:
		tell_closed(c);
		break;
	default:
		break;
	}
}

/* Reads once and uses it. False when there was nothing. */
static bool read_once(struct connection *c)
{
	bool kept = buffer_size(&c->in) > 0;
	size_t room = LOOP_SCRATCH;
	uint8_t *place = loop_scratch(c->shard->loop);
	ssize_t size;

	if (kept) {
		room = c->in.max - buffer_size(&c->in);
		room = room < 16384 ? room : 16384;
		place = room ? buffer_reserve(&c->in, room) : NULL;
		if (!place) { /* a pipeline full of requests: they can wait */
			set_reading(c, false);
			return false;
		}
	}
	size = stream_read(&c->stream, place, room);
	if (size == STREAM_AGAIN)
		return false;
	if (size == STREAM_BROKEN) {
		connection_drop(c);
		return false;
	}
	if (size == 0) {
		take_end(c);
		return false;
	}
	if (kept) {
		buffer_added(&c->in, (size_t)size);
		process_kept(c);
	} else {
		buffer_put_slice(&c->in,
				 process(c, slice_make(place, (size_t)size)));
		if (c->secret)
			explicit_bzero(place, (size_t)size);
	}
	return true;
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct connection *c = arg;

	(void)fd;
	(void)what;
	c->shard->now_ms = clock_monotonic_ms();
	while (read_once(c) && stream_holds_bytes(&c->stream))
		;
	if (c->stream.fd >= 0 && c->stream.reading_needs_writing)
		event_add(&c->writable, NULL);
	connection_touch(c);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct connection *c = arg;

	if (c->stream.reading_needs_writing)
		on_readable(fd, what, arg);
	connection_touch(c);
}

/* ---- the end of a turn -----------------------------------------------------
 */

static void trim(struct connection *c)
{
	c->trimmed = true;
	c->phase_until += c->shard->server->limits.idle_ms - TRIM_MS;
	arena_release(&c->request.mem);
	buffer_release(&c->in);
	buffer_release(&c->out);
	buffer_release(&c->body);
}

static bool reader_is_stuck(const struct connection *c, int64_t now)
{
	return buffer_size(&c->out) &&
	       now >= c->progress_ms + c->shard->server->limits.write_ms;
}

/* What passed may be the deadline of before this turn: a request that came in
 * its last moment has moved it on. */
static void on_deadline(struct deadline *deadline)
{
	struct connection *c =
	    LIST_ENTRY(deadline, struct connection, deadline);
	int64_t idle_ms = c->shard->server->limits.idle_ms;
	int64_t now = clock_monotonic_ms();

	c->shard->now_ms = now;
	connection_touch(c);
	if (c->stream.fd < 0)
		return;
	if (reader_is_stuck(c, now)) {
		connection_drop(c);
		return;
	}
	if (!c->phase_until || now < c->phase_until)
		return;
	switch (c->phase) {
	case PHASE_IDLE:
		if (c->trimmed || idle_ms <= TRIM_MS ||
		    (c->stream.ssl && !c->request.started_ns))
			connection_drop(c);
		else if (buffer_size(&c->out) == 0)
			trim(c);
		else
			c->phase_until = now + TRIM_MS;
		break;
	case PHASE_HEADER:
		refuse_kept(c, 408, "the header took too long");
		break;
	case PHASE_BODY:
		refuse(c, 408, "the body took too long");
		break;
	default:
		connection_drop(c);
	}
}

static void update_deadline(struct connection *c)
{
	int64_t at = c->phase_until;

	if (buffer_size(&c->out)) {
		int64_t stuck =
		    c->progress_ms + c->shard->server->limits.write_ms;

		at = at && at < stuck ? at : stuck;
	}
	if (at != c->deadline.at_ms)
		deadline_set(&c->shard->deadlines, &c->deadline, at);
}

static void connection_free(struct connection *c)
{
	struct shard *shard = c->shard;

	deadline_leave(&c->deadline);
	list_remove(&c->touched);
	buffer_release(&c->in);
	buffer_release(&c->out);
	buffer_release(&c->body);
	arena_release(&c->request.mem);
	listener_forget(shard->server, &c->address);
	shard->connections--;
	free(c);
	shard_drained(shard);
}

void connection_abandon(struct connection *c)
{
	tell_end(c);
	connection_free(c);
}

/* All was sent: is there a reason to leave? */
static void maybe_leave(struct connection *c)
{
	bool leaving = c->phase == PHASE_LINGER ||
		       (c->phase == PHASE_IDLE && c->shard->drain_begun);

	if (c->ended &&
	    (leaving || c->phase == PHASE_IDLE || c->phase == PHASE_SKIP)) {
		connection_drop(c);
	} else if (c->phase == PHASE_LINGER && !c->shut) {
		c->shut = true;
		stream_shutdown(&c->stream);
	} else if (leaving && c->phase == PHASE_IDLE) {
		connection_drop(c);
	}
}

void connection_turn(struct connection *c)
{
	if (c->answer == ANSWER_DONE || buffer_size(&c->in))
		process_kept(c);
	if (c->stream.fd >= 0 && connection_flush(c, slice_make(NULL, 0)))
		answer_go_on(c);
	if (c->stream.fd >= 0 && buffer_size(&c->out) == 0)
		maybe_leave(c);
	if (c->stream.fd >= 0 && !c->ended && !c->reading &&
	    buffer_size(&c->in) < c->in.max / 2)
		set_reading(c, true);
	if (c->phase == PHASE_DEAD) {
		connection_free(c);
		return;
	}
	update_deadline(c);
}

/* ---- a new one -------------------------------------------------------------
 */

void connection_new(struct shard *shard, int fd, const struct address *address)
{
	const struct http_limits *limits = &shard->server->limits;
	struct event_base *base = loop_base(shard->loop);
	struct connection *c = calloc(1, sizeof(*c));
	/* a unix socket's bytes never leave the machine */
	struct tls *tls =
	    address->socket.ss_family == AF_UNIX ? NULL : shard->server->tls;

	if (!c)
		abort();
	c->shard = shard;
	c->stream = (struct stream){ .fd = fd };
	c->address = *address;
	address_format(address, false, c->peer, sizeof(c->peer));
	if (tls)
		c->stream.ssl = tls_accept(tls, fd);
	list_init(&c->touched);
	buffer_init(&c->in, limits->line + limits->headers + LOOP_SCRATCH);
	buffer_init(&c->out, SIZE_MAX / 2);
	buffer_init(&c->body, 0);
	arena_init(&c->request.mem, limits->arena);
	event_assign(&c->readable, base, fd, EV_READ | EV_PERSIST, on_readable,
		     c);
	event_assign(&c->writable, base, fd, EV_WRITE, on_writable, c);
	deadline_join(&shard->deadlines, &c->deadline, on_deadline);
	shard->connections++;
	shard->now_ms = clock_monotonic_ms();
	reset_request(c);
	set_phase(c, PHASE_IDLE);
	set_reading(c, true);
	if (tls && !c->stream.ssl)
		connection_drop(c);
	connection_touch(c);
}

void connection_drain(struct connection *c)
{
	if (c->phase == PHASE_IDLE && c->stream.fd >= 0)
		on_readable(c->stream.fd, EV_READ, c);
	if (c->phase == PHASE_WAIT)
		tell_drain(c);
	connection_touch(c);
}
