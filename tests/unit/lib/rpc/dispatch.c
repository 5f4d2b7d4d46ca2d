/* tests/unit/lib/rpc/dispatch.c - Connect's server over real sockets */
#include "lib/rpc/dispatch.h"
#include "lib/base/clock.h"
#include "lib/rpc/connect.h"
#include "lib/rpc/gzip.h"
#include "tests/wire/rpc/echo_service.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof(*(table)))
#define ECHO "/parlor.test.v1.Echo/"
#define JSON "Content-Type: application/json\r\n"
#define PROTO "Content-Type: application/proto\r\n"
#define STREAM "Content-Type: application/connect+json\r\n"
#define TARGET(name) "X-Amz-Target: Echo_1." name "\r\n"
#define AWS(name) "Content-Type: application/x-amz-json-1.0\r\n" TARGET(name)
#define AUTH "Authorization: Bearer any\r\n"

static struct loop *loop;
static struct http_server *server;
static struct dispatch *dispatch;
static pthread_t thread;
static int port;
static atomic_int calls_over;

static void over(const struct call *c, int status, uint64_t sent, void *arg)
{
	(void)c;
	(void)status;
	(void)sent;
	(void)arg;
	calls_over++;
}

static void *serve(void *arg)
{
	(void)arg;
	loop_run(loop);
	return NULL;
}

static int start(void **state)
{
	struct fault fault = { 0 };
	struct dispatch_options options = {
		.services = echo_services,
		.descriptors = echo_descriptors(),
		.over = over,
	};
	char bound[64];

	(void)state;
	dispatch = dispatch_new(&options, &fault);
	loop = loop_new();
	server = http_server_new(NULL, dispatch_handler(dispatch), NULL);
	if (!dispatch || http_server_listen(server, loop, "127.0.0.1:0", bound,
					    sizeof(bound), &fault) != 0)
		return -1;
	port = (int)strtol(strrchr(bound, ':') + 1, NULL, 10);
	return pthread_create(&thread, NULL, serve, NULL);
}

static int stop(void **state)
{
	(void)state;
	loop_stop(loop);
	pthread_join(thread, NULL);
	http_server_free(server);
	dispatch_free(dispatch);
	loop_free(loop);
	return 0;
}

static int dial(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		fail_msg("cannot connect");
	return fd;
}

static void write_all(int fd, struct slice bytes)
{
	while (bytes.size) {
		ssize_t sent = write(fd, bytes.data, bytes.size);

		if (sent <= 0)
			return;
		bytes.data += sent;
		bytes.size -= (size_t)sent;
	}
}

/* All that the other end says until it closes. */
static void read_all(int fd, struct buffer *out)
{
	ssize_t got;

	do {
		uint8_t *place = buffer_reserve(out, 65536);

		got = place ? read(fd, place, 65536) : 0;
		if (got > 0)
			buffer_added(out, (size_t)got);
	} while (got > 0);
	buffer_put_byte(out, 0);
}

/* One request on a connection of its own; `out` gets all of the answer. */
static void ask(const char *method, const char *target, const char *headers,
		struct slice body, struct buffer *out)
{
	struct buffer request;
	int fd = dial();

	buffer_init(&request, 16 << 20);
	buffer_printf(&request,
		      "%s %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%s",
		      method, target, headers);
	if (strcmp(method, "GET") != 0 && !strstr(headers, "ransfer-Enc"))
		buffer_printf(&request, "Content-Length: %zu\r\n", body.size);
	buffer_put_text(&request, "\r\n");
	buffer_put_slice(&request, body);
	write_all(fd, buffer_slice(&request));
	buffer_release(&request);
	buffer_init(out, 32 << 20);
	read_all(fd, out);
	close(fd);
}

static const char *text(const struct buffer *b)
{
	return (const char *)b->block + b->start;
}

static int status_of(const struct buffer *b)
{
	return strncmp(text(b), "HTTP/1.1 ", 9) == 0
		   ? (int)strtol(text(b) + 9, NULL, 10)
		   : 0;
}

