/* tests/bench/function_warm.c - what a function costs beyond the host's own call
 *
 *	function_warm [--rounds N] PARLOR_GAME FUNCTIONS_DIR
 *
 * By turns over one unix socket to one parlor-game: a call that an echo
 * function answers, one of the same sizes that the host answers itself
 * (ListFunctions, with the echo's request as fields it doesn't know), and a
 * bare round trip of that size over a seqpacket socket. Prints a line of JSON:
 * the medians in microseconds, and what the function's is above the sum of the
 * others'.
 */
#include "lib/base/clock.h"
#include "tests/support/data_dir.h"
#include "tests/support/http_ask.h"

#include "parlor/function/v1/functions.pb-c.h"

#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/wait.h>

enum { ROUNDS_MAX = 100000, WARM = 200, MESSAGE_MAX = 1024 };

static struct data_dir dir;
static struct http_ask ask = { .fd = -1 };
static const char *program, *functions_dir;

static void die(const char *why)
{
	fprintf(stderr, "function_warm: %s\n", why);
	exit(2);
}

/* ---- the daemon --------------------------------------------------------------- */

static void write_files(void)
{
	static const char deployment[] =
	    "functions: [{name: Echo, executable: echo, rpc: "
	    "parlor.game.v1.Matches/GetMatch}]\n";
	char text[1024];

	snprintf(
	    text, sizeof(text),
	    "suite:\n  issuer: %s\n  user_pool_id: local_Test\n"
	    "  kv: 127.0.0.1:1\n  auth: 127.0.0.1:1\n"
	    "game:\n  listen: unix:%s/game\n  admin_listen: unix:%s/admin\n"
	    "  log_file: log\n  functions_dir: %s\n",
	    DATA_DIR_ISSUER, dir.path, dir.path, functions_dir);
	data_dir_write(&dir, "parlor.yaml", slice_of(text));
	data_dir_write(&dir, "functions/functions.yaml", slice_of(deployment));
}

static pid_t start_daemon(void)
{
	char *const arguments[] = { "parlor-game", "--data", dir.path, NULL };
	pid_t daemon;

	if (posix_spawn(&daemon, program, NULL, NULL, arguments, environ) != 0)
		die("cannot start parlor-game");
	for (int i = 0; i < 1000 && ask.fd < 0; i++) {
		usleep(5000);
		http_ask_connect(&ask, data_dir_in(&dir, "game"));
	}
	if (ask.fd < 0)
		die("parlor-game is not there");
	return daemon;
}

/* ---- the three ways ------------------------------------------------------------- */

static struct slice call_bytes(const char *method, struct slice message,
			       char *out, size_t size)
{
	char headers[8192], user[4096], gateway[1024];

	data_dir_user_token(&dir, "ann", user, sizeof(user));
	data_dir_gateway_token(&dir, gateway, sizeof(gateway));
	snprintf(headers, sizeof(headers),
		 "authorization: Bearer %s\r\nparlor-caller: %s\r\n", user,
		 gateway);
	return slice_make(out,
			  http_ask_call(out, size, method, headers, message));
}

static int64_t timed_call(struct slice bytes)
{
	int64_t begun = clock_monotonic_ns();

	if (!http_ask_bytes(&ask, bytes) || ask.status != 200)
		die("a call failed");
	return clock_monotonic_ns() - begun;
}

/* The other end of the bare socket. */
static pid_t start_echo(int socket)
{
	pid_t child = fork();
	uint8_t bytes[MESSAGE_MAX];
	ssize_t size;

	if (child != 0)
		return child;
	while ((size = recv(socket, bytes, sizeof(bytes), 0)) > 0)
		if (send(socket, bytes, (size_t)size, 0) < 0)
			break;
	_exit(0);
}

static int64_t timed_round_trip(int socket, int epoll, struct slice message)
{
	int64_t begun = clock_monotonic_ns();
	uint8_t bytes[MESSAGE_MAX];
	struct epoll_event event;

	if (send(socket, message.data, message.size, 0) < 0 ||
	    epoll_wait(epoll, &event, 1, -1) != 1 ||
	    recv(socket, bytes, sizeof(bytes), 0) <= 0)
		die("a round trip failed");
	return clock_monotonic_ns() - begun;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static double median_us(int64_t *times, size_t count)
{
	size_t middle = count / 2;

	qsort(times, count, sizeof(*times), compare);
	return (double)times[middle] / 1000;
}

/* A request whose echo is as long as what ListFunctions answers. */
static struct slice echo_request(size_t answer_size, uint8_t out[MESSAGE_MAX])
{
	static uint8_t payload[MESSAGE_MAX];
	Parlor__Function__V1__InvokeRequest request =
	    PARLOR__FUNCTION__V1__INVOKE_REQUEST__INIT;

	request.has_payload = true;
	request.payload.data = payload;
	request.payload.len = answer_size - 2; /* tag and length */
	return slice_make(out,
			  parlor__function__v1__invoke_request__pack(&request,
								     out));
}

static void measure(size_t rounds)
{
	static const char list[] = "parlor.function.v1.Functions/ListFunctions";
	static int64_t own[ROUNDS_MAX], echo[ROUNDS_MAX], bare[ROUNDS_MAX];
	static char list_text[16384], echo_text[16384];
	struct epoll_event watch = { .events = EPOLLIN };
	uint8_t message[MESSAGE_MAX];
	struct slice request, list_call, echo_call;
	double own_us, echo_us, bare_us;
	int pair[2], epoll = epoll_create1(EPOLL_CLOEXEC);
	pid_t child;

	timed_call(call_bytes(list, (struct slice){ 0 }, list_text,
			      sizeof(list_text)));
	request = echo_request(ask.body.size, message);
	list_call = call_bytes(list, request, list_text, sizeof(list_text));
	echo_call = call_bytes("parlor.game.v1.Matches/GetMatch", request,
			       echo_text, sizeof(echo_text));
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0 ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, pair[0], &watch) != 0)
		die("no socket");
	child = start_echo(pair[1]);
	for (size_t i = 0; i < WARM + rounds; i++) {
		size_t at = i < WARM ? 0 : i - WARM;

		own[at] = timed_call(list_call);
		echo[at] = timed_call(echo_call);
		bare[at] = timed_round_trip(pair[0], epoll, request);
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	own_us = median_us(own, rounds);
	echo_us = median_us(echo, rounds);
	bare_us = median_us(bare, rounds);
	printf("{\"own_us\":%.1f,\"echo_us\":%.1f,\"round_trip_us\":%.1f,"
	       "\"function.warm\":%.1f}\n",
	       own_us, echo_us, bare_us, echo_us - own_us - bare_us);
}

int main(int argc, char **argv)
{
	uint64_t rounds = 5000;
	pid_t daemon;

	if (argc == 5 && strcmp(argv[1], "--rounds") == 0 &&
	    slice_to_u64(slice_of(argv[2]), ROUNDS_MAX, &rounds) == 0)
		argv += 2, argc -= 2;
	if (argc != 3) {
		fprintf(stderr, "usage: function_warm [--rounds N] PARLOR_GAME "
				"FUNCTIONS_DIR\n");
		return 2;
	}
	program = argv[1];
	functions_dir = argv[2];
	data_dir_make(&dir);
	write_files();
	daemon = start_daemon();
	measure(rounds);
	kill(daemon, SIGTERM);
	waitpid(daemon, NULL, 0);
	data_dir_release(&dir);
	return 0;
}
