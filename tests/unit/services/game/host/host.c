/* tests/unit/services/game/host/host.c - functions that behave and that don't
 *
 * Real processes of tests/functions under a host on a loop of our own; where
 * their calls go is played here.
 */
#include "services/game/host/host.h"
#include "lib/base/clock.h"
#include "lib/rpc/descriptor.h"
#include "lib/wire/message.h"
#include "services/game/host/filter.h"

#include "parlor/function/v1/functions.pb-c.h"
#include "parlor/kv/v1/kv.pb-c.h"

#include <grp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- the services behind the host ------------------------------------------ */

static struct {
	struct fault fault; /* what is answered, if not the item */
	struct slice item;
	bool hang;
	/* what was asked */
	int calls, cancelled;
	char method[64], on_behalf[64], token[64], table[64];
} services;

/* The client's names, played: nothing of lib/rpc/client.c is linked. */
void rpc_client_call(struct rpc_client *client, struct rpc_call *c)
{
	Parlor__Kv__V1__GetItemResponse answer =
	    PARLOR__KV__V1__GET_ITEM_RESPONSE__INIT;
	const Parlor__Kv__V1__GetItemRequest *request =
	    message_unpack(&parlor__kv__v1__get_item_request__descriptor,
			   c->request_bytes, c->mem, &c->fault);

	(void)client;
	services.calls++;
	snprintf(services.method, 64, "%s", c->method);
	snprintf(services.on_behalf, 64, "%.*s", SLICE_ARGS(c->on_behalf));
	snprintf(services.token, 64, "%.*s", SLICE_ARGS(c->user_token));
	snprintf(services.table, 64, "%s",
		 request && request->table_name ? request->table_name : "");
	if (services.hang)
		return;
	c->fault = services.fault;
	answer.has_item = true;
	answer.item.data = (uint8_t *)(uintptr_t)services.item.data;
	answer.item.len = services.item.size;
	if (c->fault.code == E_NONE)
		c->answer = message_pack(&answer.base, c->mem);
	c->done(c);
}

void rpc_client_cancel(struct rpc_client *client, struct rpc_call *c)
{
	(void)client;
	(void)c;
	services.cancelled++;
}

static const struct host_route routes[] = {
	{ "parlor.kv.v1.KeyValue", (struct rpc_client *)&services },
	{ NULL, NULL },
};

/* ---- a host to test --------------------------------------------------------- */

enum { HOSTS = 2, EVENTS = 16 };

static struct loop *loop;
static struct host_filters filters;
static struct host *hosts[HOSTS], *peers[HOSTS];
static struct host_deployment *deployed;

static const struct host_function function = {
	.name = "act",
	.executable = TEST_FUNCTIONS "/act",
	.rpc = "test.Acts/Act",
	.memory_mb = 64,
	.timeout_ms = 5000,
	.max_concurrency = 4,
	.keep_warm_s = 60,
	.queue = 10,
};

/* A deployment of one function, for one host or two sharing a loop. */
static void deploy(const struct host_function *f)
{
	deployed = calloc(1, sizeof(*deployed));
	deployed->references = 1;
	arena_init(&deployed->mem, 1 << 16);
	deployed->list.count = 1;
	deployed->list.rows = arena_alloc(&deployed->mem, sizeof(*f));
	memcpy(deployed->list.rows, f, sizeof(*f));
	deployed->gauges =
	    arena_array(&deployed->mem, 1, sizeof(*deployed->gauges));
	for (size_t i = 0; i < HOSTS && hosts[i]; i++)
		host_deploy(hosts[i], deployed);
}

static void start_hosts(const struct host_function *f, size_t count)
{
	struct fault fault = { 0 };

	memset(&services, 0, sizeof(services));
	services.item = SLICE("item");
	loop = loop_new();
	assert_int_equal(host_filters_init(&filters, &fault), 0);
	for (size_t i = 0; i < count; i++)
		hosts[i] = host_new(&(struct host_options){
		    .loop = loop,
		    .thread = i,
		    .threads = count,
		    .peers = peers,
		    .filters = &filters,
		    .descriptors = descriptor_set_parlor(),
		    .routes = routes,
		});
	deploy(f);
}

