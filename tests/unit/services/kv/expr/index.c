/* tests/unit/services/kv/expr/index.c - what an expression names that an index
 * has not */
#include "services/kv/expr/expr.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TEXT(text)                                        \
	{                                                 \
		(const uint8_t *)(text), sizeof(text) - 1 \
	}

static const struct slice included[] = { TEXT("a"), TEXT("b") };

static const struct kv_index indexes[] = {
	{ .name = TEXT("all"), .key = { { { TEXT("g"), ITEM_S } }, 1, 1 } },
	{ .name = TEXT("keys"),
	  .key = { { { TEXT("g"), ITEM_S }, { TEXT("r"), ITEM_N } }, 1, 2 },
	  .projection = KV_PROJECT_KEYS_ONLY },
	{ .name = TEXT("some"),
	  .key = { { { TEXT("g"), ITEM_S } }, 1, 1 },
	  .projection = KV_PROJECT_INCLUDE,
	  .included = included,
	  .included_count = 2 },
};

static const struct kv_table table = {
	.key = { { { TEXT("p"), ITEM_S }, { TEXT("s"), ITEM_S } }, 1, 2 },
	.indexes = indexes,
	.index_count = 3,
};

static const struct {
	const char *expression;
	int index;
	const char *missing; /* NULL: none is */
} cases[] = {
	{ "x, y.z[3], p", 0, NULL },	    { "p, s, g, r", 1, NULL },
	{ "a, r, x.a", 1, "a, x" },	    { "a, b.c[1].x, s", 2, NULL },
	{ "r, a, x.y, x.z, p", 2, "r, x" },
};

static void test_paths(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct kv_index *index = &indexes[cases[i].index];
		const char *missing = cases[i].missing;
		struct arena mem;
		struct kv_scope scope;
		struct kv_paths paths;
		struct fault f = { 0 };
		char *want;

		arena_init(&mem, 1 << 20);
		kv_scope_init(&scope, &mem, &f);
		assert_int_equal(
		    kv_projection_compile(&scope, slice_of(cases[i].expression),
					  &paths),
		    0);
		want = arena_printf(
		    &mem,
		    "One or more parameter values were invalid: Global "
		    "secondary index %.*s does not project [%s]",
		    SLICE_ARGS(index->name), missing ? missing : "");
		assert_int_equal(kv_paths_projected(&paths, &table, index),
				 !missing);
		assert_int_equal(kv_paths_check_index(&paths, &table, index,
						      &f),
				 missing ? -E_INVALID : 0);
		assert_string_equal(f.message, missing ? want : "");
		arena_release(&mem);
	}
}

static const struct {
	const char *filter, *missing;
} filters[] = {
	{ "attribute_exists(a) AND NOT contains(b.c, r)", "r" },
	{ "x = y OR (size(x) < a AND z IN (a, b))", "x, y, z" },
	{ "attribute_exists(b)", NULL },
};

static void test_filters(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++) {
		const char *missing = filters[i].missing;
		const struct kv_node *node;
		struct arena mem;
		struct kv_scope scope;
		struct fault f = { 0 };
		char *want;

		arena_init(&mem, 1 << 20);
		kv_scope_init(&scope, &mem, &f);
		assert_int_equal(
		    kv_condition_compile(&scope, "FilterExpression",
					 slice_of(filters[i].filter), &node),
		    0);
		want = arena_printf(
		    &mem,
		    "One or more parameter values were invalid: Secondary "
		    "index some does not project one or more filter "
		    "attributes: [%s]",
		    missing ? missing : "");
		assert_int_equal(kv_filter_check_index(node, &table,
						       &indexes[2], &f),
				 missing ? -E_INVALID : 0);
		assert_string_equal(f.message, missing ? want : "");
		arena_release(&mem);
	}
}

static void test_nothing(void **state)
{
	struct fault f = { 0 };

	(void)state;
	assert_true(kv_paths_projected(NULL, &table, &indexes[1]));
	assert_int_equal(kv_paths_check_index(NULL, &table, &indexes[1], &f),
			 0);
	assert_int_equal(kv_filter_check_index(NULL, &table, &indexes[1], &f),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests_name("index", tests, NULL, NULL);
}
