/* tests/functions/act.c - does what the request names, good or bad
 *
 * The InvokeRequest's function_name is the act, its payload the argument; the
 * answer's payload says what came of it.
 */
#include "lib/base/clock.h"
#include "lib/function/frame.h"
#include "lib/function/function.h"

#include "parlor/function/v1/functions.pb-c.h"
#include "parlor/kv/v1/kv.pb-c.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void say(struct event *e, struct slice text)
{
	Parlor__Function__V1__InvokeResponse answer =
	    PARLOR__FUNCTION__V1__INVOKE_RESPONSE__INIT;

	answer.has_payload = true;
	answer.payload.data = (uint8_t *)(uintptr_t)text.data;
	answer.payload.len = text.size;
	event_reply(e, &answer.base);
}

/* ---- ends ------------------------------------------------------------------- */

static void crash(struct event *e, struct slice argument)
{
	static int *volatile nowhere;

	(void)e;
	(void)argument;
	raise(SIGSEGV); /* refused by the walls */
	*nowhere = 0;
}

static void leave(struct event *e, struct slice argument)
{
	(void)e;
	(void)argument;
	_exit(3);
}

static void nothing(struct event *e, struct slice argument)
{
	(void)e;
	(void)argument;
}

/* Busy for as many milliseconds as the argument says. */
static void spin(struct event *e, struct slice argument)
{
	uint64_t milliseconds = 0;
	int64_t end;

	slice_to_u64(argument, 1000000, &milliseconds);
	end = clock_monotonic_ms() + (int64_t)milliseconds;
	while (clock_monotonic_ms() < end)
		;
	say(e, argument);
}

static void eat(struct event *e, struct slice argument)
{
	(void)argument;
	for (;;) {
		void *piece = malloc(1 << 20);

		if (!piece)
			break;
		memset(piece, 1, 1 << 20);
	}
	say(e, SLICE("no more to eat"));
}

static void fill_arena(struct event *e, struct slice argument)
{
	(void)argument;
	while (arena_alloc(e->mem, 1 << 20))
		;
	say(e, SLICE("never heard"));
}

/* ---- bad manners on the socket ---------------------------------------------- */

static void send_raw(uint32_t kind, uint32_t number, uint32_t total,
		     size_t size)
{
	static uint8_t bytes[256 * 1024];
	struct frame head = { kind, number, total };

	memcpy(bytes, &head, sizeof(head));
	if (write(FRAME_TEMPLATE_FD, bytes, sizeof(head) + size) < 0)
		_exit(9);
}

static void call_after_answer(struct event *e, struct slice argument)
{
	say(e, argument);
	send_raw(FRAME_CALL, 1, 0, 0);
}

static void oversized(struct event *e, struct slice argument)
{
	(void)argument;
	send_raw(FRAME_ANSWER, 0, 100 * 1024, 100 * 1024);
	event_reply(e, NULL);
}

static void endless(struct event *e, struct slice argument)
{
	(void)argument;
	send_raw(FRAME_ANSWER, 0, UINT32_MAX, FRAME_PIECE_MAX);
	event_reply(e, NULL);
}

static void unknown_kind(struct event *e, struct slice argument)
{
	(void)argument;
	send_raw(77, 0, 0, 0);
	event_reply(e, NULL);
}

static void bad_call(struct event *e, struct slice argument)
{
	(void)argument;
	send_raw(FRAME_CALL, 1, 5, 5);
	event_reply(e, NULL);
}

static void bad_number(struct event *e, struct slice argument)
{
	(void)argument;
	send_raw(FRAME_CALL, 7, 0, 0);
	event_reply(e, NULL);
}

static void too_many_lines(struct event *e, struct slice argument)
{
	(void)argument;
	for (int i = 0; i <= FRAME_LOG_LINES; i++)
		send_raw(FRAME_LOG, 0, 1, 1);
	event_reply(e, NULL);
}

/* ---- what the walls must refuse --------------------------------------------- */

static bool opens_file(void)
{
	return open("/etc/passwd", O_RDONLY) >= 0;
}

static bool makes_file(void)
{
	return open("/tmp/made", O_CREAT | O_WRONLY, 0600) >= 0 ||
	       mkdir("/tmp/made.d", 0700) == 0;
}

static bool makes_socket(void)
{
	int pair[2];

	return socket(AF_INET, SOCK_STREAM, 0) >= 0 ||
	       socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ||
	       socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0;
}

static bool executes(void)
{
	char *const arguments[] = { (char *)(uintptr_t) "true", NULL };

	return execve("/bin/true", arguments, environ) == 0 || errno != EPERM;
}

static bool forks(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	return child > 0;
}

static bool signals(void)
{
	return kill(getppid(), 0) == 0 || kill(getpid(), 0) == 0 ||
	       kill(1, 0) == 0;
}

static bool traces(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ||
	       ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0;
}

static bool reads_parent(void)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { &environ, 1 };

	return process_vm_readv(getppid(), &here, 1, &there, 1, 0) > 0;
}

static bool makes_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool takes_privileges(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) >= 0 ||
	       unshare(CLONE_NEWUSER) == 0 || setuid(0) == 0 || wait(NULL) > 0;
}

static bool lifts_limits(void)
{
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };

	return setrlimit(RLIMIT_AS, &none) == 0 ||
	       setrlimit(RLIMIT_NOFILE, &none) == 0;
}

/* Nowhere three times, and its socket. */
static bool has_descriptors(void)
{
	char byte;

	for (int fd = FRAME_TEMPLATE_FD + 1; fd < 1024; fd++)
		if (read(fd, &byte, 1) >= 0 || errno != EBADF)
			return true;
	return false;
}

