/* tests/unit/lib/rpc/client.c - one daemon calling another */
#include "lib/rpc/client.h"
#include "lib/base/clock.h"
#include "lib/net/http_server.h"
#include "lib/net/target.h"
#include "lib/rpc/dispatch.h"
#include "tests/wire/rpc/echo_service.h"

#include "parlor/test/v1/echo.pb-c.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ECHO "parlor.test.v1.Echo/"

static struct loop *serving, *calling;
static struct http_server *server;
static struct dispatch *dispatch;
static struct target *target;
static struct rpc_client *client;
static pthread_t thread;

static void *serve(void *arg)
{
	(void)arg;
	loop_run(serving);
	return NULL;
}

static int start(void **state)
{
	struct fault fault = { 0 };
	struct dispatch_options options = {
		.services = echo_services,
		.descriptors = echo_descriptors(),
	};
	char bound[64];

	(void)state;
	dispatch = dispatch_new(&options, &fault);
	serving = loop_new();
	calling = loop_new();
	server = http_server_new(NULL, dispatch_handler(dispatch), NULL);
	if (http_server_listen(server, serving, "127.0.0.1:0", bound,
			       sizeof(bound), &fault) != 0)
		return -1;
	target = target_new(bound, &fault);
	client = rpc_client_new(calling, target, NULL, "test", NULL);
	return pthread_create(&thread, NULL, serve, NULL);
}

static int stop(void **state)
{
	(void)state;
	rpc_client_free(client);
	target_free(target);
	loop_stop(serving);
	pthread_join(thread, NULL);
	http_server_free(server);
	dispatch_free(dispatch);
	loop_free(serving);
	loop_free(calling);
	return 0;
}

static void done(struct rpc_call *call)
{
	*(bool *)call->user = true;
	loop_stop(calling);
}

/* Makes the call and waits for it. */
static void run(struct rpc_call *call, struct arena *mem)
{
	bool over = false;

	arena_init(mem, mem->max ? mem->max : 1 << 20);
	call->mem = mem;
	call->done = done;
	call->user = &over;
	rpc_client_call(client, call);
	assert_false(over);
	loop_run(calling);
	assert_true(over);
}

static void test_unary(void **state)
{
	Parlor__Test__V1__SayRequest say = PARLOR__TEST__V1__SAY_REQUEST__INIT;
	struct rpc_call call = { .method = ECHO "Say", .request = &say.base };
	struct arena mem = { 0 };

	(void)state;
	say.sentence = "hi";
	run(&call, &mem);
	assert_int_equal(call.fault.code, E_NONE);
	assert_true(slice_equal(call.answer, SLICE("\x0a\x02hi")));
	arena_release(&mem);
}

