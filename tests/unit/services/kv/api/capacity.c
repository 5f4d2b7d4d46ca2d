/* tests/unit/services/kv/api/capacity.c - no more than there is capacity for */
#include "services/kv/op/capacity.h"
#include "tests/unit/services/kv/suite.h"

#define SECOND_NS INT64_C(1000000000)
#define UNITS(read, write)                                         \
	"\"ProvisionedThroughput\": {\"ReadCapacityUnits\": " read \
	", \"WriteCapacityUnits\": " write "}"
#define TABLE(name, more)                                                    \
	"{\"TableName\": \"" name "\", \"KeySchema\": [{\"AttributeName\": " \
	"\"p\", \"KeyType\": \"HASH\"}], \"AttributeDefinitions\": "         \
	"[{\"AttributeName\": \"p\", \"AttributeType\": \"S\"}], " more "}"
#define INDEXED(name, units, of_index)                                         \
	"{\"TableName\": \"" name "\", \"KeySchema\": [{\"AttributeName\": "   \
	"\"p\", \"KeyType\": \"HASH\"}], \"AttributeDefinitions\": "           \
	"[{\"AttributeName\": \"p\", \"AttributeType\": \"S\"}, "              \
	"{\"AttributeName\": \"g\", \"AttributeType\": \"S\"}], " units        \
	", \"GlobalSecondaryIndexes\": [{\"IndexName\": \"by-g\", "            \
	"\"KeySchema\": [{\"AttributeName\": \"g\", \"KeyType\": "             \
	"\"HASH\"}], \"Projection\": {\"ProjectionType\": \"ALL\"}, " of_index \
	"}]}"
#define PUT "{\"TableName\": \"abc\", \"Item\": {\"p\": {\"S\": \"a\"}}}"
#define GET "{\"TableName\": \"abc\", \"Key\": {\"p\": {\"S\": \"a\"}}}"
#define EXCEEDED "resource_exhausted/ProvisionedThroughputExceededException: "
#define OF_TABLE                                                           \
	EXCEEDED "The level of configured provisioned throughput for the " \
		 "table was exceeded. Consider increasing your "           \
		 "provisioning level with the UpdateTable API."
#define OF_INDEX                                                           \
	EXCEEDED "The level of configured provisioned throughput for one " \
		 "or more global secondary indexes of the table was "      \
		 "exceeded. Consider increasing your provisioning level "  \
		 "for the under-provisioned global secondary indexes "     \
		 "with the UpdateTable API."

static int setup(void **state)
{
	struct suite *s = suite_new(false);
	const struct capacity_limits limits = { 0 };

	s->kv.capacity = capacity_new(&limits);
	s->started_ns = SECOND_NS; /* time stands still */
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct suite *s = *state;

	capacity_free(s->kv.capacity);
	suite_free(s);
	return 0;
}

static void ask(struct suite *s, const char *operation, const char *request,
		const char *want)
{
	const struct suite_line line = { operation, "admin", operation, request,
					 want };

	suite_run(s, &line, 1);
}

/* How often it may be asked for before the refusal `want`, of `most` times. */
static int count(struct suite *s, const char *who, const char *operation,
		 const char *request, const char *want, int most)
{
	for (int i = 0; i < most; i++) {
		char *got = suite_call(s, who, operation, request);
		bool refused = suite_like(got, want);

		if (!refused && !suite_like(got, "{*"))
			fail_msg("%s: %s", operation, got);
		free(got);
		if (refused)
			return i;
	}
	return most;
}

static void test_table(void **state)
{
	struct suite *s = *state;

	ask(s, "CreateTable", TABLE("abc", UNITS("1", "1")), "*CREATING");
	assert_int_equal(count(s, "admin", "PutItem", PUT, OF_TABLE, 400), 300);
	/* an eventual read is half a unit, out of another bucket */
	assert_int_equal(count(s, "admin", "GetItem", GET, OF_TABLE, 800), 600);
	ask(s, "Scan", "{\"TableName\": \"abc\"}", OF_TABLE);
	ask(s, "TransactWriteItems",
	    "{\"TransactItems\": [{\"Put\": " PUT "}]}",
	    "failed_precondition/TransactionCanceledException: Transaction "
	    "cancelled, please refer cancellation reasons for specific reasons "
	    "[ProvisionedThroughputExceeded]");
	s->started_ns += 2 * SECOND_NS;
	assert_int_equal(count(s, "admin", "PutItem", PUT, OF_TABLE, 400), 2);
	assert_int_equal(count(s, "admin", "GetItem", GET, OF_TABLE, 800), 4);
	ask(s, "DescribeTable", "{\"TableName\": \"abc\"}", "*ACTIVE");
	ask(s, "UpdateTable",
	    "{\"TableName\": \"abc\", \"BillingMode\": \"PAY_PER_REQUEST\"}",
	    "*UPDATING");
	ask(s, "PutItem", PUT, "{}");
}

