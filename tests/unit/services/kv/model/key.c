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
	  .key = { { PART("gp", ITEM_S), PART("gs", ITEM_N) }, 1, 2 } },
	{ .name = { (const uint8_t *)"keys", 4 },
	  .number = 9,
	  .key = { { PART("gs", ITEM_N) }, 1, 1 },
	  .projection = KV_PROJECT_KEYS_ONLY },
};

static const struct kv_table table = {
	.number = 7,
	.key = { { PART("pk", ITEM_S), PART("sk", ITEM_N) }, 1, 2 },
	.indexes = indexes,
	.index_count = 2,
};

static const struct kv_key_schema simple = { { PART("id", ITEM_B) }, 1, 1 };

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

/* ---- keys of several attributes --------------------------------------------
 * "deep": h1 (S), h2 (B); r1 (S), r2 (N), r3 (B). */

static const struct kv_index deep = {
	.name = { (const uint8_t *)"deep", 4 },
	.number = 10,
	.key = { { PART("h1", ITEM_S), PART("h2", ITEM_B), PART("r1", ITEM_S),
		   PART("r2", ITEM_N), PART("r3", ITEM_B) },
		 2,
		 5 },
	.projection = KV_PROJECT_KEYS_ONLY,
};
static const struct kv_table wide = {
	.number = 7,
	.key = { { PART("pk", ITEM_S) }, 1, 1 },
	.indexes = &deep,
	.index_count = 1,
};

struct deep {
	struct slice h1, h2, r1, r2, r3;
};

/* Strings may hold NUL. */
#define TEXT(text)                                           \
	{                                                    \
		(const uint8_t *)(text), sizeof("" text) - 1 \
	}
#define DEEP(h1, h2, r1, r2, r3)                                 \
	{                                                        \
		TEXT(h1), TEXT(h2), TEXT(r1), TEXT(r2), TEXT(r3) \
	}

static struct kv_key deep_key(const struct deep *values)
{
	const struct slice *rows = &values->h1;
	struct kv_index_row row;
	struct fault f = { 0 };
	struct buffer b;

	buffer_init(&b, 1 << 20);
	for (size_t i = 0; i < deep.key.count; i++)
		item_put(&b, deep.key.parts[i].name,
			 &(struct item_value){ .type = deep.key.parts[i].type,
					       .bytes = rows[i] });
	assert_int_equal(kv_index_row(&wide, &deep,
				      arena_slice(&mem, buffer_slice(&b)),
				      false, &mem, &row, &f),
			 1);
	buffer_release(&b);
	return row.key;
}

/* Each before the next: by the first attribute, then by the second. */
static void test_several_in_order(void **state)
{
	static const struct deep items[] = {
		DEEP("a", "b", "\0", "1", "a"),
		DEEP("a", "b", "\0\0", "0", "a"),
		DEEP("a", "b", "\0\1", "0", "a"),
		DEEP("a", "b", "\1", "0", "a"),
		DEEP("a", "b", "\1\1", "0", "a"),
		DEEP("a", "b", "\2", "0", "a"),
		DEEP("a", "b", "a", "-10", "\377"),
		DEEP("a", "b", "a", "-9", "\0"),
		DEEP("a", "b", "a", "9", "\0"),
		DEEP("a", "b", "a", "9", "\0\0"),
		DEEP("a", "b", "a", "9", "\1"),
		DEEP("a", "b", "a", "10", "\0"),
		DEEP("a", "b", "a\0", "1", "a"),
		DEEP("a", "b", "a\1", "1", "a"),
		DEEP("a", "b", "ab", "1", "a"),
		DEEP("a", "b", "b", "0", "a"),
		DEEP("a", "b", "\377", "0", "a"),
	};
	struct kv_key before = deep_key(&items[0]);

	(void)state;
	for (size_t i = 1; i < sizeof(items) / sizeof(*items); i++) {
		struct kv_key key = deep_key(&items[i]);

		assert_true(slice_equal(key.hash, before.hash));
		if (slice_compare(before.sort, key.sort) >= 0)
			fail_msg("row %zu is not before the next", i - 1);
		before = key;
	}
}

