/* tests/unit/services/kv/api/update_table.c - tables are changed */
#include "tests/unit/services/kv/suite.h"

#define TABLE(name, more)                                                    \
	"{\"TableName\": \"" name "\", \"KeySchema\": [{\"AttributeName\": " \
	"\"p\", \"KeyType\": \"HASH\"}], \"AttributeDefinitions\": "         \
	"[{\"AttributeName\": \"p\", \"AttributeType\": \"S\"}], " more "}"
#define UNITS(read, write)                   \
	"\"ProvisionedThroughput\": "        \
	"{\"ReadCapacityUnits\": " read ", " \
	"\"WriteCapacityUnits\": " write "}"
#define ON_DEMAND "\"BillingMode\": \"PAY_PER_REQUEST\""
#define PROVISIONED "\"BillingMode\": \"PROVISIONED\""
#define STREAM(view)                                  \
	"\"StreamSpecification\": {\"StreamEnabled\"" \
	": true, \"StreamViewType\": \"" view "\"}"
#define NO_STREAM "\"StreamSpecification\": {\"StreamEnabled\": false}"
#define UPDATE(what) "{\"TableName\": \"abc\", " what "}"
#define DESCRIBE "DescribeTable", "{\"TableName\": \"abc\"}"
#define INVALID "invalid_argument/ValidationException: "
#define WRONG INVALID "One or more parameter values were invalid: "
#define MISSING "not_found/ResourceNotFoundException: "
#define LIMIT "resource_exhausted/LimitExceededException: "

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
	suite_free(*state);
	return 0;
}

static const struct suite_line billing[] = {
	{ "made with capacity", "admin", "CreateTable",
	  TABLE("abc", UNITS("5", "6")), "*CREATING" },
	{ "never on demand, so without a mode", "admin", DESCRIBE,
	  "*\"TableSizeBytes\":0,\"ProvisionedThroughput\":"
	  "{\"ReadCapacityUnits\":5,\"WriteCapacityUnits\":6,"
	  "\"NumberOfDecreasesToday\":0}," },
	{ "the answer has what was", "admin", "UpdateTable",
	  UPDATE(UNITS("7", "8")), "*\"TableStatus\":\"UPDATING\"" },
	{ "then it is as it was asked for", "admin", DESCRIBE,
	  "*\"ReadCapacityUnits\":7,\"WriteCapacityUnits\":8,"
	  "\"LastIncreaseDateTime\":" },
	{ "lower", "admin", "UpdateTable", UPDATE(UNITS("7", "2")),
	  "*\"ReadCapacityUnits\":7,\"WriteCapacityUnits\":8," },
	{ "is counted", "admin", DESCRIBE, "*\"NumberOfDecreasesToday\":1}" },
	{ "the same is refused", "admin", "UpdateTable",
	  UPDATE(PROVISIONED ", " UNITS("7", "2")),
	  INVALID "The provisioned throughput for the table will not "
		  "change.*" },
	{ "on demand", "admin", "UpdateTable", UPDATE(ON_DEMAND),
	  "*\"BillingModeSummary\":{\"BillingMode\":\"PAY_PER_REQUEST\"," },
	{ "has no capacity", "admin", DESCRIBE,
	  "*\"ReadCapacityUnits\":0,\"WriteCapacityUnits\":0," },
	{ "again changes nothing", "admin", "UpdateTable", UPDATE(ON_DEMAND),
	  "*\"TableStatus\":\"UPDATING\"" },
	{ "capacity is refused", "admin", "UpdateTable",
	  UPDATE(UNITS("1", "1")),
	  WRONG "Neither ReadCapacityUnits nor WriteCapacityUnits can be "
		"specified when BillingMode is PAY_PER_REQUEST" },
	{ "unless the mode goes with it", "admin", "UpdateTable",
	  UPDATE(PROVISIONED ", " UNITS("3", "4")),
	  "*\"BillingModeSummary\":{\"BillingMode\":\"PROVISIONED\"," },
	{ "the mode stays named", "admin", DESCRIBE,
	  "*\"BillingModeSummary\":{\"BillingMode\":\"PROVISIONED\"," },
	{ "and the capacity is there", "admin", DESCRIBE,
	  "*\"ReadCapacityUnits\":3,\"WriteCapacityUnits\":4," },
};

