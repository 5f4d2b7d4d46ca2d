/* tests/unit/lib/daemon/follow.c - what a daemon keeps up with
 *
 * The daemon under test is its own auth and store: it serves the users' keys,
 * revocations and PutUsage to itself over a unix socket, and tells at /state
 * what it has learned.
 */
#include "lib/base/clock.h"
#include "lib/crypto/keyfile.h"
#include "lib/crypto/keyset.h"
#include "lib/crypto/revocations.h"
#include "lib/daemon/daemon.h"
#include "lib/item/item.h"
#include "lib/meter/spool.h"
#include "lib/rpc/call.h"
#include "parlor/kv/v1/kv.pb-c.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/parlor-follow-XXXXXX";
static pid_t child;

static const char *in_dir(const char *name)
{
	static char paths[4][256];
	static int turn;
	char *path = paths[turn++ % 4];

	snprintf(path, 256, "%s/%s", dir, name);
	return path;
}

static void write_bytes(const char *name, struct slice bytes)
{
	FILE *file = fopen(in_dir(name), "we");

	fwrite(bytes.data, 1, bytes.size, file);
	fclose(file);
}

static size_t read_bytes(const char *name, char *out, size_t size)
{
	FILE *file = fopen(in_dir(name), "re");
	size_t got = file ? fread(out, 1, size - 1, file) : 0;

	if (file)
		fclose(file);
	out[got] = '\0';
	return got;
}

/* ---- the daemon -------------------------------------------------------------- */

static _Atomic int64_t used, calls;

/* Two pages, then nothing new. */
static void query(struct call *c)
{
	Parlor__Kv__V1__QueryResponse answer =
	    PARLOR__KV__V1__QUERY_RESPONSE__INIT;
	const Parlor__Kv__V1__QueryRequest *request =
	    call_unpack(c, &parlor__kv__v1__query_request__descriptor);
	struct slice after, key = SLICE("1700000000000#a");
	ProtobufCBinaryData items[1];
	struct buffer item;

	if (!request)
		return call_end(c);
	after =
	    item_find_text(slice_make(request->expression_attribute_values.data,
				      request->expression_attribute_values.len),
			   ITEM_S, ":s");
	if (slice_equal(after, key))
		key = SLICE("1700000001000#b");
	buffer_init(&item, 4096);
	item_put_text(&item, "sk", ITEM_S, key);
	item_put_text(&item, "kind", ITEM_S, SLICE("jti"));
	item_put_text(&item, "value", ITEM_S, key);
	item_put_i64(&item, "expires_at", 4000000000);
	items[0] = (ProtobufCBinaryData){ buffer_size(&item),
					  item.block + item.start };
	answer.items = items;
	answer.n_items = 1;
	answer.has_last_evaluated_key = slice_is(key, "1700000000000#a");
	answer.last_evaluated_key = items[0];
	call_reply(c, &answer.base);
	buffer_release(&item);
}

/* Refuses the first time, so that it must come again. */
static void put_usage(struct call *c)
{
	Parlor__Kv__V1__PutUsageResponse answer =
	    PARLOR__KV__V1__PUT_USAGE_RESPONSE__INIT;
	const Parlor__Kv__V1__PutUsageRequest *request =
	    call_unpack(c, &parlor__kv__v1__put_usage_request__descriptor);

	if (!request)
		return call_end(c);
	if (!slice_is(c->principal.text, "service:kv"))
		call_fail(c, E_DENIED, "not a service");
	if (atomic_fetch_add(&calls, 1) == 0)
		call_fail(c, E_UNAVAILABLE, "not yet");
	for (size_t i = 0; !call_failed(c) && i < request->n_totals; i++)
		if (strcmp(request->totals[i]->key->unit, "Calls") == 0)
			atomic_store(&used, request->totals[i]->quantity);
	call_reply(c, &answer.base);
}

static const struct op ops[] = {
	{ "Query", query, OP_READ | OP_SERVICE, DOOR_CONNECT, NULL },
	{ "PutUsage", put_usage, OP_WRITE | OP_SERVICE, DOOR_CONNECT, NULL },
	{ 0 }
};
static const struct op_service services[] = {
	{ .name = "parlor.kv.v1.KeyValue", .ops = ops }, { 0 }
};

static void put_state(struct daemon_state *s, struct buffer *text)
{
	buffer_printf(text, "used %lld, revoked %zu, keys ",
		      (long long)atomic_load(&used),
		      revocations_count(daemon_revocations(s)));
	keyset_put_jwks(daemon_user_keys(s), text);
}

