/* tests/unit/lib/conf/setting.c - a daemon's settings, read and explained */
#include "lib/conf/setting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

struct route {
	const char *key, *method;
	int64_t timeout;
};

struct settings {
	const char *listen, *region, *path, *policy;
	int64_t threads, timeout, body;
	bool quick;
	int level;
	struct setting_list names, routes;
};

static const struct setting route_rows[] = {
	{ "key", SETTING_TEXT, offsetof(struct route, key), .help = "Which.",
	  .flags = SETTING_KEY | SETTING_REQUIRED },
	{ "method", SETTING_TEXT, offsetof(struct route, method),
	  .help = "The rpc.", .flags = SETTING_REQUIRED },
	{ "timeout", SETTING_DURATION, offsetof(struct route, timeout),
	  .value = "5s", .help = "How long." },
	{ 0 }
};
static const char *const levels[] = { "debug", "info", NULL };
static const struct setting rows[] = {
	{ "listen", SETTING_TEXT, offsetof(struct settings, listen),
	  .value = "127.0.0.1:8082", .help = "Where it listens.",
	  .flags = SETTING_ADDRESSES },
	{ "region", SETTING_TEXT, offsetof(struct settings, region),
	  .value = "local-1", .help = "The region.", .flags = SETTING_SHARED },
	{ "file", SETTING_TEXT, offsetof(struct settings, path),
	  .help = "A file.", .flags = SETTING_PATH },
	{ "policy", SETTING_RAW, offsetof(struct settings, policy),
	  .help = "A policy." },
	{ "threads", SETTING_INTEGER, offsetof(struct settings, threads),
	  .value = "2", .help = "How many threads serve requests.", .min = 1,
	  .max = 64 },
	{ "timeout", SETTING_DURATION, offsetof(struct settings, timeout),
	  .value = "5s", .help = "How long.", .min = 10, .max = 60000 },
	{ "body-max", SETTING_SIZE, offsetof(struct settings, body),
	  .value = "6MB", .help = "How much.", .max = 16 << 20 },
	{ "quick", SETTING_BOOL, offsetof(struct settings, quick),
	  .value = "false", .help = "Whether." },
	{ "level", SETTING_CHOICE, offsetof(struct settings, level),
	  .value = "info", .help = "How much to say.", .choices = levels },
	{ "names", SETTING_LIST, offsetof(struct settings, names),
	  .help = "Some names." },
	{ "routes", SETTING_TABLE, offsetof(struct settings, routes),
	  .help = "What goes where.", .rows = route_rows,
	  .row_size = sizeof(struct route) },
	{ 0 }
};

static char path[] = "/tmp/parlor-setting-XXXXXX";
static struct arena mem;
static struct settings got;
static struct fault fault;

static int read_text(const char *yaml)
{
	FILE *file = fopen(path, "we");

	fputs(yaml, file);
	fclose(file);
	memset(&got, 0, sizeof(got));
	fault_clear(&fault);
	return setting_read(rows, path, "kv", "/data", &mem, &got, &fault);
}

static void must_read(const char *yaml)
{
	if (read_text(yaml) < 0)
		fail_msg("%s", fault.message);
}

static void test_defaults(void **state)
{
	(void)state;
	must_read("");
	assert_string_equal(got.listen, "127.0.0.1:8082");
	assert_string_equal(got.region, "local-1");
	assert_null(got.path);
	assert_int_equal(got.threads, 2);
	assert_int_equal(got.timeout, 5000);
	assert_int_equal(got.body, 6 << 20);
	assert_int_equal(got.level, 1);
	assert_int_equal(got.routes.count, 0);
	fault_clear(&fault);
	assert_int_equal(setting_read(rows, "/nowhere/parlor.yaml", "kv", NULL,
				      &mem, &got, &fault),
			 0);
}

static void test_addresses(void **state)
{
	static const struct {
		const char *name, *text, *want;
	} cases[] = {
		{ "a port", "h:1", "h:1" },
		{ "a path in the data directory", "unix:run/x",
		  "unix:/data/run/x" },
		{ "a whole path", "unix:/run/x", "unix:/run/x" },
		{ "a file", "file:x", "file:/data/x" },
		{ "several", "127.0.0.1:1, unix:x,unix:/y,[::1]:2",
		  "127.0.0.1:1,unix:/data/x,unix:/y,[::1]:2" },
		{ "no path", "unix:", "unix:" },
	};
	char yaml[128];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snprintf(yaml, sizeof(yaml), "kv:\n  listen: '%s'\n",
			 cases[i].text);
		must_read(yaml);
		if (strcmp(got.listen, cases[i].want) != 0)
			fail_msg("%s: want %s, got %s", cases[i].name,
				 cases[i].want, got.listen);
	}
}