static void test_billing(void **state)
{
	SUITE_RUN((struct suite *)*state, billing);
}

static const struct suite_line others[] = {
	{ "a table", "admin", "CreateTable",
	  TABLE("abc", ON_DEMAND ", \"TableClass\": \"STANDARD\""),
	  "*\"TableClassSummary\":{\"TableClass\":\"STANDARD\"," },
	{ "protected, at once", "admin", "UpdateTable",
	  UPDATE("\"DeletionProtectionEnabled\": true"),
	  "*\"TableStatus\":\"ACTIVE\"" },
	{ "it is", "admin", "DeleteTable", "{\"TableName\": \"abc\"}",
	  INVALID "Resource cannot be deleted*" },
	{ "protected again", "admin", "UpdateTable",
	  UPDATE("\"DeletionProtectionEnabled\": true"),
	  "*\"DeletionProtectionEnabled\":true" },
	{ "a stream", "admin", "UpdateTable", UPDATE(STREAM("KEYS_ONLY")),
	  "*\"StreamSpecification\":{\"StreamEnabled\":true,"
	  "\"StreamViewType\":\"KEYS_ONLY\"},\"LatestStreamLabel\":" },
	{ "twice", "admin", "UpdateTable", UPDATE(STREAM("NEW_IMAGE")),
	  INVALID "Table already has an enabled stream: TableName: abc" },
	{ "switched off, its name stays", "admin", "UpdateTable",
	  UPDATE(NO_STREAM),
	  "*\"DeletionProtectionEnabled\":true,\"LatestStreamLabel\":" },
	{ "off twice", "admin", "UpdateTable", UPDATE(NO_STREAM),
	  INVALID "Table has no stream to disable: TableName: abc" },
	{ "on demand and another stream", "admin", "UpdateTable",
	  UPDATE(ON_DEMAND ", " STREAM("NEW_IMAGE")),
	  "*\"StreamViewType\":\"NEW_IMAGE\"" },
	{ "another class", "admin", "UpdateTable",
	  UPDATE("\"TableClass\": \"STANDARD_INFREQUENT_ACCESS\""),
	  "*\"TableClassSummary\":{\"TableClass\":"
	  "\"STANDARD_INFREQUENT_ACCESS\",\"LastUpdateDateTime\":" },
	{ "by its ARN", "admin", "UpdateTable",
	  "{\"TableName\": \"arn:aws:dynamodb:local-1:000000000000:table/abc\""
	  ", \"DeletionProtectionEnabled\": false}",
	  "*\"DeletionProtectionEnabled\":false" },
};

static const struct suite_line others_left[] = {
	{ "all is kept", "admin", DESCRIBE,
	  "*\"TableClass\":\"STANDARD_INFREQUENT_ACCESS\"" },
	{ "the stream too", "admin", DESCRIBE,
	  "*\"StreamViewType\":\"NEW_IMAGE\"},\"LatestStreamLabel\":" },
};

static void test_others(void **state)
{
	struct suite *s = *state;

	SUITE_RUN(s, others);
	suite_reopen(s);
	SUITE_RUN(s, others_left);
}

