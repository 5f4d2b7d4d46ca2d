/* tests/unit/lib/net/cors.c - pages of some origins, and of all others */
#include "lib/net/cors.h"
#include "lib/net/http_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof(*(table)))
#define PLAY "https://play.example"

static const char *const some[] = { "https://a.example", PLAY };
static const char *const any[] = { "*" };

static struct cors cors;

static struct {
	int status;
	char headers[2048];
} got;

static void begin(struct http_request *r, void *arg)
{
	(void)arg;
	if (cors_begin(&cors, r))
		return;
	if (slice_is(r->path, "/public"))
		cors_allow_all(r);
	http_respond(r, slice_is(r->path, "/bad") ? 401 : 200, NULL, 0,
		     SLICE("here"));
}

static void handle(struct http_request *r, void *arg)
{
	(void)r;
	(void)arg;
}

static void on_done(struct http_call *call)
{
	size_t used = 0;

	assert_int_equal(call->error, 0);
	got.status = call->status;
	for (size_t i = 0; i < call->answer_headers.count; i++) {
		const struct http_header *row = &call->answer_headers.rows[i];

		used += (size_t)snprintf(got.headers + used,
					 sizeof(got.headers) - used,
					 "%.*s: %.*s\n", SLICE_ARGS(row->name),
					 SLICE_ARGS(row->value));
	}
	loop_stop(call->user);
}

static const struct row {
	const char *name;
	const char *const *origins;
	size_t count;
	const char *method, *path, *origin, *wants;
	int status;
	const char *allowed; /* origin; NULL: none */
	bool question;	     /* is answered as one */
} cases[] = {
	{ "a question", some, 2, "OPTIONS", "/x", PLAY, "POST", 204, PLAY,
	  true },
	{ "a stranger's question", some, 2, "OPTIONS", "/x",
	  "https://evil.example", "POST", 403, NULL, false },
	{ "a longer name's question", some, 2, "OPTIONS", "/x", PLAY ".evil",
	  "POST", 403, NULL, false },
	{ "another scheme's question", some, 2, "OPTIONS", "/x",
	  "http://play.example", "POST", 403, NULL, false },
	{ "an origin that is none", some, 2, "OPTIONS", "/x", "null", "POST",
	  403, NULL, false },
	{ "a page", some, 2, "POST", "/x", PLAY, NULL, 200, PLAY, false },
	{ "a page that is refused", some, 2, "GET", "/bad", PLAY, NULL, 401,
	  PLAY, false },
	{ "a stranger", some, 2, "GET", "/x", "https://evil.example", NULL, 200,
	  NULL, false },
	{ "no page", some, 2, "GET", "/x", NULL, NULL, 200, NULL, false },
	{ "OPTIONS without a question", some, 2, "OPTIONS", "/x", PLAY, NULL,
	  200, PLAY, false },
	{ "OPTIONS of no page", some, 2, "OPTIONS", "/x", NULL, "GET", 200,
	  NULL, false },
	{ "any page's question", any, 1, "OPTIONS", "/x", PLAY, "PUT", 204,
	  PLAY, true },
	{ "any page", any, 1, "GET", "/x", PLAY, NULL, 200, PLAY, false },
	{ "nothing is set", some, 0, "GET", "/x", PLAY, NULL, 200, NULL,
	  false },
	{ "a question, and nothing is set", some, 0, "OPTIONS", "/x", PLAY,
	  "GET", 200, NULL, false },
	{ "what is public", some, 2, "GET", "/public", "https://evil.example",
	  NULL, 200, "*", false },
	{ "what is public, and nothing is set", some, 0, "GET", "/public",
	  "https://evil.example", NULL, 200, "*", false },
};

static size_t occurrences(const char *of)
{
	size_t count = 0;

	for (const char *at = got.headers; (at = strstr(at, of)); at++)
		count++;
	return count;
}

static void check(const struct row *row)
{
	char line[256];
	size_t lines = occurrences("access-control-allow-origin: ");

	snprintf(line, sizeof(line), "access-control-allow-origin: %s\n",
		 row->allowed ? row->allowed : "");
	if (got.status != row->status)
		fail_msg("%s: %d\n%s", row->name, got.status, got.headers);
	if (lines != (row->allowed ? 1 : 0) ||
	    (row->allowed && !strstr(got.headers, line)))
		fail_msg("%s: wants '%s'\n%s", row->name, line, got.headers);
	if (occurrences("access-control-allow-methods: ") != row->question ||
	    occurrences("access-control-allow-headers: a, b\n") !=
		row->question ||
	    occurrences("access-control-max-age: 7200\n") != row->question)
		fail_msg("%s: the question\n%s", row->name, got.headers);
	if (row->count && strcmp(row->path, "/public") != 0 &&
	    occurrences("vary: origin\n") != 1)
		fail_msg("%s: does not vary\n%s", row->name, got.headers);
}

static void test_cors(void **state)
{
	static const struct http_handler handler = { .begin = begin,
						     .handle = handle };
	struct loop *loop = loop_new();
	struct http_server *server = http_server_new(NULL, &handler, NULL);
	struct fault why = { 0 };
	char address[64];
	struct target *target;
	struct http_client *client;

	(void)state;
	http_server_listen(server, loop, "127.0.0.1:0", address,
			   sizeof(address), &why);
	target = target_new(address, &why);
	client = http_client_new(loop, target, NULL, NULL);
	for (size_t i = 0; i < ROWS(cases); i++) {
		const struct row *row = &cases[i];
		struct http_header lines[2] = {
			{ SLICE("Origin"), slice_of(row->origin) },
			{ SLICE("Access-Control-Request-Method"),
			  slice_of(row->wants) },
		};
		struct http_call call = {
			.method = row->method,
			.path = row->path,
			.headers = row->origin ? lines : lines + 1,
			.header_count = (size_t)(!!row->origin + !!row->wants),
			.done = on_done,
			.user = loop,
		};

		cors =
		    (struct cors){ row->origins, row->count, "a, b", 7200000 };
		memset(&got, 0, sizeof(got));
		http_client_call(client, &call);
		loop_run(loop);
		check(row);
	}
	http_client_free(client);
	target_free(target);
	http_server_free(server);
	loop_free(loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cors) };

	return cmocka_run_group_tests_name("cors", tests, NULL, NULL);
}
