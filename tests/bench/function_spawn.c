/* tests/bench/function_spawn.c - how soon a function's first answer comes
 *
 * links: service_game
 *
 *	function_spawn [--rounds N] EXECUTABLE
 *
 * Three ways from nothing to the first answer of an echo function, by turns:
 * the bare executable by posix_spawn, without walls; a new worker of a template
 * that runs; a template from its exec on, walls and first worker included. All
 * start by the host's own code. Prints a line of JSON: the medians in
 * microseconds and the two ratios that have a bar.
 */
#include "lib/base/clock.h"
#include "lib/function/frame.h"
#include "lib/function/keystream.h"
#include "lib/wire/message.h"
#include "services/game/host/filter.h"
#include "services/game/host/spawn.h"

#include "parlor/function/v1/event.pb-c.h"
#include "parlor/function/v1/functions.pb-c.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS_MAX = 10000, PAYLOAD = 200 };

static struct arena mem;
static struct host_filters filters;
static struct slice walls, event;
static const char *executable;

static void die(const char *why)
{
	fprintf(stderr, "function_spawn: %s\n", why);
	exit(2);
}

/* ---- messages, made once ---------------------------------------------------- */

static struct slice pack_walls(void)
{
	static uint8_t bytes[HOST_WALLS_MAX];
	struct fault fault = { 0 };

	if (host_filters_init(&filters, &fault) != 0)
		die(fault.message);
	return host_filters_walls(&filters, 64, bytes);
}

static struct slice pack_event(void)
{
	static uint8_t seed[KEYSTREAM_SEED], payload[PAYLOAD];
	Parlor__Function__V1__InvokeRequest request =
	    PARLOR__FUNCTION__V1__INVOKE_REQUEST__INIT;
	Parlor__Function__V1__Event m = PARLOR__FUNCTION__V1__EVENT__INIT;
	struct slice bytes;

	request.has_payload = true;
	request.payload.data = payload;
	request.payload.len = sizeof(payload);
	bytes = message_pack(&request.base, &mem);
	m.has_seed = m.has_payload = m.has_remaining_ms = true;
	m.seed.data = seed;
	m.seed.len = sizeof(seed);
	m.remaining_ms = 3000;
	m.payload.data = (uint8_t *)(uintptr_t)bytes.data;
	m.payload.len = bytes.size;
	return message_pack(&m.base, &mem);
}

/* ---- the three ways --------------------------------------------------------- */

static void make_pair(int pair[2])
{
	struct fault fault = { 0 };

	if (host_socket_pair(pair, &fault) != 0)
		die(fault.message);
}

static pid_t start(const char *mode, int pair[2])
{
	struct fault fault = { 0 };
	pid_t process = host_spawn(executable, mode, pair[1], &fault);

	if (process < 0)
		die(fault.message);
	close(pair[1]);
	return process;
}

static void send_event(int socket)
{
	if (frame_send(socket, FRAME_EVENT, 0, event) != 0)
		die("the worker has gone");
}

static void await_answer(int socket)
{
	static uint8_t buffer[FRAME_MAX];
	struct frame head;

	if (frame_receive(socket, buffer, 0) <= (int)sizeof(head))
		die("no answer");
	memcpy(&head, buffer, sizeof(head));
	if (head.kind != FRAME_ANSWER)
		die("a wrong answer");
}

static void end(pid_t process, int socket)
{
	close(socket);
	kill(process, SIGKILL);
	waitpid(process, NULL, 0);
}

static void order_walls(int control)
{
	if (frame_send(control, FRAME_WALLS, 0, walls) != 0)
		die("the template has gone");
}

/* The worker's socket. */
static int order_worker(int control)
{
	struct frame head = { FRAME_FORK, 1, 0 };
	int pair[2];

	make_pair(pair);
	if (frame_send_piece(control, &head, (struct slice){ 0 }, pair[1], 0) !=
	    1)
		die("the template has gone");
	close(pair[1]);
	return pair[0];
}

static int64_t bare_spawn(void)
{
	int64_t begun = clock_monotonic_ns();
	int pair[2];
	pid_t process;

	make_pair(pair);
	send_event(pair[0]);
	process = start("--worker", pair);
	await_answer(pair[0]);
	begun = clock_monotonic_ns() - begun;
	end(process, pair[0]);
	return begun;
}

static int64_t frozen(void)
{
	int64_t begun = clock_monotonic_ns();
	int pair[2], socket;
	pid_t process;

	make_pair(pair);
	order_walls(pair[0]);
	socket = order_worker(pair[0]);
	process = start("--template", pair);
	send_event(socket);
	await_answer(socket);
	begun = clock_monotonic_ns() - begun;
	close(socket);
	end(process, pair[0]);
	return begun;
}

/* Reports are read as they come, so that the template never waits. */
static int64_t new_worker(int control)
{
	static uint8_t buffer[FRAME_MAX];
	int64_t begun = clock_monotonic_ns();
	int socket = order_worker(control);

	send_event(socket);
	await_answer(socket);
	begun = clock_monotonic_ns() - begun;
	close(socket);
	while (frame_receive(control, buffer, MSG_DONTWAIT) > 0)
		;
	return begun;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static double median_us(int64_t *times, int count)
{
	int64_t *median = times + count / 2;

	qsort(times, (size_t)count, sizeof(*times), compare);
	return (double)*median / 1000;
}

static void measure(int rounds)
{
	static int64_t spawns[ROUNDS_MAX], forks[ROUNDS_MAX], all[ROUNDS_MAX];
	double spawn_us, fork_us, frozen_us;
	pid_t template;
	int pair[2];

	make_pair(pair);
	order_walls(pair[0]);
	template = start("--template", pair);
	for (int i = 0; i < rounds; i++) {
		spawns[i] = bare_spawn();
		forks[i] = new_worker(pair[0]);
		all[i] = frozen();
		usleep(1000); /* the dead are buried meanwhile */
	}
	end(template, pair[0]);
	spawn_us = median_us(spawns, rounds);
	fork_us = median_us(forks, rounds);
	frozen_us = median_us(all, rounds);
	printf("{\"spawn_us\":%.1f,\"template_us\":%.1f,\"frozen_us\":%.1f,"
	       "\"function.template\":%.3f,\"function.frozen\":%.3f}\n",
	       spawn_us, fork_us, frozen_us, fork_us / spawn_us,
	       frozen_us / spawn_us);
}

int main(int argc, char **argv)
{
	uint64_t rounds = 500;

	if (argc == 4 && strcmp(argv[1], "--rounds") == 0 &&
	    slice_to_u64(slice_of(argv[2]), ROUNDS_MAX, &rounds) == 0)
		argv += 2, argc -= 2;
	if (argc != 2) {
		fprintf(stderr, "usage: function_spawn [--rounds N] "
				"EXECUTABLE\n");
		return 2;
	}
	executable = argv[1];
	arena_init(&mem, 1 << 20);
	walls = pack_walls();
	event = pack_event();
	measure((int)rounds);
	return 0;
}