static void stop_hosts(void)
{
	for (size_t i = 0; i < HOSTS && hosts[i]; i++) {
		host_free(hosts[i]);
		hosts[i] = NULL;
	}
	host_deployment_release(deployed);
	loop_free(loop);
}

/* ---- events ------------------------------------------------------------------ */

struct run {
	struct host_invocation invocation;
	struct arena mem;
	bool over;
	struct slice text; /* the answer's payload */
};

static int unfinished, patience_ms;

static void on_done(struct host_invocation *i)
{
	struct run *r = i->user;
	struct fault fault = { 0 };
	const Parlor__Function__V1__InvokeResponse *answer;

	assert_false(r->over);
	r->over = true;
	if (i->fault.code == E_NONE) {
		answer = message_unpack(
		    &parlor__function__v1__invoke_response__descriptor,
		    i->answer, &r->mem, &fault);
		assert_non_null(answer);
		r->text = slice_make(answer->payload.data, answer->payload.len);
	}
	if (--unfinished == 0)
		loop_stop(loop);
}

static void begin(struct run *r, struct host *host, const char *act,
		  struct slice argument)
{
	Parlor__Function__V1__InvokeRequest request =
	    PARLOR__FUNCTION__V1__INVOKE_REQUEST__INIT;

	*r = (struct run){ 0 };
	arena_init(&r->mem, 64 << 20);
	request.function_name = (char *)(uintptr_t)act;
	request.has_payload = true;
	request.payload.data = (uint8_t *)(uintptr_t)argument.data;
	request.payload.len = argument.size;
	r->invocation = (struct host_invocation){
		.function = SLICE("act"),
		.request_id = SLICE("request-1"),
		.payload = message_pack(&request.base, &r->mem),
		.sub = SLICE("sub-1"),
		.username = SLICE("ann"),
		.user_token = SLICE("token-1"),
		.now_ms = 1234567,
		.remaining_ms = patience_ms,
		.mem = &r->mem,
		.done = on_done,
		.user = r,
	};
	unfinished++;
	host_invoke(host, &r->invocation);
}

/* Runs until every event that was begun is over. */
static void finish(void)
{
	if (unfinished)
		loop_run(loop);
	assert_int_equal(unfinished, 0);
}

static struct run *run(const char *act, const char *argument)
{
	static struct run r;

	arena_release(&r.mem);
	begin(&r, hosts[0], act, slice_of(argument));
	finish();
	return &r;
}

static void expect_text(const char *act, const char *argument, const char *text)
{
	struct run *r = run(act, argument);

	if (r->invocation.fault.code != E_NONE || !slice_is(r->text, text))
		fail_msg("%s: got %s '%.*s', want '%s'", act,
			 r->invocation.fault.message, SLICE_ARGS(r->text),
			 text);
}

static void expect_fault(const char *act, const char *argument, int code,
			 const char *message)
{
	struct run *r = run(act, argument);

	if (r->invocation.fault.code != code ||
	    !strstr(r->invocation.fault.message, message))
		fail_msg("%s: got %d '%s', want %d '%s'", act,
			 r->invocation.fault.code, r->invocation.fault.message,
			 code, message);
}

/* Turns the loop for a while, with nothing to wait for. */
static void on_pause_over(struct timer *timer)
{
	(void)timer;
	loop_stop(loop);
}

static void pause_for(int milliseconds)
{
	struct timer timer;

	timer_init(&timer, loop, on_pause_over);
	timer_set(&timer, milliseconds);
	loop_run(loop);
	timer_release(&timer);
}

/* Sends a signal to every process below, children's children first (0 sends
 * none). How many there are. */
static int signal_below(pid_t parent, int number)
{
	char path[64];
	FILE *file;
	int child, count = 0;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", parent,
		 parent);
	file = fopen(path, "r");
	while (file && fscanf(file, "%d", &child) == 1) {
		count += 1 + signal_below(child, number);
		kill(child, number);
	}
	if (file)
		fclose(file);
	return count;
}

static int count_below(pid_t parent)
{
	return signal_below(parent, 0);
}

/* ---- tests -------------------------------------------------------------------- */