static void test_values(void **state)
{
	const struct route *r;

	(void)state;
	must_read("suite:\n  region: everywhere\n"
		  "auth:\n  whatever: 1\n"
		  "kv:\n"
		  "  listen: unix:/x\n  file: a/b\n  threads: 64\n"
		  "  timeout: 250ms\n  body-max: 64KB\n  quick: true\n"
		  "  level: debug\n  names: [a, \"b c\"]\n"
		  "  policy: {Version: 2012-10-17, Statement: [{Effect: "
		  "Allow}]}\n"
		  "  routes:\n    GET /a: {method: A/B, timeout: 1m}\n"
		  "    GET /b: {method: A/C}\n");
	assert_string_equal(got.listen, "unix:/x");
	assert_string_equal(got.region, "everywhere");
	assert_string_equal(got.path, "/data/a/b");
	assert_int_equal(got.threads, 64);
	assert_int_equal(got.timeout, 250);
	assert_int_equal(got.body, 64 << 10);
	assert_true(got.quick);
	assert_int_equal(got.level, 0);
	assert_int_equal(got.names.count, 2);
	assert_string_equal(((const char **)got.names.rows)[1], "b c");
	assert_string_equal(got.policy,
			    "{\"Version\":\"2012-10-17\",\"Statement\":[{"
			    "\"Effect\":\"Allow\"}]}");
	assert_int_equal(got.routes.count, 2);
	r = got.routes.rows;
	assert_string_equal(r[0].key, "GET /a");
	assert_string_equal(r[0].method, "A/B");
	assert_int_equal(r[0].timeout, 60000);
	assert_int_equal(r[1].timeout, 5000);
	must_read("kv:\n  region: here\n  routes: [{key: x, method: y}]\n"
		  "suite:\n  region: there\n");
	assert_string_equal(got.region, "here");
	assert_string_equal(((const struct route *)got.routes.rows)->key, "x");
}

