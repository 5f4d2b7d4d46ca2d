/* tests/unit/services/kv/model/key.c - keys: found, checked, in order */
#include "services/kv/model/key.h"
#include "services/kv/model/item.h"
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

#define PART(name, type)                             \
	{                                            \
		{ (const uint8_t *)(name), 2 }, type \
	}

static const struct kv_index indexes[] = {
	{ .name = { (const uint8_t *)"board", 5 },
	  .number = 8,
	  .key = { PART("gp", ITEM_S), PART("gs", ITEM_N) } },
	{ .name = { (const uint8_t *)"keys", 4 },
	  .number = 9,
	  .key = { PART("gs", ITEM_N), { { 0 }, ITEM_NONE } },
	  .projection = KV_PROJECT_KEYS_ONLY },
};

static const struct kv_table table = {
	.number = 7,
	.key = { PART("pk", ITEM_S), PART("sk", ITEM_N) },
	.indexes = indexes,
	.index_count = 2,
};

static const struct kv_key_schema simple = { PART("id", ITEM_B),
					     { { 0 }, ITEM_NONE } };

static struct slice canonical(const char *text)
{
	struct slice out = { 0 };
	struct fault f = { 0 };

	assert_int_equal(kv_item_canonical(item_text(&mem, text), &mem, &out,
					   &f),
			 0);
	return out;
}

static char *repeat(const char *before, char c, int count, const char *after)
{
	char *run = arena_zalloc(&mem, (size_t)count + 1);

	memset(run, c, (size_t)count);
	return arena_printf(&mem, "%s%s%s", before, run, after);
}

#define INVALID "One or more parameter values were invalid: "
#define NO_MATCH "The provided key element does not match the schema"
#define EMPTY(kind, key)                                        \
	"One or more parameter values are not valid. The "      \
	"AttributeValue for a key attribute cannot contain an " \
	"empty " kind " value. Key: " key

static void test_keys(void **state)
{
	const struct {
		const char *name;
		const struct kv_key_schema *schema;
		bool map; /* a request's Key rather than a whole item */
		const char *item, *want;
	} cases[] = {
		{ "an item", &table.key, false,
		  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'x': {'S': ''}}", "" },
		{ "without its range", &table.key, false, "{'pk': {'S': 'a'}}",
		  INVALID "Missing the key sk in the item" },
		{ "without its hash", &table.key, false, "{'sk': {'N': '1'}}",
		  INVALID "Missing the key pk in the item" },
		{ "of another type", &table.key, false,
		  "{'pk': {'N': '1'}, 'sk': {'N': '1'}}",
		  INVALID "Type mismatch for key pk expected: S actual: N" },
		{ "an empty string", &table.key, false,
		  "{'pk': {'S': ''}, 'sk': {'N': '1'}}",
		  EMPTY("string", "pk") },
		{ "an empty binary", &simple, true, "{'id': {'B': ''}}",
		  EMPTY("binary", "id") },
		{ "a Key", &table.key, true,
		  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}}", "" },
		{ "a Key with more", &table.key, true,
		  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'x': {'S': ''}}",
		  NO_MATCH },
		{ "a Key with less", &table.key, true, "{'pk': {'S': 'a'}}",
		  NO_MATCH },
		{ "a Key of other names", &table.key, true,
		  "{'pk': {'S': 'a'}, 'x': {'N': '1'}}", NO_MATCH },
		{ "a Key of another type", &table.key, true,
		  "{'pk': {'S': 'a'}, 'sk': {'S': '1'}}", NO_MATCH },
		{ "2048 bytes", &simple, true,
		  repeat("{'id': {'B': '", 'x', 2048, "'}}"), "" },
		{ "2049 bytes", &simple, true,
		  repeat("{'id': {'B': '", 'x', 2049, "'}}"),
		  INVALID "Size of hashkey has exceeded the maximum size limit "
			  "of2048 bytes" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice item = canonical(cases[i].item);
		struct fault f = { 0 };
		struct kv_key key;

		if (cases[i].map)
			kv_key_of_map(cases[i].schema, item, &mem, &key, &f);
		else
			kv_key_of_item(cases[i].schema, item, &mem, &key, &f);
		if (strcmp(f.message, cases[i].want) != 0)
			fail_msg("%s: got '%s', want '%s'", cases[i].name,
				 f.message, cases[i].want);
	}
}

#define START "The provided starting key is invalid"