static void test_event(void **state)
{
	struct run *r;

	(void)state;
	start_hosts(&function, 1);
	expect_text("say", "hello", "hello");
	expect_text("tell", "",
		    "act test.Acts/Act request-1 sub-1 ann 1234567 in time "
		    "random");
	r = run("tell", "");
	assert_string_equal(r->invocation.cost_tag, "tag#1");
	assert_int_equal(r->invocation.memory_bytes, 64 << 20);
	r = run("spin", "20");
	assert_in_range(r->invocation.duration_ms, 20, 2000);
	stop_hosts();
}

static void test_long_messages(void **state)
{
	static const size_t sizes[] = { 0,	1,	 65000,	 65536,
					131072, 1 << 20, 5 << 20 };
	struct run r;

	(void)state;
	start_hosts(&function, 1);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		uint8_t *bytes = malloc(sizes[i] + 1);

		memset(bytes, (int)i + 1, sizes[i]);
		begin(&r, hosts[0], "say", slice_make(bytes, sizes[i]));
		finish();
		assert_int_equal(r.invocation.fault.code, E_NONE);
		assert_true(slice_equal(r.text, slice_make(bytes, sizes[i])));
		arena_release(&r.mem);
		free(bytes);
	}
	stop_hosts();
}

static void test_too_long(void **state)
{
	struct run r;
	uint8_t *bytes = calloc(1, 9 << 20);

	(void)state;
	start_hosts(&function, 1);
	begin(&r, hosts[0], "say", slice_make(bytes, 9 << 20));
	finish();
	assert_int_equal(r.invocation.fault.code, E_EXHAUSTED);
	arena_release(&r.mem);
	free(bytes);
	expect_text("say", "still here", "still here");
	stop_hosts();
}

static void test_misbehaviour(void **state)
{
	static const struct {
		const char *act;
		int code;
		const char *message;
	} cases[] = {
		{ "crash", E_FUNCTION_CRASHED, "ended without an answer" },
		{ "leave", E_FUNCTION_CRASHED, "ended without an answer" },
		{ "nothing", E_INTERNAL, "gave no answer" },
		{ "fill-arena", E_EXHAUSTED, "bytes of memory" },
		{ "oversized", E_FUNCTION_CRASHED, "broke the rules" },
		{ "endless", E_FUNCTION_CRASHED, "broke the rules" },
		{ "unknown-kind", E_FUNCTION_CRASHED, "broke the rules" },
		{ "bad-call", E_FUNCTION_CRASHED, "broke the rules" },
		{ "bad-number", E_FUNCTION_CRASHED, "broke the rules" },
		{ "too-many-lines", E_FUNCTION_CRASHED, "broke the rules" },
		{ "call-elsewhere", E_DENIED, "may not call" },
		{ "refuse", E_CONDITION, "refused: it" },
	};

	(void)state;
	start_hosts(&function, 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		expect_fault(cases[i].act, "it", cases[i].code,
			     cases[i].message);
		expect_text("say", "the next is served", "the next is served");
	}
	/* it has answered: what comes after costs it its life, nothing more */
	expect_text("call-after-answer", "answered", "answered");
	expect_text("say", "the next is served", "the next is served");
	assert_int_equal(services.calls, 0);
	stop_hosts();
}

static void test_failure_details(void **state)
{
	const struct fault *fault;

	(void)state;
	start_hosts(&function, 1);
	fault = &run("refuse", "why")->invocation.fault;
	assert_string_equal(fault->message, "refused: why");
	assert_string_equal(fault->details->type,
			    "parlor.function.v1.InvokeRequest");
	assert_null(fault->details->next);
	stop_hosts();
}

static void test_walls(void **state)
{
	(void)state;
	start_hosts(&function, 1);
	expect_text("walls", "", "walled in");
	stop_hosts();
}

static void test_memory(void **state)
{
	struct host_function small = function;

	(void)state;
	small.memory_mb = 16;
	start_hosts(&small, 1);
	expect_text("eat", "", "no more to eat");
	stop_hosts();
	small.memory_mb = 4; /* the least there is */
	start_hosts(&small, 1);
	expect_text("say", "enough", "enough");
	stop_hosts();
}

