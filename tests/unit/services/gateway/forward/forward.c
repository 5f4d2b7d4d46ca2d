/* tests/unit/services/gateway/forward/forward.c - the gateway over real sockets
 *
 * A gateway and a back end on one loop; the back end tells what it was sent.
 */
#include "services/gateway/forward/forward.h"
#include "lib/base/clock.h"
#include "lib/conf/setting.h"
#include "lib/crypto/caller.h"
#include "lib/crypto/identity.h"
#include "lib/crypto/keyfile.h"
#include "lib/crypto/keyset.h"
#include "lib/crypto/revocations.h"
#include "lib/crypto/token.h"
#include "lib/meter/spool.h"
#include "services/gateway/settings.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof(*(table)))
#define GAME "/parlor.game.v1.Matches/"
#define ISSUER "http://auth/local_abcdefghi"

/* ---- a back end ------------------------------------------------------------
 */

static struct seen {
	int requests;
	char path[256], body[256], type[64], authorization[2048], accept[64];
	char caller[1024], trace[64], timeout[32], evil[64], connection[64];
} seen;

static void note(char *out, size_t size, const struct http_request *r,
		 const char *name)
{
	snprintf(out, size, "%.*s",
		 SLICE_ARGS(http_header_find(&r->headers, name)));
}

static void note_request(const struct http_request *r)
{
	int requests = seen.requests;

	seen = (struct seen){ .requests = requests + 1 };
	snprintf(seen.path, sizeof(seen.path), "%.*s?%.*s", SLICE_ARGS(r->path),
		 SLICE_ARGS(r->query));
	snprintf(seen.body, sizeof(seen.body), "%.*s", SLICE_ARGS(r->body));
	note(seen.type, sizeof(seen.type), r, "content-type");
	note(seen.authorization, sizeof(seen.authorization), r,
	     "authorization");
	note(seen.caller, sizeof(seen.caller), r, "parlor-caller");
	note(seen.trace, sizeof(seen.trace), r, "traceparent");
	note(seen.timeout, sizeof(seen.timeout), r, "connect-timeout-ms");
	note(seen.evil, sizeof(seen.evil), r, "parlor-evil");
	note(seen.accept, sizeof(seen.accept), r, "accept-encoding");
	note(seen.connection, sizeof(seen.connection), r, "x-hop");
}

static struct http_header line(const char *name, const char *value)
{
	return (struct http_header){ slice_of(name), slice_of(value) };
}

static void ignore_close(struct http_request *r)
{
	http_respond(r, 499, NULL, 0, SLICE(""));
}

/* What the back end answers follows from the body's (or path's) first letter.
 */
static void serve(struct http_request *r, void *arg)
{
	struct http_header proto[] = {
		line("content-type", "application/proto"),
		line("parlor-secret", "x"), line("X-Answer", "y")
	};
	struct http_header json = line("content-type", "application/json");
	uint8_t what = r->body.size > 2 ? r->body.data[2] : 0;

	(void)arg;
	note_request(r);
	switch (what) {
	case 'f': /* fails, in Connect's form */
		http_respond(r, 400, &json, 1,
			     SLICE("{\"code\":\"failed_precondition\","
				   "\"message\":\"not your turn\"}"));
		break;
	case 'b': /* bare, as a proxy on the way would */
		http_respond(r, 503, NULL, 0, SLICE("oops"));
		break;
	case 'n': /* no message */
		http_respond(r, 200, proto, 3, SLICE("\xff\xff"));
		break;
	case 'p': /* parks */
		r->on_close = ignore_close;
		break;
	default: /* a match with the id "m" */
		http_respond(r, 200, proto, 3, SLICE("\x0a\x03\x0a\x01m"));
	}
}

/* ---- a gateway -------------------------------------------------------------
 */

