/* tests/unit/services/kv/api/time_to_live.c - what expires is taken away */
#include "lib/base/clock.h"
#include "services/kv/op/remover.h"
#include "tests/unit/services/kv/suite.h"

#define TABLE(name, more)                                                    \
	"{\"TableName\": \"" name "\", \"KeySchema\": [{\"AttributeName\": " \
	"\"p\", \"KeyType\": \"HASH\"}], \"AttributeDefinitions\": "         \
	"[{\"AttributeName\": \"p\", \"AttributeType\": \"S\"}" more         \
	"], \"BillingMode\": \"PAY_PER_REQUEST\""
#define PLAIN(name) TABLE(name, "") "}"
#define TTL(enabled, attribute)                                  \
	"{\"TableName\": \"abc\", \"TimeToLiveSpecification\": " \
	"{\"Enabled\": " enabled ", \"AttributeName\": \"" attribute "\"}}"
#define DESCRIBE "DescribeTimeToLive", "{\"TableName\": \"abc\"}"
#define INVALID "invalid_argument/ValidationException: "
#define TOO_SOON                                                        \
	"Time to live has been modified multiple times within a fixed " \
	"interval"
#define MISSING "not_found/ResourceNotFoundException: "

enum { PATIENCE_MS = 30000, HOUR_MS = 60 * 60 * 1000 };

static int setup(void **state)
{
	*state = suite_new(false);
	return 0;
}

static int setup_fault(void **state)
{
	*state = suite_new(true);
	return 0;
}

static int teardown(void **state)
{
	struct suite *s = *state;

	remover_stop(s->kv.remover);
	suite_free(s);
	return 0;
}

static const struct suite_line operations[] = {
	{ "a table", "admin", "CreateTable", PLAIN("abc"), "*CREATING" },
	{ "has none", "admin", DESCRIBE,
	  "{\"TimeToLiveDescription\":{\"TimeToLiveStatus\":\"DISABLED\"}}" },
	{ "off already", "admin", "UpdateTimeToLive", TTL("false", "end"),
	  INVALID "TimeToLive is already disabled" },
	{ "on", "admin", "UpdateTimeToLive", TTL("true", "end"),
	  "{\"TimeToLiveSpecification\":{\"Enabled\":true,\"AttributeName\":"
	  "\"end\"}}" },
	{ "described", "admin", DESCRIBE,
	  "{\"TimeToLiveDescription\":{\"TimeToLiveStatus\":\"ENABLING\","
	  "\"AttributeName\":\"end\"}}" },
	{ "on already", "admin", "UpdateTimeToLive", TTL("true", "end"),
	  INVALID "TimeToLive is already enabled" },
	{ "by another attribute", "admin", "UpdateTimeToLive",
	  TTL("true", "other"),
	  INVALID "TimeToLive is active on a different AttributeName: current "
		  "AttributeName is end" },
	{ "off by another", "admin", "UpdateTimeToLive", TTL("false", "other"),
	  INVALID "TimeToLive is active on a different AttributeName: current "
		  "AttributeName is end" },
	{ "off within the hour", "admin", "UpdateTimeToLive",
	  TTL("false", "end"), INVALID TOO_SOON },
};

static const struct suite_line an_hour_later[] = {
	{ "off", "admin", "UpdateTimeToLive", TTL("false", "end"),
	  "{\"TimeToLiveSpecification\":{\"Enabled\":false,\"AttributeName\":"
	  "\"end\"}}" },
	{ "is off", "admin", DESCRIBE, "*DISABLED\"}}" },
	{ "on within the hour", "admin", "UpdateTimeToLive",
	  TTL("true", "other"), INVALID TOO_SOON },
};

static const struct suite_line two_hours_later[] = {
	{ "by its ARN", "admin", "UpdateTimeToLive",
	  "{\"TableName\": "
	  "\"arn:aws:dynamodb:local-1:000000000000:table/abc\", "
	  "\"TimeToLiveSpecification\": {\"Enabled\": true, "
	  "\"AttributeName\": \"other\"}}",
	  "*\"AttributeName\":\"other\"}}" },
	{ "the form", "admin", "UpdateTimeToLive", "{}",
	  INVALID "2 validation errors detected: Value null at 'tableName' "
		  "failed to satisfy constraint: Member must not be null; "
		  "Value null at 'timeToLiveSpecification' failed to satisfy "
		  "constraint: Member must not be null" },
	{ "the form inside", "admin", "UpdateTimeToLive",
	  "{\"TableName\": \"abc\", \"TimeToLiveSpecification\": "
	  "{\"AttributeName\": \"\"}}",
	  INVALID "2 validation errors detected: Value '' at "
		  "'timeToLiveSpecification.attributeName' failed to satisfy "
		  "constraint: Member must have length greater than or equal "
		  "to 1; Value null at 'timeToLiveSpecification.enabled' "
		  "failed to satisfy constraint: Member must not be null" },
	{ "no such table", "admin", "DescribeTimeToLive",
	  "{\"TableName\": \"nowhere\"}",
	  MISSING "Requested resource not found: Table: nowhere not found" },
	{ "one of the suite's", "admin", "UpdateTimeToLive",
	  "{\"TableName\": \"parlor.users\", \"TimeToLiveSpecification\": "
	  "{\"Enabled\": false, \"AttributeName\": \"expires_at\"}}",
	  MISSING "*" },
};

static const struct suite_line operations_left[] = {
	{ "it is kept", "admin", DESCRIBE,
	  "*ENABLING\",\"AttributeName\":\"other\"}}" },
	{ "the table goes with it", "admin", "DeleteTable",
	  "{\"TableName\": \"abc\"}", "*DELETING" },
};

