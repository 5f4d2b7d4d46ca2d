/* tests/unit/services/gateway/gateway.c - the gateway's own operations */
#include "services/gateway/gateway.h"
#include "lib/rpc/dispatch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_every_rpc_has_a_row(void **state)
{
	const struct descriptor_method *missing =
	    dispatch_missing_row(gateway_services, descriptor_set_parlor());

	(void)state;
	if (missing)
		fail_msg("no row for '%.*s'", SLICE_ARGS(missing->name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_rpc_has_a_row),
	};

	return cmocka_run_group_tests_name("gateway", tests, NULL, NULL);
}