static struct bench {
	struct loop *loop;
	struct http_server *back, *front;
	struct target *target;
	struct forward forward;
	struct forward_thread *thread;
	struct http_handler handler;
	struct http_client *client;
	struct target *front_target;
	struct key *key;
	struct keyset *users, *services;
	struct revocations *revocations;
	struct arena mem;
	struct buffer token;
	char dir[64], authorization[2048], expired[2048];
	char back_address[64], front_address[64];
} b;

static void make_token(char *out, size_t size, int64_t expires)
{
	char claims[512];
	int64_t now = clock_wall_ms() / 1000;

	snprintf(claims, sizeof(claims),
		 "{\"sub\":\"s-1\",\"iss\":\"" ISSUER
		 "\",\"token_use\":\"access\",\"client_id\":\"web\","
		 "\"username\":\"ann\",\"iat\":%lld,\"exp\":%lld}",
		 (long long)now - 10, (long long)now + expires);
	buffer_reset(&b.token);
	token_sign(b.key, "u1", slice_of(claims), &b.token);
	snprintf(out, size, "Bearer %.*s", SLICE_ARGS(buffer_slice(&b.token)));
}

static void make_identity(void)
{
	struct buffer jwks;
	struct fault why;
	char path[128];

	fault_clear(&why);
	b.key = key_generate(KEY_RS256);
	b.users = keyset_new();
	b.services = keyset_new();
	b.revocations = revocations_new();
	buffer_init(&jwks, 65536);
	buffer_put_text(&jwks, "{\"keys\":[");
	key_put_jwk(b.key, "u1", &jwks);
	buffer_put_text(&jwks, "]}");
	assert_int_equal(keyset_load(b.users, buffer_slice(&jwks), &why), 0);
	buffer_release(&jwks);
	b.forward.identity = identity_new(&(struct identity_options){
	    .service = "gateway",
	    .services = b.services,
	    .users = b.users,
	    .issuer = ISSUER,
	    .revocations = b.revocations,
	});
	snprintf(path, sizeof(path), "%s/gateway.pem", b.dir);
	key_release(keyfile_make(path, KEY_ES256, &why));
	b.forward.caller = caller_new("gateway", path, &why);
	assert_non_null(b.forward.caller);
	buffer_init(&b.token, 65536);
	make_token(b.authorization, sizeof(b.authorization), 3600);
	make_token(b.expired, sizeof(b.expired), -60);
}

static void write_settings(const char *more)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/parlor.yaml", b.dir);
	file = fopen(path, "w");
	fprintf(
	    file,
	    "gateway:\n"
	    "  services:\n"
	    "    parlor.game.v1.Matches: {target: game}\n"
	    "  routes:\n"
	    "    \"GET /matches/{match_id}\":"
	    " {method: parlor.game.v1.Matches/GetMatch, target: game}\n"
	    "    \"POST /matches\":"
	    " {method: parlor.game.v1.Matches/CreateMatch, target: game}\n"
	    "    \"GET /open\": {method: parlor.game.v1.Matches/ListMatches,"
	    " target: game, authorizer: none}\n"
	    "    \"POST /slow/{match_id}\":"
	    " {method: parlor.game.v1.Matches/JoinMatch, target: game,"
	    " timeout: 60ms}\n"
	    "    \"GET /away\": {method: parlor.game.v1.Matches/ListMatches,"
	    " target: away}\n"
	    "  targets:\n"
	    "    away: {address: \"127.0.0.1:1\"}\n"
	    "%s",
	    more);
	fclose(file);
}

static struct plan *read_plan(const char *more, struct fault *why)
{
	struct gateway_settings settings = { 0 };
	char path[128];

