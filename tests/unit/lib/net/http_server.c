/* tests/unit/lib/net/http_server.c - the server over real sockets */
#include "lib/net/http_server.h"
#include "lib/base/clock.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof(*(table)))
#define HOST "Host: a\r\n"
#define CLOSE "Connection: close\r\n"
#define BYTES(literal)                                          \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}

/* ---- a server with a few paths ---------------------------------------------
 */

enum { STREAM_PIECE = 100000 };

static int houses;
static atomic_int closes, ends, last_status, drained_calls;
static char big[3000000];

struct later {
	struct timer timer;
	struct http_request *request;
};

struct flood {
	size_t left;
	size_t most_waiting;
};

static void answer(struct http_request *r, int status, struct slice body)
{
	http_respond(r, status, NULL, 0, body);
}

static void on_close(struct http_request *r)
{
	(void)r;
	atomic_fetch_add(&closes, 1);
}

static void on_close_answer(struct http_request *r)
{
	on_close(r);
	answer(r, 503, SLICE("gone"));
}

static void on_end(struct http_request *r, int status, uint64_t sent)
{
	(void)r;
	(void)sent;
	atomic_store(&last_status, status);
	atomic_fetch_add(&ends, 1);
}

static void answer_later(struct timer *t)
{
	struct later *later = LIST_ENTRY(t, struct later, timer);

	timer_release(t);
	answer(later->request, 200, SLICE("later"));
}

static void handle_later(struct http_request *r)
{
	struct later *later = arena_zalloc(&r->mem, sizeof(*later));

	later->request = r;
	timer_init(&later->timer, r->loop, answer_later);
	timer_set(&later->timer, 30);
}

/* The loop does nothing else for longer than a connection may idle. */
static void doze(struct timer *t)
{
	timer_release(t);
	usleep(1300000);
}

static void handle_doze(struct http_request *r)
{
	static struct timer timer;

	timer_init(&timer, r->loop, doze);
	timer_set(&timer, 20);
	answer(r, 200, SLICE("hi"));
}

static void pour(struct http_request *r)
{
	struct flood *f = r->user;

	while (f->left) {
		size_t size = f->left < STREAM_PIECE ? f->left : STREAM_PIECE;
		size_t waiting = http_respond_write(r, slice_make(big, size));

		f->left -= size;
		if (waiting > f->most_waiting)
			f->most_waiting = waiting;
		if (waiting > 1 << 20)
			return;
	}
	http_respond_end(r, NULL, 0);
	assert_true(f->most_waiting < (1 << 20) + STREAM_PIECE + 100);
}

static void handle_flood(struct http_request *r)
{
	struct flood *f = arena_zalloc(&r->mem, sizeof(*f));

	f->left = 20000000;
	r->user = f;
	http_respond_begin(r, 200, NULL, 0, pour);
	pour(r);
}

static atomic_uint most_at_once;

/* Small pieces, until it is told to stop. */
static void trickle(struct http_request *r)
{
	struct flood *f = r->user;
	unsigned pieces = 0;

	while (f->left && !http_respond_crowded(r)) {
		http_respond_write(r, SLICE("."));
		f->left--;
		pieces++;
	}
	if (pieces > atomic_load(&most_at_once))
		atomic_store(&most_at_once, pieces);
	if (!f->left)
		http_respond_end(r, NULL, 0);
}

static void handle_trickle(struct http_request *r)
{
	struct flood *f = arena_zalloc(&r->mem, sizeof(*f));

	f->left = 1000;
	r->user = f;
	http_respond_begin(r, 200, NULL, 0, trickle);
	trickle(r);
}

static void end_endless(struct http_request *r)
{
	http_respond_write(r, SLICE("over"));
	http_respond_end(r, NULL, 0);
}

/* It goes on until the server drains. */
static void handle_endless(struct http_request *r)
{
	r->on_drain = end_endless;
	http_respond_begin(r, 200, NULL, 0, NULL);
	http_respond_write(r, SLICE("on"));
}

