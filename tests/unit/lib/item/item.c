/* tests/unit/lib/item/item.c - items as their bytes */
#include "lib/item/item.h"
#include "lib/base/fault.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_round_trip(void **state)
{
	struct buffer item, list, set;
	struct slice rest, name;
	struct item_value value;
	int64_t sum = 0;

	(void)state;
	buffer_init(&item, 1000);
	buffer_init(&list, 1000);
	buffer_init(&set, 1000);
	item_put_text(&item, "name", ITEM_S, SLICE("a\0b"));
	item_put_i64(&item, "least", INT64_MIN);
	item_put_bool(&item, "yes", true);
	item_put_value(&list, ITEM_L, ITEM_N, SLICE("41"));
	item_put_value(&list, ITEM_L, ITEM_NULL, SLICE(""));
	item_put_value(&list, ITEM_L, ITEM_BOOL, SLICE("1"));
	item_put_inner(&item, "list", ITEM_L, buffer_slice(&list));
	item_put_value(&set, ITEM_SS, ITEM_S, SLICE("x"));
	item_put_value(&set, ITEM_SS, ITEM_S, SLICE(""));
	item_put_inner(&item, "set", ITEM_SS, buffer_slice(&set));

	rest = buffer_slice(&item);
	assert_true(
	    slice_equal(item_find_text(rest, ITEM_S, "name"), SLICE("a\0b")));
	assert_int_equal(item_find_text(rest, ITEM_N, "name").size, 0);
	assert_int_equal(item_find_i64(rest, "least", 7), INT64_MIN);
	assert_int_equal(item_find_i64(rest, "name", 7), 7);
	assert_int_equal(item_find_i64(rest, "absent", 7), 7);
	assert_true(item_find(rest, "yes").truth);
	assert_int_equal(item_find(rest, "absent").type, ITEM_NONE);
	for (int i = 0; i < 5; i++)
		assert_int_equal(item_next(&rest, &name, &value), 1);
	assert_int_equal(item_next(&rest, &name, &value), 0);
	assert_true(slice_is(name, "set"));

	rest = value.bytes;
	assert_int_equal(item_next_value(ITEM_SS, &rest, &value), 1);
	assert_int_equal(value.type, ITEM_S);
	assert_int_equal(item_next_value(ITEM_SS, &rest, &value), 1);
	assert_int_equal(value.bytes.size, 0);
	assert_int_equal(item_next_value(ITEM_SS, &rest, &value), 0);
	rest = item_find(buffer_slice(&item), "list").bytes;
	while (item_next_value(ITEM_L, &rest, &value) > 0)
		sum = sum * 100 + (int64_t)value.type;
	assert_int_equal(sum, ITEM_N * 10000 + ITEM_NULL * 100 + ITEM_BOOL);
	buffer_release(&item);
	buffer_release(&list);
	buffer_release(&set);
}

static void test_walk(void **state)
{
	static const struct {
		const char *name;
		struct slice bytes;
		int result;
	} cases[] = {
		{ "empty", { 0 }, 0 },
		{ "a string",
		  SLICE("\x0a\x08\x0a\x01"
			"a\x12\x03\x0a\x01x"),
		  1 },
		{ "the value first",
		  SLICE("\x0a\x08\x12\x03\x0a\x01x\x0a\x01"
			"a"),
		  1 },
		{ "no name", SLICE("\x0a\x05\x12\x03\x0a\x01x"), 1 },
		{ "no value",
		  SLICE("\x0a\x03\x0a\x01"
			"a"),
		  -E_INVALID },
		{ "a value without a member",
		  SLICE("\x0a\x05\x0a\x01"
			"a\x12\x00"),
		  -E_INVALID },
		{ "two members",
		  SLICE("\x0a\x0a\x0a\x01"
			"a\x12\x05\x0a\x01x\x48\x01"),
		  -E_INVALID },
		{ "two names",
		  SLICE("\x0a\x0b\x0a\x01"
			"a\x0a\x01"
			"a\x12\x03\x0a\x01x"),
		  -E_INVALID },
		{ "an unknown field of an entry",
		  SLICE("\x0a\x0a\x0a\x01"
			"a\x12\x03\x0a\x01x"
			"\x18\x01"),
		  -E_INVALID },
		{ "an unknown member",
		  SLICE("\x0a\x08\x0a\x01"
			"a\x12\x03\x5a\x01x"),
		  -E_INVALID },
		{ "a bool of the wrong wire type",
		  SLICE("\x0a\x08\x0a\x01"
			"a\x12\x03\x52\x01x"),
		  -E_INVALID },
		{ "an unknown field", SLICE("\x12\x01x"), -E_INVALID },
		{ "a length past the end",
		  SLICE("\x0a\x09\x0a\x01"
			"a"),
		  -E_INVALID },
		{ "a huge length",
		  SLICE("\x0a\xff\xff\xff\xff\xff\xff\xff\xff"
			"\xff\x01"),
		  -E_INVALID },
		{ "a varint of eleven bytes",
		  SLICE("\x8a\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"),
		  -E_INVALID },
		{ "a group", SLICE("\x0b\x0c"), -E_INVALID },
		{ "field 0", SLICE("\x02\x00"), -E_INVALID },
		{ "a tag alone", SLICE("\x0a"), -E_INVALID },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice rest = cases[i].bytes, name;
		struct item_value value;
		int result = item_next(&rest, &name, &value);

		if (result != cases[i].result)
			fail_msg("%s: got %d, want %d", cases[i].name, result,
				 cases[i].result);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_walk),
	};

	return cmocka_run_group_tests_name("item", tests, NULL, NULL);
}