	settings.common.auth = settings.common.kv = "127.0.0.1:1";
	settings.common.game = b.back_address;
	settings.common.body_max = 1000;
	write_settings(more);
	snprintf(path, sizeof(path), "%s/parlor.yaml", b.dir);
	if (setting_read(gateway_settings, path, "gateway", b.dir, &b.mem,
			 &settings, why) != 0)
		return NULL;
	if (!b.forward.backend_count) {
		b.forward.backend_count =
		    (size_t)gateway_settings_backends(&settings,
						      b.forward.backends, why);
		for (size_t i = 0; i < b.forward.backend_count; i++)
			b.forward.backends[i].target =
			    target_new(b.forward.backends[i].address, why);
	}
	return gateway_settings_plan(&settings, 1, why);
}

static void use_settings(const char *more)
{
	struct plan *old = atomic_load(&b.forward.plan);
	struct fault why;
	struct plan *plan;

	fault_clear(&why);
	plan = read_plan(more, &why);
	if (!plan)
		fail_msg("%s", why.message);
	atomic_store(&b.forward.plan, plan);
	plan_free(old);
}

static int setup(void **state)
{
	static const struct http_handler back = { .handle = serve };
	struct fault why;

	(void)state;
	b = (struct bench){ .dir = "/tmp/parlor-gateway-XXXXXX" };
	seen = (struct seen){ 0 };
	fault_clear(&why);
	if (!mkdtemp(b.dir))
		return -1;
	b.loop = loop_new();
	arena_init(&b.mem, 16 << 20);
	make_identity();
	b.forward.spool = spool_open(b.dir, "gateway", &why);
	b.back = http_server_new(NULL, &back, NULL);
	http_server_listen(b.back, b.loop, "127.0.0.1:0", b.back_address,
			   sizeof(b.back_address), &why);
	use_settings("");
	b.thread = forward_thread_new(&b.forward, b.loop);
	b.handler = forward_handler;
	b.handler.arg = &b.forward;
	b.front = http_server_new(NULL, &b.handler, NULL);
	http_server_listen(b.front, b.loop, "127.0.0.1:0", b.front_address,
			   sizeof(b.front_address), &why);
	b.front_target = target_new(b.front_address, &why);
	b.client = http_client_new(b.loop, b.front_target, NULL, NULL);
	return why.code ? -1 : 0;
}

static void remove_dir(void)
{
	DIR *dir = opendir(b.dir);
	struct dirent *entry;
	char path[512];

	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s", b.dir, entry->d_name);
		unlink(path);
	}
	closedir(dir);
	rmdir(b.dir);
}

static int teardown(void **state)
{
	(void)state;
	http_client_free(b.client);
	http_server_free(b.front);
	forward_thread_free(b.thread);
	http_server_free(b.back);
	for (size_t i = 0; i < b.forward.backend_count; i++)
		target_free(b.forward.backends[i].target);
	target_free(b.front_target);
	plan_free(atomic_load(&b.forward.plan));
	identity_free(b.forward.identity);
	caller_free((struct caller *)b.forward.caller);
	spool_close(b.forward.spool);
	keyset_free(b.users);
	keyset_free(b.services);
	revocations_free(b.revocations);
	key_release(b.key);
	arena_release(&b.mem);
	buffer_release(&b.token);
	loop_free(b.loop);
	remove_dir();
	return 0;
}

/* ---- asking ----------------------------------------------------------------
 */

struct ask {
	const char *method, *path, *authorization, *type, *body;
	struct http_header more[3];
};

static struct answer {
	int error, status;
	char body[1024], headers[2048];
} got;

static void on_done(struct http_call *call)
{
	struct answer *a = call->user;
	size_t used = 0;

	a->error = call->error;
	a->status = call->status;
	snprintf(a->body, sizeof(a->body), "%.*s", SLICE_ARGS(call->answer));
	for (size_t i = 0; i < call->answer_headers.count; i++) {
		const struct http_header *row = &call->answer_headers.rows[i];

		used += (size_t)snprintf(a->headers + used,
					 sizeof(a->headers) - used,
					 "%.*s: %.*s\n", SLICE_ARGS(row->name),
					 SLICE_ARGS(row->value));
	}
	loop_stop(b.loop);
}

