/* tests/unit/services/kv/expr/scalars.c - no path leads into an attribute of a
 * key */
#include "services/kv/expr/expr.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TEXT(text)                                        \
	{                                                 \
		(const uint8_t *)(text), sizeof(text) - 1 \
	}
#define WORDS                                                          \
	"Key attributes must be scalars; list random access '[]' and " \
	"map lookup '.' are not allowed: "

static const struct kv_index index_of_g = {
	.name = TEXT("i"), .key = { { { TEXT("g"), ITEM_S } }, 1, 1 }
};

static const struct kv_table table = {
	.key = { { { TEXT("p"), ITEM_S }, { TEXT("s"), ITEM_S } }, 1, 2 },
	.indexes = &index_of_g,
	.index_count = 1,
};

enum kind { PROJECTION, FILTER, UPDATE };

static const struct {
	enum kind kind;
	const char *text, *want;
} cases[] = {
	{ PROJECTION, "a.p, p, s, g, b[1].g", "" },
	{ PROJECTION, "a, p.a", WORDS "Key: p" },
	{ PROJECTION, "g[0]", WORDS "IndexKey: g" },
	{ FILTER, "a.s = p AND size(g) < s", "" },
	{ FILTER, "a = b OR NOT contains(a, s.x)", WORDS "Key: s" },
	{ FILTER, "g.x BETWEEN a AND b", WORDS "IndexKey: g" },
	{ UPDATE, "SET a = p, b.g = g REMOVE c[0]", "" },
	{ UPDATE, "SET a = if_not_exists(b, p.x)", WORDS "Key: p" },
	{ UPDATE, "REMOVE g.a", WORDS "IndexKey: g" },
};

static void check(struct kv_scope *scope, enum kind kind, struct slice text)
{
	const struct kv_node *filter = NULL;
	struct kv_paths paths = { .count = 0 };
	struct kv_update update = { .count = 0 };

	switch (kind) {
	case PROJECTION:
		assert_int_equal(kv_projection_compile(scope, text, &paths), 0);
		kv_paths_check_scalars(&paths, &table, scope->fault);
		return;
	case FILTER:
		assert_int_equal(kv_condition_compile(scope, "FilterExpression",
						      text, &filter),
				 0);
		kv_filter_check_scalars(filter, &table, scope->fault);
		return;
	case UPDATE:
		assert_int_equal(kv_update_compile(scope, text, &update), 0);
		kv_update_check_scalars(&update, &table, scope->fault);
		return;
	}
}

static void test_scalars(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kv_scope scope;
		struct fault f = { 0 };
		struct arena mem;

		arena_init(&mem, 1 << 20);
		kv_scope_init(&scope, &mem, &f);
		check(&scope, cases[i].kind, slice_of(cases[i].text));
		assert_string_equal(f.message, cases[i].want);
		assert_int_equal(f.code, *cases[i].want ? E_INVALID : E_NONE);
		arena_release(&mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_scalars) };

	return cmocka_run_group_tests_name("scalars", tests, NULL, NULL);
}
