/* tests/unit/lib/base/memory.c - arenas, buffers and maps at their edges */
#include "lib/base/arena.h"
#include "lib/base/buffer.h"
#include "lib/base/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void test_arena_maximum(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 100);
	assert_non_null(arena_alloc(&a, 60));
	assert_null(arena_alloc(&a, 60));
	assert_true(a.full);
	assert_null(arena_alloc(&a, 1)); /* stays full */
	arena_reset(&a);
	assert_non_null(arena_alloc(&a, 60));
	assert_null(arena_array(&a, SIZE_MAX / 2, 4));
	arena_release(&a);
	assert_null(arena_copy(&a, "", SIZE_MAX));
	arena_release(&a);
}

static void test_arena_keeps_first_block(void **state)
{
	struct arena a;
	void *first;

	(void)state;
	arena_init(&a, 1 << 20);
	first = arena_alloc(&a, 16);
	for (int i = 0; i < 100; i++)
		arena_alloc(&a, 4000);
	arena_reset(&a);
	assert_ptr_equal(arena_alloc(&a, 16), first);
	arena_release(&a);
}

/* The first block stays: what it held can still be looked at. */
static void test_arena_wipes(void **state)
{
	struct arena_mark mark;
	struct arena a;
	char *first, *second;

	(void)state;
	arena_init(&a, 1 << 20);
	a.wipes = true;
	first = arena_copy(&a, "secret", 6);
	mark = arena_mark(&a);
	second = arena_copy(&a, "secret", 6);
	arena_rewind(&a, &mark);
	assert_string_equal(second, "");
	assert_string_equal(first, "secret");
	arena_reset(&a);
	assert_string_equal(first, "");
	assert_true(a.wipes);
	arena_release(&a);
}

static void test_buffer_wipes(void **state)
{
	struct buffer b;

	(void)state;
	buffer_init(&b, 1 << 20);
	b.wipes = true;
	for (int i = 0; i < 1000; i++) /* grows */
		buffer_put_text(&b, "secret");
	assert_int_equal(buffer_size(&b), 6000);
	assert_memory_equal(b.block + 5994, "secret", 6);
	buffer_reset(&b);
	assert_int_equal(b.block[0], 0);
	assert_int_equal(b.block[5999], 0);
	buffer_release(&b);
	assert_true(b.wipes);
}

static void test_arena_rewinds(void **state)
{
	struct arena a;
	struct arena_mark empty, mark;
	char *kept;

	(void)state;
	arena_init(&a, 30000);
	empty = arena_mark(&a);
	kept = arena_copy(&a, "kept", 4);
	mark = arena_mark(&a);
	for (int run = 0; run < 100; run++) {
		assert_non_null(arena_alloc(&a, 9000));
		assert_non_null(arena_alloc(&a, 9000));
		assert_null(arena_alloc(&a, 20000));
		arena_rewind(&a, &mark);
		assert_false(a.full);
	}
	assert_string_equal(kept, "kept");
	arena_rewind(&a, &empty);
	assert_int_equal(a.used, 0);
	assert_non_null(arena_alloc(&a, 30000 - 64));
	arena_release(&a);
}

static void count_end(void *arg)
{
	++*(int *)arg;
}

static void test_arena_ends(void **state)
{
	struct arena a;
	struct arena_mark mark;
	int first = 0, second = 0;

	(void)state;
	arena_init(&a, 1000);
	assert_true(arena_at_end(&a, count_end, &first));
	mark = arena_mark(&a);
	assert_true(arena_at_end(&a, count_end, &second));
	arena_rewind(&a, &mark);
	assert_int_equal(first, 0);
	assert_int_equal(second, 1);
	arena_reset(&a);
	assert_int_equal(first, 1);
	arena_alloc(&a, 990);
	assert_false(arena_at_end(&a, count_end, &first));
	arena_release(&a);
	assert_int_equal(first, 1);
	assert_int_equal(second, 1);
}

static void test_buffer_maximum(void **state)
{
	struct buffer b;

	(void)state;
	buffer_init(&b, 8);
	buffer_put_text(&b, "12345");
	buffer_put_text(&b, "6789");
	assert_true(b.failed);
	assert_true(slice_is(buffer_slice(&b), "12345"));
	buffer_put_text(&b, "6"); /* stays failed */
	assert_int_equal(buffer_size(&b), 5);
	buffer_reset(&b);
	buffer_put_text(&b, "12345678");
	buffer_consume(&b, 6);
	buffer_put_text(&b, "abcdef");
	assert_false(b.failed);
	assert_true(slice_is(buffer_slice(&b), "78abcdef"));
	buffer_release(&b);
}

static void test_map_many(void **state)
{
	enum { MANY = 2000 };
	struct map m;
	char key[32];
	static int values[MANY];

	(void)state;
	map_init(&m);
	for (int i = 0; i < MANY; i++) {
		snprintf(key, sizeof(key), "key %d", i);
		assert_null(map_put(&m, slice_of(key), &values[i]));
	}
	for (int i = 0; i < MANY; i += 2) {
		snprintf(key, sizeof(key), "key %d", i);
		assert_ptr_equal(map_remove(&m, slice_of(key)), &values[i]);
	}
	for (int i = 0; i < MANY; i++) {
		snprintf(key, sizeof(key), "key %d", i);
		assert_ptr_equal(map_find(&m, slice_of(key)),
				 i % 2 ? &values[i] : NULL);
	}
	assert_int_equal(m.count, MANY / 2);
	assert_ptr_equal(map_put(&m, SLICE("key 1"), &values[0]), &values[1]);
	map_release(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena_maximum),
		cmocka_unit_test(test_arena_keeps_first_block),
		cmocka_unit_test(test_arena_wipes),
		cmocka_unit_test(test_buffer_wipes),
		cmocka_unit_test(test_arena_rewinds),
		cmocka_unit_test(test_arena_ends),
		cmocka_unit_test(test_buffer_maximum),
		cmocka_unit_test(test_map_many),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