static void test_rows(void **state)
{
	static const struct {
		const char *name, *method, *target, *headers, *body;
		int status;
		const char *has;
	} cases[] = {
		{ "JSON", "POST", ECHO "Say", JSON, "{\"sentence\":\"hi\"}",
		  200, "\r\n\r\n{\"sentence\":\"hi\"}" },
		{ "the content type is exact", "POST", ECHO "Say",
		  "Content-Type: application/json; charset=utf-8\r\n", "{}",
		  200, "content-type: application/json\r\n" },
		{ "proto", "POST", ECHO "Say", PROTO, "\x0a\x02hi", 200,
		  "content-type: application/proto\r\n" },
		{ "an empty message", "POST", ECHO "Say", PROTO, "", 200,
		  "Content-Length: 0\r\n" },
		{ "chunked", "POST", ECHO "Say",
		  JSON "Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n",
		  200, "{}" },
		{ "chunked and empty", "POST", ECHO "Say",
		  PROTO "Transfer-Encoding: chunked\r\n", "0\r\n\r\n", 200,
		  "application/proto" },
		{ "a request id comes back", "POST", ECHO "Say",
		  PROTO "X-Request-Id: abc\r\n", "", 200,
		  "x-request-id: abc\r\n" },
		{ "GET", "GET",
		  ECHO "Say?connect=v1&encoding=json&message=%7B%22sentence%22%"
		       "3A%22hi%22%7D",
		  "", "", 200, "{\"sentence\":\"hi\"}" },
		{ "GET with base64", "GET",
		  ECHO "Say?encoding=proto&base64=1&message=CgJoaQ", "", "",
		  200, "application/proto" },
		{ "GET with bad base64", "GET",
		  ECHO "Say?encoding=proto&base64=1&message=!", "", "", 400,
		  "not base64" },
		{ "GET without encoding", "GET", ECHO "Say?message=", "", "",
		  415, "'encoding'" },
		{ "GET of another version", "GET",
		  ECHO "Say?connect=v2&encoding=json&message=%7B%7D", "", "",
		  400, "v1" },
		{ "GET of a write", "GET", ECHO "Change?encoding=json&message=",
		  "", "", 405, "allow: POST\r\n" },
		{ "GET of a stream", "GET", ECHO "Count?encoding=json&message=",
		  "", "", 405, "allow: POST\r\n" },
		{ "PUT", "PUT", ECHO "Say", JSON, "{}", 405,
		  "allow: GET, POST\r\n" },
		{ "no such method", "POST", ECHO "Nope", JSON, "{}", 404,
		  "{\"code\":\"unimplemented\"" },
		{ "no such service", "POST", "/a.B/C", JSON, "{}", 404,
		  "{\"code\":\"unimplemented\"" },
		{ "no method", "POST", "/nothing", JSON, "{}", 404,
		  "{\"code\":\"unimplemented\"" },
		{ "no content type", "POST", ECHO "Say", "", "{}", 415,
		  "accept-post: application/proto, application/json\r\n" },
		{ "grpc", "POST", ECHO "Say",
		  "Content-Type: application/grpc\r\n", "", 415,
		  "{\"code\":\"invalid_argument\"" },
		{ "a stream's type for a unary call", "POST", ECHO "Say",
		  STREAM, "{}", 415, "use application/proto" },
		{ "a unary type for a stream", "POST", ECHO "Count", JSON, "{}",
		  415,
		  "accept-post: application/connect+proto, "
		  "application/connect+json\r\n" },
		{ "bad JSON", "POST", ECHO "Say", JSON, "{", 400,
		  "{\"code\":\"invalid_argument\"" },
		{ "no JSON", "POST", ECHO "Say", JSON, "", 400,
		  "{\"code\":\"invalid_argument\"" },
		{ "bad protobuf", "POST", ECHO "Say", PROTO, "\xff", 400,
		  "{\"code\":\"invalid_argument\"" },
		{ "a name twice", "POST", ECHO "Say", JSON JSON, "{}", 400,
		  "content-type" },
		{ "the version", "POST", ECHO "Say",
		  JSON "Connect-Protocol-Version: 1\r\n", "{}", 200, "{}" },
		{ "another version", "POST", ECHO "Say",
		  JSON "Connect-Protocol-Version: 2\r\n", "{}", 400,
		  "connect-protocol-version" },
		{ "a bad timeout", "POST", ECHO "Say",
		  JSON "Connect-Timeout-Ms: 5s\r\n", "{}", 400,
		  "connect-timeout-ms" },
		{ "a timeout of eleven digits", "POST", ECHO "Say",
		  JSON "Connect-Timeout-Ms: 10000000000\r\n", "{}", 400,
		  "connect-timeout-ms" },
		{ "no time at all", "POST", ECHO "Say",
		  JSON "Connect-Timeout-Ms: 0\r\n", "{}", 504,
		  "{\"code\":\"deadline_exceeded\"" },
		{ "time enough", "POST", ECHO "Sleep",
		  JSON "Connect-Timeout-Ms: 60000\r\n", "{\"milliseconds\":1}",
		  200, "{\"remainingMs\":59" },
		{ "not enough", "POST", ECHO "Sleep",
		  JSON "Connect-Timeout-Ms: 20\r\n", "{\"milliseconds\":5000}",
		  504, "{\"code\":\"deadline_exceeded\"" },
		{ "an unknown compression", "POST", ECHO "Say",
		  JSON "Content-Encoding: br\r\n", "{}", 501,
		  "accept-encoding: gzip\r\n" },
		{ "identity", "POST", ECHO "Say",
		  JSON "Content-Encoding: identity\r\n", "{}", 200, "{}" },
		{ "what is not gzip", "POST", ECHO "Say",
		  JSON "Content-Encoding: gzip\r\n", "{}", 400, "not gzip" },
		{ "no token", "POST", ECHO "WhoAmI", JSON, "{}", 401,
		  "www-authenticate: Bearer\r\n" },
		{ "AWS's name in the details", "POST", ECHO "Fail", JSON,
		  "{\"condition\":true,\"message\":\"m\"}", 400,
		  "\"details\":[{\"type\":\"parlor.options.v1.Exception\"" },
		{ "AWS's door", "POST", "/", AWS("Say") AUTH, "{}", 200,
		  "content-type: application/x-amz-json-1.0\r\n" },
		{ "its checksum", "POST", "/", AWS("Say") AUTH, "{}", 200,
		  "x-amz-crc32: 2745614147\r\n" },
		{ "without a token", "POST", "/", AWS("Say"), "{}", 400,
		  "{\"__type\":\"com.amazon.coral.service#"
		  "MissingAuthenticationTokenException\"" },
		{ "with another scheme", "POST", "/",
		  AWS("Say") "Authorization: Basic any\r\n", "{}", 400,
		  "\"Request is missing Authentication Token\"}" },
		{ "an operation of the other door alone", "POST", "/",
		  AWS("Change") AUTH, "{}", 400,
		  "{\"__type\":\"com.amazon.coral.service#"
		  "UnknownOperationException\"}" },
		{ "no target", "POST", "/", JSON AUTH, "{}", 400,
		  "UnknownOperationException" },
		{ "a target twice", "POST", "/", AWS("Say") AUTH TARGET("Say"),
		  "{}", 400, "more than one line 'x-amz-target'" },
		{ "GET at AWS's door", "GET", "/", AWS("Say") AUTH, "", 400,
		  "UnknownOperationException" },
		{ "bad JSON there", "POST", "/", AWS("Say") AUTH, "{", 400,
		  "SerializationException\",\"Message\":" },
		{ "what is not gzip there", "POST", "/",
		  AWS("Say") AUTH "Content-Encoding: gzip\r\n", "{}", 400,
		  "not gzip" },
		{ "an exception of the service", "POST", "/", AWS("Fail") AUTH,
		  "{\"condition\":true,\"message\":\"m\"}", 400,
		  "{\"__type\":\"parlor.test#ConditionalCheckFailedException\","
		  "\"message\":\"m\"}" },
		{ "a retry hint there", "POST", "/", AWS("Fail") AUTH,
		  "{\"code\":\"unavailable\",\"retryAfterMs\":2001}", 503,
		  "retry-after: 3\r\n" },
		{ "a retry hint", "POST", ECHO "Fail", JSON,
		  "{\"code\":\"unavailable\",\"retryAfterMs\":2001}", 503,
		  "retry-after: 3\r\n" },
	};
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct buffer got;

		ask(cases[i].method, cases[i].target, cases[i].headers,
		    slice_of(cases[i].body), &got);
		if (status_of(&got) != cases[i].status ||
		    !strstr(text(&got), cases[i].has)) {
			print_error("%s: want %d, %s, got\n%s\n", cases[i].name,
				    cases[i].status, cases[i].has, text(&got));
			wrong++;
		}
		buffer_release(&got);
	}
	assert_int_equal(wrong, 0);
}

