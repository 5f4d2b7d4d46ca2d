/* tests/unit/services/gateway/gateway.c - the gateway's own operations */
#include "services/gateway/gateway.h"
#include "lib/conf/setting.h"
#include "lib/rpc/dispatch.h"
#include "services/gateway/settings.h"

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

/* What the game brings for the gateway's section fits its rpcs. */
static void test_deployed_routes(void **state)
{
	struct gateway_settings settings = { 0 };
	struct arena mem;
	struct fault why;
	struct plan *plan;

	(void)state;
	fault_clear(&why);
	arena_init(&mem, 16 << 20);
	setting_read_file(gateway_settings,
			  PARLOR_SOURCE "/services/game/deploy/gateway.yaml",
			  "/", &mem, &settings, &why);
	settings.common.auth = settings.common.kv = settings.common.game =
	    "127.0.0.1:1";
	plan = why.code ? NULL : gateway_settings_plan(&settings, 1, &why);
	if (!plan) {
		fail_msg("%s", why.message);
		return;
	}
	assert_int_equal(route_table_count(plan->routes), 19);
	plan_free(plan);
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_rpc_has_a_row),
		cmocka_unit_test(test_deployed_routes),
	};

	return cmocka_run_group_tests_name("gateway", tests, NULL, NULL);
}
