/* tests/unit/services/game/match/table.c - what a player learns of the store's no */
#include "services/game/match/table.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_fail(void **state)
{
	static const struct {
		const char *name;
		int store, player;
	} cases[] = {
		{ "it is away", E_UNAVAILABLE, E_UNAVAILABLE },
		{ "nobody knows", E_UNKNOWN, E_UNAVAILABLE },
		{ "too slow", E_DEADLINE, E_UNAVAILABLE },
		{ "too much", E_THROUGHPUT, E_UNAVAILABLE },
		{ "no token", E_UNAUTHENTICATED, E_UNAUTHENTICATED },
		{ "it ended on its way", E_TOKEN_EXPIRED, E_UNAUTHENTICATED },
		{ "it was revoked", E_TOKEN_REVOKED, E_UNAUTHENTICATED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct fault store = { .code = cases[i].store,
					     .message = "the store's words" };
		struct event e = { 0 };

		if (table_fail(&e, &store) != -cases[i].player ||
		    e.fault.code != cases[i].player)
			fail_msg("%s: got %d", cases[i].name, e.fault.code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_fail) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