static void test_every_code(void **state)
{
	(void)state;
	for (int code = E_CANCELED; code <= E_UNAUTHENTICATED; code++) {
		const struct fault_row *row = fault_row(code);
		struct buffer got;
		char body[128], want[64];

		snprintf(body, sizeof(body), "{\"code\":\"%s\"}", row->connect);
		snprintf(want, sizeof(want), "{\"code\":\"%s\"", row->connect);
		ask("POST", ECHO "Fail", JSON, slice_of(body), &got);
		if (status_of(&got) != row->status || !strstr(text(&got), want))
			fail_msg("%s", text(&got));
		buffer_release(&got);
	}
}

/* The bytes behind the blank line. */
static struct slice body_of(const struct buffer *answer)
{
	const char *at = strstr(text(answer), "\r\n\r\n");

	assert_non_null(at);
	at += 4;
	return slice_make(at, buffer_size(answer) - 1 -
				  (size_t)(at - text(answer)));
}

static void test_gzip(void **state)
{
	static const struct {
		const char *headers;
		size_t size;
		bool compressed;
	} cases[] = {
		{ "Accept-Encoding: gzip\r\n", 5000, true },
		{ "Accept-Encoding: br, GZIP;q=0.5\r\n", 5000, true },
		{ "Accept-Encoding: br\r\nAccept-Encoding: gzip\r\n", 5000,
		  true },
		{ "Accept-Encoding: gzip;q=0\r\n", 5000, false },
		{ "Accept-Encoding: gzip\r\n", 500, false },
		{ "", 5000, false },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct fault fault = { 0 };
		struct buffer plain, packed, got, out;
		char headers[256];

		buffer_init(&plain, 1 << 16);
		buffer_put_text(&plain, "{\"sentence\":\"");
		while (buffer_size(&plain) < cases[i].size)
			buffer_put_byte(&plain, 'x');
		buffer_put_text(&plain, "\"}");
		buffer_init(&packed, 1 << 16);
		gzip_put(&packed, buffer_slice(&plain));
		snprintf(headers, sizeof(headers),
			 JSON "Content-Encoding: gzip\r\n%s", cases[i].headers);
		ask("POST", ECHO "Say", headers, buffer_slice(&packed), &got);
		assert_int_equal(status_of(&got), 200);
		assert_int_equal(strstr(text(&got),
					"content-encoding: gzip\r\n") != NULL,
				 cases[i].compressed);
		buffer_init(&out, 1 << 16);
		if (cases[i].compressed)
			assert_int_equal(gunzip(body_of(&got), &out, &fault),
					 0);
		else
			buffer_put_slice(&out, body_of(&got));
		assert_true(
		    slice_equal(buffer_slice(&out), buffer_slice(&plain)));
		buffer_release(&plain);
		buffer_release(&packed);
		buffer_release(&got);
		buffer_release(&out);
	}
}

