/* tests/unit/lib/function/failure.c - a fault arrives as it left */
#include "lib/function/failure.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_round_trip(void **state)
{
	struct fault_detail second = { NULL, "b.C", SLICE("\0x") };
	struct fault_detail first = { &second, "a.B", SLICE("value") };

	(void)state;
	for (int code = E_NONE + 1; code < E_COUNT; code++) {
		struct fault fault = { .code = code,
				       .retry_after_ms = 7,
				       .details = &first,
				       .message = "no table 'x'" };
		struct fault got = { .code = E_DENIED, .message = "stale" };
		struct arena mem;

		arena_init(&mem, 1 << 16);
		failure_unpack(failure_pack(&fault, &mem), &mem, &got);
		assert_string_equal(fault_row(got.code)->connect,
				    fault_row(code)->connect);
		assert_string_equal(fault_row(got.code)->aws,
				    fault_row(code)->aws);
		assert_string_equal(got.message, fault.message);
		assert_int_equal(got.retry_after_ms, 7);
		assert_string_equal(got.details->type, "a.B");
		assert_true(slice_is(got.details->value, "value"));
		assert_true(
		    slice_equal(got.details->next->value, second.value));
		assert_null(got.details->next->next);
		arena_release(&mem);
	}
}

static void test_strangers_bytes(void **state)
{
	static const struct {
		const char *name;
		struct slice bytes;
		int code;
	} cases[] = {
		{ "nothing", { 0 }, E_INTERNAL },
		{ "cut short", SLICE("\x0a\x05nope"), E_INTERNAL },
		{ "a code nobody knows", SLICE("\x0a\x04nope"), E_UNKNOWN },
		{ "a code alone",
		  SLICE("\x0a\x07"
			"aborted"),
		  E_ABORTED },
		{ "words that are not UTF-8", SLICE("\x0a\x01z\x1a\x01\xff"),
		  E_INTERNAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault got = { 0 };
		struct arena mem;

		arena_init(&mem, 1 << 16);
		failure_unpack(cases[i].bytes, &mem, &got);
		if (got.code != cases[i].code)
			fail_msg("%s: got %d, want %d", cases[i].name, got.code,
				 cases[i].code);
		arena_release(&mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_strangers_bytes),
	};

	return cmocka_run_group_tests_name("failure", tests, NULL, NULL);
}