static void start(struct http_call *call, const struct ask *ask,
		  struct http_header rows[8])
{
	size_t count = 0;

	if (ask->authorization)
		rows[count++] = line("Authorization", ask->authorization);
	if (ask->type)
		rows[count++] = line("Content-Type", ask->type);
	for (size_t i = 0; i < ROWS(ask->more); i++)
		if (ask->more[i].name.size)
			rows[count++] = ask->more[i];
	*call = (struct http_call){
		.method = ask->method,
		.path = ask->path,
		.headers = rows,
		.header_count = count,
		.body = slice_of(ask->body ? ask->body : ""),
		.done = on_done,
		.user = &got,
	};
	http_client_call(b.client, call);
}

static void do_ask(struct ask ask)
{
	struct http_header rows[8];
	struct http_call call;

	got = (struct answer){ 0 };
	start(&call, &ask, rows);
	loop_run(b.loop);
	assert_int_equal(got.error, 0);
}

#define HAS(text) assert_non_null(strstr(got.headers, text))
#define HAS_NOT(text) assert_null(strstr(got.headers, text))

static void test_connect(void **state)
{
	(void)state;
	do_ask((struct ask){
	    .method = "POST",
	    .path = GAME "GetMatch",
	    .authorization = b.authorization,
	    .type = "application/proto",
	    .body = "\x0a\x01m",
	    .more = { line("parlor-evil", "1"), line("parlor-caller", "me"),
		      line("traceparent", "00-0af7651916cd43dd8448eb211c80319c-"
					  "b7ad6b7169203331-01") } });
	assert_int_equal(got.status, 200);
	assert_string_equal(got.body, "\x0a\x03\x0a\x01m");
	HAS("content-type: application/proto\n");
	HAS("X-Answer: y\n");
	HAS("x-request-id: ");
	HAS_NOT("parlor-secret");
	assert_string_equal(seen.path, GAME "GetMatch?");
	assert_string_equal(seen.body, "\x0a\x01m");
	assert_string_equal(seen.authorization, b.authorization);
	assert_string_equal(seen.evil, "");
	assert_true(strlen(seen.caller) > 100); /* ours, and signed */
	assert_memory_equal(seen.trace, "00-0af7651916cd43dd8448eb211c80319c-",
			    36);
	assert_true(strstr(seen.trace, "b7ad6b7169203331") == NULL);
	assert_in_range(strtol(seen.timeout, NULL, 10), 28000, 29000);
}

static void test_connect_get(void **state)
{
	(void)state;
	do_ask((struct ask){ .method = "GET",
			     .path = GAME "GetMatch?encoding=proto&base64=1&"
					  "message=CgFt",
			     .authorization = b.authorization,
			     .more = { line("connect-timeout-ms", "500"),
				       line("connection", "x-hop"),
				       line("x-hop", "1") } });
	assert_int_equal(got.status, 200);
	assert_string_equal(seen.path, GAME "GetMatch?encoding=proto&base64=1&"
					    "message=CgFt");
	assert_in_range(strtol(seen.timeout, NULL, 10), 1, 500);
	assert_string_equal(seen.connection, "");
}

static void test_rest(void **state)
{
	(void)state;
	do_ask((struct ask){ .method = "GET",
			     .path = "/matches/m?known_version=3",
			     .authorization = b.authorization,
			     .more = { line("accept-encoding", "gzip") } });
	assert_int_equal(got.status, 200);
	assert_string_equal(got.body, "{\"match\":{\"matchId\":\"m\"}}");
	HAS("content-type: application/json\n");
	assert_string_equal(seen.path, GAME "GetMatch?");
	assert_string_equal(seen.body, "\x0a\x01m\x10\x03");
	assert_string_equal(seen.type, "application/proto");
	assert_string_equal(seen.accept, ""); /* we must read its answer */
	assert_string_equal(seen.authorization, b.authorization);
	do_ask((struct ask){ .method = "POST",
			     .path = "/matches",
			     .authorization = b.authorization,
			     .type = "application/json",
			     .body = "{\"game\":\"connect-four\"}" });
	assert_int_equal(got.status, 200);
	assert_string_equal(seen.body, "\x0a\x0c"
				       "connect-four");
	do_ask((struct ask){ .method = "HEAD",
			     .path = "/matches/m",
			     .authorization = b.authorization });
	assert_int_equal(got.status, 200);
	assert_string_equal(got.body, "");
}

