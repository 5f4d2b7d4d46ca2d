/* tests/unit/services/kv/usage/unit.c - what an operation costs */
#include "services/kv/usage/unit.h"
#include "tests/support/item_text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_reads(void **state)
{
	static const struct {
		const char *name;
		enum kv_read kind;
		size_t size;
		int64_t halves;
	} cases[] = {
		{ "an absent item", KV_READ_EVENTUAL, 0, 1 },
		{ "4 KB", KV_READ_EVENTUAL, 4096, 1 },
		{ "a byte more", KV_READ_EVENTUAL, 4097, 2 },
		{ "consistently", KV_READ_CONSISTENT, 4097, 4 },
		{ "in a transaction", KV_READ_TRANSACTIONAL, 4097, 8 },
		{ "a full page", KV_READ_EVENTUAL, 1 << 20, 256 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t got = kv_units_read(cases[i].kind, cases[i].size);

		if (got != cases[i].halves)
			fail_msg("%s: got %d", cases[i].name, (int)got);
	}
}

static void test_writes(void **state)
{
	static const struct {
		const char *name;
		enum kv_write kind;
		size_t before, after;
		int64_t halves;
	} cases[] = {
		{ "a new item", KV_WRITE_PLAIN, 0, 1024, 2 },
		{ "a byte more", KV_WRITE_PLAIN, 0, 1025, 4 },
		{ "a smaller one", KV_WRITE_PLAIN, 3000, 10, 6 },
		{ "a delete", KV_WRITE_PLAIN, 3000, 0, 6 },
		{ "a delete of nothing", KV_WRITE_PLAIN, 0, 0, 2 },
		{ "in a transaction", KV_WRITE_TRANSACTIONAL, 0, 1025, 8 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t got = kv_units_write(cases[i].kind, cases[i].before,
					     cases[i].after);

		if (got != cases[i].halves)
			fail_msg("%s: got %d", cases[i].name, (int)got);
	}
}

static void test_rereads(void **state)
{
	(void)state;
	for (size_t size = 0; size < 20000; size += 512)
		assert_int_equal(kv_units_reread(
				     kv_units_write(KV_WRITE_TRANSACTIONAL, 0,
						    size)),
				 kv_units_read(KV_READ_TRANSACTIONAL, size));
}

static void test_indexes(void **state)
{
	struct arena mem;
	struct kv_index_row one = { .key = { SLICE("a"), SLICE("1") } };
	struct kv_index_row changed = one, moved = one, large = one;
	struct buffer b;
	static char text[2000];

	(void)state;
	arena_init(&mem, 1 << 20);
	buffer_init(&b, 1 << 20);
	item_put_text(&b, "x", ITEM_B, slice_make(text, sizeof(text)));
	large.item = buffer_slice(&b);
	one.item = item_text(&mem, "{'x': {'S': 'y'}}");
	changed.item = item_text(&mem, "{'x': {'S': 'z'}}");
	moved.item = one.item;
	moved.key.sort = SLICE("2");
	assert_int_equal(kv_units_index(NULL, NULL), 0);
	assert_int_equal(kv_units_index(NULL, &one), 2);
	assert_int_equal(kv_units_index(&one, NULL), 2);
	assert_int_equal(kv_units_index(&one, &one), 0);
	assert_int_equal(kv_units_index(&one, &changed), 2);
	assert_int_equal(kv_units_index(&one, &moved), 4);
	assert_int_equal(kv_units_index(&one, &large), 4);
	assert_int_equal(kv_units_index(&large, &moved), 6);
	buffer_release(&b);
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_writes),
		cmocka_unit_test(test_rereads),
		cmocka_unit_test(test_indexes),
	};

	return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
