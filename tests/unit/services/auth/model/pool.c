/* tests/unit/services/auth/model/pool.c - pools and clients, as configured */
#include "services/auth/model/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { TEXTS = 3, MINUTE = 60000, HOUR = 60 * MINUTE };

/* Texts that end with NULL. */
static struct auth_texts texts(const char *const *from, struct slice *rows)
{
	size_t count = 0;

	while (count < TEXTS && from[count]) {
		rows[count] = slice_of(from[count]);
		count++;
	}
	return (struct auth_texts){ rows, count };
}

static void test_flows(void **state)
{
	static const struct {
		const char *said[TEXTS], *flow;
		bool want;
	} cases[] = {
		{ { NULL }, "USER_SRP_AUTH", true },
		{ { NULL }, "REFRESH_TOKEN_AUTH", true },
		{ { NULL }, "USER_PASSWORD_AUTH", false },
		{ { NULL }, "GUEST_AUTH", false },
		{ { "ALLOW_USER_PASSWORD_AUTH" }, "USER_PASSWORD_AUTH", true },
		{ { "ALLOW_USER_PASSWORD_AUTH" }, "USER_SRP_AUTH", false },
		{ { "ALLOW_USER_PASSWORD_AUTH" }, "REFRESH_TOKEN_AUTH", false },
		{ { "USER_PASSWORD_AUTH" }, "USER_PASSWORD_AUTH", true },
		{ { "USER_PASSWORD_AUTH" }, "USER_SRP_AUTH", true },
		{ { "ADMIN_NO_SRP_AUTH" }, "ADMIN_USER_PASSWORD_AUTH", true },
		{ { "ALLOW_USER_AUTH" }, "USER_AUTH", true },
		{ { "ALLOW_USER_AUTH" }, "NOTHING", false },
	};
	struct slice rows[TEXTS];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct auth_client client = {
			.flows = texts(cases[i].said, rows),
		};

		if (auth_client_allows(&client, cases[i].flow) != cases[i].want)
			fail_msg("%zu: %s for %s: want %d", i,
				 cases[i].said[0] ? cases[i].said[0] : "none",
				 cases[i].flow, cases[i].want);
	}
}

static void test_lives(void **state)
{
	struct auth_client client = { 0 };

	(void)state;
	assert_int_equal(auth_access_ms(&client), HOUR);
	assert_int_equal(auth_id_ms(&client), HOUR);
	assert_int_equal(auth_refresh_ms(&client), 30LL * 24 * HOUR);
	client.access = (struct auth_life){ 2, AUTH_UNIT_UNSET };
	client.id_token = (struct auth_life){ 10, AUTH_MINUTES };
	client.refresh = (struct auth_life){ 7, AUTH_UNIT_UNSET };
	assert_int_equal(auth_access_ms(&client), 2 * HOUR);
	assert_int_equal(auth_id_ms(&client), 10 * MINUTE);
	assert_int_equal(auth_refresh_ms(&client), 7LL * 24 * HOUR);
}

static void test_units(void **state)
{
	(void)state;
	assert_string_equal(auth_unit_name(AUTH_DAYS), "days");
	assert_null(auth_unit_name(AUTH_UNIT_UNSET));
	for (int unit = AUTH_SECONDS; unit < AUTH_UNITS; unit++) {
		const char *name = auth_unit_name((enum auth_unit)unit);

		assert_int_equal(auth_unit_named(slice_of(name)), unit);
	}
	assert_int_equal(auth_unit_named(SLICE("weeks")), AUTH_UNITS);
}

static void test_pool(void **state)
{
	static const struct {
		const char *verified[TEXTS], *aliases[TEXTS], *usernames[TEXTS];
		const char *words; /* of the refusal; or NULL */
	} cases[] = {
		{ { "email" }, { "email" }, { NULL }, NULL },
		{ { NULL }, { NULL }, { "phone_number" }, NULL },
		{ { "phone_number" }, { NULL }, { NULL }, "phone_number" },
		{ { NULL }, { "email" }, { "email" }, "Only one" },
	};
	struct slice rows[3][TEXTS];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct auth_pool pool = {
			.verified = texts(cases[i].verified, rows[0]),
			.aliases = texts(cases[i].aliases, rows[1]),
			.usernames = texts(cases[i].usernames, rows[2]),
		};
		struct fault fault = { 0 };

		auth_pool_valid(&pool, &fault);
		if (cases[i].words ? !strstr(fault.message, cases[i].words)
				   : fault.code != E_NONE)
			fail_msg("%zu: got \"%s\", want \"%s\"", i,
				 fault.message,
				 cases[i].words ? cases[i].words : "");
	}
}