static const struct suite_line refused[] = {
	{ "nothing to change, before the table is looked for", "admin",
	  "UpdateTable", "{\"TableName\": \"abc\"}",
	  INVALID "At least one of ProvisionedThroughput, BillingMode, "
		  "UpdateStreamEnabled, GlobalSecondaryIndexUpdates, *" },
	{ "no such table", "admin", "UpdateTable", UPDATE(ON_DEMAND),
	  MISSING "Requested resource not found: Table: abc not found" },
	{ "one of the suite's", "admin", "UpdateTable",
	  "{\"TableName\": \"parlor.users\", " ON_DEMAND "}", MISSING "*" },
	{ "the form", "admin", "UpdateTable",
	  "{\"TableName\": \"a;\", \"BillingMode\": \"FREE\", "
	  "\"ProvisionedThroughput\": {\"ReadCapacityUnits\": 0}}",
	  INVALID "5 validation errors detected: Value 'a;' at 'tableName' "
		  "failed to satisfy constraint: Member must satisfy regular "
		  "expression pattern: [a-zA-Z0-9_.-]+; Value 'a;' at "
		  "'tableName' failed to satisfy constraint: Member must have "
		  "length greater than or equal to 3; Value 'FREE' at "
		  "'billingMode' failed to satisfy constraint: Member must "
		  "satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]; "
		  "Value null at 'provisionedThroughput.writeCapacityUnits' "
		  "failed to satisfy constraint: Member must not be null; "
		  "Value '0' at 'provisionedThroughput.readCapacityUnits' "
		  "failed to satisfy constraint: Member must have value "
		  "greater than or equal to 1" },
	{ "a mode without capacity", "admin", "UpdateTable",
	  UPDATE(PROVISIONED),
	  WRONG "ProvisionedThroughput must be specified when BillingMode is "
		"PROVISIONED" },
	{ "capacity on demand", "admin", "UpdateTable",
	  UPDATE(ON_DEMAND ", " UNITS("1", "1")),
	  WRONG "Neither ReadCapacityUnits nor WriteCapacityUnits can be "
		"specified when BillingMode is PAY_PER_REQUEST" },
	{ "too much capacity", "admin", "UpdateTable",
	  UPDATE(UNITS("40001", "1")),
	  LIMIT "The requested ReadCapacityUnits, 40001, is above the per "
		"table maximum for the account in local-1. Per table maximum: "
		"40000. Refer to*" },
	{ "protection and something else", "admin", "UpdateTable",
	  UPDATE("\"DeletionProtectionEnabled\": true, " ON_DEMAND),
	  WRONG "DeletionProtection modification must be the only operation in "
		"the request" },
	{ "a class and something else", "admin", "UpdateTable",
	  UPDATE("\"TableClass\": \"STANDARD\", " ON_DEMAND),
	  WRONG "TableClass modification must be the only operation in the "
		"request" },
	{ "a class there isn't", "admin", "UpdateTable",
	  UPDATE("\"TableClass\": \"GOLD\""),
	  INVALID "Invalid table-class parameter provided. Please try again "
		  "with a valid table-class value: [STANDARD, "
		  "STANDARD_INFREQUENT_ACCESS]." },
	{ "a stream and capacity", "admin", "UpdateTable",
	  UPDATE(UNITS("1", "1") ", " NO_STREAM),
	  WRONG "You cannot modify stream status while updating table IOPS" },
	{ "a stream without a view", "admin", "UpdateTable",
	  UPDATE("\"StreamSpecification\": {\"StreamEnabled\": true}"),
	  WRONG "If stream is being enabled then UpdateViewType is required" },
	{ "a view without a stream", "admin", "UpdateTable",
	  UPDATE("\"StreamSpecification\": {\"StreamEnabled\": false, "
		 "\"StreamViewType\": \"KEYS_ONLY\"}"),
	  WRONG "If stream is being disabled, then UpdateViewType must not be "
		"specified" },
	{ "neither on nor off", "admin", "UpdateTable",
	  UPDATE("\"StreamSpecification\": {}"),
	  INVALID "1 validation error detected: Value null at "
		  "'streamSpecification.streamEnabled' failed to satisfy "
		  "constraint: Member must not be null" },
	{ "a table made with half a stream", "admin", "CreateTable",
	  TABLE("abc", ON_DEMAND ", \"StreamSpecification\": "
				 "{\"StreamEnabled\": true}"),
	  WRONG "Table is being created with a stream enabled, UpdateViewType "
		"is required" },
};

static void test_refused(void **state)
{
	SUITE_RUN((struct suite *)*state, refused);
}

#define ON_BOTH(test)                                              \
	{ "lmdb: " #test, test, setup, teardown, NULL },           \
	{                                                          \
		"fault: " #test, test, setup_fault, teardown, NULL \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(test_billing),
		ON_BOTH(test_others),
		ON_BOTH(test_refused),
	};

	return cmocka_run_group_tests_name("update_table", tests, NULL, NULL);
}