static void handle_stream(struct http_request *r)
{
	static const struct http_header trailer = { BYTES("T"), BYTES("x") };

	http_respond_begin(r, 200, NULL, 0, NULL);
	http_respond_write(r, SLICE("hello"));
	http_respond_write(r, SLICE(""));
	http_respond_write(r, SLICE(" world"));
	http_respond_end(r, &trailer, 1);
}

static void handle_sum(struct http_request *r)
{
	char *text = arena_printf(&r->mem, "%zu bytes, %zu trailers",
				  r->body.size, r->trailers.count);

	answer(r, 200, slice_of(text));
}

static void handle_headers(struct http_request *r)
{
	static const struct http_header rows[] = {
		{ BYTES("X"), BYTES("y") },
		{ BYTES("Bad"), BYTES("a\r\nEvil: b") },
	};

	http_respond(r, 201, rows, 2, SLICE("made"));
}

static void begin(struct http_request *r, void *arg)
{
	(void)arg;
	r->on_close = on_close;
	r->on_end = on_end;
	if (slice_is(r->path, "/early"))
		answer(r, 401, SLICE("who?"));
	if (slice_is(r->path, "/small"))
		r->body_max = 10;
	if (slice_is(r->path, "/park"))
		r->on_close = on_close_answer;
}

static void handle(struct http_request *r, void *arg)
{
	(void)arg;
	if (slice_is(r->path, "/later"))
		handle_later(r);
	else if (slice_is(r->path, "/doze"))
		handle_doze(r);
	else if (slice_is(r->path, "/flood"))
		handle_flood(r);
	else if (slice_is(r->path, "/trickle"))
		handle_trickle(r);
	else if (slice_is(r->path, "/endless"))
		handle_endless(r);
	else if (slice_is(r->path, "/stream"))
		handle_stream(r);
	else if (slice_is(r->path, "/sum"))
		handle_sum(r);
	else if (slice_is(r->path, "/headers"))
		handle_headers(r);
	else if (slice_is(r->path, "/nothing"))
		answer(r, 204, SLICE(""));
	else if (slice_is(r->path, "/big"))
		answer(r, 200, slice_make(big, sizeof(big)));
	else if (!slice_is(r->path, "/park"))
		answer(r, 200, r->body.size ? r->body : SLICE("hi"));
}

static void refuse(struct http_request *r, int status, const char *why,
		   void *arg)
{
	(void)arg;
	answer(r, status,
	       slice_of(arena_printf(&r->mem, "%.*s: %s", SLICE_ARGS(r->path),
				     why)));
}

static const struct http_handler handler = { begin, handle, refuse, NULL };

enum { THREADS = 2 };

struct house {
	struct http_server *server;
	struct loop *loops[THREADS];
	pthread_t threads[THREADS];
	char address[64], unix_address[64];
	int port;
};

static void *run(void *loop)
{
	loop_run(loop);
	return NULL;
}

static void house_open(struct house *h, const struct http_limits *limits)
{
	struct fault why;

	fault_clear(&why);
	h->server = http_server_new(limits, &handler, NULL);
	snprintf(h->unix_address, sizeof(h->unix_address),
		 "unix:/tmp/parlor-http-server-%d-%d", getpid(), ++houses);
	for (int i = 0; i < THREADS; i++) {
		h->loops[i] = loop_new();
		if (http_server_listen(h->server, h->loops[i], "127.0.0.1:0",
				       h->address, sizeof(h->address), &why) ||
		    http_server_listen(h->server, h->loops[i], h->unix_address,
				       NULL, 0, &why))
			fail_msg("%s", why.message);
	}
	h->port = (int)strtol(strrchr(h->address, ':') + 1, NULL, 10);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&h->threads[i], NULL, run, h->loops[i]);
}

static void on_drained(void *arg)
{
	(void)arg;
	atomic_fetch_add(&drained_calls, 1);
}

static void wait_for(atomic_int *number, int wanted)
{
	for (int i = 0; i < 500 && atomic_load(number) < wanted; i++)
		usleep(10000);
	assert_true(atomic_load(number) >= wanted);
}

