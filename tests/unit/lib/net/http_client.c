/* tests/unit/lib/net/http_client.c - calls over real sockets */
#include "lib/net/http_client.h"
#include "lib/base/clock.h"
#include "lib/net/http_server.h"
#include "lib/net/tls.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

/* ---- back ends -------------------------------------------------------------
 */

static char big[2000000];
static int served[2];

struct later {
	struct timer timer;
	struct http_request *request;
};

static void answer_later(struct timer *t)
{
	struct later *later = LIST_ENTRY(t, struct later, timer);

	timer_release(t);
	http_respond(later->request, 200, NULL, 0, SLICE("later"));
}

static void on_close(struct http_request *r)
{
	http_respond(r, 499, NULL, 0, SLICE(""));
}

static void handle(struct http_request *r, void *arg)
{
	static const struct http_header trailer = {
		{ (const uint8_t *)"T", 1 }, { (const uint8_t *)"x", 1 }
	};
	int *count = arg;

	++*count;
	if (slice_is(r->path, "/later")) {
		struct later *later = arena_zalloc(&r->mem, sizeof(*later));

		later->request = r;
		timer_init(&later->timer, r->loop, answer_later);
		timer_set(&later->timer, 20);
	} else if (slice_is(r->path, "/stream")) {
		http_respond_begin(r, 200, NULL, 0, NULL);
		for (int i = 0; i < 100; i++)
			http_respond_write(r, slice_make(big, 5000));
		http_respond_end(r, &trailer, 1);
	} else if (slice_is(r->path, "/big")) {
		http_respond(r, 200, NULL, 0, slice_make(big, sizeof(big)));
	} else if (slice_is(r->path, "/park")) {
		r->on_close = on_close;
	} else if (slice_is(r->path, "/header")) {
		http_respond(r, 200, NULL, 0,
			     http_header_find(&r->headers, "x-test"));
	} else {
		http_respond(r, 200, NULL, 0, r->body.size ? r->body : r->host);
	}
}

static struct loop *loop;
static struct http_server *servers[2];
static char addresses[2][64];
static const struct http_handler handlers[2] = {
	{ .handle = handle, .arg = &served[0] },
	{ .handle = handle, .arg = &served[1] },
};

static int setup(void **state)
{
	struct fault why;

	(void)state;
	fault_clear(&why);
	loop = loop_new();
	for (int i = 0; i < 2; i++) {
		servers[i] = http_server_new(NULL, &handlers[i], NULL);
		served[i] = 0;
		if (http_server_listen(servers[i], loop, "127.0.0.1:0",
				       addresses[i], sizeof(addresses[i]),
				       &why) != 0)
			return -1;
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++)
		http_server_free(servers[i]);
	loop_free(loop);
	return 0;
}

/* A back end that says always the same, and closes. */
struct parrot {
	const char *answer;
	pthread_t thread;
	int listener;
	char address[64];
	atomic_int requests;
};

static void *repeat(void *arg)
{
	struct parrot *p = arg;
	char request[4096];
	int fd;

	while ((fd = accept(p->listener, NULL, NULL)) >= 0) {
		if (recv(fd, request, sizeof(request), 0) > 0) {
			atomic_fetch_add(&p->requests, 1);
			send(fd, p->answer, strlen(p->answer), MSG_NOSIGNAL);
		}
		close(fd);
	}
	return NULL;
}

static void parrot_start(struct parrot *p, const char *answer)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof(at);

	p->answer = answer;
	atomic_init(&p->requests, 0);
	p->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(p->listener, (struct sockaddr *)&at, sizeof(at)),
			 0);
	listen(p->listener, 16);
	getsockname(p->listener, (struct sockaddr *)&at, &size);
	snprintf(p->address, sizeof(p->address), "127.0.0.1:%d",
		 ntohs(at.sin_port));
	pthread_create(&p->thread, NULL, repeat, p);
}

static void parrot_stop(struct parrot *p)
{
	shutdown(p->listener, SHUT_RDWR);
	pthread_join(p->thread, NULL);
	close(p->listener);
}

/* An address where nobody listens. */
static const char *dead_address(void)
{
	static char address[64];
	struct parrot p;

	parrot_start(&p, "");
	parrot_stop(&p);
	snprintf(address, sizeof(address), "%s", p.address);
	return address;
}

/* ---- calls -----------------------------------------------------------------
 */

struct outcome {
	struct http_call call;
	int error, status;
	size_t size, pieces, trailers;
	char text[64];
	bool sent;
};

