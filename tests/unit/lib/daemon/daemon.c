/* tests/unit/lib/daemon/daemon.c - a daemon's whole life, from outside
 *
 * A child runs daemon_main with one operation and one slow path; the parent
 * talks to it by plain sockets and signals, as its users do.
 */
#include "lib/daemon/daemon.h"
#include "lib/base/clock.h"
#include "lib/crypto/keyfile.h"
#include "lib/rpc/call.h"
#include "parlor/gateway/v1/gateway.pb-c.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/parlor-daemon-XXXXXX";
static pid_t child;

enum { SLOW_MS = 400, SLOWER_MS = 8000 };

/* ---- the daemon -------------------------------------------------------------- */

struct settings {
	struct daemon_settings common;
	int64_t limit;
};

static const struct setting rows[] = { { "limit", SETTING_INTEGER,
					 offsetof(struct settings, limit), "3",
					 .help = "A limit.", .max = 10 },
				       { 0 } };

static void get_routes(struct call *c)
{
	Parlor__Gateway__V1__GetRoutesResponse answer =
	    PARLOR__GATEWAY__V1__GET_ROUTES_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

static const struct op ops[] = { { "GetRoutes", get_routes, OP_READ | OP_PUBLIC,
				   DOOR_CONNECT, NULL },
				 { 0 } };
static const struct op_service services[] = {
	{ .name = "parlor.gateway.v1.Gateway", .ops = ops }, { 0 }
};

static struct timer timer;
static struct http_request *slow;

static void answer_slow(struct timer *t)
{
	timer_release(t);
	http_respond(slow, 200, NULL, 0, SLICE("slow"));
}

static void handle(struct http_request *r, void *arg)
{
	const struct settings *s = daemon_settings(arg);
	char text[16];

	snprintf(text, sizeof(text), "%lld", (long long)s->limit);
	if (slice_starts(r->path, SLICE("/slow"))) {
		slow = r;
		timer_init(&timer, r->loop, answer_slow);
		timer_set(&timer,
			  slice_is(r->path, "/slow") ? SLOW_MS : SLOWER_MS);
	} else {
		http_respond(r, 200, NULL, 0, slice_of(text));
	}
}

static const struct http_handler other = { .handle = handle };

static void *start(struct daemon_state *s, struct fault *fault)
{
	(void)fault;
	return s;
}

static int check(const void *settings, struct fault *fault)
{
	const struct settings *s = settings;

	return s->limit == 7 ? fault_set(fault, E_INVALID, "not seven") : 0;
}

static int reload(struct daemon_state *s, void *service, struct fault *fault)
{
	const struct settings *now = daemon_settings(s);

	(void)service;
	return now->limit == 8 ? fault_set(fault, E_INVALID, "not eight") : 0;
}

static const struct daemon daemon_row = {
	.name = "parlor-gateway",
	.section = "gateway",
	.sentence = "a daemon to be tested",
	.settings = rows,
	.settings_size = sizeof(struct settings),
	.services = services,
	.other = &other,
	.port = 8080,
	.check = check,
	.start = start,
	.reload = reload,
};

/* ---- around it --------------------------------------------------------------- */

static const char *in_dir(const char *name)
{
	static char paths[4][256];
	static int turn;
	char *path = paths[turn++ % 4];

	snprintf(path, 256, "%s/%s", dir, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(in_dir(name), "we");

	fputs(text, file);
	fclose(file);
}

static const char *read_file(const char *name)
{
	static char text[1 << 16];
	FILE *file = fopen(in_dir(name), "re");
	size_t size = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

	if (file)
		fclose(file);
	text[size] = '\0';
	return text;
}

static void write_settings(const char *more)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "gateway:\n  listen: 127.0.0.1:0,unix:socket\n"
		 "  admin_listen: unix:admin\n  log_file: log\n"
		 "  threads: 2\n  kv: 127.0.0.1:1\n%s",
		 more);
	write_file("parlor.yaml", text);
}

static int run(const char *option)
{
	char data[256], address[256];
	char *argv[] = {
		"parlor-gateway", "--data",	  data, "--address-file",
		address,	  (char *)option, NULL
	};

	snprintf(data, sizeof(data), "%s", dir);
	snprintf(address, sizeof(address), "%s", in_dir("address"));
	return daemon_main(option ? 6 : 5, argv, &daemon_row);
}

static void run_child(void)
{
	unlink(in_dir("address"));
	unlink(in_dir("log"));
	fflush(NULL);
	child = fork();
	if (child == 0)
		exit(run(NULL)); /* which looks for leaks */
}

static bool wait_for(bool (*is)(void), int ms)
{
	int64_t until = clock_monotonic_ms() + ms;

	while (!is() && clock_monotonic_ms() < until)
		usleep(1000);
	return is();
}

static bool is_up(void)
{
	return access(in_dir("address"), F_OK) == 0;
}

static const char *wanted;

