/* tests/unit/services/kv/model/item.c - the one form an item is stored in */
#include "services/kv/model/item.h"
#include "services/kv/model/writer.h"
#include "tests/support/item_text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct arena mem;

static int start(void **state)
{
	(void)state;
	arena_init(&mem, 64 << 20);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_release(&mem);
	return 0;
}

static const char *rewrite(struct slice bytes)
{
	struct fault f = { 0 };
	struct slice out;

	if (kv_item_canonical(bytes, &mem, &out, &f))
		return arena_copy(&mem, f.message, strlen(f.message));
	return item_show(&mem, out);
}

#define INVALID "One or more parameter values were invalid: "

static void test_text(void **state)
{
	static const struct {
		const char *name, *item, *want;
	} cases[] = {
		{ "empty", "{}", "{}" },
		{ "names in order",
		  "{'b': {'S': 'x'}, 'a': {'S': ''}, 'B': {'NULL': true}}",
		  "{'B': {'NULL': true}, 'a': {'S': ''}, 'b': {'S': 'x'}}" },
		{ "within maps too",
		  "{'m': {'M': {'b': {'BOOL': false}, 'a': {'M': {}}}}}",
		  "{'m': {'M': {'a': {'M': {}}, 'b': {'BOOL': false}}}}" },
		{ "lists stay",
		  "{'l': {'L': [{'S': 'b'}, {'N': '1.0'}, {'L': []}]}}",
		  "{'l': {'L': [{'S': 'b'}, {'N': '1'}, {'L': []}]}}" },
		{ "numbers", "{'n': {'N': '-0.10e1'}}", "{'n': {'N': '-1'}}" },
		{ "sets in order",
		  "{'b': {'BS': ['z', '']}, 'n': {'NS': ['10', '9', '-1e1']},"
		  " 's': {'SS': ['b', 'a']}}",
		  "{'b': {'BS': ['', 'z']}, 'n': {'NS': ['-10', '9', '10']}, "
		  "'s': {'SS': ['a', 'b']}}" },
		{ "empty string set", "{'s': {'SS': []}}",
		  INVALID "An string set  may not be empty" },
		{ "empty number set", "{'s': {'NS': []}}",
		  INVALID "An number set  may not be empty" },
		{ "empty binary set", "{'s': {'BS': []}}",
		  INVALID "Binary sets should not be empty" },
		{ "strings twice", "{'s': {'SS': ['b', 'a', 'b']}}",
		  INVALID "Input collection [b, a, b] contains duplicates." },
		{ "numbers twice in two forms", "{'s': {'NS': ['1', '1.0']}}",
		  "Input collection contains duplicates" },
		{ "a bad number in a set", "{'s': {'NS': ['1', 'x']}}",
		  "The parameter cannot be converted to a numeric value: x" },
		{ "NULL false", "{'s': {'NULL': false}}",
		  INVALID "Null attribute value types must have the value of "
			  "true" },
		{ "names twice",
		  "{'a': {'S': ''}, 'b': {'S': ''}, "
		  "'a': {'S': 'x'}}",
		  INVALID "Duplicate attribute name: a" },
		{ "empty name", "{'': {'S': ''}}",
		  INVALID "An attribute name may not be empty" },
		{ "not UTF-8", "{'s': {'S': '\xff'}}",
		  "malformed item: a string is not UTF-8" },
		{ "binary may be anything", "{'s': {'B': '\xff'}}",
		  "{'s': {'B': '\xff'}}" },
		{ "a name that is not UTF-8", "{'\xff': {'S': ''}}",
		  "malformed item: a string is not UTF-8" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice given;
		const char *got;

		if (strstr(cases[i].item, "NULL': false"))
			given = SLICE("\x0a\x07\x0a\x01s\x12\x02\x48\x00");
		else
			given = item_text(&mem, cases[i].item);
		got = rewrite(given);
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].name, got,
				 cases[i].want);
	}
}

