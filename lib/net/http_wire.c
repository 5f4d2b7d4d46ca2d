/* lib/net/http_wire.c - a connection of the client, call by call */
#include "lib/net/http_exchange.h"

#include "lib/base/clock.h"
#include "lib/net/address.h"
#include "lib/net/tls.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>

enum {
	ARENA_MAX = 1 << 20, /* an answer's header and trailer */
	BODY_KEPT = 65536,   /* of the buffer between answers */
	INTERIM_MAX = 16,    /* 1xx answers to one call */
};

/* ---- the end of one --------------------------------------------------------
 */

void wire_close(struct wire *w)
{
	struct http_client *c = w->client;
	struct peer *peer = w->peer;

	if (wire_is_closed(w))
		return;
	event_del(&w->readable);
	event_del(&w->writable);
	stream_close(&w->stream);
	deadline_leave(&w->deadline);
	list_remove(&w->idle);
	list_remove(&w->open);
	list_append(&c->closed, &w->open);
	event_active(&c->later, EV_TIMEOUT, 0);
	peer->open--;
	if (w->exchange)
		peer->busy--;
	w->exchange = NULL;
	peer_release(peer);
}

void wires_free_closed(struct http_client *c)
{
	LIST_EACH (at, after, &c->closed) {
		struct wire *w = LIST_ENTRY(at, struct wire, open);

		list_remove(at);
		arena_release(&w->mem);
		buffer_release(&w->in);
		buffer_release(&w->out);
		buffer_release(&w->body);
		free(w);
	}
}

void wire_abandon(struct wire *w)
{
	struct http_client *c = w->client;

	wire_close(w);
	client_go_on(c);
}

/* The other end is gone, or was never there. */
static void broken(struct wire *w)
{
	struct exchange *e = w->exchange;
	struct http_client *c = w->client;
	bool answered = w->answered;

	if (!w->used && !answered)
		peer_failed(w->peer);
	wire_close(w);
	if (e)
		exchange_broken(e, answered);
	client_go_on(c);
}

/* What came is no answer of HTTP, or too much of one. */
static void unreadable(struct wire *w)
{
	struct exchange *e = w->exchange;
	struct http_client *c = w->client;

	wire_close(w);
	exchange_fail(e, -E_LOSS);
	client_go_on(c);
}

/* ---- sending ---------------------------------------------------------------
 */

/* The other end is there. */
static void took_bytes(struct wire *w)
{
	w->exchange->call->sent = true;
	if (!w->fresh)
		return;
	w->fresh = false;
	deadline_set(&w->client->deadlines, &w->deadline, 0);
	peer_works(w->peer);
}

/* Returns false when the connection broke (and is closed). */
static bool flush(struct wire *w)
{
	while (buffer_size(&w->out) + w->unsent.size) {
		struct slice out = buffer_slice(&w->out);
		struct iovec parts[2] = {
			{ (void *)out.data, out.size },
			{ (void *)w->unsent.data, w->unsent.size },
		};
		int first = out.size ? 0 : 1, last = w->unsent.size ? 2 : 1;
		ssize_t size =
		    stream_write(&w->stream, parts + first, last - first);
		size_t of_out;

		if (size == STREAM_BROKEN) {
			broken(w);
			return false;
		}
		if (size == STREAM_AGAIN) {
			if (!w->stream.writing_needs_reading)
				event_add(&w->writable, NULL);
			return true;
		}
		took_bytes(w);
		of_out = (size_t)size < out.size ? (size_t)size : out.size;
		buffer_consume(&w->out, of_out);
		w->unsent.data += (size_t)size - of_out;
		w->unsent.size -= (size_t)size - of_out;
	}
	return true;
}

static void put_header(struct buffer *out, struct slice name,
		       struct slice value)
{
	buffer_put_slice(out, name);
	buffer_put(out, ": ", 2);
	buffer_put_slice(out, value);
	buffer_put(out, "\r\n", 2);
}

static bool method_means_body(const char *method)
{
	return method[0] == 'P'; /* POST, PUT, PATCH */
}

