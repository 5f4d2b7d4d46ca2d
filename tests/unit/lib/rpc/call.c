/* tests/unit/lib/rpc/call.c - one request while it is served */
#include "lib/rpc/call.h"
#include "lib/base/clock.h"

#include "parlor/test/v1/echo.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int answers;
static struct slice answered;

static void answer(struct call *c, struct slice message)
{
	(void)c;
	answers++;
	answered = message;
}

static const struct call_door door = { .answer = answer };

static int start(struct call *c, struct arena *mem)
{
	answers = 0;
	arena_init(mem, 1 << 16);
	call_init(c, mem);
	c->door = &door;
	return 0;
}

static void test_reply(void **state)
{
	Parlor__Test__V1__SayRequest say = PARLOR__TEST__V1__SAY_REQUEST__INIT;
	struct arena mem;
	struct call c;

	(void)state;
	start(&c, &mem);
	say.sentence = "hi";
	call_reply(&c, &say.base);
	assert_int_equal(answers, 1);
	assert_true(slice_equal(answered, SLICE("\x0a\x02hi")));
	assert_false(call_failed(&c));
	arena_release(&mem);
}

static void test_first_failure_stands(void **state)
{
	struct arena mem;
	struct call c;

	(void)state;
	start(&c, &mem);
	assert_int_equal(call_fail(&c, E_MISSING, "no table '%s'", "t"),
			 -E_MISSING);
	assert_int_equal(call_fail(&c, E_INTERNAL, "later"), -E_MISSING);
	assert_string_equal(c.fault.message, "no table 't'");
	assert_null(
	    call_unpack(&c, &parlor__test__v1__say_request__descriptor));
	call_end(&c);
	assert_int_equal(answers, 1);
	assert_int_equal(answered.size, 0);
	arena_release(&mem);
}

static void test_full_arena_fails(void **state)
{
	struct arena mem;
	struct call c;

	(void)state;
	start(&c, &mem);
	arena_alloc(&mem, 1 << 20);
	assert_int_equal(call_status(&c), -E_HTTP_TOO_LARGE);
	arena_release(&mem);
}

static void test_details_in_order(void **state)
{
	Parlor__Test__V1__SayRequest say = PARLOR__TEST__V1__SAY_REQUEST__INIT;
	struct arena mem;
	struct call c;

	(void)state;
	start(&c, &mem);
	call_fail(&c, E_ABORTED, "no");
	call_detail(&c, "a.B", SLICE("1"));
	call_detail_message(&c, &say.base);
	assert_string_equal(c.fault.details->type, "a.B");
	assert_string_equal(c.fault.details->next->type,
			    "parlor.test.v1.SayRequest");
	assert_null(c.fault.details->next->next);
	arena_release(&mem);
}

static void test_remaining(void **state)
{
	struct arena mem;
	struct call c;

	(void)state;
	start(&c, &mem);
	assert_int_equal(call_remaining_ms(&c, 7), 7);
	c.deadline_ns = clock_monotonic_ns() + 1000000000;
	assert_in_range(call_remaining_ms(&c, 7), 900, 1000);
	c.deadline_ns = 1;
	assert_int_equal(call_remaining_ms(&c, 7), 0);
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reply),
		cmocka_unit_test(test_first_failure_stands),
		cmocka_unit_test(test_full_arena_fails),
		cmocka_unit_test(test_details_in_order),
		cmocka_unit_test(test_remaining),
	};

	return cmocka_run_group_tests_name("call", tests, NULL, NULL);
}
