/* tests/unit/services/auth/model/group.c - users who are something together */
#include "services/auth/model/group.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct auth_group group(const char *name, int64_t precedence,
			       const char *role)
{
	return (struct auth_group){ .name = slice_of(name),
				    .precedence = precedence,
				    .role = slice_of(role) };
}

static void test_order(void **state)
{
	static const struct {
		const char *name;
		int64_t precedence;
	} joined[] = { { "b", AUTH_PRECEDENCE_NONE },
		       { "a", AUTH_PRECEDENCE_NONE },
		       { "high", 0 },
		       { "low", 9 },
		       { "also", 9 } };
	static const char *const want[] = { "high", "also", "low", "a", "b" };
	struct auth_groups groups = { .count = 0 };
	struct arena mem;

	(void)state;
	arena_init(&mem, 1 << 16);
	for (int again = 0; again < 2; again++)
		for (size_t i = 0; i < 5; i++) {
			struct auth_group g =
			    group(joined[i].name, joined[i].precedence, "");

			groups = auth_groups_with(&groups, &g, &mem);
		}
	assert_int_equal(groups.count, 5);
	for (size_t i = 0; i < 5; i++)
		if (!slice_is(groups.rows[i].name, want[i]))
			fail_msg("%zu: got %.*s, want %s", i,
				 SLICE_ARGS(groups.rows[i].name), want[i]);
	groups = auth_groups_without(&groups, SLICE("low"), &mem);
	assert_int_equal(groups.count, 4);
	assert_false(auth_groups_have(&groups, SLICE("low")));
	assert_true(auth_groups_have(&groups, SLICE("also")));
	arena_release(&mem);
}

static void test_preferred_role(void **state)
{
	static const struct {
		const char *name;
		struct {
			int64_t precedence;
			const char *role;
		} groups[3];
		const char *want;
	} cases[] = {
		{ "none", { { 1, "" }, { 2, "" }, { 3, "" } }, "" },
		{ "the first", { { 1, "x" }, { 2, "y" }, { 3, "" } }, "x" },
		{ "the first that has one",
		  { { 1, "" }, { 2, "y" }, { 3, "x" } },
		  "y" },
		{ "two with the same",
		  { { 1, "x" }, { 1, "x" }, { 2, "y" } },
		  "x" },
		{ "two with different ones",
		  { { 1, "x" }, { 1, "y" }, { 2, "z" } },
		  "" },
		{ "no precedence comes last",
		  { { AUTH_PRECEDENCE_NONE, "x" }, { 9, "y" }, { 10, "" } },
		  "y" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		static const char *const names[] = { "a", "b", "c" };
		struct auth_groups groups = { .count = 0 };
		struct arena mem;
		struct slice got;

		arena_init(&mem, 1 << 16);
		for (size_t k = 0; k < 3; k++) {
			struct auth_group g =
			    group(names[k], cases[i].groups[k].precedence,
				  cases[i].groups[k].role);

			groups = auth_groups_with(&groups, &g, &mem);
		}
		got = auth_groups_preferred_role(&groups);
		if (!slice_is(got, cases[i].want))
			fail_msg("%s: got '%.*s', want '%s'", cases[i].name,
				 SLICE_ARGS(got), cases[i].want);
		arena_release(&mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_preferred_role),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
