/* tests/unit/clients/cli/init.c - a data directory that daemons can start in */
#include "clients/cli/cli.h"
#include "lib/conf/setting.h"
#include "lib/crypto/keyfile.h"
#include "lib/crypto/keyset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/parlor-init-XXXXXX";

static const char *in_dir(const char *name)
{
	static char path[300];

	snprintf(path, sizeof(path), "%s/data/%s", dir, name);
	return path;
}

static enum exit_status run(const char *port, const char *deploy)
{
	char *argv[10] = { "parlor", "init", "--data", (char *)in_dir("") };
	int argc = 4;

	if (port) {
		argv[argc++] = "--port-base";
		argv[argc++] = (char *)port;
	}
	if (deploy) {
		argv[argc++] = "--deploy";
		argv[argc++] = (char *)deploy;
	}
	return (enum exit_status)cli_main(argc, argv);
}

static int clean(void **state)
{
	char command[300];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s/data", dir);
	return system(command);
}

static mode_t mode_of(const char *name)
{
	struct stat status;

	assert_int_equal(stat(in_dir(name), &status), 0);
	return status.st_mode & 0777;
}

static void test_files(void **state)
{
	static const struct {
		const char *name;
		mode_t mode;
	} cases[] = {
		{ "", 0700 },
		{ "store", 0700 },
		{ "spool", 0700 },
		{ "mail", 0700 },
		{ "functions", 0700 },
		{ "run", 0700 },
		{ "keys", 0700 },
		{ "keys/auth.pem", 0600 },
		{ "keys/kv.pem", 0600 },
		{ "keys/gateway.pem", 0600 },
		{ "keys/game.pem", 0600 },
		{ "keys/seal.key", 0600 },
		{ "keys/kv-seal.key", 0600 },
		{ "admin.json", 0600 },
		{ "parlor.yaml", 0600 },
	};
	struct keyset *keys = keyset_new();
	struct fault fault = { 0 };

	(void)state;
	assert_int_equal(run(NULL, NULL), EXIT_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (mode_of(cases[i].name) != cases[i].mode)
			fail_msg("%s is %o", cases[i].name,
				 mode_of(cases[i].name));
	assert_int_equal(keyset_load_file(keys, in_dir("keys/services.jwks"),
					  &fault),
			 0);
	keyset_free(keys);
}

struct shared {
	const char *kv, *other, *listen, *client, *pool;
	struct setting_list routes, origins;
};

static const struct setting rows[] = {
	{ "kv", SETTING_TEXT, offsetof(struct shared, kv),
	  .flags = SETTING_SHARED },
	{ "auth", SETTING_TEXT, offsetof(struct shared, other),
	  .flags = SETTING_SHARED },
	{ "gateway", SETTING_TEXT, offsetof(struct shared, other),
	  .flags = SETTING_SHARED },
	{ "game", SETTING_TEXT, offsetof(struct shared, other),
	  .flags = SETTING_SHARED },
	{ "issuer", SETTING_TEXT, offsetof(struct shared, other),
	  .flags = SETTING_SHARED },
	{ "client_id", SETTING_TEXT, offsetof(struct shared, client),
	  .flags = SETTING_SHARED },
	{ "user_pool_id", SETTING_TEXT, offsetof(struct shared, pool),
	  .flags = SETTING_SHARED },
	{ "listen", SETTING_TEXT, offsetof(struct shared, listen), .flags = 0 },
	{ "admin_listen", SETTING_TEXT, offsetof(struct shared, other),
	  .flags = 0 },
	{ "web_kv_url", SETTING_TEXT, offsetof(struct shared, other),
	  .flags = 0 },
	{ "routes", SETTING_LIST, offsetof(struct shared, routes), .flags = 0 },
	{ "cors_origins", SETTING_LIST, offsetof(struct shared, origins),
	  .flags = SETTING_SHARED },
	{ 0 }
};

static void test_settings(void **state)
{
	struct shared got = { 0 };
	struct fault fault = { 0 };
	struct arena mem;
	FILE *deployed;
	char path[300];

	(void)state;
	snprintf(path, sizeof(path), "%s/gateway.yaml", dir);
	deployed = fopen(path, "we");
	fputs("routes:\n  - one\n\n  - two\n", deployed);
	fclose(deployed);
	assert_int_equal(run("7000", dir), EXIT_OK);
	arena_init(&mem, 1 << 20);
	if (setting_read(rows, in_dir("parlor.yaml"), "gateway", dir, &mem,
			 &got, &fault) != 0)
		fail_msg("%s", fault.message);
	assert_string_equal(got.listen, "127.0.0.1:7000");
	assert_string_equal(got.kv, "unix:run/kv.socket");
	assert_int_equal(strlen(got.client), 26);
	assert_int_equal(strlen(got.pool), 15);
	assert_int_equal(got.routes.count, 2);
	assert_int_equal(got.origins.count, 2);
	assert_string_equal(((const char **)got.origins.rows)[0],
			    "http://127.0.0.1:7000");
	arena_release(&mem);
}

static void test_twice(void **state)
{
	(void)state;
	assert_int_equal(run(NULL, NULL), EXIT_OK);
	assert_int_equal(run(NULL, NULL), EXIT_REFUSED);
	unlink(in_dir("parlor.yaml")); /* as if the first had not ended */
	assert_int_equal(run(NULL, NULL), EXIT_OK);
}

static void test_misuse(void **state)
{
	(void)state;
	assert_int_equal(run("0", NULL), EXIT_USAGE);
	assert_int_equal(run("65530", NULL), EXIT_USAGE);
	assert_int_equal(run("x", NULL), EXIT_USAGE);
	assert_int_equal(run(NULL, "/nowhere/at/all"), EXIT_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_files, clean),
		cmocka_unit_test_teardown(test_settings, clean),
		cmocka_unit_test_teardown(test_twice, clean),
		cmocka_unit_test_teardown(test_misuse, clean),
	};
	char command[300];
	int failed;

	if (!mkdtemp(dir))
		return 1;
	failed = cmocka_run_group_tests_name("init", tests, NULL, NULL);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command) || failed;
}
