/* tests/unit/services/kv/api/ops.c - every rpc of the store has its row */
#include "lib/rpc/descriptor.h"
#include "services/kv/api/api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const struct op *find_row(struct slice name)
{
	for (const struct op *op = kv_ops; op->name; op++)
		if (slice_is(name, op->name))
			return op;
	return NULL;
}

static bool is_ours(const struct descriptor_method *method)
{
	return slice_is(method->service, "parlor.kv.v1.KeyValue");
}

static void test_every_rpc_has_a_row(void **state)
{
	const struct descriptor_set *set = descriptor_set_parlor();
	const struct descriptor_method *method;
	size_t rpcs = 0, rows = 0;

	(void)state;
	for (size_t i = 0; (method = descriptor_method_at(set, i)); i++) {
		const struct op *op =
		    is_ours(method) ? find_row(method->name) : kv_ops;

		if (!op)
			fail_msg("%.*s has no row", SLICE_ARGS(method->name));
		if (!op || !is_ours(method))
			continue;
		rpcs++;
		if (!(op->flags & OP_READ) == method->no_side_effects)
			fail_msg("%s: its row and its proto differ in whether "
				 "it has side effects",
				 op->name);
	}
	for (const struct op *op = kv_ops; op->name; op++)
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