/* Every refusal has Connect's body, whoever made it. */
static void test_errors(void **state)
{
	static char long_body[2000];
	const struct {
		const char *name;
		struct ask ask;
		int status;
		const char *body, *header;
		bool reached; /* the back end */
	} cases[] = {
		{ "no token",
		  { .method = "POST",
		    .path = GAME "GetMatch",
		    .authorization = NULL,
		    .type = "application/proto" },
		  401,
		  "\"code\":\"unauthenticated\"",
		  "www-authenticate: Bearer\n",
		  false },
		{ "no token, REST",
		  { .method = "GET", .path = "/matches/m" },
		  401,
		  "\"code\":\"unauthenticated\"",
		  "www-authenticate: Bearer\n",
		  false },
		{ "a token of nobody's",
		  { .method = "GET",
		    .path = "/matches/m",
		    .authorization = "Bearer abc" },
		  401,
		  "\"code\":\"unauthenticated\"",
		  "www-authenticate: Bearer\n",
		  false },
		{ "an old token",
		  { .method = "GET",
		    .path = "/matches/m",
		    .authorization = b.expired },
		  401,
		  "\"code\":\"unauthenticated\"",
		  "www-authenticate: Bearer\n",
		  false },
		{ "an old token where none is needed",
		  { .method = "GET",
		    .path = "/open",
		    .authorization = b.expired },
		  401,
		  "\"code\":\"unauthenticated\"",
		  "",
		  false },
		{ "another scheme",
		  { .method = "GET",
		    .path = "/matches/m",
		    .authorization = "Basic YTpi" },
		  401,
		  "\"code\":\"unauthenticated\"",
		  "",
		  false },
		{ "two tokens",
		  { .method = "GET",
		    .path = "/matches/m",
		    .authorization = b.authorization,
		    .more = { line("authorization", "Bearer x") } },
		  400,
		  "\"code\":\"invalid_argument\"",
		  "",
		  false },
		{ "an unknown rpc",
		  { .method = "POST",
		    .path = GAME "Cheat",
		    .authorization = b.authorization },
		  404,
		  "\"code\":\"unimplemented\"",
		  "content-type: application/json\n",
		  false },
		{ "an unknown path",
		  { .method = "GET",
		    .path = "/cheat",
		    .authorization = b.authorization },
		  404,
		  "\"code\":\"unimplemented\"",
		  "content-type: application/json\n",
		  false },
		{ "another verb",
		  { .method = "DELETE",
		    .path = "/matches",
		    .authorization = b.authorization },
		  405,
		  "\"code\":\"unimplemented\"",
		  "allow: POST\n",
		  false },
		{ "another verb for an rpc",
		  { .method = "GET",
		    .path = GAME "PlayMove",
		    .authorization = b.authorization },
		  405,
		  "\"code\":\"unimplemented\"",
		  "allow: POST\n",
		  false },
		{ "a long body",
		  { .method = "POST",
		    .path = GAME "PlayMove",
		    .authorization = b.authorization,
		    .type = "application/proto",
		    .body = long_body },
		  413,
		  "\"code\":\"resource_exhausted\"",
		  "",
		  false },
		{ "a bad timeout",
		  { .method = "POST",
		    .path = GAME "PlayMove",
		    .authorization = b.authorization,
		    .more = { line("connect-timeout-ms", "1s") } },
		  400,
		  "\"code\":\"invalid_argument\"",
		  "",
		  false },
		{ "no time left",
		  { .method = "POST",
		    .path = GAME "PlayMove",
		    .authorization = b.authorization,
		    .more = { line("connect-timeout-ms", "0") } },
		  504,
		  "\"code\":\"deadline_exceeded\"",
		  "",
		  false },
		{ "bad JSON",
		  { .method = "POST",
		    .path = "/matches",
		    .authorization = b.authorization,
		    .type = "application/json",
		    .body = "{\"game\":1}" },
		  400,
		  "game",
		  "",
		  false },
		{ "refused by the service",
		  { .method = "POST",
		    .path = GAME "PlayMove",
		    .authorization = b.authorization,
		    .type = "application/proto",
		    .body = "\x0a\x01"
			    "f" },
		  400,
		  "{\"code\":\"failed_precondition\",\"message\":\"not your "
		  "turn\"}",
		  "content-type: application/json\n",
		  true },
		{ "the same, by REST",
		  { .method = "GET",
		    .path = "/matches/f",
		    .authorization = b.authorization },
		  400,
		  "\"message\":\"not your turn\"",
		  "content-type: application/json\n",
		  true },
		{ "a bare error gets a body",
		  { .method = "POST",
		    .path = GAME "PlayMove",
		    .authorization = b.authorization,
		    .type = "application/proto",
		    .body = "\x0a\x01"
			    "b" },
		  503,
		  "{\"code\":\"unavailable\"",
		  "content-type: application/json\n",
		  true },
		{ "an answer that is no message",
		  { .method = "GET",
		    .path = "/matches/n",
		    .authorization = b.authorization },
		  502,
		  "\"code\":",
		  "",
		  true },
		{ "too slow",
		  { .method = "POST",
		    .path = "/slow/p",
		    .authorization = b.authorization },
		  504,
		  "\"code\":\"deadline_exceeded\"",
		  "",
		  true },
		{ "nobody there",
		  { .method = "GET",
		    .path = "/away",
		    .authorization = b.authorization },
		  503,
		  "\"code\":\"unavailable\"",
		  "retry-after: 1\n",
		  false },
	};

	(void)state;
	memset(long_body, 'x', sizeof(long_body) - 1);
	for (size_t i = 0; i < ROWS(cases); i++) {
		int before = seen.requests;

		do_ask(cases[i].ask);
		if (got.status != cases[i].status ||
		    !strstr(got.body, cases[i].body) ||
		    !strstr(got.headers, cases[i].header) ||
		    (seen.requests != before) != cases[i].reached)
			fail_msg("%s: status %d %s\n%s", cases[i].name,
				 got.status, got.body, got.headers);
	}
}

