/* tests/unit/services/auth/op/argon.c - passwords at rest */
#include "services/auth/op/argon.h"

#include <setjmp.h>
#include <stdarg.h>

#include <argon2.h>
#include <cmocka.h>

static const struct argon_cost cheap = { 64, 1, 1 };

static void test_hash(void **state)
{
	char text[ARGON_TEXT], again[ARGON_TEXT];

	(void)state;
	argon_hash(&cheap, SLICE("a password"), text);
	argon_hash(&cheap, SLICE("a password"), again);
	assert_string_not_equal(text, again); /* another salt */
	assert_true(argon_verify(slice_of(text), SLICE("a password")));
	assert_false(argon_verify(slice_of(text), SLICE("another")));
	/* the reference reads what we write */
	assert_int_equal(argon2id_verify(text, "a password", 10), ARGON2_OK);
	argon_dummy(&cheap, text);
	assert_false(argon_verify(slice_of(text), SLICE("a password")));
	assert_int_equal(argon2id_verify(text, "a password", 10),
			 ARGON2_VERIFY_MISMATCH);
}

static void test_reference(void **state)
{
	char text[ARGON_TEXT];

	(void)state;
	assert_int_equal(argon2id_hash_encoded(3, 256, 2, "secret", 6,
					       "0123456789abcdef", 16, 32, text,
					       sizeof(text)),
			 ARGON2_OK);
	assert_true(argon_verify(slice_of(text), SLICE("secret")));
}

static void test_malformed(void **state)
{
#define SALT "MDEyMzQ1Njc4OWFiY2RlZg"
#define HASH "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"
	static const struct {
		const char *name, *text;
	} cases[] = {
		{ "nothing", "" },
		{ "another kind", "$argon2i$v=19$m=64,t=1,p=1$" SALT "$" HASH },
		{ "another version",
		  "$argon2id$v=16$m=64,t=1,p=1$" SALT "$" HASH },
		{ "no memory", "$argon2id$v=19$m=0,t=1,p=1$" SALT "$" HASH },
		{ "too little for its lanes",
		  "$argon2id$v=19$m=8,t=1,p=2$" SALT "$" HASH },
		{ "all memory there is",
		  "$argon2id$v=19$m=4294967295,t=1,p=1$" SALT "$" HASH },
		{ "one more parameter",
		  "$argon2id$v=19$m=64,t=1,p=1,x=1$" SALT "$" HASH },
		{ "a short salt", "$argon2id$v=19$m=64,t=1,p=1$MDEy$" HASH },
		{ "a short hash", "$argon2id$v=19$m=64,t=1,p=1$" SALT "$MDEy" },
		{ "a long hash",
		  "$argon2id$v=19$m=64,t=1,p=1$" SALT "$" HASH HASH },
		{ "text in front",
		  "x$argon2id$v=19$m=64,t=1,p=1$" SALT "$" HASH },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (argon_verify(slice_of(cases[i].text), SLICE("")))
			fail_msg("%s: taken", cases[i].name);
}

/* A machine that fills so many MiB a millisecond. */
static int64_t machine(const struct argon_cost *cost, void *arg)
{
	return (int64_t)cost->memory * cost->passes * 1000 / 1024 /
	       *(const int64_t *)arg;
}

static void test_fit(void **state)
{
	static const struct {
		const char *name;
		uint32_t max; /* MiB */
		int64_t target_ms, speed;
		struct argon_cost want; /* memory in MiB */
	} cases[] = {
		{ "all memory in one pass", 1024, 1024, 1, { 1024, 1, 1 } },
		{ "as much as fits", 1024, 100, 1, { 100, 1, 1 } },
		{ "more passes over little memory", 64, 200, 1, { 64, 3, 1 } },
		{ "two passes below 46 MiB", 1024, 40, 1, { 20, 2, 1 } },
		{ "never less, whatever it takes", 1024, 10, 1, { 19, 2, 1 } },
		{ "nor where there is no memory", 1, 190, 1, { 19, 10, 1 } },
		{ "a fast machine", 64, 10000, 1000, { 64, 64, 1 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int64_t speed = cases[i].speed;
		struct argon_cost got =
		    argon_fit(cases[i].max * 1024, cases[i].target_ms * 1000,
			      machine, &speed);

		if (got.memory != cases[i].want.memory * 1024 ||
		    got.passes != cases[i].want.passes || got.lanes != 1)
			fail_msg("%s: got %u MiB, %u passes", cases[i].name,
				 got.memory / 1024, got.passes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_reference),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_fit),
	};

	return cmocka_run_group_tests_name("argon", tests, NULL, NULL);
}
