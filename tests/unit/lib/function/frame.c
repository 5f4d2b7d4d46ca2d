/* tests/unit/lib/function/frame.c - every length is a stranger's */
#include "lib/function/frame.h"
#include "lib/base/fault.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint8_t bytes[FRAME_MAX + 1];

static struct slice frame(uint32_t kind, uint32_t number, uint32_t total,
			  size_t piece)
{
	struct frame head = { kind, number, total };

	memcpy(bytes, &head, sizeof(head));
	memset(bytes + sizeof(head), (int)('a' + number), piece);
	return slice_make(bytes, sizeof(head) + piece);
}

static void test_single_frames(void **state)
{
	static const struct {
		const char *name;
		uint32_t total;
		size_t piece;
		int result;
	} cases[] = {
		{ "an empty message", 0, 0, 1 },
		{ "a short one", 5, 5, 1 },
		{ "the longest in one frame", FRAME_PIECE_MAX, FRAME_PIECE_MAX,
		  1 },
		{ "the first of two", FRAME_PIECE_MAX + 1, FRAME_PIECE_MAX, 0 },
		{ "more than was announced", 4, 5, -E_INVALID },
		{ "less, though there was room", 5, 4, -E_INVALID },
		{ "a message over the limit", FRAME_MESSAGE_MAX + 1,
		  FRAME_PIECE_MAX, -E_INVALID },
		{ "no end of it", UINT32_MAX, FRAME_PIECE_MAX, -E_INVALID },
		{ "more than the arena holds", FRAME_MESSAGE_MAX,
		  FRAME_PIECE_MAX, -E_EXHAUSTED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct frame_reader reader = { 0 };
		struct arena mem;
		struct frame head;
		struct slice message;
		int result;

		arena_init(&mem, 1 << 20);
		result = frame_take(&reader, &mem,
				    frame(FRAME_CALL, 1, cases[i].total,
					  cases[i].piece),
				    &head, &message);
		if (result != cases[i].result)
			fail_msg("%s: got %d, want %d", cases[i].name, result,
				 cases[i].result);
		if (result == 1)
			assert_int_equal(message.size, cases[i].total);
		arena_release(&mem);
	}
}

static void test_short_heads(void **state)
{
	struct frame_reader reader = { 0 };
	struct frame head;
	struct slice message;

	(void)state;
	for (size_t size = 0; size < sizeof(head); size++)
		assert_int_equal(frame_take(&reader, NULL,
					    slice_make(bytes, size), &head,
					    &message),
				 -E_INVALID);
	assert_int_equal(frame_take(&reader, NULL,
				    slice_make(bytes, sizeof(bytes)), &head,
				    &message),
			 -E_INVALID);
}

static void test_continuations(void **state)
{
	static const struct {
		const char *name;
		uint32_t kind, number, total;
		size_t piece;
		int result;
	} cases[] = {
		{ "the rest", FRAME_CALL, 1, FRAME_PIECE_MAX + 9, 9, 1 },
		{ "another call's", FRAME_CALL, 2, FRAME_PIECE_MAX + 9, 9,
		  -E_INVALID },
		{ "another kind", FRAME_LOG, 1, FRAME_PIECE_MAX + 9, 9,
		  -E_INVALID },
		{ "another total", FRAME_CALL, 1, FRAME_PIECE_MAX + 8, 8,
		  -E_INVALID },
		{ "too much", FRAME_CALL, 1, FRAME_PIECE_MAX + 9, 10,
		  -E_INVALID },
		{ "too little", FRAME_CALL, 1, FRAME_PIECE_MAX + 9, 8,
		  -E_INVALID },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct frame_reader reader = { 0 };
		struct arena mem;
		struct frame head;
		struct slice message;
		int result;

		arena_init(&mem, 1 << 20);
		assert_int_equal(frame_take(&reader, &mem,
					    frame(FRAME_CALL, 1,
						  FRAME_PIECE_MAX + 9,
						  FRAME_PIECE_MAX),
					    &head, &message),
				 0);
		result = frame_take(&reader, &mem,
				    frame(cases[i].kind, cases[i].number,
					  cases[i].total, cases[i].piece),
				    &head, &message);
		if (result != cases[i].result)
			fail_msg("%s: got %d, want %d", cases[i].name, result,
				 cases[i].result);
		if (result == 1)
			assert_int_equal(message.size, FRAME_PIECE_MAX + 9);
		arena_release(&mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_single_frames),
		cmocka_unit_test(test_short_heads),
		cmocka_unit_test(test_continuations),
	};

	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
