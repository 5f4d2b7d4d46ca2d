/* tests/unit/lib/rpc/connect.c - errors, envelopes, compression, traces */
#include "lib/rpc/connect.h"
#include "lib/rpc/dispatch.h"
#include "lib/rpc/gzip.h"
#include "lib/rpc/trace.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_error_bodies(void **state)
{
	static const struct fault_detail item = {
		.type = "parlor.kv.v1.ConditionalCheckFailed",
		.value = { (const uint8_t *)"\x0a\x00", 2 },
	};
	static const struct fault_detail odd = {
		.type = "x.Y",
		.value = { (const uint8_t *)"\xff", 1 },
	};
	static const struct {
		int code;
		const char *message;
		const struct fault_detail *details;
		const char *body;
	} cases[] = {
		{ E_ABORTED, "no", NULL,
		  "{\"code\":\"aborted\",\"message\":\"no\"}" },
		{ E_ABORTED, "", NULL, "{\"code\":\"aborted\"}" },
		{ E_ABORTED, "\"\xff\n", NULL,
		  "{\"code\":\"aborted\",\"message\":"
		  "\"\\\"\\ufffd\\n\"}" },
		{ E_ABORTED, "", &odd,
		  "{\"code\":\"aborted\",\"details\":[{\"type\":\"x.Y\","
		  "\"value\":\"/w\"}]}" },
		{ E_CONDITION, "", &item,
		  "{\"code\":\"failed_precondition\",\"details\":[{\"type\":"
		  "\"parlor.options.v1.Exception\",\"value\":"
		  "\"Ch9Db25kaXRpb25hbENoZWNrRmFpbGVkRXhjZXB0aW9u\","
		  "\"debug\":{\"name\":\"ConditionalCheckFailedException\"}},"
		  "{\"type\":\"parlor.kv.v1.ConditionalCheckFailed\","
		  "\"value\":\"CgA\",\"debug\":{\"Item\":{}}}]}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault fault = { 0 };
		struct buffer out;

		buffer_init(&out, 1 << 16);
		fault_set(&fault, cases[i].code, "%s", cases[i].message);
		fault.details = cases[i].details;
		connect_put_error(&out, &fault, descriptor_set_parlor());
		if (!slice_is(buffer_slice(&out), cases[i].body))
			fail_msg("got %.*s\nwant %s",
				 SLICE_ARGS(buffer_slice(&out)), cases[i].body);
		buffer_release(&out);
	}
}

/* Every code comes back as itself, by AWS's name where Connect's is shared. */
static void test_errors_there_and_back(void **state)
{
	(void)state;
	for (int code = E_NONE + 1; code < E_COUNT; code++) {
		struct fault there = { 0 }, back = { 0 };
		const struct fault_row *row = fault_row(code), *got;
		struct buffer out;
		struct arena mem;

		arena_init(&mem, 1 << 16);
		buffer_init(&out, 1 << 16);
		fault_set(&there, code, "why");
		connect_put_error(&out, &there, NULL);
		assert_int_equal(connect_read_error(buffer_slice(&out), &mem,
						    &back),
				 0);
		got = fault_row(back.code);
		assert_string_equal(got->connect, row->connect);
		if (*row->aws)
			assert_string_equal(got->aws, row->aws);
		assert_string_equal(back.message, "why");
		assert_int_equal(back.details != NULL, *row->aws != '\0');
		buffer_release(&out);
		arena_release(&mem);
	}
}

static void test_bad_errors(void **state)
{
	static const char *const cases[] = {
		"",
		"{}",
		"null",
		"<html>",
		"{\"code\":5}",
		"{\"code\":\"aborted\",\"details\":[{\"value\":\"!\"}]}",
		"{\"code\":\"aborted\"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault fault = { 0 };
		struct arena mem;

		arena_init(&mem, 1 << 16);
		if (connect_read_error(slice_of(cases[i]), &mem, &fault) !=
			-E_INVALID ||
		    fault.code)
			fail_msg("'%s' was read", cases[i]);
		arena_release(&mem);
	}
}

static void test_envelopes(void **state)
{
	static const struct {
		const char *name, *bytes;
		size_t size;
		int result;
		unsigned flags;
	} cases[] = {
		{ "nothing yet", "", 0, 0, 0 },
		{ "half a head", "\0\0\0", 3, 0, 0 },
		{ "half a message", "\0\0\0\0\x02x", 6, 0, 0 },
		{ "a message", "\1\0\0\0\x02xy", 7, 1, ENVELOPE_COMPRESSED },
		{ "an empty one and more", "\2\0\0\0\0\0", 6, 1, ENVELOPE_END },
		{ "too much", "\0\xff\xff\xff\xff", 5, -E_INVALID, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice rest = slice_make(cases[i].bytes, cases[i].size);
		struct slice message;
		unsigned flags = 0;

		if (connect_next_envelope(&rest, 100, &flags, &message) !=
			cases[i].result ||
		    flags != cases[i].flags)
			fail_msg("%s", cases[i].name);
	}
}

static void test_gzip(void **state)
{
	static const struct {
		size_t size, max;
		int result;
	} cases[] = {
		{ 0, 100, 0 },
		{ 1, 1, 0 },
		{ 100000, 100000, 0 },
		{ 100001, 100000, -E_HTTP_TOO_LARGE },
		{ 5000000, 65536, -E_HTTP_TOO_LARGE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault fault = { 0 };
		struct buffer packed, out;
		uint8_t *bytes = calloc(1, cases[i].size + 1);
		int result;

		buffer_init(&packed, 8 << 20);
		buffer_init(&out, cases[i].max);
		gzip_put(&packed, slice_make(bytes, cases[i].size));
		result = gunzip(buffer_slice(&packed), &out, &fault);
		if (result != cases[i].result ||
		    (result == 0 && buffer_size(&out) != cases[i].size))
			fail_msg("%zu of %zu: got %d, %zu", cases[i].size,
				 cases[i].max, result, buffer_size(&out));
		buffer_release(&packed);
		buffer_release(&out);
		free(bytes);
	}
}

static void test_bad_gzip(void **state)
{
	struct buffer packed, out;

	(void)state;
	buffer_init(&packed, 1 << 16);
	gzip_put(&packed, SLICE("some text to be packed"));
	buffer_put_byte(&packed, 'x'); /* more behind it */
	for (size_t size = 0; size <= buffer_size(&packed); size++) {
		struct fault fault = { 0 };

		if (size == buffer_size(&packed) - 1)
			continue; /* the whole of it */
		buffer_init(&out, 1 << 16);
		assert_int_equal(gunzip(slice_make(packed.block, size), &out,
					&fault),
				 -E_INVALID);
		buffer_release(&out);
	}
	buffer_release(&packed);
}

static void test_trace(void **state)
{
	static const struct {
		const char *from;
		bool kept;
	} cases[] = {
		{ "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
		  true },
		{ "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		  true },
		{ "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
		  true },
		{ "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
		  false },
		{ "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		  false },
		{ "00-00000000000000000000000000000000-b7ad6b7169203331-01",
		  false },
		{ "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
		  false },
		{ "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		  false },
		{ "00-0af7651916cd43dd8448eb211c80319c", false },
		{ "", false },
	};
	char out[TRACE_SIZE], again[TRACE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice from = slice_of(cases[i].from);

		trace_continue(from, out);
		trace_continue(slice_of(out), again);
		assert_int_equal(strlen(out), TRACE_SIZE - 1);
		/* what we make ourselves is valid and goes on */
		assert_memory_equal(out, again, TRACE_SPAN);
		assert_memory_not_equal(out, again, TRACE_SIZE);
		if ((from.size > TRACE_SPAN &&
		     memcmp(out + 3, cases[i].from + 3, 32) == 0) !=
		    cases[i].kept)
			fail_msg("'%s' gave %s", cases[i].from, out);
	}
}

static void test_missing_row(void **state)
{
	static const struct op none[] = { { 0 } };
	static const struct op one[] = { { "GetRoutes", NULL, 0, 0, NULL },
					 { 0 } };
	static const struct op_service without[] = {
		{ .name = "parlor.gateway.v1.Gateway", .ops = none }, { 0 }
	};
	static const struct op_service with[] = {
		{ .name = "parlor.gateway.v1.Gateway", .ops = one }, { 0 }
	};
	const struct descriptor_set *set = descriptor_set_parlor();

	(void)state;
	assert_true(
	    slice_is(dispatch_missing_row(without, set)->name, "GetRoutes"));
	assert_null(dispatch_missing_row(with, set));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_error_bodies),
		cmocka_unit_test(test_errors_there_and_back),
		cmocka_unit_test(test_bad_errors),
		cmocka_unit_test(test_envelopes),
		cmocka_unit_test(test_gzip),
		cmocka_unit_test(test_bad_gzip),
		cmocka_unit_test(test_trace),
		cmocka_unit_test(test_missing_row),
	};

	return cmocka_run_group_tests_name("connect", tests, NULL, NULL);
}