static void test_refused(void **state)
{
	static const struct {
		const char *name, *yaml, *why; /* behind "FILE:" */
	} cases[] = {
		{ "an unknown key", "kv:\n  lisen: x\n",
		  "2: kv.lisen: no such setting (is 'listen' what is meant?)" },
		{ "a far one", "kv:\n  xyzzy: x\n",
		  "2: kv.xyzzy: no such setting" },
		{ "not shared", "suite:\n  threads: 1\n",
		  "2: suite.threads: no such setting" },
		{ "no number", "kv:\n  threads: many\n",
		  "2: kv.threads: not a whole number" },
		{ "too few", "kv:\n  threads: 0\n",
		  "2: kv.threads: less than 1" },
		{ "too many", "kv:\n\n  threads: 65\n",
		  "3: kv.threads: more than 64" },
		{ "no unit", "kv:\n  timeout: 5\n",
		  "2: kv.timeout: not a time such as" },
		{ "too long", "kv:\n  timeout: 2m\n",
		  "2: kv.timeout: more than 60s" },
		{ "too big", "kv:\n  body-max: 1TB\n",
		  "2: kv.body-max: more than 16MB" },
		{ "overflow", "kv:\n  body-max: 9999999999999TB\n",
		  "2: kv.body-max: too large" },
		{ "no truth", "kv:\n  quick: yes\n",
		  "2: kv.quick: not true or false" },
		{ "no choice", "kv:\n  level: loud\n",
		  "2: kv.level: 'loud' is not one of debug, info" },
		{ "a list for one", "kv:\n  listen: [a]\n",
		  "2: kv.listen: a single value belongs here" },
		{ "one for a list", "kv:\n  names: a\n",
		  "2: kv.names: a list belongs here" },
		{ "a row lacks a key", "kv:\n  routes:\n    a: {timeout: 1s}\n",
		  "3: kv.routes.a: 'method' is required (The rpc.)" },
		{ "within a row",
		  "kv:\n  routes:\n    - {key: a, method: b}\n"
		  "    - {key: a, method: b, timeou: 1s}\n",
		  "4: kv.routes[1].timeou: no such setting (is 'timeout'" },
		{ "the key twice", "kv:\n  routes: {a: {key: b, method: c}}\n",
		  "2: kv.routes.a: 'key' stands in front already" },
		{ "a section that is none", "kv: 5\n",
		  "1: kv: keys and values belong here" },
		{ "no YAML", "kv: [\n", "2: " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int result = read_text(cases[i].yaml);
		size_t skip = strlen(path) + 1;

		if (result != -E_INVALID ||
		    strncmp(fault.message + skip, cases[i].why,
			    strlen(cases[i].why)) != 0)
			fail_msg("%s: got %d, %s", cases[i].name, result,
				 fault.message);
	}
}

static void test_environment(void **state)
{
	(void)state;
	setenv("PARLOR_KV_BODY_MAX", "1MB", 1);
	setenv("PARLOR_SUITE_REGION", "moon: #1", 1);
	setenv("PARLOR_KV_NAMES", "a, b", 1);
	must_read("kv:\n  body-max: 2MB\nsuite:\n  region: earth\n");
	assert_int_equal(got.body, 1 << 20);
	assert_string_equal(got.region, "moon: #1");
	assert_int_equal(got.names.count, 2);
	setenv("PARLOR_KV_LISTEN", "", 1);
	must_read("kv:\n  listen: somewhere\n");
	assert_null(got.listen);
	unsetenv("PARLOR_KV_LISTEN");
	setenv("PARLOR_KV_BODY_MAX", "x", 1);
	assert_int_equal(read_text(""), -E_INVALID);
	assert_non_null(strstr(fault.message,
			       "environment: PARLOR_KV_BODY_MAX: not a size"));
	unsetenv("PARLOR_KV_BODY_MAX");
	unsetenv("PARLOR_SUITE_REGION");
	unsetenv("PARLOR_KV_NAMES");
	setenv("PARLOR_KV_LISTN", "x", 1);
	assert_int_equal(read_text(""), -E_INVALID);
	assert_string_equal(fault.message, "PARLOR_KV_LISTN: no such setting");
	unsetenv("PARLOR_KV_LISTN");
}

static void test_sections(void **state)
{
	static const char *const known[] = { "suite", "kv", "gateway", NULL };

	(void)state;
	must_read("suite:\nkv:\n");
	assert_int_equal(setting_check_sections(path, known, &fault), 0);
	must_read("suite: {}\ngatway: {}\n");
	assert_int_equal(setting_check_sections(path, known, &fault),
			 -E_INVALID);
	assert_non_null(
	    strstr(fault.message, ":2: gatway: no such section (is 'gateway'"));
}

/* An example is the settings it explains, once its comments are opened. */
static void test_example_is_read(void **state)
{
	struct buffer b;

	(void)state;
	buffer_init(&b, 65536);
	setting_example(rows, "suite", &b);
	setting_example(rows, "kv", &b);
	buffer_put_byte(&b, 0);
	must_read((const char *)buffer_slice(&b).data);
	assert_non_null(
	    strstr((const char *)buffer_slice(&b).data,
		   "  # How many threads serve requests. (number, 1 "
		   "to 64)\n  #threads: 2\n"));
	for (char *at = (char *)b.block + b.start; *at; at++)
		if (at[0] == '\n' && at[1] == ' ' && at[3] == '#' &&
		    at[4] != ' ')
			at[3] = ' ';
	must_read((const char *)buffer_slice(&b).data);
	assert_int_equal(got.body, 6 << 20);
	buffer_release(&b);
}

static void test_help_and_manual(void **state)
{
	struct buffer b;

	(void)state;
	buffer_init(&b, 65536);
	setting_help(rows, "kv", &b);
	setting_manual(rows, "kv", &b);
	buffer_put_byte(&b, 0);
	assert_non_null(
	    strstr((const char *)buffer_slice(&b).data,
		   "\n  threads                 How many threads serve "
		   "requests. (number, 1 to 64)\n                          "
		   "[2]\n"));
	assert_non_null(strstr((const char *)buffer_slice(&b).data,
			       ".TP\n.B body\\-max\nHow much. (size) Default: "
			       "6MB.\n"));
	buffer_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_example_is_read),
		cmocka_unit_test(test_help_and_manual),
	};
	int failed;

	arena_init(&mem, 64 << 20);
	close(mkstemp(path));
	failed = cmocka_run_group_tests_name("setting", tests, NULL, NULL);
	unlink(path);
	arena_release(&mem);
	return failed;
}