static void handle(struct http_request *r, void *arg)
{
	char keys[4096];
	struct buffer text;

	buffer_init(&text, 65536);
	if (slice_is(r->path, "/local_A/.well-known/jwks.json"))
		buffer_put(&text, keys,
			   read_bytes("users.json", keys, sizeof(keys)));
	else if (slice_is(r->path, "/state"))
		put_state(arg, &text);
	else
		keyset_want(daemon_user_keys(arg));
	http_respond(r, 200, NULL, 0, buffer_slice(&text));
	buffer_release(&text);
}

static const struct http_handler other = { .handle = handle };

static void *start(struct daemon_state *s, struct fault *fault)
{
	(void)fault;
	for (int i = 0; i < 5; i++)
		spool_add(daemon_spool(s),
			  &(struct spool_key){ .principal = SLICE("user:a"),
					       .operation = "Get",
					       .unit = "Calls",
					       .hour = 1 },
			  1);
	return s;
}

static const struct daemon daemon_row = {
	.name = "parlor-kv",
	.section = "kv",
	.settings_size = sizeof(struct daemon_settings),
	.services = services,
	.other = &other,
	.start = start,
};

/* ---- around it --------------------------------------------------------------- */

static int start_child(void **state)
{
	char data[256];
	char *argv[] = { "parlor-kv", "--data", data, NULL };

	(void)state;
	snprintf(data, sizeof(data), "%s", dir);
	fflush(NULL);
	child = fork();
	if (child == 0)
		exit(daemon_main(3, argv, &daemon_row));
	return 0;
}

static int stop_child(void **state)
{
	int status;

	(void)state;
	kill(child, SIGTERM);
	waitpid(child, &status, 0);
	return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

static const char *get(const char *path)
{
	static char text[1 << 16];
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t size = 0;
	ssize_t got;

	snprintf(to.sun_path, sizeof(to.sun_path), "%s/socket", dir);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0) {
		dprintf(fd,
			"GET %s HTTP/1.1\r\nHost: h\r\nConnection: "
			"close\r\n\r\n",
			path);
		while ((got = read(fd, text + size, sizeof(text) - 1 - size)) >
		       0)
			size += (size_t)got;
	}
	text[size] = '\0';
	close(fd);
	return text;
}

static void must_become(const char *part)
{
	int64_t until = clock_monotonic_ms() + 8000;

	while (!strstr(get("/state"), part)) {
		if (clock_monotonic_ms() > until)
			fail_msg("no '%s' in %s", part, get("/state"));
		usleep(10000);
	}
}

static void serve_keys(const char *id)
{
	struct key *key = key_generate(KEY_RS256);
	struct buffer b;

	buffer_init(&b, 4096);
	buffer_put_text(&b, "{\"keys\":[");
	key_put_jwk(key, id, &b);
	buffer_put_text(&b, "]}");
	write_bytes("users.json", buffer_slice(&b));
	buffer_release(&b);
	key_release(key);
}

static void test_follows(void **state)
{
	char copy[4096];

	(void)state;
	must_become("used 5, revoked 2");
	must_become("\"kid\":\"first\"");
	assert_true(read_bytes("spool/kv.users.jwks", copy, sizeof(copy)) > 0);
	assert_non_null(strstr(copy, "\"first\""));
	serve_keys("second");
	get("/want");
	must_become("\"kid\":\"second\"");
}

/* Auth is away: the last run's keys are there at once. */
static void test_starts_with_the_copy(void **state)
{
	(void)state;
	write_bytes("users.json", SLICE("gone"));
	must_become("\"kid\":\"second\"");
	must_become("revoked 2");
}

static void make_data(void)
{
	struct fault fault = { 0 };
	struct key *key;
	struct buffer b;

	assert_non_null(mkdtemp(dir));
	mkdir(in_dir("keys"), 0700);
	key = keyfile_make(in_dir("keys/kv.pem"), KEY_ES256, &fault);
	buffer_init(&b, 4096);
	buffer_put_text(&b, "{\"keys\":[");
	key_put_jwk(key, "kv", &b);
	buffer_put_text(&b, "]}");
	write_bytes("keys/services.jwks", buffer_slice(&b));
	key_release(key);
	buffer_reset(&b);
	buffer_printf(&b,
		      "suite:\n  auth: unix:%s/socket\n  kv: unix:%s/socket\n"
		      "  issuer: http://auth/local_A\n"
		      "  user_pool_id: local_A\n"
		      "kv:\n  listen: unix:%s/socket\n  log_file: log\n",
		      dir, dir, dir);
	write_bytes("parlor.yaml", buffer_slice(&b));
	buffer_release(&b);
	serve_keys("first");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_follows, start_child,
						stop_child),
		cmocka_unit_test_setup_teardown(test_starts_with_the_copy,
						start_child, stop_child),
	};
	char command[300];
	int failed;

	make_data();
	failed = cmocka_run_group_tests_name("follow", tests, NULL, NULL);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command) || failed;
}