/* Anonymous bodies end at 64 KB, also when they grow by decompression. */
static void test_limits(void **state)
{
	static const struct {
		size_t size;
		bool gzip;
		int status;
	} cases[] = {
		{ 65536, false, 200 },	 { 65537, false, 413 },
		{ 5000000, false, 413 }, { 65536, true, 200 },
		{ 5000000, true, 413 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct buffer plain, packed, got;

		buffer_init(&plain, 8 << 20);
		buffer_init(&packed, 8 << 20);
		while (buffer_size(&plain) < cases[i].size - 2)
			buffer_put_byte(&plain, ' ');
		buffer_put_text(&plain, "{}");
		gzip_put(&packed, buffer_slice(&plain));
		ask("POST", ECHO "Say",
		    cases[i].gzip ? JSON "Content-Encoding: gzip\r\n" : JSON,
		    buffer_slice(cases[i].gzip ? &packed : &plain), &got);
		if (status_of(&got) != cases[i].status ||
		    (cases[i].status == 413 &&
		     !strstr(text(&got), "{\"code\":\"resource_exhausted\"")))
			fail_msg("%zu bytes: %s", cases[i].size, text(&got));
		buffer_release(&plain);
		buffer_release(&packed);
		buffer_release(&got);
	}
}

static void ask_count(const char *json, const char *headers, struct buffer *got)
{
	struct buffer body;
	char all[256];

	buffer_init(&body, 1 << 16);
	connect_put_envelope(&body, 0, strlen(json));
	buffer_put_text(&body, json);
	snprintf(all, sizeof(all), STREAM "%s", headers);
	ask("POST", ECHO "Count", all, buffer_slice(&body), got);
	buffer_release(&body);
}

/* Joins the chunks of an answer's body. */
static void unchunk(struct slice body, struct buffer *out)
{
	size_t size;

	buffer_init(out, 32 << 20);
	while (body.size) {
		char *end;

		size = strtoul((const char *)body.data, &end, 16);
		end += 2;
		buffer_put(out, end, size);
		end += size + 2;
		if (!size)
			break;
		body = slice_make(end, (size_t)(body.data + body.size -
						(const uint8_t *)end));
	}
}

static void test_streams(void **state)
{
	static const struct {
		const char *name, *json, *headers;
		int messages;
		const char *end;
		bool compressed;
	} cases[] = {
		{ "three", "{\"messages\":3}", "", 3, "{}", false },
		{ "none", "{}", "", 0, "{}", false },
		{ "a failure behind two",
		  "{\"messages\":2,\"fail\":\"aborted\"}", "", 2,
		  "{\"error\":{\"code\":\"aborted\",\"message\":"
		  "\"failed after 2 messages\"}}",
		  false },
		{ "bad JSON", "{", "", 0,
		  "{\"error\":{\"code\":\"invalid_argument\"", false },
		{ "many large ones", "{\"messages\":40,\"size\":100000}", "",
		  40, "{}", false },
		{ "compressed ones", "{\"messages\":4,\"size\":5000}",
		  "Connect-Accept-Encoding: gzip\r\n", 4, "{}", true },
		{ "one at a time", "{\"messages\":3,\"intervalMs\":1}", "", 3,
		  "{}", false },
		{ "a deadline", "{\"messages\":1000,\"intervalMs\":1}",
		  "Connect-Timeout-Ms: bad\r\n", 0,
		  "{\"error\":{\"code\":\"invalid_argument\"", false },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct buffer got, joined;
		struct slice rest, message = { 0 };
		unsigned flags = 0;
		int messages = 0;

		ask_count(cases[i].json, cases[i].headers, &got);
		assert_int_equal(status_of(&got), 200);
		unchunk(body_of(&got), &joined);
		rest = buffer_slice(&joined);
		while (connect_next_envelope(&rest, SIZE_MAX, &flags,
					     &message) == 1 &&
		       !(flags & ENVELOPE_END)) {
			messages++;
			assert_int_equal(flags, cases[i].compressed);
		}
		if (messages != cases[i].messages || rest.size ||
		    !(flags & ENVELOPE_END) ||
		    !slice_starts(message, slice_of(cases[i].end)))
			fail_msg("%s: %d messages, then %.*s", cases[i].name,
				 messages, SLICE_ARGS(message));
		buffer_release(&got);
		buffer_release(&joined);
	}
}

static void send_count(int fd, const char *json)
{
	struct buffer request;

	buffer_init(&request, 1 << 16);
	buffer_printf(&request,
		      "POST " ECHO "Count HTTP/1.1\r\nHost: a\r\n" STREAM
		      "Content-Length: %zu\r\n\r\n",
		      strlen(json) + ENVELOPE_SIZE);
	connect_put_envelope(&request, 0, strlen(json));
	buffer_put_text(&request, json);
	write_all(fd, buffer_slice(&request));
	buffer_release(&request);
}

static void wait_over(int count)
{
	for (int i = 0; i < 500 && calls_over < count; i++)
		poll(NULL, 0, 10);
	assert_int_equal(calls_over, count);
}

/* A reader that does not read holds 100 MB back, and may go away. */
static void test_back_pressure(void **state)
{
	int fd, before = calls_over;

	(void)state;
	fd = dial();
	send_count(fd, "{\"messages\":1000,\"size\":100000}");
	for (int i = 0; i < 500 && !echo_most_waiting(); i++)
		poll(NULL, 0, 10);
	assert_int_equal(calls_over, before);
	assert_in_range(echo_most_waiting(), 1, 2 << 20);
	close(fd);
	wait_over(before + 1);
}

/* The client goes before the answer is made. */
static void test_gone(void **state)
{
	static const char request[] = "POST " ECHO "Sleep HTTP/1.1\r\nHost: "
				      "a\r\n" JSON "Content-Length: 20\r\n\r\n"
				      "{\"milliseconds\":100}";
	int fd, before = calls_over;

	(void)state;
	fd = dial();
	write_all(fd, slice_of(request));
	poll(NULL, 0, 20);
	close(fd);
	wait_over(before + 1);
}

static void test_bad_rows(void **state)
{
	static const struct op unknown[] = {
		{ "Nope", NULL, 0, DOOR_CONNECT, NULL }, { 0 }
	};
	static const struct op unary[] = {
		{ "Count", NULL, 0, DOOR_CONNECT, NULL }, { 0 }
	};
	static const struct op *const rows[] = { unknown, unary };

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct fault fault = { 0 };
		struct op_service services[] = {
			{ .name = "parlor.test.v1.Echo", .ops = rows[i] }, { 0 }
		};
		struct dispatch_options options = {
			.services = services,
			.descriptors = echo_descriptors(),
		};

		assert_null(dispatch_new(&options, &fault));
		assert_int_equal(fault.code, E_INVALID);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_every_code),
		cmocka_unit_test(test_gzip),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_back_pressure),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_bad_rows),
	};

	return cmocka_run_group_tests_name("dispatch", tests, start, stop);
}