static void test_operations(void **state)
{
	struct suite *s = *state;

	SUITE_RUN(s, operations);
	s->later_ms = HOUR_MS;
	SUITE_RUN(s, an_hour_later);
	s->later_ms = 2 * HOUR_MS;
	SUITE_RUN(s, two_hours_later);
	suite_reopen(s);
	SUITE_RUN(s, operations_left);
}

/* Asks again until the answer is so. */
static void await(struct suite *s, const char *operation, const char *request,
		  const char *want)
{
	int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;
	bool there = false;

	while (!there) {
		char *got = suite_call(s, "admin", operation, request);

		there = suite_like(got, want);
		if (!there && clock_monotonic_ms() > end_ms)
			fail_msg("%s %s:\n got  %s\n want %s", operation,
				 request, got, want);
		free(got);
	}
}

/* The fault engine may leave it open whether it took place. */
static void put_item(struct suite *s, const char *who, const char *request)
{
	for (bool done = false; !done;) {
		char *got = suite_call(s, who, "PutItem", request);

		done = strcmp(got, "{}") == 0;
		free(got);
	}
}

static void put(struct suite *s, const char *key, int64_t ends,
		const char *more)
{
	char request[300];

	snprintf(request, sizeof(request),
		 "{\"TableName\": \"abc\", \"Item\": {\"p\": {\"S\": \"%s\"}, "
		 "\"end\": {\"N\": \"%lld\"}%s}}",
		 key, (long long)ends, more);
	put_item(s, "admin", request);
}

#define GET(key) \
	"{\"TableName\": \"abc\", \"Key\": {\"p\": {\"S\": \"" key "\"}}}"

static const struct suite_line indexed[] = {
	{ "a table with an index", "admin", "CreateTable",
	  TABLE("abc",
		", {\"AttributeName\": \"g\", \"AttributeType\": "
		"\"S\"}") ", \"GlobalSecondaryIndexes\": "
			  "[{\"IndexName\": \"by-g\", \"KeySchema\": "
			  "[{\"AttributeName\": "
			  "\"g\", \"KeyType\": \"HASH\"}], \"Projection\": "
			  "{\"ProjectionType\": \"ALL\"}}]}",
	  "*CREATING" },
};

static const struct suite_line left[] = {
	{ "what ends later stays", "admin", "GetItem", GET("later"), "*later" },
	{ "what was touched stays", "admin", "GetItem", GET("touched"),
	  "*touched" },
	{ "the index has no more", "admin", "Scan",
	  "{\"TableName\": \"abc\", \"IndexName\": \"by-g\"}",
	  "{\"Items\":[{*" },
	{ "than these two", "admin", "Scan",
	  "{\"TableName\": \"abc\", \"IndexName\": \"by-g\", \"Select\": "
	  "\"COUNT\"}",
	  "{\"Count\":2,\"ScannedCount\":2}" },
	{ "nobody paid", "admin", "GetUsage", "{\"Operation\": \"TimeToLive\"}",
	  "{}" },
};

static void test_removal(void **state)
{
	static const char in_index[] = ", \"g\": {\"S\": \"x\"}";
	struct suite *s = *state;
	int64_t now = clock_wall_ms() / 1000;
	char *got;

	SUITE_RUN(s, indexed);
	/* there before the time to live is, and to be put into its index */
	for (int i = 0; i < 200; i++) {
		char key[8];

		snprintf(key, sizeof(key), "%d", i);
		put(s, key, now - 100 - i, in_index);
	}
	put(s, "later", now + 1000, in_index);
	put(s, "touched", now - 100, in_index);
	got = suite_call(s, "admin", "UpdateTimeToLive", TTL("true", "end"));
	free(got);
	put(s, "touched", now + 1000, in_index);
	s->kv.remover = remover_start(&s->kv);
	await(s, DESCRIBE,
	      "{\"TimeToLiveDescription\":{\"TimeToLiveStatus\":\"ENABLED\","
	      "\"AttributeName\":\"end\"}}");
	await(s, "Scan", "{\"TableName\": \"abc\", \"Select\": \"COUNT\"}",
	      "{\"Count\":2,\"ScannedCount\":2}");
	put(s, "soon", now - 1, in_index);
	await(s, "GetItem", GET("soon"), "{}");
	SUITE_RUN(s, left);
}

/* The suite's own tables have one without being asked. */
static void test_own_tables(void **state)
{
	struct suite *s = *state;
	char request[400], *got;

	snprintf(request, sizeof(request),
		 "{\"TableName\": \"parlor.sessions\", \"Item\": {\"pk\": "
		 "{\"S\": \"a\"}, \"sk\": {\"S\": \"b\"}, \"expires_at\": "
		 "{\"N\": \"%lld\"}}}",
		 (long long)(clock_wall_ms() / 1000 - 10));
	put_item(s, "service:auth", request);
	s->kv.remover = remover_start(&s->kv);
	for (bool gone = false; !gone;) {
		got = suite_call(s, "service:auth", "GetItem",
				 "{\"TableName\": \"parlor.sessions\", "
				 "\"Key\": {\"pk\": {\"S\": \"a\"}, \"sk\": "
				 "{\"S\": \"b\"}}}");
		gone = strcmp(got, "{}") == 0;
		free(got);
	}
	got = suite_call(s, "admin", "ListTables", "{}");
	assert_string_equal(got, "{}");
	free(got);
}

#define ON_BOTH(test)                                              \
	{ "lmdb: " #test, test, setup, teardown, NULL },           \
	{                                                          \
		"fault: " #test, test, setup_fault, teardown, NULL \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(test_operations),
		ON_BOTH(test_removal),
		ON_BOTH(test_own_tables),
	};

	return cmocka_run_group_tests_name("time_to_live", tests, NULL, NULL);
}