static int running;

static void on_done(struct http_call *call)
{
	struct outcome *o = LIST_ENTRY(call, struct outcome, call);

	o->error = call->error;
	o->status = call->status;
	o->sent = call->sent;
	o->size += call->answer.size;
	o->trailers = call->answer_trailers.count;
	snprintf(o->text, sizeof(o->text), "%.*s", SLICE_ARGS(call->answer));
	if (--running == 0)
		loop_stop(loop);
}

static void on_data(struct http_call *call, struct slice piece)
{
	struct outcome *o = LIST_ENTRY(call, struct outcome, call);

	assert_int_equal(call->status, 200);
	o->size += piece.size;
	o->pieces++;
}

static void start(struct http_client *client, struct outcome *o)
{
	running++;
	o->call.done = on_done;
	if (!o->call.method)
		o->call.method = "GET";
	http_client_call(client, &o->call);
}

static struct target *target_of(const char *format, ...)
{
	struct target *target;
	struct fault why;
	va_list args;
	char text[512];

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fault_clear(&why);
	target = target_new(text, &why);
	if (!target)
		fail_msg("%s", why.message);
	return target;
}

/* One call to one target. */
static struct outcome ask(struct target *target,
			  const struct http_client_limits *limits,
			  struct http_call call)
{
	struct http_client *client =
	    http_client_new(loop, target, limits, NULL);
	struct outcome o = { .call = call };

	start(client, &o);
	loop_run(loop);
	http_client_free(client);
	return o;
}

static void test_answers(void **state)
{
	static const struct http_header header = {
		{ (const uint8_t *)"X-Test", 6 }, { (const uint8_t *)"abc", 3 }
	};
	const struct {
		const char *name;
		struct http_call call;
		int status;
		size_t size;
		const char *text;
		size_t trailers;
	} cases[] = {
		{ "a body back",
		  { .method = "POST", .path = "/", .body = SLICE("abc") },
		  200,
		  3,
		  "abc",
		  0 },
		{ "the host",
		  { .path = "/" },
		  200,
		  strlen(addresses[0]),
		  addresses[0],
		  0 },
		{ "a header",
		  { .path = "/header", .headers = &header, .header_count = 1 },
		  200,
		  3,
		  "abc",
		  0 },
		{ "no body to HEAD",
		  { .method = "HEAD", .path = "/" },
		  200,
		  0,
		  "",
		  0 },
		{ "a large answer",
		  { .path = "/big" },
		  200,
		  sizeof(big),
		  "",
		  0 },
		{ "a large body",
		  { .method = "PUT",
		    .path = "/",
		    .body = { (const uint8_t *)big, sizeof(big) } },
		  200,
		  sizeof(big),
		  "",
		  0 },
		{ "chunked, gathered",
		  { .path = "/stream" },
		  200,
		  500000,
		  "",
		  1 },
		{ "chunked, in pieces",
		  { .path = "/stream", .data = on_data },
		  200,
		  500000,
		  "",
		  1 },
		{ "with a length, in pieces",
		  { .path = "/big", .data = on_data },
		  200,
		  sizeof(big),
		  "",
		  0 },
	};
	struct target *target = target_of("%s", addresses[0]);
	struct http_client *client = http_client_new(loop, target, NULL, NULL);

	(void)state;
	for (int round = 0; round < 2; round++) /* the second on kept ones */
		for (size_t i = 0; i < ROWS(cases); i++) {
			struct outcome o = { .call = cases[i].call };

			start(client, &o);
			loop_run(loop);
			if (o.error || o.status != cases[i].status ||
			    o.size != cases[i].size ||
			    strcmp(o.text, cases[i].text) != 0 ||
			    o.trailers != cases[i].trailers)
				fail_msg("%s: error %d status %d size %zu",
					 cases[i].name, o.error, o.status,
					 o.size);
		}
	assert_int_equal(http_server_connections(servers[0]), 1);
	http_client_free(client);
	target_free(target);
}