static void house_close(struct house *h)
{
	atomic_store(&drained_calls, 0);
	http_server_drain(h->server, on_drained, NULL);
	wait_for(&drained_calls, 1);
	assert_int_equal(http_server_connections(h->server), 0);
	for (int i = 0; i < THREADS; i++) {
		loop_stop(h->loops[i]);
		pthread_join(h->threads[i], NULL);
	}
	http_server_free(h->server);
	for (int i = 0; i < THREADS; i++)
		loop_free(h->loops[i]);
}

/* ---- a client that sends what it likes -------------------------------------
 */

static int dial(const struct house *h)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)h->port),
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct timeval patience = { 5, 0 };
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static int dial_unix(const struct house *h)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", h->unix_address + 5);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static void send_steps(int fd, struct slice bytes, size_t step)
{
	while (bytes.size) {
		size_t size = step < bytes.size ? step : bytes.size;

		if (send(fd, bytes.data, size, MSG_NOSIGNAL) < 0)
			return; /* refused already */
		bytes = slice_make(bytes.data + size, bytes.size - size);
	}
}

/* All up to the end, without the lines that begin with Date. */
static void receive_all(int fd, char *out, size_t size)
{
	size_t used = 0;
	ssize_t got;
	char *date;

	while (used < size - 1 &&
	       (got = recv(fd, out + used, size - 1 - used, 0)) > 0)
		used += (size_t)got;
	out[used] = '\0';
	while ((date = strstr(out, "Date: "))) {
		char *end = strstr(date, "GMT\r\n");

		assert_non_null(end);
		memmove(date, end + 5, strlen(end + 5) + 1);
	}
	close(fd);
}

#define OK(length, body) \
	"HTTP/1.1 200 OK\r\nContent-Length: " length "\r\n\r\n" body
#define OK_CLOSE(length, body)                       \
	"HTTP/1.1 200 OK\r\nContent-Length: " length \
	"\r\nConnection: close\r\n\r\n" body
#define REFUSED(status, length, body)                    \
	"HTTP/1.1 " status "\r\nContent-Length: " length \
	"\r\nConnection: close\r\n\r\n" body
#define PLAINLY(status, length, body)                       \
	"HTTP/1.1 " status "\r\nContent-Type: text/plain; " \
	"charset=utf-8\r\nContent-Length: " length          \
	"\r\nConnection: close\r\n\r\n" body