static void test_timeout(void **state)
{
	struct host_function hasty = function;

	(void)state;
	hasty.timeout_ms = 300;
	start_hosts(&hasty, 1);
	expect_text("say", "warm", "warm");
	expect_fault("spin", "100000", E_FUNCTION_TIMEOUT, "timeout_ms, 300");
	expect_text("say", "on", "on");
	stop_hosts();
}

static void test_callers_deadline(void **state)
{
	struct host_function f = function;
	struct run busy, waits;

	(void)state;
	f.max_concurrency = 1;
	start_hosts(&f, 1);
	patience_ms = 100;
	begin(&busy, hosts[0], "spin", SLICE("100000"));
	patience_ms = 50;
	begin(&waits, hosts[0], "say", SLICE("x"));
	patience_ms = 0;
	finish();
	assert_int_equal(busy.invocation.fault.code, E_DEADLINE);
	assert_int_equal(waits.invocation.fault.code, E_DEADLINE);
	arena_release(&busy.mem);
	arena_release(&waits.mem);
	stop_hosts();
}

static void test_workers_grow_to_the_cap(void **state)
{
	struct run runs[EVENTS];
	struct host_function f = function;
	int64_t started;
	int refused = 0;

	(void)state;
	f.max_concurrency = 3;
	f.queue = 2;
	start_hosts(&f, 1);
	started = clock_monotonic_ms();
	for (size_t i = 0; i < 7; i++)
		begin(&runs[i], hosts[0], "spin", SLICE("50"));
	assert_int_equal(deployed->gauges[0].busy, 3);
	finish();
	assert_in_range(clock_monotonic_ms() - started, 100, 3000);
	for (size_t i = 0; i < 7; i++) {
		if (runs[i].invocation.fault.code == E_EXHAUSTED) {
			assert_true(runs[i].invocation.fault.retry_after_ms >
				    0);
			refused++;
		} else {
			assert_int_equal(runs[i].invocation.fault.code, E_NONE);
		}
		arena_release(&runs[i].mem);
	}
	assert_int_equal(refused, 2);
	assert_in_range(deployed->gauges[0].idle, 1, 3);
	stop_hosts();
}

static void test_a_busy_function_keeps_one_parked(void **state)
{
	struct run runs[3];

	(void)state;
	start_hosts(&function, 1);
	expect_text("say", "first", "first");
	assert_int_equal(count_below(getpid()), 2); /* template and worker */
	for (size_t i = 0; i < 3; i++)
		begin(&runs[i], hosts[0], "spin", SLICE("20"));
	finish();
	for (int tries = 0; count_below(getpid()) != 5 && tries < 100; tries++)
		pause_for(20);
	assert_int_equal(count_below(getpid()), 5);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(runs[i].invocation.fault.code, E_NONE);
		arena_release(&runs[i].mem);
	}
	stop_hosts();
}

static void test_down_to_nothing(void **state)
{
	struct host_function f = function;

	(void)state;
	f.keep_warm_s = 0;
	start_hosts(&f, 1);
	assert_int_equal(deployed->gauges[0].templates, 0);
	expect_text("say", "x", "x");
	for (int tries = 0; deployed->gauges[0].templates && tries < 100;
	     tries++)
		pause_for(20);
	assert_int_equal(deployed->gauges[0].templates, 0);
	assert_int_equal(deployed->gauges[0].idle, 0);
	expect_text("say", "again", "again");
	stop_hosts();
}

static void test_calls(void **state)
{
	(void)state;
	start_hosts(&function, 1);
	expect_text("call", "game", "item");
	assert_string_equal(services.method, "parlor.kv.v1.KeyValue/GetItem");
	assert_string_equal(services.on_behalf, "function:act");
	assert_string_equal(services.token, "token-1");
	assert_string_equal(services.table, "game");
	expect_text("call-often", "", "100, then resource_exhausted");
	fault_set(&services.fault, E_MISSING, "no table 'game'");
	expect_fault("call", "game", E_MISSING, "no table 'game'");
	stop_hosts();
}

static void test_a_call_is_forgotten_with_its_event(void **state)
{
	struct host_function hasty = function;

	(void)state;
	hasty.timeout_ms = 1000; /* the call comes in far less */
	start_hosts(&hasty, 1);
	services.hang = true;
	expect_fault("call", "game", E_FUNCTION_TIMEOUT, "timeout_ms");
	assert_int_equal(services.cancelled, 1);
	stop_hosts();
}