static void test_public(void **state)
{
	(void)state;
	do_ask((struct ask){ .method = "GET", .path = "/open?limit=5" });
	assert_int_equal(got.status, 200);
	assert_string_equal(seen.authorization, "");
	do_ask((struct ask){
	    .method = "GET", .path = "/open", .authorization = "Basic YTpi" });
	assert_int_equal(got.status, 200);
	assert_string_equal(seen.authorization, "Basic YTpi");
}

static void test_options(void **state)
{
	(void)state;
	do_ask((struct ask){ .method = "OPTIONS", .path = "/matches/m" });
	assert_int_equal(got.status, 204);
	HAS("allow: GET, HEAD\n");
	assert_int_equal(seen.requests, 0);
}

static void test_throttles(void **state)
{
	(void)state;
	use_settings("  user_rate_limit: 1\n  user_burst_limit: 2\n");
	for (int i = 0; i < 3; i++)
		do_ask((struct ask){ .method = "GET",
				     .path = "/matches/m",
				     .authorization = b.authorization });
	assert_int_equal(got.status, 429);
	assert_non_null(strstr(got.body, "\"code\":\"resource_exhausted\""));
	assert_non_null(strstr(got.body, "of this user"));
	HAS("retry-after: 1\n");
	do_ask((struct ask){ .method = "GET", .path = "/open" });
	assert_int_equal(got.status, 200);
	use_settings("  address_rate_limit: 1\n  address_burst_limit: 1\n");
	do_ask((struct ask){ .method = "GET", .path = "/open" });
	assert_int_equal(got.status, 200);
	do_ask((struct ask){ .method = "GET", .path = "/open" });
	assert_int_equal(got.status, 429);
	assert_non_null(strstr(got.body, "of this address"));
}