static bool is_logged(void)
{
	return strstr(read_file("log"), wanted) != NULL;
}

static void must_log(const char *text)
{
	wanted = text;
	if (!wait_for(is_logged, 5000))
		fail_msg("no '%s' in %s", text, read_file("log"));
}

static int start_child(void **state)
{
	(void)state;
	write_settings("");
	run_child();
	return wait_for(is_up, 10000) ? 0 : -1;
}

static int exit_status(void)
{
	int status;

	waitpid(child, &status, 0);
	child = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int stop_child(void **state)
{
	(void)state;
	if (child) {
		kill(child, SIGKILL);
		exit_status();
	}
	return 0;
}

static int open_public(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const char *port = strrchr(read_file("address"), ':');

	to.sin_port = htons((uint16_t)strtoul(port + 1, NULL, 10));
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int open_unix(const char *name)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s/%s", dir, name);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static int open_admin(void)
{
	return open_unix("admin");
}

static void ask(int fd, const char *line, const char *body)
{
	char text[1024];
	int size =
	    snprintf(text, sizeof(text),
		     "%s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
		     "%sContent-Length: %zu\r\n\r\n%s",
		     line, body ? "Content-Type: application/json\r\n" : "",
		     body ? strlen(body) : 0, body ? body : "");

	assert_int_equal(write(fd, text, (size_t)size), size);
}

static const char *answer(int fd)
{
	static char text[1 << 18];
	size_t size = 0;
	ssize_t got;

	while (size < sizeof(text) - 1 &&
	       (got = read(fd, text + size, sizeof(text) - 1 - size)) > 0)
		size += (size_t)got;
	text[size] = '\0';
	close(fd);
	return text;
}

static void must_answer(int fd, const char *line, const char *body,
			const char *status, const char *end)
{
	const char *text;

	ask(fd, line, body);
	text = answer(fd);
	if (strncmp(text + 9, status, 3) != 0 || !strstr(text, end))
		fail_msg("%s: got %s", line, text);
}

/* ---- tests ------------------------------------------------------------------- */

static void test_answers(void **state)
{
	static const struct {
		const char *line, *body, *status, *end;
	} cases[] = {
		{ "GET /healthz", NULL, "200", "\r\n\r\nok\n" },
		{ "GET /readyz", NULL, "200", "\r\n\r\nready\n" },
		{ "POST /healthz", NULL, "405", "GET, HEAD" },
		{ "GET /else", NULL, "200", "\r\n\r\n3" },
		{ "POST /parlor.gateway.v1.Gateway/GetRoutes", "{}", "200",
		  "\r\n\r\n{}" },
		{ "POST /parlor.gateway.v1.Gateway/GetRoutes", "{", "400",
		  "invalid_argument" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		must_answer(open_public(), cases[i].line, cases[i].body,
			    cases[i].status, cases[i].end);
		must_answer(open_unix("socket"), cases[i].line, cases[i].body,
			    cases[i].status, cases[i].end);
	}
	assert_memory_equal(read_file("address"), "127.0.0.1:", 10);
	must_log("\"operation\":\"GetRoutes\",\"principal\":\"anonymous\","
		 "\"status\":200,\"code\":\"ok\"");
	must_answer(open_admin(), "GET /metrics", NULL, "200",
		    "parlor_requests_total{operation=\"GetRoutes\",code="
		    "\"invalid_argument\"} 2\n");
	must_answer(open_admin(), "GET /readyz", NULL, "200", "ready");
	must_answer(open_admin(), "GET /else", NULL, "404", "not found");
	must_answer(open_public(), "GET /metrics", NULL, "200", "\r\n\r\n3");
}

static void test_is_ready_soon(void **state)
{
	int64_t from;

	(void)state;
	write_settings("");
	from = clock_monotonic_ms();
	run_child();
	assert_true(wait_for(is_up, 5000));
	print_message("ready after %d ms\n",
		      (int)(clock_monotonic_ms() - from));
	must_answer(open_public(), "GET /readyz", NULL, "200", "ready");
	assert_int_equal(run("--health"), 0);
}

static void test_reloads(void **state)
{
	(void)state;
	write_settings("  limit: 5\n");
	kill(child, SIGHUP);
	must_log("the settings were read again");
	must_answer(open_public(), "GET /x", NULL, "200", "\r\n\r\n5");
	write_settings("  limit: 55\n");
	kill(child, SIGHUP);
	must_log("the settings stay as they were: ");
	must_log("gateway.limit: more than 10");
	must_answer(open_public(), "GET /x", NULL, "200", "\r\n\r\n5");
	write_settings("  limit: 7\n");
	kill(child, SIGHUP);
	must_log("stay as they were: not seven");
	write_settings("  limit: 8\n");
	kill(child, SIGHUP);
	must_log("stay as they were: not eight");
	must_answer(open_public(), "GET /x", NULL, "200", "\r\n\r\n5");
	write_settings("  limit: 5\n  body_max: 1MB\n");
	kill(child, SIGHUP);
	must_log("body_max changes with the next start");
	rename(in_dir("log"), in_dir("log.1"));
	write_settings("  limit: 6\n");
	kill(child, SIGHUP);
	must_log("the settings were read again");
	must_answer(open_public(), "GET /x", NULL, "200", "\r\n\r\n6");
}

static void test_drains(void **state)
{
	int busy = open_public(), idle = open_public();
	const char *text;

	(void)state;
	ask(busy, "GET /slow", NULL);
	usleep(100000);
	kill(child, SIGTERM);
	must_log("stops");
	text = answer(busy);
	assert_non_null(strstr(text, "\r\n\r\nslow"));
	assert_int_equal(read(idle, &(char){ 0 }, 1), 0);
	close(idle);
	assert_int_equal(open_public(), -1);
	assert_int_equal(exit_status(), 0);
}

static void test_second_signal_ends_at_once(void **state)
{
	int busy = open_public();
	int64_t from;

	(void)state;
	ask(busy, "GET /slower", NULL);
	usleep(50000);
	from = clock_monotonic_ms();
	kill(child, SIGTERM);
	must_log("stops");
	kill(child, SIGTERM);
	assert_int_equal(exit_status(), 0);
	assert_true(clock_monotonic_ms() - from < SLOWER_MS - 1000);
	close(busy);
}

static void test_drain_has_an_end(void **state)
{
	int busy;

	(void)state;
	write_settings("  drain_ms: 50\n");
	run_child();
	assert_true(wait_for(is_up, 5000));
	busy = open_public();
	ask(busy, "GET /slower", NULL);
	usleep(50000);
	kill(child, SIGTERM);
	assert_int_equal(exit_status(), 0);
	close(busy);
}

#define TEN "0123456789"
#define LONG_NAME TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "1234567"

static void test_refuses(void **state)
{
	static const struct {
		const char *settings, *why;
	} cases[] = {
		{ "gateway: {listen: '0.0.0.0:8080'}\n",
		  "gateway.listen: '0.0.0.0:8080' is not loopback: it needs "
		  "tls_certificate and tls_key, or behind_proxy: true\n" },
		{ "gateway: {listen: '127.0.0.1:1,0.0.0.0:8080'}\n",
		  "is not loopback" },
		{ "gateway: {behind_proxy: true, listen: 'h,unix:/" LONG_NAME
		  "'}\n",
		  "gateway.listen: the path of 'unix:/" LONG_NAME
		  "' has more than 107 bytes\n" },
		{ "gateway: {admin_listen: '0.0.0.0:9080'}\n",
		  "gateway.admin_listen: '0.0.0.0:9080' is not loopback\n" },
		{ "gateway: {tls_key: x}\n",
		  "gateway.tls_certificate: is required beside" },
		{ "gateway: {limit: 7}\n", "not seven" },
		{ "gatewy: {}\n", "gatewy: no such section (is 'gateway'" },
	};
	int saved = dup(STDERR_FILENO);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int status;

		write_file("parlor.yaml", cases[i].settings);
		assert_non_null(freopen(in_dir("err"), "we", stderr));
		status = run("--check");
		fflush(stderr);
		dup2(saved, STDERR_FILENO);
		if (status != 1 || !strstr(read_file("err"), cases[i].why))
			fail_msg("got %d, %s", status, read_file("err"));
	}
	close(saved);
	write_file("parlor.yaml",
		   "gateway: {listen: '0.0.0.0:1', behind_proxy: true}\n");
	assert_int_equal(run("--check"), 0);
}

/* Dies with its keys missing, and says which. */
static void test_does_not_start(void **state)
{
	(void)state;
	write_settings("  key_file: keys/none.pem\n");
	run_child();
	assert_int_equal(exit_status(), 1);
	assert_non_null(strstr(read_file("log"), "keys/none.pem"));
}

static void make_data(void)
{
	struct fault fault = { 0 };

	assert_non_null(mkdtemp(dir));
	mkdir(in_dir("keys"), 0700);
	key_release(
	    keyfile_make(in_dir("keys/gateway.pem"), KEY_ES256, &fault));
	write_file("keys/services.jwks", "{\"keys\":[]}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_answers, start_child,
						stop_child),
		cmocka_unit_test_teardown(test_is_ready_soon, stop_child),
		cmocka_unit_test_setup_teardown(test_reloads, start_child,
						stop_child),
		cmocka_unit_test_setup_teardown(test_drains, start_child,
						stop_child),
		cmocka_unit_test_setup_teardown(test_second_signal_ends_at_once,
						start_child, stop_child),
		cmocka_unit_test_teardown(test_drain_has_an_end, stop_child),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test_teardown(test_does_not_start, stop_child),
	};
	char command[300];
	int failed;

	make_data();
	failed = cmocka_run_group_tests_name("daemon", tests, NULL, NULL);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command) || failed;
}