static bool has_environment(void)
{
	return environ && environ[0];
}

static void try_walls(struct event *e, struct slice argument)
{
	static const struct {
		const char *name;
		bool (*can)(void);
	} attempts[] = {
		{ "opens a file", opens_file },
		{ "makes a file", makes_file },
		{ "makes a socket", makes_socket },
		{ "executes", executes },
		{ "forks", forks },
		{ "signals", signals },
		{ "traces", traces },
		{ "reads its parent", reads_parent },
		{ "makes code", makes_code },
		{ "takes privileges", takes_privileges },
		{ "lifts limits", lifts_limits },
		{ "has descriptors", has_descriptors },
		{ "has an environment", has_environment },
	};
	char *all = arena_printf(e->mem, "walled in");

	(void)argument;
	for (size_t i = 0; i < sizeof(attempts) / sizeof(*attempts); i++)
		if (attempts[i].can())
			all = arena_printf(e->mem, "%s, but it %s", all,
					   attempts[i].name);
	say(e, slice_of(all));
}

/* ---- what a function may do -------------------------------------------------- */

/* Everything it was told, as text. */
static void tell(struct event *e, struct slice argument)
{
	uint64_t first = 0, second = 0;

	(void)argument;
	event_random(e, &first, sizeof(first));
	event_random(e, &second, sizeof(second));
	event_log(e, "told");
	event_cost_tag(e, "tag#1");
	say(e, slice_of(arena_printf(
		   e->mem, "%s %s %s %s %s %lld %s %s", e->function, e->method,
		   e->request_id, e->user.sub.data, e->user.username.data,
		   (long long)e->time_ms,
		   event_remaining_ms(e) > 0 ? "in time" : "late",
		   first && first != second ? "random" : "not random")));
}

static void call(struct event *e, struct slice argument)
{
	Parlor__Kv__V1__GetItemRequest request =
	    PARLOR__KV__V1__GET_ITEM_REQUEST__INIT;
	const Parlor__Kv__V1__GetItemResponse *answer;

	request.table_name = arena_copy(e->mem, argument.data, argument.size);
	answer =
	    event_call(e, "parlor.kv.v1.KeyValue/GetItem", &request.base,
		       &parlor__kv__v1__get_item_response__descriptor, NULL);
	if (answer)
		say(e, slice_make(answer->item.data, answer->item.len));
}

static void call_elsewhere(struct event *e, struct slice argument)
{
	Parlor__Kv__V1__GetItemRequest request =
	    PARLOR__KV__V1__GET_ITEM_REQUEST__INIT;

	(void)argument;
	event_call(e, "parlor.auth.v1.UserPool/GetUser", &request.base,
		   &parlor__kv__v1__get_item_response__descriptor, NULL);
}

/* Calls until it is refused, and says how often that went well. */
static void call_often(struct event *e, struct slice argument)
{
	Parlor__Kv__V1__GetItemRequest request =
	    PARLOR__KV__V1__GET_ITEM_REQUEST__INIT;
	struct fault fault = { 0 };
	int calls = 0;

	(void)argument;
	while (event_call(e, "parlor.kv.v1.KeyValue/GetItem", &request.base,
			  &parlor__kv__v1__get_item_response__descriptor,
			  &fault))
		calls++;
	say(e, slice_of(arena_printf(e->mem, "%d, then %s", calls,
				     fault_row(fault.code)->connect)));
}

/* Dies after a call: a read harms nobody, a write may have. */
static void call_and_die(struct event *e, struct slice argument)
{
	Parlor__Kv__V1__PutItemRequest request =
	    PARLOR__KV__V1__PUT_ITEM_REQUEST__INIT;

	(void)argument;
	event_call(e, "parlor.kv.v1.KeyValue/PutItem", &request.base,
		   &parlor__kv__v1__put_item_response__descriptor, NULL);
	_exit(4);
}

static void refuse(struct event *e, struct slice argument)
{
	Parlor__Function__V1__InvokeRequest detail =
	    PARLOR__FUNCTION__V1__INVOKE_REQUEST__INIT;

	detail.function_name = arena_copy(e->mem, argument.data, argument.size);
	event_fail(e, E_CONDITION, "refused: %.*s", SLICE_ARGS(argument));
	event_fail_detail(e, &detail.base);
	event_fail(e, E_DENIED, "and again");
	say(e, argument);
}

static void act(struct event *e)
{
	static const struct {
		const char *name;
		void (*act)(struct event *, struct slice argument);
	} acts[] = {
		{ "say", say },
		{ "crash", crash },
		{ "leave", leave },
		{ "nothing", nothing },
		{ "spin", spin },
		{ "eat", eat },
		{ "fill-arena", fill_arena },
		{ "call-after-answer", call_after_answer },
		{ "oversized", oversized },
		{ "endless", endless },
		{ "unknown-kind", unknown_kind },
		{ "bad-call", bad_call },
		{ "bad-number", bad_number },
		{ "too-many-lines", too_many_lines },
		{ "walls", try_walls },
		{ "tell", tell },
		{ "call", call },
		{ "call-elsewhere", call_elsewhere },
		{ "call-often", call_often },
		{ "call-and-die", call_and_die },
		{ "refuse", refuse },
	};
	const Parlor__Function__V1__InvokeRequest *request =
	    event_request(e, &parlor__function__v1__invoke_request__descriptor);

	for (size_t i = 0; request && i < sizeof(acts) / sizeof(*acts); i++)
		if (strcmp(acts[i].name, request->function_name) == 0)
			acts[i].act(e, slice_make(request->payload.data,
						  request->payload.len));
}

int main(int argc, char **argv)
{
	return function_main(argc, argv, act);
}