/* What ends one value does not begin the next. */
static void test_several_apart(void **state)
{
	static const struct deep items[] = {
		DEEP("a", "b", "a", "1", "a"),
		DEEP("a", "\0b", "a", "1", "a"),
		DEEP("a\0", "b", "a", "1", "a"),
		DEEP("a\0", "\0b", "a", "1", "a"),
		DEEP("a\0\0", "b", "a", "1", "a"),
		DEEP("a\1", "b", "a", "1", "a"),
		DEEP("a\1\1", "b", "a", "1", "a"),
		DEEP("a\1", "\1b", "a", "1", "a"),
		DEEP("ab", "b", "a", "1", "a"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(items) / sizeof(*items); i++)
		for (size_t j = 0; j < i; j++)
			if (slice_equal(deep_key(&items[i]).hash,
					deep_key(&items[j]).hash))
				fail_msg("row %zu is row %zu", i, j);
}

static void test_several_checked(void **state)
{
	const struct {
		const char *name, *item;
		int want;
		const char *message, *updated;
	} cases[] = {
		{ "without one of the partition key's",
		  "{'h1': {'S': 'a'}, 'r1': {'S': 'a'}, 'r2': {'N': '1'}, "
		  "'r3': {'B': 'b'}}",
		  0, "", "" },
		{ "without one of the sort key's",
		  "{'h1': {'S': 'a'}, 'h2': {'B': 'b'}, 'r1': {'S': 'a'}, "
		  "'r3': {'B': 'b'}}",
		  0, "", "" },
		{ "of another type", "{'r2': {'S': '1'}}", -E_INVALID,
		  INVALID "Type mismatch for Index Key r2 Expected: N Actual: "
			  "S IndexName: deep",
		  "The update expression attempted to update the secondary "
		  "index key to unsupported type" },
		{ "2048 bytes together",
		  repeat("{'h2': {'B': 'b'}, 'h1': {'S': '", 'x', 2047, "'}}"),
		  0, "", "" },
		{ "2049 bytes together",
		  repeat("{'h2': {'B': 'b'}, 'h1': {'S': '", 'x', 2048, "'}}"),
		  -E_INVALID,
		  INVALID "Size of hashkey has exceeded the maximum size limit "
			  "of2048 bytes",
		  "The update expression attempted to update the secondary "
		  "index key beyond allowed size limits" },
		{ "1024 bytes together",
		  repeat("{'r2': {'N': '12'}, 'r1': {'S': '", 'x', 1022, "'}}"),
		  0, "", "" },
		{ "1025 bytes together",
		  repeat("{'r2': {'N': '12'}, 'r1': {'S': '", 'x', 1023, "'}}"),
		  -E_INVALID,
		  INVALID "Aggregated size of all range keys has exceeded the "
			  "size limit of 1024 bytes",
		  "The update expression attempted to update the secondary "
		  "index key beyond allowed size limits" },
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(*cases); i++) {
		bool updated = i % 2;
		struct fault f = { 0 };
		struct kv_index_row row;
		int got =
		    kv_index_row(&wide, &deep, canonical(cases[i / 2].item),
				 updated, &mem, &row, &f);
		const char *want =
		    updated ? cases[i / 2].updated : cases[i / 2].message;

		if (got != cases[i / 2].want || strcmp(f.message, want) != 0)
			fail_msg("%s: got %d, '%s'", cases[i / 2].name, got,
				 f.message);
	}
}

/* The store takes what the limits allow, whatever the bytes are. */
static void test_several_longest(void **state)
{
	static const uint8_t low[2047];
	struct deep values = DEEP("", "b", "", "1", "b");
	struct kv_key key;

	(void)state;
	values.h1 = slice_make(low, 2047);
	values.r1 = slice_make(low, 1021);
	key = deep_key(&values);
	assert_true(key.hash.size > 4000 && key.hash.size <= 4200);
	assert_true(key.sort.size > 2000 && key.sort.size <= 2200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_start_keys),
		cmocka_unit_test(test_index_rows),
		cmocka_unit_test(test_projection),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_several_in_order),
		cmocka_unit_test(test_several_apart),
		cmocka_unit_test(test_several_checked),
		cmocka_unit_test(test_several_longest),
	};

	return cmocka_run_group_tests_name("key", tests, start, end);
}