static void test_an_event_that_wrote_is_not_repeated(void **state)
{
	(void)state;
	start_hosts(&function, 1);
	expect_fault("call-and-die", "", E_FUNCTION_CRASHED, "ended");
	assert_int_equal(services.calls, 1);
	stop_hosts();
}

static void test_processes_are_disposable(void **state)
{
	(void)state;
	start_hosts(&function, 1);
	for (int i = 0; i < 50; i++) {
		expect_text("say", "here", "here");
		if (i % 3 == 2)
			pause_for(5);
		signal_below(getpid(), SIGKILL);
		if (i % 4 == 3)
			pause_for(5);
	}
	stop_hosts();
}

static void test_executables_that_are_none(void **state)
{
	static const char *const executables[] = { "/bin/true", "/bin/cat",
						   "/nowhere" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct host_function f = function;

		f.executable = executables[i];
		start_hosts(&f, 1);
		expect_fault("say", "x", E_UNAVAILABLE, "cannot");
		expect_fault("say", "x", E_UNAVAILABLE, "cannot");
		stop_hosts();
	}
}

static void test_unknown_function(void **state)
{
	struct host_function f = function;

	(void)state;
	f.name = "other";
	start_hosts(&f, 1);
	expect_fault("say", "x", E_MISSING, "no function 'act'");
	stop_hosts();
}

static void test_deployment_lets_the_old_finish(void **state)
{
	struct host_deployment *old;
	struct run r;

	(void)state;
	start_hosts(&function, 1);
	begin(&r, hosts[0], "spin", SLICE("50"));
	old = deployed;
	deploy(&function);
	expect_text("say", "new", "new");
	finish();
	assert_int_equal(r.invocation.fault.code, E_NONE);
	arena_release(&r.mem);
	assert_int_equal(old->references, 1); /* ours */
	assert_int_equal(old->gauges[0].templates, 0);
	host_deployment_release(old);
	stop_hosts();
}

static void test_a_thread_without_a_share(void **state)
{
	struct host_function f = function;
	struct run runs[HOSTS];

	(void)state;
	f.max_concurrency = 1;
	start_hosts(&f, HOSTS);
	for (size_t i = 0; i < HOSTS; i++)
		begin(&runs[i], hosts[i], "say", SLICE("one for all"));
	finish();
	for (size_t i = 0; i < HOSTS; i++) {
		assert_int_equal(runs[i].invocation.fault.code, E_NONE);
		assert_true(slice_is(runs[i].text, "one for all"));
		arena_release(&runs[i].mem);
	}
	assert_int_equal(deployed->gauges[0].idle, 1);
	stop_hosts();
}

static int as_nobody(const struct CMUnitTest *tests, size_t count)
{
	enum { NOBODY = 65534 };
	pid_t child = fork();
	int status = 1;

	if (child != 0)
		return waitpid(child, &status, 0) != child || status != 0;
	if (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 ||
	    setuid(NOBODY) != 0)
		exit(1);
	exit(_cmocka_run_group_tests("host as nobody", tests, count, NULL,
				     NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_event),
		cmocka_unit_test(test_long_messages),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_misbehaviour),
		cmocka_unit_test(test_failure_details),
		cmocka_unit_test(test_walls),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_timeout),
		cmocka_unit_test(test_callers_deadline),
		cmocka_unit_test(test_workers_grow_to_the_cap),
		cmocka_unit_test(test_a_busy_function_keeps_one_parked),
		cmocka_unit_test(test_down_to_nothing),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_a_call_is_forgotten_with_its_event),
		cmocka_unit_test(test_an_event_that_wrote_is_not_repeated),
		cmocka_unit_test(test_processes_are_disposable),
		cmocka_unit_test(test_executables_that_are_none),
		cmocka_unit_test(test_unknown_function),
		cmocka_unit_test(test_deployment_lets_the_old_finish),
		cmocka_unit_test(test_a_thread_without_a_share),
	};

	/* the walls hold without privileges and against them */
	int failed = geteuid() == 0
			 ? as_nobody(tests, sizeof(tests) / sizeof(*tests))
			 : 0;

	return failed + cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