static void test_bytes(void **state)
{
	static const struct {
		const char *name;
		struct slice bytes;
		const char *want;
	} cases[] = {
		{ "value first",
		  SLICE("\x0a\x08\x12\x03\x0a\x01x\x0a\x01"
			"a"),
		  "{'a': {'S': 'x'}}" },
		{ "no type",
		  SLICE("\x0a\x05\x0a\x01"
			"a\x12\x00"),
		  "Supplied AttributeValue is empty, must contain exactly one "
		  "of the supported datatypes" },
		{ "no value",
		  SLICE("\x0a\x03\x0a\x01"
			"a"),
		  "Supplied AttributeValue is empty, must contain exactly one "
		  "of the supported datatypes" },
		{ "two types",
		  SLICE("\x0a\x0a\x0a\x01"
			"a\x12\x05\x0a\x01x\x48\x01"),
		  "Supplied AttributeValue has more than one datatypes set, "
		  "must contain exactly one of the supported datatypes" },
		{ "an unknown type",
		  SLICE("\x0a\x08\x0a\x01"
			"a\x12\x03\x5a\x01x"),
		  "malformed item: an unknown type" },
		{ "cut short",
		  SLICE("\x0a\x08\x0a\x01"
			"a\x12\x03\x0a\x01"),
		  "malformed item" },
		{ "an unknown field", SLICE("\x10\x01"), "malformed item" },
		{ "S as a varint",
		  SLICE("\x0a\x07\x0a\x01"
			"a\x12\x02\x08\x01"),
		  "malformed item" },
		{ "an unknown field in a list",
		  SLICE("\x0a\x09\x0a\x01"
			"a\x12\x04\x42\x02\x10"
			"\x01"),
		  "malformed item" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = rewrite(cases[i].bytes);

		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].name, got,
				 cases[i].want);
	}
}

/* A list in a list …, `depth` of them. */
static struct slice nested(int depth)
{
	struct kv_writer w;

	kv_writer_init(&w, &mem, 1 << 20);
	for (int i = 0; i < depth; i++) {
		kv_writer_head(&w, ITEM_L, 0);
		if (i < depth - 1)
			kv_writer_member(&w, 0);
	}
	kv_writer_entry(&w, SLICE("a"), 0);
	return kv_writer_slice(&w);
}

static void test_depth(void **state)
{
	(void)state;
	assert_string_not_equal(rewrite(nested(32)),
				"Nesting Levels have exceeded supported "
				"limits");
	assert_string_equal(rewrite(nested(33)),
			    "Nesting Levels have exceeded supported limits");
	assert_string_equal(rewrite(nested(10000)),
			    "Nesting Levels have exceeded supported limits");
}

static void test_small_numbers_do_not_explode(void **state)
{
	struct buffer list, item;
	struct slice out;
	struct fault f = { 0 };

	(void)state;
	buffer_init(&list, 1 << 22);
	buffer_init(&item, 1 << 22);
	for (int i = 0; i < 100000; i++)
		item_put_value(&list, ITEM_L, ITEM_N, SLICE("1e-130"));
	item_put_inner(&item, "a", ITEM_L, buffer_slice(&list));
	assert_int_equal(kv_item_canonical(buffer_slice(&item), &mem, &out, &f),
			 -E_INVALID);
	assert_string_equal(f.message, "Item size has exceeded the maximum "
				       "allowed size");
	buffer_release(&list);
	buffer_release(&item);
}

static void test_size(void **state)
{
	static const struct {
		const char *name, *item;
		size_t want;
	} cases[] = {
		{ "nothing", "{}", 0 },
		{ "a name counts", "{'abc': {'S': ''}}", 3 },
		{ "bytes, not characters", "{'\xc3\xa9': {'S': '\xc3\xa9x'}}",
		  5 },
		{ "zero", "{'a': {'N': '0'}}", 2 },
		{ "a digit", "{'a': {'N': '7'}}", 3 },
		{ "zeros at the ends are free", "{'a': {'N': '-0.00120'}}", 3 },
		{ "zeros between are not", "{'a': {'N': '1001'}}", 4 },
		{ "38 digits",
		  "{'a': {'N': '12345678901234567890123456789012345"
		  "678'}}",
		  21 },
		{ "NULL and BOOL",
		  "{'a': {'NULL': true}, 'b': {'BOOL': false}}", 4 },
		{ "a set", "{'a': {'SS': ['ab', 'c']}}", 4 },
		{ "a set of numbers", "{'a': {'NS': ['1', '123']}}", 6 },
		{ "an empty list", "{'a': {'L': []}}", 4 },
		{ "a list", "{'a': {'L': [{'S': 'xy'}, {'NULL': true}]}}", 9 },
		{ "a map", "{'a': {'M': {'bc': {'S': 'xy'}}}}", 9 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice item, given = item_text(&mem, cases[i].item);
		struct fault f = { 0 };
		size_t got;

		assert_int_equal(kv_item_canonical(given, &mem, &item, &f), 0);
		got = kv_item_size(item);
		if (got != cases[i].want)
			fail_msg("%s: got %zu, want %zu", cases[i].name, got,
				 cases[i].want);
	}
}

static void test_full_arena(void **state)
{
	struct slice out, given = item_text(&mem, "{'a': {'S': 'x'}}");
	struct arena small;
	struct fault f = { 0 };

	(void)state;
	arena_init(&small, 64);
	assert_int_equal(kv_item_canonical(given, &small, &out, &f),
			 -E_INVALID);
	arena_release(&small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_small_numbers_do_not_explode),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_full_arena),
	};

	return cmocka_run_group_tests_name("item", tests, start, end);
}
