/* tests/unit/services/kv/usage/price.c - prices read, and amounts to the last
 * place */
#include "services/kv/usage/price.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

/* ---- sheets ----------------------------------------------------------------
 */

static const struct {
	const char *name, *yaml, *why; /* NULL: it is accepted */
} sheets[] = {
	{ "a price of a number", "prices: {Calls: {price: 1.00, per: 1000}}",
	  NULL },
	{ "a price of a measure",
	  "currency: USD\nprices: {ByteHours: {price: 0.25, per: GB-month}}",
	  NULL },
	{ "nothing", "", "s:1: a price sheet needs prices" },
	{ "a list", "- 1", "s:1: a price sheet needs prices" },
	{ "a list of prices", "prices: [1]",
	  "s:1: prices must be a map of units" },
	{ "a bare price", "prices: {Calls: 1}",
	  "s:1: Calls must have a price and a per" },
	{ "no per", "prices:\n  Calls: {price: 1}",
	  "s:2: Calls must have a price and a per" },
	{ "something else", "prices: {Calls: {price: 1, per: 1, free: 2}}",
	  "s:1: Calls must have a price and a per" },
	{ "a price below 0", "prices: {Calls: {price: -1, per: 1}}",
	  "s:1: Calls has a price that is no decimal of up to 12 places, at "
	  "most 1000000" },
	{ "13 places", "prices: {Calls: {price: 0.1234567890123, per: 1}}",
	  "s:1: Calls has a price that is no decimal of up to 12 places, at "
	  "most 1000000" },
	{ "an exponent", "prices: {Calls: {price: 1e3, per: 1}}",
	  "s:1: Calls has a price that is no decimal of up to 12 places, at "
	  "most 1000000" },
	{ "per nothing", "prices: {Calls: {price: 1, per: 0}}",
	  "s:1: Calls has a per that is neither a number of units nor a "
	  "measure of it" },
	{ "another unit's measure",
	  "prices: {Calls: {price: 1, per: GB-month}}",
	  "s:1: Calls has a per that is neither a number of units nor a "
	  "measure of it" },
	{ "a currency of several", "currency: [USD]\nprices: {}",
	  "s:1: currency must be a text" },
};

static void test_sheets(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sheets); i++) {
		struct arena mem;
		struct price_sheet sheet;
		struct fault fault = { 0 };
		int result;
		const char *want = sheets[i].why ? sheets[i].why : "accepted";
		const char *got;

		arena_init(&mem, 1 << 20);
		result = price_sheet_read(slice_of(sheets[i].yaml), "s", &mem,
					  &sheet, &fault);
		got = result == 0 ? "accepted" : fault.message;
		if (strcmp(got, want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", sheets[i].name,
				 got, want);
		arena_release(&mem);
	}
}

/* ---- amounts ---------------------------------------------------------------
 */

#define READS "prices: {ReadRequestUnits: {price: 0.125, per: 1000000}}"
#define HOURS(per) "prices: {ByteHours: {price: 0.25, per: " per "}}"
#define GB_HOUR (INT64_C(3600) << 30)

static const struct {
	const char *name, *yaml, *unit;
	int64_t quantity, month_hours;
	const char *amount;
} amounts[] = {
	{ "nothing", READS, "ReadRequestUnits", 0, 720, "0.00" },
	{ "half a unit", READS, "ReadRequestUnits", 1, 720, "0.0000000625" },
	{ "a million units", READS, "ReadRequestUnits", 2000000, 720, "0.125" },
	{ "a GB for an hour", HOURS("GB-hour"), "ByteHours", GB_HOUR, 720,
	  "0.25" },
	{ "a GB for a month of 30 days", HOURS("GB-month"), "ByteHours",
	  720 * GB_HOUR, 720, "0.25" },
	{ "and of 31", HOURS("GB-month"), "ByteHours", 744 * GB_HOUR, 744,
	  "0.25" },
	{ "a GB for an hour of a month", HOURS("GB-month"), "ByteHours",
	  GB_HOUR, 720, "0.000347222222" },
	{ "half a place is rounded up",
	  "prices: {Calls: {price: 0.000000000001, per: 2}}", "Calls", 1, 720,
	  "0.000000000001" },
	{ "less is rounded down",
	  "prices: {Calls: {price: 0.000000000001, per: 3}}", "Calls", 1, 720,
	  "0.00" },
	{ "a large quantity at a large price",
	  "prices: {Calls: {price: 1000, per: 1000}}", "Calls",
	  INT64_C(9000000000000000), 720, "9000000000000000.00" },
	{ "two places at least", "prices: {Calls: {price: 12.5, per: 1}}",
	  "Calls", 1, 720, "12.50" },
};

static void test_amounts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(amounts); i++) {
		struct arena mem;
		struct price_sheet sheet;
		struct fault fault = { 0 };
		const struct price *price;
		char got[PRICE_TEXT];

		arena_init(&mem, 1 << 20);
		assert_int_equal(price_sheet_read(slice_of(amounts[i].yaml),
						  "s", &mem, &sheet, &fault),
				 0);
		assert_null(price_find(&sheet, SLICE("Others")));
		price = price_find(&sheet, slice_of(amounts[i].unit));
		assert_non_null(price);
		price_print(price_of(price, amounts[i].quantity,
				     amounts[i].month_hours),
			    got);
		if (strcmp(got, amounts[i].amount) != 0)
			fail_msg("%s: got %s, want %s", amounts[i].name, got,
				 amounts[i].amount);
		arena_release(&mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sheets),
		cmocka_unit_test(test_amounts),
	};

	return cmocka_run_group_tests_name("price", tests, NULL, NULL);
}
