/* tests/unit/lib/wire/message.c - strangers' bytes before they are unpacked */
#include "lib/wire/message.h"
#include "lib/wire/wire.h"

#include "parlor/test/v1/echo.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define EVERYTHING (&parlor__test__v1__everything__descriptor)

static void test_rows(void **state)
{
	static const struct {
		const char *name, *bytes;
		size_t size;
		int result;
	} cases[] = {
		{ "nothing at all", "", 0, 0 },
		{ "a string", "\x4a\x02hi", 4, 0 },
		{ "a string that is not UTF-8", "\x4a\x01\xff", 3, -E_INVALID },
		{ "a string with a NUL", "\x4a\x01\0", 3, -E_INVALID },
		{ "bytes may hold anything", "\x52\x02\xff\0", 4, 0 },
		{ "an unknown field is kept", "\xf8\x7f\x01", 3, 0 },
		{ "a length past the end", "\x4a\x05hi", 4, -E_INVALID },
		{ "a cut tag", "\x80", 1, -E_INVALID },
		{ "field number 0", "\x02\x00", 2, -E_INVALID },
		{ "a group", "\x0b\x0c", 2, -E_INVALID },
		{ "a varint of eleven bytes",
		  "\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12,
		  -E_INVALID },
		{ "a wrong wire type", "\x48\x01", 2, -E_INVALID },
		{ "a bad string in a child", "\x8a\x01\x03\x4a\x01\xff", 6,
		  -E_INVALID },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena mem;
		struct fault fault = { 0 };
		void *message;

		arena_init(&mem, 1 << 20);
		message =
		    message_unpack(EVERYTHING,
				   slice_make(cases[i].bytes, cases[i].size),
				   &mem, &fault);
		if (-fault.code != cases[i].result ||
		    !message != (cases[i].result != 0))
			fail_msg("%s: got %d (%s)", cases[i].name, -fault.code,
				 fault.message);
		arena_release(&mem);
	}
}

/* `depth` messages, each the `nested` of the one around it. */
static void put_nested(struct buffer *out, int depth)
{
	struct buffer inner;

	buffer_init(&inner, 1 << 20);
	for (int i = 1; i < depth; i++) {
		buffer_reset(out);
		wire_put_bytes(out, 17, buffer_slice(&inner));
		buffer_reset(&inner);
		buffer_put_slice(&inner, buffer_slice(out));
	}
	buffer_release(&inner);
}

static void test_depth(void **state)
{
	static const struct {
		int depth, result;
	} cases[] = {
		{ 1, 0 }, { 32, 0 }, { 33, -E_INVALID }, { 10000, -E_INVALID }
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault fault = { 0 };
		struct buffer bytes;

		buffer_init(&bytes, 1 << 20);
		put_nested(&bytes, cases[i].depth);
		if (message_scan(EVERYTHING, buffer_slice(&bytes), &fault) !=
		    cases[i].result)
			fail_msg("depth %d: %s", cases[i].depth, fault.message);
		buffer_release(&bytes);
	}
}

static void test_a_megabyte_of_empty_messages(void **state)
{
	struct fault fault = { 0 };
	struct arena mem;
	struct buffer bytes;

	(void)state;
	arena_init(&mem, 64 << 20);
	buffer_init(&bytes, 2 << 20);
	while (buffer_size(&bytes) < 1 << 20)
		wire_put_bytes(&bytes, 20, slice_make("", 0));
	assert_null(
	    message_unpack(EVERYTHING, buffer_slice(&bytes), &mem, &fault));
	assert_int_equal(fault.code, E_INVALID);
	assert_int_equal(mem.used, 0);
	buffer_release(&bytes);
	arena_release(&mem);
}

static void test_full_arena(void **state)
{
	struct fault fault = { 0 };
	struct arena mem;
	struct buffer bytes;

	(void)state;
	arena_init(&mem, 100000);
	buffer_init(&bytes, 1 << 20);
	for (int i = 0; i < 10000; i++)
		wire_put_bytes(&bytes, 19, SLICE("x"));
	assert_null(
	    message_unpack(EVERYTHING, buffer_slice(&bytes), &mem, &fault));
	assert_int_equal(fault.code, E_HTTP_TOO_LARGE);
	buffer_release(&bytes);
	arena_release(&mem);
}

static void test_pack(void **state)
{
	Parlor__Test__V1__SayRequest say = PARLOR__TEST__V1__SAY_REQUEST__INIT;
	struct arena mem;

	(void)state;
	say.sentence = "hi";
	arena_init(&mem, 64);
	assert_true(
	    slice_equal(message_pack(&say.base, &mem), SLICE("\x0a\x02hi")));
	arena_alloc(&mem, 64);
	assert_int_equal(message_pack(&say.base, &mem).size, 0);
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_a_megabyte_of_empty_messages),
		cmocka_unit_test(test_full_arena),
		cmocka_unit_test(test_pack),
	};

	return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