static void test_bad_answers(void **state)
{
	static const struct {
		const char *name, *answer;
		int error, status;
		const char *text;
	} cases[] = {
		{ "until the end", "HTTP/1.1 200 OK\r\n\r\nabc", 0, 200,
		  "abc" },
		{ "interim ones first",
		  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 \r\nA: b\r\n\r\n"
		  "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
		  0, 200, "abc" },
		{ "more than it said",
		  "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef", 0, 200,
		  "abc" },
		{ "less than it said",
		  "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
		  -E_UNAVAILABLE, 200, "" },
		{ "not HTTP", "220 smtp ready\r\n\r\n", -E_LOSS, 0, "" },
		{ "two lengths",
		  "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n"
		  "Content-Length: 3\r\n\r\nabc",
		  -E_LOSS, 0, "" },
		{ "another protocol", "HTTP/1.1 101 Switch\r\n\r\n", -E_LOSS, 0,
		  "" },
		{ "a bad chunk",
		  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
		  -E_LOSS, 200, "" },
		{ "a long body",
		  "HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n", -E_LOSS, 200,
		  "" },
		{ "a long body, chunked",
		  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		  "15\r\n012345678901234567890\r\n0\r\n\r\n",
		  -E_LOSS, 200, "" },
	};
	static const struct http_client_limits limits = { .body = 20 };

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct parrot parrot;
		struct target *target;
		struct outcome o;

		parrot_start(&parrot, cases[i].answer);
		target = target_of("%s", parrot.address);
		o = ask(target, &limits, (struct http_call){ .path = "/" });
		if (o.error != cases[i].error || o.status != cases[i].status ||
		    strcmp(o.text, cases[i].text) != 0)
			fail_msg("%s: error %d status %d '%s'", cases[i].name,
				 o.error, o.status, o.text);
		target_free(target);
		parrot_stop(&parrot);
	}
}

static void test_repeats(void **state)
{
	static const struct {
		const char *name;
		bool idempotent;
		int requests;
	} cases[] = {
		{ "what may have been done is not done again", false, 1 },
		{ "what is harmless is tried three times", true, 3 },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct parrot parrot;
		struct target *target;
		struct outcome o;

		parrot_start(&parrot, "");
		target = target_of("%s", parrot.address);
		o = ask(target, NULL,
			(struct http_call){ .method = "POST",
					    .path = "/",
					    .idempotent =
						cases[i].idempotent });
		target_free(target);
		parrot_stop(&parrot);
		if (o.error != -E_UNAVAILABLE || !o.sent ||
		    atomic_load(&parrot.requests) != cases[i].requests)
			fail_msg("%s: error %d, %d requests", cases[i].name,
				 o.error, atomic_load(&parrot.requests));
	}
}

static void test_failover(void **state)
{
	struct target *target =
	    target_of("%s, %s,%s", dead_address(), addresses[0], addresses[1]);
	struct http_client *client = http_client_new(loop, target, NULL, NULL);
	struct outcome calls[100] = { 0 };

	(void)state;
	for (size_t i = 0; i < ROWS(calls); i++) {
		calls[i].call =
		    (struct http_call){ .method = "POST", .path = "/later" };
		start(client, &calls[i]);
	}
	loop_run(loop);
	for (size_t i = 0; i < ROWS(calls); i++)
		if (calls[i].error || calls[i].status != 200)
			fail_msg("call %zu: error %d", i, calls[i].error);
	/* power of two choices keeps them even */
	assert_int_equal(served[0] + served[1], 100);
	assert_in_range(served[0], 40, 60);
	http_client_free(client);
	target_free(target);
}

static void test_nobody_there(void **state)
{
	struct target *target = target_of("%s", dead_address());
	struct outcome o = ask(target, NULL, (struct http_call){ .path = "/" });

	(void)state;
	assert_int_equal(o.error, -E_UNAVAILABLE);
	assert_false(o.sent);
	target_free(target);
}

static void test_deadline(void **state)
{
	struct target *target = target_of("%s", addresses[0]);
	int64_t start_ms = clock_monotonic_ms();
	struct outcome o =
	    ask(target, NULL,
		(struct http_call){ .path = "/park", .timeout_ms = 50 });

	(void)state;
	assert_int_equal(o.error, -E_DEADLINE);
	assert_true(o.sent);
	assert_in_range(clock_monotonic_ms() - start_ms, 49, 1000);
	target_free(target);
}

static void test_bounded_queue(void **state)
{
	static const struct http_client_limits limits = { .connections = 2,
							  .waiting = 3 };
	struct target *target = target_of("%s", addresses[0]);
	struct http_client *client =
	    http_client_new(loop, target, &limits, NULL);
	struct outcome calls[8] = { 0 };

	(void)state;
	for (size_t i = 0; i < ROWS(calls); i++) {
		calls[i].call.path = "/later";
		start(client, &calls[i]);
	}
	loop_run(loop);
	for (size_t i = 0; i < ROWS(calls); i++)
		assert_int_equal(calls[i].error, i < 5 ? 0 : -E_EXHAUSTED);
	assert_int_equal(http_server_connections(servers[0]), 2);
	http_client_free(client);
	target_free(target);
}

