/* tests/unit/lib/net/address.c - by what a client is counted */
#include "lib/net/address.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_subscriber(void **state)
{
	static const struct {
		const char *one, *other;
		bool same;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1", true },
		{ "192.0.2.1", "192.0.2.2", false },
		{ "2001:db8::1", "2001:db8::ffff:1:2:3", true },
		{ "2001:db8::1", "2001:db8:0:1::1", false },
		{ "::ffff:192.0.2.1", "::ffff:192.0.2.2", false },
		{ "unix", "unix", true },
		{ "unix", "2001:db8::1", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint8_t one[8], other[8];

		if (slice_equal(address_subscriber(cases[i].one, one),
				address_subscriber(cases[i].other, other)) !=
		    cases[i].same)
			fail_msg("%s and %s", cases[i].one, cases[i].other);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_subscriber) };

	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
