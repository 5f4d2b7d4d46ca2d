/* tests/unit/services/kv/model/throughput.c - capacity that was provisioned */
#include "services/kv/model/throughput.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

/* Friday, October 9, 2026, 00:21:34 UTC */
#define START INT64_C(1791505294000)

struct step {
	const char *name;
	int64_t at_ms, read, write; /* behind START */
	int result;
	int64_t decreases; /* of the day, then */
	const char *words; /* of a refusal: must be in there */
};

static void run(struct kv_throughput *t, struct slice index,
		const struct step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct step *step = &steps[i];
		int64_t now = START + step->at_ms, today;
		struct fault why;
		int result;

		fault_clear(&why);
		result = kv_throughput_change(t, step->read, step->write, index,
					      now, &why);
		today = kv_throughput_decreases(t, now);
		if (result != step->result || today != step->decreases ||
		    (step->words && !strstr(why.message, step->words)))
			fail_msg("%s: got %d, %d decreases, '%s'", step->name,
				 result, (int)today, why.message);
	}
}

#define RUN(t, index, steps) \
	run(t, index, steps, sizeof(steps) / sizeof(*(steps)))

static void test_decreases(void **state)
{
	static const struct step steps[] = {
		{ "raised", 0, 20, 20, 0, 0, NULL },
		{ "one lower", MINUTE, 19, 20, 0, 1, NULL },
		{ "one higher, one lower", 2 * MINUTE, 21, 19, 0, 2, NULL },
		{ "both lower", 3 * MINUTE, 18, 18, 0, 3, NULL },
		{ "the fourth", 4 * MINUTE, 17, 18, 0, 4, NULL },
		{ "the fifth is refused", 5 * MINUTE, 16, 18, -E_LIMIT, 4,
		  "at most once every 3600 seconds. Number of decreases today: "
		  "4. Last decrease at Friday, October 9, 2026 at 12:25:34 AM "
		  "Coordinated Universal Time. Next decrease can be made at "
		  "Friday, October 9, 2026 at 1:25:34 AM Coordinated Universal "
		  "Time" },
		{ "so is lower and higher", 6 * MINUTE, 16, 30, -E_LIMIT, 4,
		  "decreases are limited" },
		{ "higher is not", 7 * MINUTE, 30, 30, 0, 4, NULL },
		{ "an hour after the fourth", HOUR + 4 * MINUTE, 15, 15, 0, 5,
		  NULL },
		{ "then refused again", HOUR + 5 * MINUTE, 14, 14, -E_LIMIT, 5,
		  "Number of decreases today: 5" },
		{ "not the next day", 24 * HOUR, 14, 14, 0, 1, NULL },
	};
	struct kv_throughput t = { .read = 10, .write = 10 };

	(void)state;
	RUN(&t, SLICE(""), steps);
	assert_int_equal(t.increased_ms, START + 7 * MINUTE);
	assert_int_equal(t.decreased_ms, START + 24 * HOUR);
}

static void test_same(void **state)
{
	static const struct step table[] = {
		{ "the same", 0, 10, 5, -E_INVALID, 0,
		  "The provisioned throughput for the table will not change. "
		  "The requested value equals the current value. Current "
		  "ReadCapacityUnits provisioned for the table: 10. Requested "
		  "ReadCapacityUnits: 10. Current WriteCapacityUnits "
		  "provisioned for the table: 5. Requested "
		  "WriteCapacityUnits: 5. Refer to the Amazon DynamoDB "
		  "Developer Guide for current limits and how to request "
		  "higher limits." },
	};
	static const struct step index[] = {
		{ "the same", 0, 10, 5, -E_INVALID, 0,
		  "The provisioned throughput for the index top will not "
		  "change. The requested value equals the current value. "
		  "Current ReadCapacityUnits provisioned for index top: 10. "
		  "Requested ReadCapacityUnits: 10. Current WriteCapacityUnits "
		  "provisioned for index top: 5. Requested "
		  "WriteCapacityUnits: 5." },
	};
	struct kv_throughput t = { .read = 10, .write = 5 };

	(void)state;
	RUN(&t, SLICE(""), table);
	RUN(&t, SLICE("top"), index);
	assert_int_equal(t.increased_ms, 0);
	assert_int_equal(t.decreased_ms, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decreases),
		cmocka_unit_test(test_same),
	};

	return cmocka_run_group_tests_name("throughput", tests, NULL, NULL);
}