static void test_unusable_calls(void **state)
{
	static const struct http_header header = {
		{ (const uint8_t *)"X", 1 }, { (const uint8_t *)"a\r\nb: c", 7 }
	};
	static const struct http_call calls[] = {
		{ .path = "/a b" },
		{ .path = "/\r\n" },
		{ .path = "" },
		{ .path = "/", .method = "GET / HTTP/1.1\r\n" },
		{ .path = "/", .headers = &header, .header_count = 1 },
	};
	struct target *target = target_of("%s", addresses[0]);

	(void)state;
	for (size_t i = 0; i < ROWS(calls); i++)
		assert_int_equal(ask(target, NULL, calls[i]).error, -E_INVALID);
	assert_int_equal(served[0], 0);
	target_free(target);
}

static struct http_client *canceller;
static struct outcome victims[3];

static void cancel_in_data(struct http_call *call, struct slice piece)
{
	(void)piece;
	http_client_cancel(canceller, call);
	if (--running == 0)
		loop_stop(loop);
}

static void test_cancel(void **state)
{
	static const struct http_client_limits limits = { .connections = 2 };
	struct target *target = target_of("%s", addresses[0]);
	struct outcome last = { .call = { .path = "/later" } };

	(void)state;
	canceller = http_client_new(loop, target, &limits, NULL);
	memset(victims, 0, sizeof(victims));
	victims[0].call.path = "/park";
	victims[1].call =
	    (struct http_call){ .path = "/stream", .data = cancel_in_data };
	victims[2].call.path = "/park"; /* waits */
	for (size_t i = 0; i < ROWS(victims); i++)
		start(canceller, &victims[i]);
	http_client_cancel(canceller, &victims[0].call);
	http_client_cancel(canceller, &victims[2].call);
	running -= 2;
	loop_run(loop);
	start(canceller, &last);
	loop_run(loop);
	assert_int_equal(last.status, 200);
	for (size_t i = 0; i < ROWS(victims); i++)
		assert_int_equal(victims[i].status, 0); /* no `done` */
	http_client_free(canceller);
	target_free(target);
}

static void write_file(const char *path, const char *format, ...)
{
	FILE *file = fopen(path, "w");
	va_list args;

	assert_non_null(file);
	va_start(args, format);
	vfprintf(file, format, args);
	va_end(args);
	fclose(file);
}

static void test_file_target(void **state)
{
	char path[] = "/tmp/parlor-target-XXXXXX";
	struct target *target;
	struct http_client *client;
	struct outcome o = { .call = { .path = "/" } };

	(void)state;
	close(mkstemp(path));
	write_file(path, "# the replicas\n%s # one\r\n\n", addresses[0]);
	target = target_of("file:%s", path);
	client = http_client_new(loop, target, NULL, NULL);
	start(client, &o);
	loop_run(loop);
	assert_int_equal(served[0], 1);
	/* what is wrong changes nothing */
	write_file(path, "not an address\n");
	target_follow(target);
	start(client, &o);
	loop_run(loop);
	assert_int_equal(served[0], 2);
	write_file(path, "%s\n", addresses[1]);
	target_follow(target);
	start(client, &o);
	loop_run(loop);
	assert_int_equal(served[1], 1);
	http_client_free(client);
	target_free(target);
	unlink(path);
}

static void test_target_texts(void **state)
{
	static const struct {
		const char *text;
		size_t count; /* 0: refused */
		bool tls;
	} cases[] = {
		{ "127.0.0.1:80", 1, false },
		{ "[::1]:80,127.0.0.1:81", 2, false },
		{ "https://127.0.0.1:443", 1, true },
		{ "http://127.0.0.1:80", 1, false },
		{ "unix:/tmp/x", 1, false },
		{ "", 0, false },
		{ "127.0.0.1", 0, false },
		{ "127.0.0.1:70000", 0, false },
		{ "::1:80", 0, false },
		{ "unix:", 0, false },
		{ "file:/nonexistent/file", 0, false },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct fault why;
		struct target *target;
		struct target_list *list;

		fault_clear(&why);
		target = target_new(cases[i].text, &why);
		if (!target) {
			if (cases[i].count || !why.message[0])
				fail_msg("'%s': %s", cases[i].text,
					 why.message);
			continue;
		}
		list = target_list(target);
		if (list->count != cases[i].count ||
		    list->rows[0].tls != cases[i].tls)
			fail_msg("'%s': %zu addresses", cases[i].text,
				 list->count);
		target_list_release(list);
		target_free(target);
	}
}