static void test_sheds(void **state)
{
	struct http_header rows[8];
	const struct ask ask = { .method = "POST",
				 .path = "/slow/p",
				 .authorization = b.authorization };
	struct http_call parked;

	(void)state;
	use_settings("  concurrency: 1\n");
	start(&parked, &ask, rows);
	while (seen.requests == 0) {
		do_ask(
		    (struct ask){ .method = "OPTIONS", .path = "/matches/m" });
	}
	do_ask((struct ask){ .method = "GET",
			     .path = "/matches/m",
			     .authorization = b.authorization });
	assert_int_equal(got.status, 429);
	assert_non_null(strstr(got.body, "too many calls under way"));
	HAS("retry-after: 1\n");
	loop_run(b.loop); /* the parked one ends at its deadline */
	assert_int_equal(got.status, 504);
	do_ask((struct ask){ .method = "GET",
			     .path = "/matches/m",
			     .authorization = b.authorization });
	assert_int_equal(got.status, 200);
}

static void test_bill(void **state)
{
	struct spool_batch batch;
	struct arena mem;

	(void)state;
	do_ask((struct ask){ .method = "GET", .path = "/matches/m" });
	for (int i = 0; i < 3; i++)
		do_ask((struct ask){ .method = "GET",
				     .path = "/matches/m",
				     .authorization = b.authorization });
	arena_init(&mem, 1 << 20);
	assert_true(spool_batch(b.forward.spool, &mem, 10,
				clock_wall_ms() / 3600000, &batch));
	/* what was refused costs nothing */
	assert_int_equal(batch.count, 1);
	assert_int_equal(batch.rows[0].total, 3);
	assert_true(slice_is(batch.rows[0].key.principal, "user:s-1"));
	assert_true(
	    slice_is(batch.rows[0].key.resource, "GET /matches/{match_id}"));
	assert_string_equal(batch.rows[0].key.operation, "GetMatch");
	assert_string_equal(batch.rows[0].key.unit, "Calls");
	arena_release(&mem);
}

static void test_settings_refused(void **state)
{
	static const struct {
		const char *more, *words;
	} cases[] = {
		{ "  descriptors: [/nonexistent]\n",
		  "gateway.descriptors: cannot open '/nonexistent'" },
		{ "  timeout: 0s\n", "timeout" },
		{ "  concurrency: 0\n", "concurrency" },
		{ "  cors: x\n", "cors" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct fault why;
		struct plan *plan;

		fault_clear(&why);
		plan = read_plan(cases[i].more, &why);
		if (plan || !strstr(why.message, cases[i].words))
			fail_msg("'%s': %s", cases[i].more, why.message);
	}
}

#define WITH_GATEWAY(test) \
	cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_GATEWAY(test_connect),
		WITH_GATEWAY(test_connect_get),
		WITH_GATEWAY(test_rest),
		WITH_GATEWAY(test_errors),
		WITH_GATEWAY(test_public),
		WITH_GATEWAY(test_options),
		WITH_GATEWAY(test_throttles),
		WITH_GATEWAY(test_sheds),
		WITH_GATEWAY(test_bill),
		WITH_GATEWAY(test_settings_refused),
	};

	return cmocka_run_group_tests_name("forward", tests, NULL, NULL);
}