static void test_errors(void **state)
{
	static const struct {
		const char *name, *method, *code;
		bool condition;
		int timeout_ms, sleep_ms;
		int want;
	} cases[] = {
		{ "a code", ECHO "Fail", "aborted", false, 0, 0, E_ABORTED },
		{ "a code that AWS names", ECHO "Fail", "", true, 0, 0,
		  E_CONDITION },
		{ "no such method", ECHO "Nope", "", false, 0, 0,
		  E_UNIMPLEMENTED },
		{ "no token", ECHO "WhoAmI", "", false, 0, 0,
		  E_UNAUTHENTICATED },
		{ "no time", ECHO "Sleep", "", false, 50, 0, E_DEADLINE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		Parlor__Test__V1__FailRequest in =
		    PARLOR__TEST__V1__FAIL_REQUEST__INIT;
		Parlor__Test__V1__SleepRequest sleep =
		    PARLOR__TEST__V1__SLEEP_REQUEST__INIT;
		struct rpc_call call = {
			.method = cases[i].method,
			.request = cases[i].timeout_ms ? &sleep.base : &in.base,
			.timeout_ms = cases[i].timeout_ms,
		};
		struct arena mem = { 0 };

		in.code = (char *)cases[i].code;
		in.message = "why";
		in.condition = cases[i].condition;
		sleep.milliseconds = 5000;
		run(&call, &mem);
		if (call.fault.code != cases[i].want)
			fail_msg("%s: got %d, %s", cases[i].name,
				 call.fault.code, call.fault.message);
		arena_release(&mem);
	}
}

static void test_details(void **state)
{
	Parlor__Test__V1__SayRequest detail =
	    PARLOR__TEST__V1__SAY_REQUEST__INIT;
	Parlor__Test__V1__FailRequest in = PARLOR__TEST__V1__FAIL_REQUEST__INIT;
	struct rpc_call call = { .method = ECHO "Fail", .request = &in.base };
	struct arena mem = { 0 };

	(void)state;
	in.code = "aborted";
	in.message = "why";
	in.retry_after_ms = 1500;
	in.detail = &detail;
	detail.sentence = "x";
	run(&call, &mem);
	assert_int_equal(call.fault.code, E_ABORTED);
	assert_string_equal(call.fault.message, "why");
	assert_int_equal(call.fault.retry_after_ms, 2000);
	assert_string_equal(call.fault.details->type,
			    "parlor.test.v1.SayRequest");
	assert_true(slice_equal(call.fault.details->value, SLICE("\x0a\x01x")));
	arena_release(&mem);
}

/* The deadline is passed on: the server knows what is left. */
static void test_deadline_passed_on(void **state)
{
	Parlor__Test__V1__SleepRequest in =
	    PARLOR__TEST__V1__SLEEP_REQUEST__INIT;
	struct rpc_call call = { .method = ECHO "Sleep",
				 .request = &in.base,
				 .timeout_ms = 30000 };
	Parlor__Test__V1__SleepResponse *out;
	struct arena mem = { 0 };

	(void)state;
	run(&call, &mem);
	out = parlor__test__v1__sleep_response__unpack(NULL, call.answer.size,
						       call.answer.data);
	assert_in_range(out->remaining_ms, 25000, 30000);
	parlor__test__v1__sleep_response__free_unpacked(out, NULL);
	arena_release(&mem);
}

static int messages;
static size_t message_bytes;

static void message(struct rpc_call *call, struct slice bytes)
{
	(void)call;
	messages++;
	message_bytes += bytes.size;
}

static void test_streams(void **state)
{
	static const struct {
		int messages, size;
		const char *fail;
		int code;
	} cases[] = {
		{ 0, 0, "", E_NONE },	    { 5, 0, "", E_NONE },
		{ 50, 100000, "", E_NONE }, { 3, 0, "aborted", E_ABORTED },
		{ 3, -1, "", E_INVALID },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		Parlor__Test__V1__CountRequest in =
		    PARLOR__TEST__V1__COUNT_REQUEST__INIT;
		struct rpc_call call = { .method = ECHO "Count",
					 .request = &in.base,
					 .message = message };
		struct arena mem = { 0 };

		in.messages = cases[i].messages;
		in.size = cases[i].size;
		in.fail = (char *)cases[i].fail;
		messages = 0;
		message_bytes = 0;
		run(&call, &mem);
		assert_int_equal(call.fault.code, cases[i].code);
		if (cases[i].code != E_INVALID)
			assert_int_equal(messages, cases[i].messages);
		if (cases[i].size > 0)
			assert_true(message_bytes > (size_t)cases[i].messages *
							(size_t)cases[i].size);
		arena_release(&mem);
	}
}

static void cancel_first(struct rpc_call *call, struct slice bytes)
{
	(void)bytes;
	messages++;
	rpc_client_cancel(client, call);
	loop_stop(calling);
}

static void test_cancel_from_message(void **state)
{
	Parlor__Test__V1__CountRequest in =
	    PARLOR__TEST__V1__COUNT_REQUEST__INIT;
	bool over = false;
	struct arena mem;
	struct rpc_call call = { .method = ECHO "Count",
				 .request = &in.base,
				 .message = cancel_first,
				 .mem = &mem,
				 .user = &over,
				 .done = done };

	(void)state;
	arena_init(&mem, 1 << 20);
	in.messages = 1000;
	in.size = 1000;
	messages = 0;
	rpc_client_call(client, &call);
	loop_run(calling);
	assert_int_equal(messages, 1);
	assert_false(over);
	arena_release(&mem);
}

static void test_full_memory(void **state)
{
	static const size_t sizes[] = { 10, 900, 1300 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct rpc_call call = { .method = ECHO "Nothing" };
		struct arena mem = { .max = sizes[i] };

		run(&call, &mem);
		if (mem.full)
			assert_int_equal(call.fault.code, E_EXHAUSTED);
		else
			assert_int_equal(call.fault.code, E_NONE);
		arena_release(&mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unary),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_details),
		cmocka_unit_test(test_deadline_passed_on),
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_cancel_from_message),
		cmocka_unit_test(test_full_memory),
	};

	return cmocka_run_group_tests_name("client", tests, start, stop);
}