static void put_request(struct wire *w)
{
	const struct http_call *call = w->exchange->call;
	const char *host = w->peer->address.text;

	buffer_put_text(&w->out, call->method);
	buffer_put_byte(&w->out, ' ');
	buffer_put_text(&w->out, call->path);
	buffer_put(&w->out, " HTTP/1.1\r\n", 11);
	put_header(&w->out, SLICE("Host"),
		   strncmp(host, "unix:", 5) == 0 ? SLICE("localhost")
						  : slice_of(host));
	for (size_t i = 0; i < call->header_count; i++)
		put_header(&w->out, call->headers[i].name,
			   call->headers[i].value);
	if (call->body.size || method_means_body(call->method)) {
		buffer_put_text(&w->out, "Content-Length: ");
		buffer_put_u64(&w->out, call->body.size);
		buffer_put(&w->out, "\r\n", 2);
	}
	buffer_put(&w->out, "\r\n", 2);
	w->unsent = call->body;
}

static void begin(struct wire *w, struct exchange *e)
{
	w->exchange = e;
	w->peer->busy++;
	e->wire = w;
	w->answered = false;
	w->interim = 0;
	w->scan = (struct http_scan){ 0 };
	w->chunks = (struct http_chunks){ 0 };
	arena_reset(&w->mem);
	if (w->body.capacity > BODY_KEPT)
		buffer_release(&w->body);
	buffer_reset(&w->body);
	buffer_reset(&w->out);
	put_request(w);
}

/* ---- receiving -------------------------------------------------------------
 */

/* Ready for the next call, or not worth it. */
static void set_idle(struct wire *w, bool keep)
{
	struct http_client *c = w->client;

	if (!keep || wire_is_closed(w) || !w->peer->listed ||
	    buffer_size(&w->in) || buffer_size(&w->out) || w->unsent.size) {
		wire_close(w);
	} else {
		w->used = true;
		w->phase = WIRE_HEAD;
		list_append(w->peer->idle.next, &w->idle); /* in front */
		event_add(&w->readable, NULL);
		deadline_set(&c->deadlines, &w->deadline,
			     clock_monotonic_ms() + c->limits.idle_ms);
	}
	client_go_on(c);
}

/* The answer is complete. What it points to stays until `done` returns. */
static void complete(struct wire *w)
{
	struct exchange *e = w->exchange;

	peer_works(w->peer);
	w->exchange = NULL;
	w->peer->busy--;
	e->wire = NULL;
	exchange_done(e);
}

/* A piece of the body. False when the exchange ended over it. */
static bool deliver(struct wire *w, struct slice piece)
{
	struct http_call *call = w->exchange->call;

	if (call->data) {
		call->data(call, piece);
		return w->exchange != NULL;
	}
	buffer_put_slice(&w->body, piece);
	if (w->body.failed) {
		unreadable(w);
		return false;
	}
	call->answer = buffer_slice(&w->body);
	return true;
}

static void skip(struct slice *in, size_t bytes)
{
	*in = slice_make(in->data + bytes, in->size - bytes);
}

/* These return true when the answer is complete. */
static bool read_length(struct wire *w, struct slice *in)
{
	size_t size = in->size < w->left ? in->size : (size_t)w->left;
	struct slice piece = slice_make(in->data, size);
	struct http_call *call = w->exchange->call;

	if (w->left > w->client->limits.body && !call->data) {
		unreadable(w);
		return false;
	}
	skip(in, size);
	w->left -= size;
	if (w->left == 0 && !call->data && buffer_size(&w->body) == 0) {
		call->answer = piece; /* it came whole: no copy */
		return true;
	}
	return (size == 0 || deliver(w, piece)) && w->left == 0;
}

static bool take_trailer(struct wire *w, struct slice trailer)
{
	struct http_header *rows = arena_array(&w->mem, w->chunks.trailer.lines,
					       sizeof(struct http_header));
	const char *why;

	trailer = arena_slice(&w->mem, trailer);
	if (rows && trailer.data &&
	    http_parse_trailer(&w->exchange->call->answer_trailers, trailer,
			       rows, &why) == 0)
		return true;
	unreadable(w);
	return false;
}