#define BY(name, priority)                                              \
	{                                                               \
		{ (const uint8_t *)(name), sizeof(name) - 1 }, priority \
	}

static void test_recovery(void **state)
{
	static const struct {
		struct auth_recovery said[AUTH_RECOVERIES];
		bool recovers;
		const char *words; /* of the refusal; or NULL */
	} cases[] = {
		{ .recovers = true },
		{ { BY("verified_email", 1) }, true, NULL },
		{ { BY("verified_phone_number", 2), BY("verified_email", 1) },
		  true,
		  NULL },
		{ { BY("admin_only", 1) }, false, NULL },
		{ { BY("verified_phone_number", 1) }, true, "text messages" },
		{ { BY("admin_only", 1), BY("verified_email", 2) },
		  false,
		  "any other" },
		{ { BY("verified_email", 1), BY("admin_only", 2) },
		  true,
		  "any other" },
		{ { BY("verified_email", 1), BY("verified_email", 2) },
		  true,
		  "of its own" },
		{ { BY("verified_email", 1), BY("verified_phone_number", 1) },
		  true,
		  "of its own" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct auth_pool pool = { 0 };
		struct fault fault = { 0 };

		memcpy(pool.recovery, cases[i].said, sizeof(pool.recovery));
		assert_int_equal(auth_pool_recovers(&pool), cases[i].recovers);
		auth_pool_valid(&pool, &fault);
		if (cases[i].words ? !strstr(fault.message, cases[i].words)
				   : fault.code != E_NONE)
			fail_msg("%zu: got \"%s\", want \"%s\"", i,
				 fault.message,
				 cases[i].words ? cases[i].words : "");
	}
}

static void test_client(void **state)
{
	static const struct {
		struct auth_life access, refresh;
		const char *flows[TEXTS], *urls[TEXTS], *providers[TEXTS],
		    *oauth_flows[TEXTS], *words;
	} cases[] = {
		{ .words = NULL },
		{ .flows = { "ALLOW_USER_AUTH" } },
		{ .access = { 299, AUTH_SECONDS }, .words = "Invalid range" },
		{ .access = { 25, AUTH_UNIT_UNSET }, .words = "Invalid range" },
		{ .refresh = { 59, AUTH_MINUTES }, .words = "Invalid range" },
		{ .flows = { "ALLOW_USER_AUTH", "USER_PASSWORD_AUTH" },
		  .words = "legacy" },
		{ .urls = { "https://app.test/back" } },
		{ .urls = { "http://app.test/back" }, .words = "callbackURLs" },
		{ .providers = { "COGNITO" } },
		{ .providers = { "COGNITO", "Google" },
		  .words = "The provider Google does not exist" },
		{ .oauth_flows = { "implicit" }, .words = "implicit" },
	};
	struct auth_schema schema = { 0 };
	struct slice rows[4][TEXTS];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct auth_client client = {
			.access = cases[i].access,
			.refresh = cases[i].refresh,
			.flows = texts(cases[i].flows, rows[0]),
			.callback_urls = texts(cases[i].urls, rows[1]),
			.providers = texts(cases[i].providers, rows[2]),
			.oauth_flows = texts(cases[i].oauth_flows, rows[3]),
		};
		struct fault fault = { 0 };

		auth_client_valid(&client, &schema, &fault);
		if (cases[i].words ? !strstr(fault.message, cases[i].words)
				   : fault.code != E_NONE)
			fail_msg("%zu: got \"%s\", want \"%s\"", i,
				 fault.message,
				 cases[i].words ? cases[i].words : "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flows),	 cmocka_unit_test(test_lives),
		cmocka_unit_test(test_units),	 cmocka_unit_test(test_pool),
		cmocka_unit_test(test_recovery), cmocka_unit_test(test_client),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