static const struct {
	const char *name;
	struct slice in;
	const char *out;
	bool half_close;
} exchanges[] = {
	{ "one request", BYTES("GET / HTTP/1.1\r\n" HOST CLOSE "\r\n"),
	  OK_CLOSE("2", "hi"), false },
	{ "kept alive",
	  BYTES("GET / HTTP/1.1\r\n" HOST "\r\n"
		"GET / HTTP/1.1\r\n" HOST CLOSE "\r\n"),
	  OK("2", "hi") OK_CLOSE("2", "hi"), false },
	{ "empty lines in front",
	  BYTES("\r\n\r\nGET / HTTP/1.1\r\n" HOST CLOSE "\r\n"),
	  OK_CLOSE("2", "hi"), false },
	{ "a pipeline of slow and quick ones, in order",
	  BYTES("GET /later HTTP/1.1\r\n" HOST "\r\n"
		"POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc"
		"GET /later HTTP/1.1\r\n" HOST "\r\n"
		"GET / HTTP/1.1\r\n" HOST CLOSE "\r\n"),
	  OK("5", "later") OK("3", "abc") OK("5", "later") OK_CLOSE("2", "hi"),
	  false },
	{ "half-closed", BYTES("GET / HTTP/1.1\r\n" HOST "\r\n"), OK("2", "hi"),
	  true },
	{ "half-closed while it is served",
	  BYTES("GET /later HTTP/1.1\r\n" HOST "\r\n"), OK_CLOSE("5", "later"),
	  true },
	{ "half-closed in a header", BYTES("GET / HTTP/1.1\r\nHost"),
	  REFUSED("400 Bad Request", "25", "/: the request ends early"), true },
	{ "half-closed in the first line", BYTES("GET / HT"),
	  PLAINLY("400 Bad Request", "23", "the request ends early\n"), true },
	{ "half-closed in a body",
	  BYTES("POST /a HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nab"),
	  REFUSED("400 Bad Request", "26", "/a: the request ends early"),
	  true },
	{ "nothing at all", BYTES(""), "", true },
	{ "HTTP/1.0", BYTES("GET / HTTP/1.0\r\n\r\n"), OK_CLOSE("2", "hi"),
	  false },
	{ "HTTP/1.0 kept",
	  BYTES("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
		"GET / HTTP/1.0\r\n\r\n"),
	  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: "
	  "keep-alive\r\n\r\nhi" OK_CLOSE("2", "hi"),
	  false },
	{ "HEAD",
	  BYTES("HEAD / HTTP/1.1\r\n" HOST "\r\n"
		"HEAD /stream HTTP/1.1\r\n" HOST CLOSE "\r\n"),
	  OK("2", "") "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
		      "chunked\r\nConnection: close\r\n\r\n",
	  false },
	{ "HEAD, refused",
	  BYTES("HEAD / HTTP/1.1\r\n" HOST "Expect: magic\r\n\r\n"),
	  REFUSED("417 Expectation Failed", "22", ""), false },
	{ "no content", BYTES("GET /nothing HTTP/1.1\r\n" HOST CLOSE "\r\n"),
	  "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", false },
	{ "OPTIONS of the server",
	  BYTES("OPTIONS * HTTP/1.1\r\n" HOST CLOSE "\r\n"),
	  "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", false },
	{ "headers; one that would be two is left out",
	  BYTES("GET /headers HTTP/1.1\r\n" HOST CLOSE "\r\n"),
	  "HTTP/1.1 201 Created\r\nX: y\r\nContent-Length: 4\r\n"
	  "Connection: close\r\n\r\nmade",
	  false },
	{ "chunked in",
	  BYTES("POST /sum HTTP/1.1\r\n" HOST CLOSE
		"Transfer-Encoding: chunked\r\n\r\n"
		"3\r\nabc\r\n4\r\ndefg\r\n0\r\nA: b\r\nC: d\r\n\r\n"),
	  OK_CLOSE("19", "7 bytes, 2 trailers"), false },
	{ "an empty chunked body",
	  BYTES("POST /sum HTTP/1.1\r\n" HOST CLOSE
		"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	  OK_CLOSE("19", "0 bytes, 0 trailers"), false },
	{ "a bad trailer",
	  BYTES("POST /sum HTTP/1.1\r\n" HOST
		"Transfer-Encoding: chunked\r\n\r\n0\r\nA : b\r\n\r\n"),
	  REFUSED("400 Bad Request", "25", "/sum: invalid header name"),
	  false },
	{ "a bad chunk",
	  BYTES("POST /sum HTTP/1.1\r\n" HOST
		"Transfer-Encoding: chunked\r\n\r\n5 5\r\n"),
	  REFUSED("400 Bad Request", "24", "/sum: invalid chunk size"), false },
	{ "chunked out, with a trailer",
	  BYTES("GET /stream HTTP/1.1\r\n" HOST CLOSE "\r\n"),
	  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: "
	  "close\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\nT: x\r\n\r\n",
	  false },
	{ "the same to HTTP/1.0", BYTES("GET /stream HTTP/1.0\r\n\r\n"),
	  "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello world", false },
	{ "an expectation, fulfilled",
	  BYTES("POST / HTTP/1.1\r\n" HOST CLOSE
		"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n"),
	  "HTTP/1.1 100 Continue\r\n\r\n"
	  "HTTP/1.1 400 Bad Request\r\nContent-Length: 25\r\n"
	  "Connection: close\r\n\r\n/: the request ends early",
	  true },
	{ "an expectation, disappointed",
	  BYTES("POST /early HTTP/1.1\r\n" HOST
		"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n"),
	  "HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n"
	  "Connection: close\r\n\r\nwho?",
	  false },
	{ "answered early; its body is skipped",
	  BYTES("POST /early HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc"
		"GET / HTTP/1.1\r\n" HOST CLOSE "\r\n"),
	  "HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\nwho?" OK_CLOSE(
	      "2", "hi"),
	  false },
	{ "answered early; its chunks are skipped",
	  BYTES("POST /early HTTP/1.1\r\n" HOST
		"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
		"GET / HTTP/1.1\r\n" HOST CLOSE "\r\n"),
	  "HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\nwho?" OK_CLOSE(
	      "2", "hi"),
	  false },
	{ "answered early; its chunks are bad",
	  BYTES("POST /early HTTP/1.1\r\n" HOST
		"Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef"),
	  "HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\nwho?", false },
	{ "answered early; its body is long",
	  BYTES("POST /early HTTP/1.1\r\n" HOST
		"Content-Length: 1000000\r\n\r\n"),
	  "HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n"
	  "Connection: close\r\n\r\nwho?",
	  false },
	{ "too long a body by its length",
	  BYTES("POST /a HTTP/1.1\r\n" HOST "Content-Length: 101\r\n\r\n"),
	  REFUSED("413 Content Too Large", "18", "/a: body too large"), false },
	{ "too long by what the handler allows",
	  BYTES("POST /small HTTP/1.1\r\n" HOST "Content-Length: 11\r\n\r\n"),
	  REFUSED("413 Content Too Large", "22", "/small: body too large"),
	  false },
	{ "too long in chunks",
	  BYTES("POST /small HTTP/1.1\r\n" HOST
		"Transfer-Encoding: chunked\r\n\r\n"
		"6\r\nabcdef\r\n5\r\nghijk\r\n"),
	  REFUSED("413 Content Too Large", "22", "/small: body too large"),
	  false },
	{ "a long target",
	  BYTES("GET /01234567890123456789012345678901234567890123456789"
		"01234567890123456789012345678901234567890123456789"
		" HTTP/1.1\r\n" HOST "\r\n"),
	  PLAINLY("414 URI Too Long", "22", "request line too long\n"), false },
	{ "a large header",
	  BYTES("GET /a HTTP/1.1\r\n" HOST
		"A: 01234567890123456789012345678901234567890123456789"
		"01234567890123456789012345678901234567890123456789"
		"01234567890123456789012345678901234567890123456789"
		"01234567890123456789012345678901234567890123456789\r\n"),
	  REFUSED("431 Request Header Fields Too Large", "20",
		  "/a: header too large"),
	  false },
	{ "TLS on a plain port", BYTES("\x16\x03\x01\x02\x00\x01\x00"),
	  PLAINLY("400 Bad Request", "17", "this is not HTTP\n"), false },
	{ "another version", BYTES("GET / HTTP/2.0\r\n" HOST "\r\n"),
	  PLAINLY("505 HTTP Version Not Supported", "29",
		  "only HTTP/1.1 is spoken here\n"),
	  false },
	{ "two lengths smuggle nothing",
	  BYTES("POST /a HTTP/1.1\r\n" HOST
		"Content-Length: 3\r\nContent-Length: 0\r\n\r\n"
		"GET / HTTP/1.1\r\n" HOST "\r\n"),
	  REFUSED("400 Bad Request", "32", "/a: more than one Content-Length"),
	  false },
};

static void test_exchanges(void **state)
{
	static const struct http_limits limits = { .line = 80,
						   .headers = 200,
						   .body = 100 };
	static const size_t steps[] = { SIZE_MAX, 1, 7 };
	struct house house;

	(void)state;
	house_open(&house, &limits);
	for (size_t i = 0; i < ROWS(exchanges); i++)
		for (size_t s = 0; s < ROWS(steps); s++) {
			char got[4096];
			int fd = dial(&house);

			send_steps(fd, exchanges[i].in, steps[s]);
			if (exchanges[i].half_close)
				shutdown(fd, SHUT_WR);
			receive_all(fd, got, sizeof(got));
			if (strcmp(got, exchanges[i].out) != 0)
				fail_msg("%s, %zu at a time: got\n%s\nwant\n%s",
					 exchanges[i].name, steps[s], got,
					 exchanges[i].out);
		}
	house_close(&house);
}

static int64_t closed_after_ms(int fd)
{
	int64_t start = clock_monotonic_ms();
	char got[1024];

	receive_all(fd, got, sizeof(got));
	return clock_monotonic_ms() - start;
}

static void test_slow_clients(void **state)
{
	static const struct http_limits limits = { .header_ms = 200,
						   .body_ms = 200,
						   .idle_ms = 300 };
	struct house house;
	char got[1024];
	int fd;

	(void)state;
	house_open(&house, &limits);
	/* A byte now and then does not help. */
	fd = dial(&house);
	for (int i = 0; i < 10; i++) {
		send(fd, "GET / HTTP/1.1\r\n" + i, 1, MSG_NOSIGNAL);
		usleep(30000);
	}
	receive_all(fd, got, sizeof(got));
	assert_string_equal(got, PLAINLY("408 Request Timeout", "25",
					 "the header took too long\n"));
	fd = dial(&house);
	send_steps(fd,
		   SLICE("POST /a HTTP/1.1\r\n" HOST
			 "Content-Length: 9\r\n\r\nabc"),
		   SIZE_MAX);
	receive_all(fd, got, sizeof(got));
	assert_string_equal(got, REFUSED("408 Request Timeout", "26",
					 "/a: the body took too long"));
	assert_in_range(closed_after_ms(dial(&house)), 250, 2000);
	house_close(&house);
}

static void test_client_that_never_reads(void **state)
{
	static const struct http_limits limits = { .write_ms = 300 };
	struct house house;
	int fd;

	(void)state;
	house_open(&house, &limits);
	atomic_store(&ends, 0);
	fd = dial(&house);
	for (int i = 0; i < 10; i++)
		send_steps(fd, SLICE("GET /big HTTP/1.1\r\n" HOST "\r\n"),
			   SIZE_MAX);
	wait_for(&ends, 1);
	for (int i = 0; i < 200 && http_server_connections(house.server); i++)
		usleep(10000);
	assert_int_equal(http_server_connections(house.server), 0);
	close(fd);
	house_close(&house);
}

/* Counts what comes until the end. */
static size_t count_all(int fd, unsigned pause_us)
{
	static char piece[65536];
	size_t total = 0;
	ssize_t got;

	while ((got = recv(fd, piece, sizeof(piece), 0)) > 0) {
		total += (size_t)got;
		if (pause_us)
			usleep(pause_us);
	}
	close(fd);
	return total;
}

static void test_large_answers(void **state)
{
	struct house house;
	int fd;

	(void)state;
	house_open(&house, NULL);
	fd = dial(&house);
	send_steps(fd, SLICE("GET /big HTTP/1.1\r\n" HOST CLOSE "\r\n"), 9);
	assert_in_range(count_all(fd, 0), sizeof(big), sizeof(big) + 200);
	/* Back-pressure: the handler stops at the limit, and is called again.
	 */
	fd = dial(&house);
	send_steps(fd, SLICE("GET /flood HTTP/1.1\r\n" HOST CLOSE "\r\n"), 9);
	assert_in_range(count_all(fd, 200), 20000000, 20010000);
	/* a stream of small pieces goes out in several turns */
	fd = dial(&house);
	send_steps(fd, SLICE("GET /trickle HTTP/1.0\r\n\r\n"), 99);
	assert_in_range(count_all(fd, 0), 1000, 1200);
	assert_in_range(atomic_load(&most_at_once), 1, 100);
	fd = dial_unix(&house);
	send_steps(fd, SLICE("GET /big HTTP/1.1\r\n" HOST CLOSE "\r\n"), 9);
	assert_in_range(count_all(fd, 0), sizeof(big), sizeof(big) + 200);
	house_close(&house);
}

static void test_large_body(void **state)
{
	static const struct http_limits limits = { .body = sizeof(big) };
	struct house house;
	char head[128], got[512];
	int fd;

	(void)state;
	house_open(&house, &limits);
	fd = dial(&house);
	snprintf(head, sizeof(head),
		 "POST /sum HTTP/1.1\r\n" HOST CLOSE
		 "Content-Length: %zu\r\n\r\n",
		 sizeof(big));
	send_steps(fd, slice_of(head), SIZE_MAX);
	send_steps(fd, slice_make(big, sizeof(big)), 50000);
	receive_all(fd, got, sizeof(got));
	assert_string_equal(got, OK_CLOSE("25", "3000000 bytes, 0 trailers"));
	house_close(&house);
}

static void test_client_goes_away(void **state)
{
	struct house house;
	struct linger reset = { 1, 0 };
	int fd;

	(void)state;
	house_open(&house, NULL);
	atomic_store(&closes, 0);
	atomic_store(&ends, 0);
	/* closed, half-closed, reset: the handler hears of each, once */
	for (int i = 0; i < 3; i++) {
		fd = dial(&house);
		send_steps(fd, SLICE("GET /park HTTP/1.1\r\n" HOST "\r\n"),
			   SIZE_MAX);
		usleep(20000);
		if (i == 1)
			shutdown(fd, SHUT_WR);
		if (i == 2)
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset,
				   sizeof(reset));
		if (i != 1)
			close(fd);
		wait_for(&ends, i + 1);
		assert_int_equal(atomic_load(&closes), i + 1);
		if (i == 1)
			close(fd);
	}
	/* before its body came: over at once */
	fd = dial(&house);
	send_steps(fd,
		   SLICE("POST /a HTTP/1.1\r\n" HOST
			 "Content-Length: 9\r\n\r\n"),
		   SIZE_MAX);
	usleep(20000);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(fd);
	wait_for(&ends, 4);
	assert_int_equal(atomic_load(&closes), 4);
	assert_int_equal(atomic_load(&last_status), 0);
	house_close(&house);
}

/* Its idle time had passed when the loop saw both that and the request. */
static void test_request_in_the_last_moment(void **state)
{
	static const struct http_limits limits = { 0 };
	struct house house;
	char got[1024];
	int fd;

	(void)state;
	house_open(&house, &limits);
	fd = dial(&house);
	send_steps(fd, SLICE("GET /doze HTTP/1.1\r\n" HOST "\r\n"), SIZE_MAX);
	usleep(200000);
	send_steps(fd, SLICE("GET /later HTTP/1.1\r\n" HOST CLOSE "\r\n"),
		   SIZE_MAX);
	receive_all(fd, got, sizeof(got));
	assert_string_equal(got, OK("2", "hi") OK_CLOSE("5", "later"));
	house_close(&house);
}

static bool is_served(int fd)
{
	char got[1024];

	send_steps(fd, SLICE("GET / HTTP/1.1\r\n" HOST CLOSE "\r\n"), SIZE_MAX);
	receive_all(fd, got, sizeof(got));
	return strncmp(got, "HTTP/1.1 200", 12) == 0;
}

static void test_connection_limits(void **state)
{
	static const struct {
		const char *name;
		struct http_limits limits;
		const char *answer;
	} cases[] = {
		{ "in all", { .connections = 3 }, "HTTP/1.1 503" },
		{ "of one address",
		  { .connections_per_address = 3 },
		  "HTTP/1.1 429" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct house house;
		char got[1024];
		int kept[3];

		house_open(&house, &cases[i].limits);
		for (int k = 0; k < 3; k++)
			kept[k] = dial(&house);
		while (http_server_connections(house.server) < 3)
			usleep(1000);
		receive_all(dial(&house), got, sizeof(got));
		if (strncmp(got, cases[i].answer, 12) != 0)
			fail_msg("%s: got %s", cases[i].name, got);
		assert_true(is_served(kept[0]));
		while (http_server_connections(house.server) > 2)
			usleep(1000);
		assert_true(is_served(dial(&house)));
		close(kept[1]);
		close(kept[2]);
		house_close(&house);
	}
}

static void test_without_descriptors(void **state)
{
	struct house house;
	struct rlimit before, few;
	struct rusage start, end;
	int waiting[8], count = 0, probe;

	(void)state;
	house_open(&house, NULL);
	for (; count < 8; count++)
		waiting[count] = socket(AF_INET, SOCK_STREAM, 0);
	probe = fcntl(0, F_DUPFD_CLOEXEC, 3);
	getrlimit(RLIMIT_NOFILE, &before);
	few = before;
	few.rlim_cur = (rlim_t)probe;
	close(probe);
	setrlimit(RLIMIT_NOFILE, &few);
	getrusage(RUSAGE_SELF, &start);
	for (int i = 0; i < count; i++) {
		struct sockaddr_in to = {
			.sin_family = AF_INET,
			.sin_port = htons((uint16_t)house.port),
			.sin_addr = { htonl(INADDR_LOOPBACK) }
		};
		assert_int_equal(connect(waiting[i], (struct sockaddr *)&to,
					 sizeof(to)),
				 0);
	}
	usleep(500000);
	getrusage(RUSAGE_SELF, &end);
	setrlimit(RLIMIT_NOFILE, &before);
	/* it waited, and did not spin */
	assert_true((end.ru_utime.tv_sec - start.ru_utime.tv_sec) * 1000 +
			(end.ru_utime.tv_usec - start.ru_utime.tv_usec) / 1000 <
		    200);
	for (int i = 0; i < count; i++)
		assert_true(is_served(waiting[i]));
	house_close(&house);
}

static void test_drain(void **state)
{
	struct house house;
	char got[1024];
	int idle, busy;

	(void)state;
	house_open(&house, NULL);
	idle = dial(&house);
	busy = dial(&house);
	send_steps(busy, SLICE("GET /later HTTP/1.1\r\n" HOST "\r\n"),
		   SIZE_MAX);
	usleep(10000);
	house_close(&house);
	receive_all(busy, got, sizeof(got));
	assert_string_equal(got, OK_CLOSE("5", "later"));
	receive_all(idle, got, sizeof(got));
	assert_string_equal(got, "");
}

static void test_drained_stream(void **state)
{
	struct house house;
	char begun[1024], rest[1024];
	size_t had = 0;
	int stream;

	(void)state;
	house_open(&house, NULL);
	stream = dial(&house);
	send_steps(stream, SLICE("GET /endless HTTP/1.1\r\n" HOST "\r\n"),
		   SIZE_MAX);
	while (!memmem(begun, had, "2\r\non\r\n", 7)) {
		ssize_t got = read(stream, begun + had, sizeof(begun) - had);

		assert_true(got > 0);
		had += (size_t)got;
	}
	house_close(&house);
	receive_all(stream, rest, sizeof(rest));
	assert_string_equal(rest, "4\r\nover\r\n0\r\n\r\n");
}

static void test_ports(void **state)
{
	struct house house;
	struct http_server *other = http_server_new(NULL, &handler, NULL);
	struct loop *loop = loop_new();
	struct fault why;

	(void)state;
	house_open(&house, NULL);
	fault_clear(&why);
	assert_int_equal(http_server_listen(other, loop, house.address, NULL, 0,
					    &why),
			 -E_UNAVAILABLE);
	assert_non_null(strstr(why.message, house.address));
	assert_non_null(strstr(why.message, "in use"));
	fault_clear(&why);
	assert_int_equal(http_server_listen(other, loop, "nowhere:80", NULL, 0,
					    &why),
			 -E_INVALID);
	http_server_free(other);
	loop_free(loop);
	house_close(&house);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exchanges),
		cmocka_unit_test(test_slow_clients),
		cmocka_unit_test(test_client_that_never_reads),
		cmocka_unit_test(test_large_answers),
		cmocka_unit_test(test_large_body),
		cmocka_unit_test(test_client_goes_away),
		cmocka_unit_test(test_request_in_the_last_moment),
		cmocka_unit_test(test_connection_limits),
		cmocka_unit_test(test_without_descriptors),
		cmocka_unit_test(test_drain),
		cmocka_unit_test(test_drained_stream),
		cmocka_unit_test(test_ports),
	};

	return cmocka_run_group_tests_name("http_server", tests, NULL, NULL);
}
