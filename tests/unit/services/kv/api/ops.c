/* tests/unit/services/kv/api/ops.c - every rpc of the store has its row */
#include "lib/rpc/descriptor.h"
#include "services/kv/api/api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const struct op *find_row(const struct op_service *service,
				 struct slice name)
{
	for (const struct op *op = service->ops; op->name; op++)
		if (slice_is(name, op->name))
			return op;
	return NULL;
}

static const struct op_service *find_service(
    const struct descriptor_method *method)
{
	for (const struct op_service *s = kv_services; s->name; s++)
		if (slice_is(method->service, s->name))
			return s;
	return NULL;
}

static void test_every_rpc_has_a_row(void **state)
{
	const struct descriptor_set *set = descriptor_set_parlor();
	const struct descriptor_method *method;
	size_t rpcs = 0, rows = 0;

	(void)state;
	for (size_t i = 0; (method = descriptor_method_at(set, i)); i++) {
		const struct op_service *service = find_service(method);
		const struct op *op;

		if (!service)
			continue;
		op = find_row(service, method->name);
		if (!op) {
			fail_msg("%.*s has no row", SLICE_ARGS(method->name));
			return;
		}
		rpcs++;
		if (!(op->flags & OP_READ) == method->no_side_effects)
			fail_msg("%s: its row and its proto differ in whether "
				 "it has side effects",
				 op->name);
	}
	for (const struct op_service *s = kv_services; s->name; s++)
		for (const struct op *op = s->ops; op->name; op++)
			rows++;
	assert_int_equal(rows, rpcs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_rpc_has_a_row),
	};

	return cmocka_run_group_tests_name("ops", tests, NULL, NULL);
}