static void test_start_keys(void **state)
{
	static const struct {
		const char *name;
		bool index, scanned;
		const char *item, *want;
	} cases[] = {
		{ "of the table", false, false,
		  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}}", "" },
		{ "of the table, scanned", false, true,
		  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}}", "" },
		{ "of the table, for the index", true, false,
		  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}}", START },
		{ "of the index", true, false,
		  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'gp': {'S': 'g'}, 'gs':"
		  " {'N': '2'}}",
		  "" },
		{ "of the index, for the table", false, false,
		  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'gp': {'S': 'g'}, 'gs':"
		  " {'N': '2'}}",
		  START },
		{ "of the index, for the table, scanned", false, true,
		  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'gp': {'S': 'g'}, 'gs':"
		  " {'N': '2'}}",
		  START ": " NO_MATCH },
		{ "of another type", true, false,
		  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'gp': {'S': 'g'}, 'gs':"
		  " {'S': '2'}}",
		  NO_MATCH },
		{ "of another type in the table's part", true, true,
		  "{'pk': {'N': '1'}, 'sk': {'N': '1'}, 'gp': {'S': 'g'}, 'gs':"
		  " {'N': '2'}}",
		  START ": " NO_MATCH },
		{ "of another type, scanned", false, true,
		  "{'pk': {'S': 'a'}, 'sk': {'S': '1'}}", START ": " NO_MATCH },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault f = { 0 };
		struct kv_key key, index;

		kv_key_of_start(&table, cases[i].index ? &indexes[0] : NULL,
				cases[i].scanned, canonical(cases[i].item),
				&mem, &key, &index, &f);
		if (strcmp(f.message, cases[i].want) != 0)
			fail_msg("%s: got '%s', want '%s'", cases[i].name,
				 f.message, cases[i].want);
	}
}

static void test_index_rows(void **state)
{
	static const struct {
		const char *name, *item;
		int want;
		const char *message;
	} cases[] = {
		{ "in both", "{'gp': {'S': 'a'}, 'gs': {'N': '1'}}", 2, "" },
		{ "in one", "{'gs': {'N': '1'}}", 1, "" },
		{ "in none", "{'gp': {'S': 'a'}}", 0, "" },
		{ "of another type", "{'gs': {'S': '1'}}", -E_INVALID,
		  INVALID "Type mismatch for Index Key gs Expected: N Actual: "
			  "S IndexName: board" },
		{ "empty", "{'gp': {'S': ''}}", -E_INVALID,
		  "One or more parameter values are not valid. A value "
		  "specified for a secondary index key is not supported. The "
		  "AttributeValue for a key attribute cannot contain an empty "
		  "string value. IndexName: board, IndexKey: gp" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kv_index_row rows[2];
		struct fault f = { 0 };
		int got = kv_index_rows(&table, canonical(cases[i].item), false,
					&mem, rows, &f);

		if (got != cases[i].want ||
		    strcmp(f.message, cases[i].message) != 0)
			fail_msg("%s: got %d, '%s'", cases[i].name, got,
				 f.message);
	}
}

static void test_projection(void **state)
{
	struct slice item =
	    canonical("{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'gp': {'S': 'g'}, "
		      "'gs': {'N': '2'}, 'x': {'S': 'y'}}");
	struct kv_index_row rows[2];
	struct fault f = { 0 };

	(void)state;
	assert_int_equal(kv_index_rows(&table, item, false, &mem, rows, &f), 2);
	assert_true(slice_equal(rows[0].item, item));
	assert_string_equal(item_show(&mem, rows[1].item),
			    "{'gs': {'N': '2'}, 'pk': {'S': 'a'}, "
			    "'sk': {'N': '1'}}");
	assert_string_equal(item_show(&mem, kv_key_attributes(&table, NULL,
							      item, &mem)),
			    "{'pk': {'S': 'a'}, 'sk': {'N': '1'}}");
	assert_string_equal(
	    item_show(&mem, kv_key_attributes(&table, &indexes[0], item, &mem)),
	    "{'gp': {'S': 'g'}, 'gs': {'N': '2'}, "
	    "'pk': {'S': 'a'}, 'sk': {'N': '1'}}");
}

static void test_order(void **state)
{
	/* each less than the next */
	static const char *const numbers[] = {
		"-9e125", "-10.5",  "-10", "-9.99", "-1",   "-1e-130",
		"0",	  "1e-130", "0.5", "1",	    "1.01", "2",
		"10",	  "99",	    "100", "1e38",  "9e125"
	};
	struct slice before = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		const char *text =
		    arena_printf(&mem, "{'pk': {'S': 'a'}, 'sk': {'N': '%s'}}",
				 numbers[i]);
		struct fault f = { 0 };
		struct kv_key key;

		assert_int_equal(kv_key_of_map(&table.key, canonical(text),
					       &mem, &key, &f),
				 0);
		if (i && slice_compare(before, key.sort) >= 0)
			fail_msg("%s is not before %s", numbers[i - 1],
				 numbers[i]);
		before = key.sort;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_start_keys),
		cmocka_unit_test(test_index_rows),
		cmocka_unit_test(test_projection),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests_name("key", tests, start, end);
}
