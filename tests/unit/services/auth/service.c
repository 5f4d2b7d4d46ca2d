/* tests/unit/services/auth/service.c - rows and settings of parlor-auth */
#include "services/auth/service.h"
#include "lib/rpc/dispatch.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_rows(void **state)
{
	const struct descriptor_method *missing =
	    dispatch_missing_row(auth_services, descriptor_set_parlor());

	(void)state;
	if (missing)
		fail_msg("no row for '%.*s'", SLICE_ARGS(missing->name));
}

static void test_settings(void **state)
{
	static const struct {
		const char *name, *listen, *mail, *pool, *client, *issuer;
		int result;
	} cases[] = {
		{ "as init makes them", "127.0.0.1:8081", "mail", "local_abc",
		  "c", "http://127.0.0.1:8081/local_abc", 0 },
		{ "a unix socket", "unix:/run/auth", "mail", "local_abc", "c",
		  "http://a/local_abc", 0 },
		{ "public without mail", "0.0.0.0:8081", NULL, "local_abc", "c",
		  "https://a/local_abc", 0 },
		{ "public with mail in files", "0.0.0.0:8081", "mail",
		  "local_abc", "c", "https://a/local_abc", -E_INVALID },
		{ "no pool", "127.0.0.1:1", NULL, NULL, "c", "http://a/x",
		  -E_INVALID },
		{ "a pool without a region", "127.0.0.1:1", NULL, "abc", "c",
		  "http://a/abc", -E_INVALID },
		{ "a pool with a dot", "127.0.0.1:1", NULL, "local_a.c", "c",
		  "http://a/local_a.c", -E_INVALID },
		{ "no client", "127.0.0.1:1", NULL, "local_abc", NULL,
		  "http://a/local_abc", -E_INVALID },
		{ "no issuer", "127.0.0.1:1", NULL, "local_abc", "c", NULL,
		  -E_INVALID },
		{ "another pool's issuer", "127.0.0.1:1", NULL, "local_abc",
		  "c", "http://a/local_abd", -E_INVALID },
		{ "an issuer with a quote", "127.0.0.1:1", NULL, "local_abc",
		  "c", "http://\"/local_abc", -E_INVALID },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct auth_settings s = {
			.common = { .listen = cases[i].listen,
				    .user_pool_id = cases[i].pool,
				    .client_id = cases[i].client,
				    .issuer = cases[i].issuer },
			.mail = { .dir = cases[i].mail,
				  .from = "a@b.test",
				  .language = "en" },
			.rules = { .hash_memory = 19 << 20, .hash_lanes = 1 },
		};
		struct fault fault;

		fault_clear(&fault);
		if (auth_settings_check(&s, &fault) != cases[i].result)
			fail_msg("%s: got '%s'", cases[i].name, fault.message);
	}
}

static void test_mail_settings(void **state)
{
	static const struct {
		const char *why; /* NULL: they are good */
		struct auth_mail mail;
	} cases[] = {
		{ NULL, { .from = "a@b.test", .language = "de" } },
		{ "auth.mail_from: 'a@b>' is no address",
		  { .from = "a@b>", .language = "en" } },
		{ "auth.mail_language: there is no letter 'verify' in 'tlh'",
		  { .from = "a@b.test", .language = "tlh" } },
		{ "auth.smtp: mail goes to a server or to auth.mail_dir",
		  { .from = "a@b.test",
		    .language = "en",
		    .dir = "mail",
		    .smtp = "smtp://mail.example.com",
		    .smtp_tls = true } },
		{ "auth.smtp_tls: codes go without TLS to a server on this",
		  { .from = "a@b.test",
		    .language = "en",
		    .smtp = "smtp://mail.example.com" } },
		{ "auth.mail_templates: cannot open '/nowhere'",
		  { .from = "a@b.test",
		    .language = "en",
		    .templates = "/nowhere" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct auth_settings s = {
			.common = { .listen = "127.0.0.1:1",
				    .user_pool_id = "local_abc",
				    .client_id = "c",
				    .issuer = "https://a/local_abc" },
			.mail = cases[i].mail,
			.rules = { .hash_memory = 19 << 20, .hash_lanes = 1 },
		};
		struct fault fault = { 0 };

		auth_settings_check(&s, &fault);
		if (cases[i].why ? !strstr(fault.message, cases[i].why)
				 : fault.code != 0)
			fail_msg("want '%s', got '%s'",
				 cases[i].why ? cases[i].why : "",
				 fault.message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_mail_settings),
	};

	return cmocka_run_group_tests_name("service", tests, NULL, NULL);
}