/* ---- TLS -------------------------------------------------------------------
 */

static void add_extension(X509 *certificate, int name, const char *value)
{
	X509_EXTENSION *extension =
	    X509V3_EXT_conf_nid(NULL, NULL, name, value);

	X509_add_ext(certificate, extension, -1);
	X509_EXTENSION_free(extension);
}

/* A certificate for `names` that signs itself. */
static void make_certificate(const char *names, const char *certificate_path,
			     const char *key_path)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = X509_new();
	FILE *file;

	X509_set_version(certificate, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_set_pubkey(certificate, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN",
				   MBSTRING_ASC, (const uint8_t *)"test", -1,
				   -1, 0);
	X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
	add_extension(certificate, NID_subject_alt_name, names);
	add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
	X509_sign(certificate, key, EVP_sha256());
	file = fopen(certificate_path, "w");
	PEM_write_X509(file, certificate);
	fclose(file);
	file = fopen(key_path, "w");
	PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL);
	fclose(file);
	X509_free(certificate);
	EVP_PKEY_free(key);
}

static void test_tls(void **state)
{
	char folder[] = "/tmp/parlor-tls-XXXXXX", certificate[64], key[64],
	     address[64];
	struct fault why;
	struct tls *server_tls, *client_tls;
	struct http_server *server;
	struct http_client *client;
	struct target *target;

	(void)state;
	fault_clear(&why);
	assert_non_null(mkdtemp(folder));
	snprintf(certificate, sizeof(certificate), "%s/c.pem", folder);
	snprintf(key, sizeof(key), "%s/k.pem", folder);
	assert_null(tls_server_new(certificate, key, &why));
	assert_non_null(strstr(why.message, certificate));
	fault_clear(&why);
	make_certificate("IP:127.0.0.1", certificate, key);
	server_tls = tls_server_new(certificate, key, &why);
	client_tls = tls_client_new(certificate, &why);
	assert_true(server_tls && client_tls);
	server = http_server_new(NULL, &handlers[0], server_tls);
	http_server_listen(server, loop, "127.0.0.1:0", address,
			   sizeof(address), &why);
	target = target_of("https://%s", address);
	client = http_client_new(loop, target, NULL, client_tls);
	for (int i = 0; i < 3; i++) {
		struct outcome o = { .call = { .method = "POST",
					       .path = "/big",
					       .body = { (const uint8_t *)big,
							 sizeof(big) } } };

		start(client, &o);
		loop_run(loop);
		assert_int_equal(o.error, 0);
		assert_int_equal(o.size, sizeof(big));
	}
	assert_int_equal(http_server_connections(server), 1);
	http_client_free(client);

	/* Another certificate, read while the server runs: for another name,
	 * and of an authority that the client does not know. */
	make_certificate("DNS:example.com", certificate, key);
	assert_int_equal(tls_reload(server_tls, &why), 0);
	for (int i = 0; i < 2; i++) {
		struct outcome o = { .call = { .path = "/" } };

		if (i == 1)
			assert_int_equal(tls_reload(client_tls, &why), 0);
		client = http_client_new(loop, target, NULL, client_tls);
		start(client, &o);
		loop_run(loop);
		assert_int_equal(o.error, -E_UNAVAILABLE);
		assert_false(o.sent);
		http_client_free(client);
	}
	http_server_free(server);
	target_free(target);
	tls_free(server_tls);
	tls_free(client_tls);
	unlink(certificate);
	unlink(key);
	rmdir(folder);
}

#define WITH_SERVERS(test) \
	cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SERVERS(test_answers),
		WITH_SERVERS(test_bad_answers),
		WITH_SERVERS(test_repeats),
		WITH_SERVERS(test_failover),
		WITH_SERVERS(test_nobody_there),
		WITH_SERVERS(test_deadline),
		WITH_SERVERS(test_bounded_queue),
		WITH_SERVERS(test_unusable_calls),
		WITH_SERVERS(test_cancel),
		WITH_SERVERS(test_file_target),
		WITH_SERVERS(test_target_texts),
		WITH_SERVERS(test_tls),
	};

	return cmocka_run_group_tests_name("http_client", tests, NULL, NULL);
}
