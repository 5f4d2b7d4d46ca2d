/* tests/unit/services/kv/model/expiry.c - when the time of items is over */
#include "services/kv/model/expiry.h"
#include "tests/support/item_text.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Thursday, November 26, 2026, 03:20:00.500 UTC */
#define NOW_MS INT64_C(1795663200500)

static const struct kv_key_part attributes[] = {
	{ { (const uint8_t *)"pk", 2 }, ITEM_S },
	{ { (const uint8_t *)"sk", 2 }, ITEM_N },
};

static const struct kv_table table = {
	.key = { { { { (const uint8_t *)"pk", 2 }, ITEM_S },
		   { { (const uint8_t *)"sk", 2 }, ITEM_N } },
		 1,
		 2 },
	.attributes = attributes,
	.attribute_count = 2,
	.ttl = { .attribute = { (const uint8_t *)"end", 3 }, .number = 7 },
};

static const struct {
	const char *name, *item;
	bool there, expired;
} cases[] = {
	{ "no time", "{'pk': {'S': 'a'}, 'sk': {'N': '1'}}", false, false },
	{ "a second ago",
	  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'end': {'N': '1795663199'}}",
	  true, true },
	{ "with a fraction",
	  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'end': {'N': '1795663199.5'}}",
	  true, true },
	{ "now",
	  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'end': {'N': '1795663200'}}",
	  true, false },
	{ "later",
	  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'end': {'N': '1795663201'}}",
	  true, false },
	{ "in milliseconds",
	  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'end': {'N': '1795663199000'}}",
	  true, false },
	{ "four years ago",
	  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'end': {'N': '1669432800'}}",
	  true, true },
	{ "six years ago",
	  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'end': {'N': '1606360800'}}",
	  true, false },
	{ "zero", "{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'end': {'N': '0'}}",
	  true, false },
	{ "before 1970",
	  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'end': {'N': '-1795663199'}}",
	  true, false },
	{ "a text",
	  "{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'end': {'S': '1795663199'}}",
	  false, false },
};

static void test_expired(void **state)
{
	struct slice low, high;
	struct arena mem;

	(void)state;
	arena_init(&mem, 1 << 20);
	assert_true(kv_expiry_range(NOW_MS, &mem, &low, &high));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kv_index_row row;
		struct slice item = item_text(&mem, cases[i].item);
		bool there = kv_expiry_row(&table, item, &mem, &row);
		bool expired = there && slice_compare(row.key.sort, low) >= 0 &&
			       slice_compare(row.key.sort, high) < 0;

		if (there != cases[i].there || expired != cases[i].expired)
			fail_msg("%s: got %d, %d", cases[i].name, there,
				 expired);
	}
	arena_release(&mem);
}

/* What the index keeps of an item leads to the same row. */
static void test_row_of_a_row(void **state)
{
	struct kv_index_row row, again;
	struct arena mem;
	struct slice item;

	(void)state;
	arena_init(&mem, 1 << 20);
	item = item_text(&mem, "{'pk': {'S': 'a'}, 'sk': {'N': '1'}, 'end': "
			       "{'N': '12'}, 'more': {'S': 'x'}}");
	assert_true(kv_expiry_row(&table, item, &mem, &row));
	assert_true(kv_expiry_row(&table, row.item, &mem, &again));
	assert_true(slice_equal(row.key.hash, again.key.hash));
	assert_true(slice_equal(row.key.sort, again.key.sort));
	assert_true(slice_equal(row.item, again.item));
	assert_int_equal(item_find(row.item, "more").type, ITEM_NONE);
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expired),
		cmocka_unit_test(test_row_of_a_row),
	};

	return cmocka_run_group_tests_name("expiry", tests, NULL, NULL);
}