static bool read_chunks(struct wire *w, struct slice *in)
{
	for (;;) {
		struct slice piece = { 0 };
		const char *why;
		int event = http_chunks_next(&w->chunks, in, &piece,
					     &w->client->scan_limits, &why);

		if (event == HTTP_CHUNK_MORE)
			return false;
		if (event == HTTP_CHUNK_LAST)
			return piece.size == 0 || take_trailer(w, piece);
		if (event < 0) {
			unreadable(w);
			return false;
		}
		if (!deliver(w, piece))
			return false;
	}
}

static bool read_body(struct wire *w, struct slice *in)
{
	struct slice all = *in;

	switch (w->head.framing) {
	case HTTP_BODY_LENGTH:
		return read_length(w, in);
	case HTTP_BODY_CHUNKED:
		return read_chunks(w, in);
	case HTTP_BODY_TO_CLOSE:
		skip(in, in->size);
		if (all.size)
			deliver(w, all);
		return false;
	default:
		return true;
	}
}

/* Parses a whole header. True when it is the answer's, false when it was an
 * interim one or cannot be understood. */
static bool take_head(struct wire *w, struct slice *in, size_t size)
{
	struct http_call *call = w->exchange->call;
	struct slice header = arena_slice(&w->mem, slice_make(in->data, size));
	struct http_header *rows =
	    arena_alloc(&w->mem, w->scan.lines * sizeof(*rows));

	skip(in, size);
	w->scan = (struct http_scan){ 0 };
	if (!header.data || !rows ||
	    http_parse_answer(&w->head, header, rows, slice_of(call->method)) !=
		0 ||
	    w->head.status == 101 || w->interim > INTERIM_MAX) {
		unreadable(w);
		return false;
	}
	if (w->head.status < 200) {
		w->interim++;
		return false;
	}
	call->status = w->head.status;
	call->answer_headers = w->head.headers;
	w->left = w->head.length;
	w->phase = WIRE_BODY;
	return true;
}

/* True when the answer is complete. */
static bool read_answer(struct wire *w, struct slice *in)
{
	while (w->phase == WIRE_HEAD) {
		const char *why;
		ssize_t size =
		    http_scan(&w->scan, *in, &w->client->scan_limits, &why);

		if (size < 0)
			unreadable(w);
		if (size <= 0)
			return false;
		if (!take_head(w, in, (size_t)size) && wire_is_closed(w))
			return false;
	}
	return read_body(w, in);
}

/* Uses what came, which lies in the scratch or in w->in. */
static void process(struct wire *w, struct slice in, bool kept)
{
	size_t before = in.size;
	bool over;

	w->answered = true;
	over = read_answer(w, &in);
	if (kept)
		buffer_consume(&w->in, before - in.size);
	else
		buffer_put_slice(&w->in, in);
	if (!over)
		return;
	complete(w);
	set_idle(w, w->head.keep_alive);
}

/* The other end closed: is that the end of the answer, too? */
static void take_end(struct wire *w)
{
	if (w->phase != WIRE_BODY || w->head.framing != HTTP_BODY_TO_CLOSE) {
		broken(w);
		return;
	}
	complete(w);
	set_idle(w, false);
}

/* Reads once; false when there is no more, or no connection. */
static bool read_once(struct wire *w)
{
	bool kept = buffer_size(&w->in) > 0;
	uint8_t *place = kept ? buffer_reserve(&w->in, 16384)
			      : loop_scratch(w->client->loop);
	ssize_t size;

	if (!place) {
		unreadable(w);
		return false;
	}
	size = stream_read(&w->stream, place, kept ? 16384 : LOOP_SCRATCH);
	if (size == STREAM_AGAIN)
		return false;
	if (!w->exchange) { /* idle: closed, or speaks out of turn */
		wire_close(w);
		return false;
	}
	if (size == STREAM_BROKEN) {
		broken(w);
		return false;
	}
	if (size == 0) {
		take_end(w);
		return false;
	}
	if (kept)
		buffer_added(&w->in, (size_t)size);
	if (!stream_holds_bytes(&w->stream)) {
		process(w,
			kept ? buffer_slice(&w->in)
			     : slice_make(place, (size_t)size),
			kept);
		return false;
	}
	/* TLS has more, which no event will tell: gather, then look */
	if (!kept)
		buffer_put(&w->in, place, (size_t)size);
	return true;
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct wire *w = arg;

	(void)fd;
	(void)what;
	if (w->stream.writing_needs_reading && w->exchange && !flush(w))
		return;
	while (read_once(w))
		;
}