static void test_index(void **state)
{
	struct suite *s = *state;

	ask(s, "CreateTable",
	    INDEXED("abc", UNITS("1000", "1000"), UNITS("1", "1")),
	    "*CREATING");
	/* what is not in the index uses nothing of it */
	assert_int_equal(count(s, "admin", "PutItem", PUT, OF_INDEX, 400), 400);
	/* the first makes a row, each other moves it: two units */
	for (int i = 0; i < 200; i++) {
		char request[200], *got;

		snprintf(request, sizeof(request),
			 "{\"TableName\": \"abc\", \"Item\": {\"p\": {\"S\": "
			 "\"a\"}, \"g\": {\"S\": \"%d\"}}}",
			 i);
		got = suite_call(s, "admin", "PutItem", request);
		if (!suite_like(got, "{}")) {
			assert_int_equal(i, 151);
			assert_string_equal(got, OF_INDEX);
			i = 200;
		}
		free(got);
	}
	ask(s, "PutItem", PUT, OF_INDEX);
	ask(s, "GetItem", GET, "{*");
	assert_int_equal(
	    count(s, "admin", "Scan",
		  "{\"TableName\": \"abc\", \"IndexName\": \"by-g\"}", OF_INDEX,
		  800),
	    600);
}

static const struct suite_line open_to_all[] = {
	{ "for everybody", "admin", "PutResourcePolicy",
	  "{\"ResourceArn\": "
	  "\"arn:aws:dynamodb:local-1:000000000000:table/abc\", \"Policy\": "
	  "\"{\\\"Version\\\": \\\"2012-10-17\\\", \\\"Statement\\\": "
	  "{\\\"Effect\\\": \\\"Allow\\\", \\\"Action\\\": \\\"*\\\", "
	  "\\\"Resource\\\": \\\"*\\\", \\\"Principal\\\": "
	  "{\\\"Parlor\\\": \\\"user:*\\\"}}}\"}",
	  "{*" },
};

static void test_users(void **state)
{
	struct suite *s = *state;

	capacity_free(s->kv.capacity);
	s->kv.capacity = capacity_new(&(struct capacity_limits){
	    .items = 1, .items_burst = 50, .units = 1, .units_burst = 20 });
	ask(s, "CreateTable",
	    TABLE("abc", "\"BillingMode\": \"PAY_PER_REQUEST\""), "*CREATING");
	SUITE_RUN(s, open_to_all);
	assert_int_equal(
	    count(s, "user:1", "PutItem", PUT,
		  "resource_exhausted/ThrottlingException: "
		  "user_unit_limit: no more than 1 units a second, on "
		  "average, for each user",
		  100),
	    20);
	/* half a unit each: 40 of them would do, and 50 items */
	assert_int_equal(count(s, "user:2", "GetItem", GET,
			       "*user_unit_limit: no more than", 100),
			 40);
	assert_int_equal(count(s, "admin", "PutItem", PUT, "*limit", 100), 100);
	capacity_free(s->kv.capacity);
	s->kv.capacity = capacity_new(
	    &(struct capacity_limits){ .items = 1, .items_burst = 50 });
	assert_int_equal(
	    count(s, "user:1", "GetItem", GET,
		  "resource_exhausted/ThrottlingException: "
		  "user_item_limit: no more than 1 items a second*",
		  100),
	    50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_table, setup, teardown),
		cmocka_unit_test_setup_teardown(test_index, setup, teardown),
		cmocka_unit_test_setup_teardown(test_users, setup, teardown),
	};

	return cmocka_run_group_tests_name("capacity", tests, NULL, NULL);
}