/* ---- connecting ------------------------------------------------------------
 */

static bool connected(struct wire *w)
{
	int error = 0, on = 1;
	socklen_t size = sizeof(error);

	if (getsockopt(w->stream.fd, SOL_SOCKET, SO_ERROR, &error, &size) !=
		0 ||
	    error != 0)
		return false;
	if (w->peer->address.socket.ss_family != AF_UNIX) {
		setsockopt(w->stream.fd, IPPROTO_TCP, TCP_NODELAY, &on,
			   sizeof(on));
		stream_keep_alive(w->stream.fd);
	}
	w->phase = WIRE_HEAD;
	return event_add(&w->readable, NULL) == 0;
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct wire *w = arg;

	(void)fd;
	(void)what;
	if (w->phase == WIRE_CONNECT && !connected(w)) {
		broken(w);
		return;
	}
	if (w->exchange)
		flush(w);
}

static void on_deadline(struct deadline *deadline)
{
	struct wire *w = LIST_ENTRY(deadline, struct wire, deadline);

	if (w->exchange)
		broken(w); /* it did not connect */
	else
		wire_close(w);
}

/* A socket that connects; -1 when it cannot. */
static int dial(const struct target_address *to)
{
	int fd = socket(to->socket.ss_family,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct stream stream = { .fd = fd };

	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&to->socket, to->size) == 0 ||
	    errno == EINPROGRESS)
		return fd;
	stream_close(&stream);
	return -1;
}

/* Under TLS the certificate must name whom we called. */
static bool secure(struct stream *s, const struct target_address *to,
		   struct tls *tls)
{
	char host[ADDRESS_TEXT], port[8];

	if (!to->tls)
		return true;
	if (tls && address_split(to->text, host, sizeof(host), port,
				 sizeof(port)) == 0)
		s->ssl = tls_connect(tls, s->fd, host);
	return s->ssl != NULL;
}

static struct wire *wire_new(struct http_client *c, struct peer *peer)
{
	struct stream stream = { .fd = dial(&peer->address) };
	struct event_base *base = loop_base(c->loop);
	struct wire *w;

	if (stream.fd < 0 || !secure(&stream, &peer->address, c->tls)) {
		stream_close(&stream);
		return NULL;
	}
	w = calloc(1, sizeof(*w));
	if (!w)
		abort();
	w->client = c;
	w->peer = peer;
	w->stream = stream;
	w->fresh = true;
	list_init(&w->idle);
	list_append(&c->open, &w->open);
	arena_init(&w->mem, ARENA_MAX);
	buffer_init(&w->in, SIZE_MAX / 2);
	buffer_init(&w->out, SIZE_MAX / 2);
	buffer_init(&w->body, c->limits.body);
	deadline_join(&c->deadlines, &w->deadline, on_deadline);
	event_assign(&w->readable, base, stream.fd, EV_READ | EV_PERSIST,
		     on_readable, w);
	event_assign(&w->writable, base, stream.fd, EV_WRITE, on_writable, w);
	peer->open++;
	return w;
}

static int wire_open(struct exchange *e, struct peer *peer)
{
	struct http_client *c = e->client;
	struct wire *w = wire_new(c, peer);

	if (!w) {
		peer_failed(peer);
		return -E_UNAVAILABLE;
	}
	begin(w, e);
	event_add(&w->writable, NULL);
	deadline_set(&c->deadlines, &w->deadline,
		     clock_monotonic_ms() + c->limits.connect_ms);
	return 0;
}

int wire_take(struct exchange *e, struct peer *peer)
{
	struct wire *w = LIST_FIRST(&peer->idle, struct wire, idle);

	if (!w)
		return peer->open < e->client->limits.connections
			   ? wire_open(e, peer)
			   : -E_EXHAUSTED;
	list_remove(&w->idle);
	deadline_set(&e->client->deadlines, &w->deadline, 0);
	begin(w, e);
	flush(w);
	return 0;
}
