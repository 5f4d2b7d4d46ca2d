/* tests/unit/services/kv/api/tables.c - tables made, described and deleted */
#include "tests/unit/services/kv/suite.h"

#define KEY_P \
	"\"KeySchema\": [{\"AttributeName\": \"p\", \"KeyType\": \"HASH\"}]"
#define DEFINE_P                                                 \
	"\"AttributeDefinitions\": [{\"AttributeName\": \"p\", " \
	"\"AttributeType\": \"S\"}]"
#define ON_DEMAND "\"BillingMode\": \"PAY_PER_REQUEST\""
#define ELEMENT(name, type)                  \
	"{\"AttributeName\": \"" name "\", " \
	"\"KeyType\": \"" type "\"}"
#define LOCAL(name, hash, range)                                   \
	"{\"IndexName\": \"" name                                  \
	"\", \"KeySchema\": [" ELEMENT(hash, "HASH") ", " ELEMENT( \
	    range,                                                 \
	    "RANGE") "], "                                         \
		     "\"Projection\": {\"ProjectionType\": \"KEYS_ONLY\"}}"
#define DEFINITION(name) \
	"{\"AttributeName\": \"" name "\", \"AttributeType\": \"S\"}"
#define ON_R(name) LOCAL(name, "p", "r")
/* A table of p and q, with r besides. */
#define PQR(locals)                                                                   \
	"{\"TableName\": \"abc\", \"KeySchema\": [" ELEMENT(                          \
	    "p",                                                                      \
	    "HASH") ", " ELEMENT("q",                                                 \
				 "RANGE") "], \"AttributeDefinitions\": "             \
					  "[" DEFINITION("p") ", " DEFINITION(        \
					      "q") ", " DEFINITION("r") "],"          \
									" " ON_DEMAND \
									", "          \
									"\"Lo"        \
									"calS"        \
									"econ"        \
									"dary"        \
									"Inde"        \
									"xes"         \
									"\":"         \
									" " locals    \
									"}"
#define INVALID "invalid_argument/ValidationException: "
#define WRONG INVALID "One or more parameter values were invalid: "
#define MISSING "not_found/ResourceNotFoundException: "

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

#define WARM                                                \
	"\"WarmThroughput\":{\"ReadUnitsPerSecond\":12000," \
	"\"WriteUnitsPerSecond\":4000,\"Status\":\"ACTIVE\"}"

static const struct suite_line life[] = {
	{ "nothing at first", "admin", "ListTables", "{}", "{}" },
	{ "made", "admin", "CreateTable",
	  "{\"TableName\": \"abc\", " KEY_P ", " DEFINE_P ", " ON_DEMAND "}",
	  "{\"TableDescription\":{\"AttributeDefinitions\":[{\"AttributeName\":"
	  "\"p\",\"AttributeType\":\"S\"}],\"TableName\":\"abc\",\"KeySchema\":"
	  "[{\"AttributeName\":\"p\",\"KeyType\":\"HASH\"}],\"TableStatus\":"
	  "\"CREATING\",\"CreationDateTime\":*" },
	{ "its name is taken", "admin", "CreateTable",
	  "{\"TableName\": \"abc\", " KEY_P ", " DEFINE_P ", " ON_DEMAND "}",
	  "already_exists/ResourceInUseException: Table already exists: abc" },
	{ "ready", "admin", "DescribeTable", "{\"TableName\": \"abc\"}",
	  "*\"TableStatus\":\"ACTIVE\"" },
	{ "by its ARN", "admin", "DescribeTable",
	  "{\"TableName\": "
	  "\"arn:aws:dynamodb:local-1:000000000000:table/abc\"}",
	  "*\"TableArn\":\"arn:aws:dynamodb:local-1:000000000000:table/abc\"" },
	{ "with an index", "admin", "CreateTable",
	  "{\"TableName\": \"abd\", " KEY_P ", \"AttributeDefinitions\": "
	  "[{\"AttributeName\": \"p\", \"AttributeType\": \"S\"}, "
	  "{\"AttributeName\": \"n\", \"AttributeType\": \"N\"}], " ON_DEMAND
	  ", \"GlobalSecondaryIndexes\": [{\"IndexName\": \"top\", "
	  "\"KeySchema\": [{\"AttributeName\": \"p\", \"KeyType\": \"HASH\"}, "
	  "{\"AttributeName\": \"n\", \"KeyType\": \"RANGE\"}], "
	  "\"Projection\": {\"ProjectionType\": \"ALL\"}}], "
	  "\"DeletionProtectionEnabled\": true}",
	  "*\"DeletionProtectionEnabled\":true," WARM
	  ",\"IndexConsistency\":\"STRONG\"}}" },
	{ "the index is described", "admin", "DescribeTable",
	  "{\"TableName\": \"abd\"}",
	  "*\"GlobalSecondaryIndexes\":[{\"IndexName\":\"top\",\"KeySchema\":"
	  "[{\"AttributeName\":\"p\",\"KeyType\":\"HASH\"},{\"AttributeName\":"
	  "\"n\",\"KeyType\":\"RANGE\"}],\"Projection\":{\"ProjectionType\":"
	  "\"ALL\"},\"IndexStatus\":\"ACTIVE\",\"IndexArn\":\"arn:aws:dynamodb:"
	  "local-1:000000000000:table/abd/index/top\",\"ItemCount\":0,"
	  "\"IndexSizeBytes\":0,\"ProvisionedThroughput\":"
	  "{\"ReadCapacityUnits\":0,\"WriteCapacityUnits\":0,"
	  "\"NumberOfDecreasesToday\":0}," WARM "}]" },
	{ "listed in order", "admin", "ListTables", "{}",
	  "{\"TableNames\":[\"abc\",\"abd\"]}" },
	{ "listed by ones", "admin", "ListTables", "{\"Limit\": 1}",
	  "{\"TableNames\":[\"abc\"],\"LastEvaluatedTableName\":\"abc\"}" },
	{ "and on", "admin", "ListTables",
	  "{\"Limit\": 1, \"ExclusiveStartTableName\": \"abc\"}",
	  "{\"TableNames\":[\"abd\"]}" },
	{ "protected", "admin", "DeleteTable", "{\"TableName\": \"abd\"}",
	  INVALID "Resource cannot be deleted as it is currently protected "
		  "against deletion. Disable deletion protection first." },
	{ "deleted", "admin", "DeleteTable", "{\"TableName\": \"abc\"}",
	  "*\"TableStatus\":\"DELETING\"" },
	{ "gone", "admin", "DescribeTable", "{\"TableName\": \"abc\"}",
	  MISSING "Requested resource not found: Table: abc not found" },
	{ "twice", "admin", "DeleteTable", "{\"TableName\": \"abc\"}",
	  MISSING "Requested resource not found: Table: abc not found" },
	{ "made anew", "admin", "CreateTable",
	  "{\"TableName\": \"abc\", " KEY_P ", " DEFINE_P ", " ON_DEMAND "}",
	  "*CREATING" },
};

static void test_life(void **state)
{
	struct suite *s = *state;

	SUITE_RUN(s, life);
}

static const struct suite_line after_start[] = {
	{ "both are there", "admin", "ListTables", "{}",
	  "{\"TableNames\":[\"abc\",\"abd\"]}" },
	{ "with all they had", "admin", "DescribeTable",
	  "{\"TableName\": \"abd\"}",
	  "*\"DeletionProtectionEnabled\":true," WARM ",\"IndexConsistency\"" },
	{ "numbers go on", "admin", "CreateTable",
	  "{\"TableName\": \"abe\", " KEY_P ", " DEFINE_P ", " ON_DEMAND "}",
	  "*CREATING" },
};

static void test_start(void **state)
{
	struct suite *s = *state;
	const struct catalog_view *view;
	struct arena mem;
	struct call c;
	uint32_t number[2];

	SUITE_RUN(s, life);
	suite_reopen(s);
	SUITE_RUN(s, after_start);
	arena_init(&mem, 1 << 20);
	call_init(&c, &mem);
	c.service = &s->kv;
	view = catalog_view(&c);
	number[0] = catalog_table(view, SLICE("abc"))->table.number;
	number[1] = catalog_table(view, SLICE("abe"))->table.number;
	assert_int_equal(number[1], number[0] + 1);
	arena_release(&mem);
}

static const struct suite_line refused[] = {
	{ "empty", "admin", "CreateTable", "{}",
	  INVALID "The parameter 'TableName' is required but was not present "
		  "in the request" },
	{ "nothing but a name", "admin", "CreateTable",
	  "{\"TableName\": \"abc\"}",
	  INVALID "2 validation errors detected: Value null at "
		  "'attributeDefinitions' failed to satisfy constraint: Member "
		  "must not be null; Value null at 'keySchema' failed to "
		  "satisfy constraint: Member must not be null" },
	{ "a short name", "admin", "CreateTable",
	  "{\"TableName\": \"ab\", " KEY_P ", " DEFINE_P ", " ON_DEMAND "}",
	  INVALID "TableName must be at least 3 characters long and at most "
		  "255 characters long" },
	{ "a bad name", "admin", "CreateTable",
	  "{\"TableName\": \"a b;\", " KEY_P ", " DEFINE_P ", " ON_DEMAND "}",
	  INVALID "1 validation error detected: Value 'a b;' at 'tableName' "
		  "failed to satisfy constraint: Member must satisfy regular "
		  "expression pattern: [a-zA-Z0-9_.-]+" },
	{ "the suite's name", "admin", "CreateTable",
	  "{\"TableName\": \"parlor.x\", " KEY_P ", " DEFINE_P ", " ON_DEMAND
	  "}",
	  INVALID "TableName: names that begin with 'parlor.' are the suite's "
		  "own" },
	{ "a bad type", "admin", "CreateTable",
	  "{\"TableName\": \"abc\", " KEY_P ", \"AttributeDefinitions\": "
	  "[{\"AttributeName\": \"p\", \"AttributeType\": \"X\"}]}",
	  INVALID "1 validation error detected: Value 'X' at "
		  "'attributeDefinitions.1.member.attributeType' failed to "
		  "satisfy constraint: Member must satisfy enum value set: [B, "
		  "N, S]" },
	{ "no units", "admin", "CreateTable",
	  "{\"TableName\": \"abc\", " KEY_P ", " DEFINE_P "}",
	  WRONG "ReadCapacityUnits and WriteCapacityUnits must both be "
		"specified when BillingMode is PROVISIONED" },
	{ "units on demand", "admin", "CreateTable",
	  "{\"TableName\": \"abc\", " KEY_P ", " DEFINE_P ", " ON_DEMAND
	  ", \"ProvisionedThroughput\": {\"ReadCapacityUnits\": 1, "
	  "\"WriteCapacityUnits\": 1}}",
	  WRONG "Neither ReadCapacityUnits nor WriteCapacityUnits can be "
		"specified when BillingMode is PAY_PER_REQUEST" },
	{ "a key without definition", "admin", "CreateTable",
	  "{\"TableName\": \"abc\", \"KeySchema\": [{\"AttributeName\": \"q\", "
	  "\"KeyType\": \"HASH\"}], " DEFINE_P ", " ON_DEMAND "}",
	  WRONG "Some index key attributes are not defined in "
		"AttributeDefinitions. Keys: [q], AttributeDefinitions: [p]" },
	{ "a definition too many", "admin", "CreateTable",
	  "{\"TableName\": \"abc\", " KEY_P ", \"AttributeDefinitions\": "
	  "[{\"AttributeName\": \"p\", \"AttributeType\": \"S\"}, "
	  "{\"AttributeName\": \"q\", \"AttributeType\": \"S\"}], " ON_DEMAND
	  "}",
	  WRONG "Number of attributes in KeySchema does not exactly match "
		"number of attributes defined in AttributeDefinitions" },
	{ "a range first", "admin", "CreateTable",
	  "{\"TableName\": \"abc\", \"KeySchema\": [{\"AttributeName\": \"p\", "
	  "\"KeyType\": \"RANGE\"}], " DEFINE_P ", " ON_DEMAND "}",
	  INVALID "Invalid KeySchema: The first KeySchemaElement is not a HASH "
		  "key type" },
	{ "a key of three", "admin", "CreateTable",
	  "{\"TableName\": \"abc\", \"KeySchema\": [{\"AttributeName\": \"p\", "
	  "\"KeyType\": \"HASH\"}, {\"AttributeName\": \"q\", \"KeyType\": "
	  "\"RANGE\"}, {\"AttributeName\": \"r\", \"KeyType\": "
	  "\"RANGE\"}], " DEFINE_P ", " ON_DEMAND "}",
	  INVALID
	  "1 validation error detected: Value '[KeySchemaElement(attributeName="
	  "p, keyType=HASH), KeySchemaElement(attributeName=q, keyType=RANGE), "
	  "KeySchemaElement(attributeName=r, keyType=RANGE)]' at 'keySchema' "
	  "failed to satisfy constraint: Member must have length less than or "
	  "equal to 2" },
	{ "a local index without a range key", "admin", "CreateTable",
	  "{\"TableName\": \"abc\", " KEY_P ", " DEFINE_P ", " ON_DEMAND
	  ", \"LocalSecondaryIndexes\": [" LOCAL("abc", "p", "q") "]}",
	  WRONG "Table KeySchema does not have a range key, which is required "
		"when specifying a LocalSecondaryIndex" },
	{ "a local index of another partition", "admin", "CreateTable",
	  PQR("[" LOCAL("abc", "q", "r") "]"),
	  WRONG "Index KeySchema does not have the same leading hash key as "
		"table KeySchema for index: abc. index hash key: q, table hash "
		"key: p" },
	{ "a local index without its range", "admin", "CreateTable",
	  PQR("[{\"IndexName\": \"abc\", " KEY_P
	      ", \"Projection\": {\"ProjectionType\": \"ALL\"}}]"),
	  WRONG "Index KeySchema does not have a range key for index: abc" },
	{ "two of a name", "admin", "CreateTable",
	  PQR("[" LOCAL("abc", "p", "r") "," LOCAL("abc", "p", "q") "]"),
	  WRONG "Duplicate index name: abc" },
	{ "six local indexes", "admin", "CreateTable",
	  PQR("[" ON_R("ab1") "," ON_R("ab2") "," ON_R("ab3") "," ON_R(
	      "ab4") "," ON_R("ab5") "," ON_R("ab6") "]"),
	  WRONG "Number of LocalSecondaryIndexes exceeds per-table limit of "
		"5" },
	{ "a local index's bad name and projection", "admin", "CreateTable",
	  PQR("[{\"IndexName\": \"ab\", " KEY_P
	      ", \"Projection\": {\"ProjectionType\": \"SOME\"}}]"),
	  INVALID "2 validation errors detected: Value 'ab' at "
		  "'localSecondaryIndexes.1.member.indexName' failed to "
		  "satisfy constraint: Member must have length greater than or "
		  "equal to 3; Value 'SOME' at "
		  "'localSecondaryIndexes.1.member.projection.projectionType' "
		  "failed to satisfy constraint: Member must satisfy enum "
		  "value set: [ALL, INCLUDE, KEYS_ONLY]" },
	{ "an index without projection", "admin", "CreateTable",
	  "{\"TableName\": \"abc\", " KEY_P ", " DEFINE_P ", " ON_DEMAND
	  ", \"GlobalSecondaryIndexes\": [{\"IndexName\": \"abc\", " KEY_P
	  ", \"Projection\": {}}]}",
	  WRONG "Unknown ProjectionType: null" },
	{ "a policy that is none", "admin", "CreateTable",
	  "{\"TableName\": \"abc\", " KEY_P ", " DEFINE_P ", " ON_DEMAND
	  ", \"ResourcePolicy\": \"{}\"}",
	  INVALID "*" },
	{ "a limit of 0", "admin", "ListTables", "{\"Limit\": 0}",
	  INVALID "1 validation error detected: Value '0' at 'limit' failed to "
		  "satisfy constraint: Member must have value greater than or "
		  "equal to 1" },
	{ "a limit of 101", "admin", "ListTables", "{\"Limit\": 101}",
	  INVALID "1 validation error detected: Value '101' at 'limit' failed "
		  "to satisfy constraint: Member must have value less than or "
		  "equal to 100" },
	{ "described, but never made", "admin", "DescribeTable",
	  "{\"TableName\": \"abc\"}",
	  MISSING "Requested resource not found: Table: abc not found" },
	{ "a system table is none to an administrator", "admin",
	  "DescribeTable", "{\"TableName\": \"parlor.users\"}", MISSING "*" },
	{ "nor to be deleted", "admin", "DeleteTable",
	  "{\"TableName\": \"parlor.users\"}", MISSING "*" },
	{ "nothing was made", "admin", "ListTables", "{}", "{}" },
};

static void test_refused(void **state)
{
	SUITE_RUN((struct suite *)*state, refused);
}

#define READ_POLICY                                                  \
	"{\\\"Version\\\": \\\"2012-10-17\\\", \\\"Statement\\\": {" \
	"\\\"Effect\\\": \\\"Allow\\\", \\\"Action\\\": "            \
	"\\\"dynamodb:DescribeTable\\\", \\\"Resource\\\": \\\"*\\\""
#define TABLE_POLICY \
	READ_POLICY ", \\\"Principal\\\": {\\\"Parlor\\\": \\\"user:*\\\"}}}"
#define ROLE_POLICY READ_POLICY "}}"
#define DENIED "permission_denied/AccessDeniedException: "

#define NO_POLICY                                                   \
	"not_found/PolicyNotFoundException: Resource-based policy " \
	"not found for the provided ResourceArn: "

static const struct suite_line policies[] = {
	{ "a table", "admin", "CreateTable",
	  "{\"TableName\": \"abc\", " KEY_P ", " DEFINE_P ", " ON_DEMAND "}",
	  "*CREATING" },
	{ "has no policy", "admin", "GetResourcePolicy",
	  "{\"ResourceArn\": \"abc\"}",
	  NO_POLICY "arn:aws:dynamodb:local-1:000000000000:table/abc" },
	{ "of no table", "admin", "GetResourcePolicy",
	  "{\"ResourceArn\": \"abd\"}",
	  MISSING "Requested resource not found: Table: abd not found" },
	{ "of another revision than none", "admin", "DeleteResourcePolicy",
	  "{\"ResourceArn\": \"abc\", \"ExpectedRevisionId\": \"1\"}",
	  NO_POLICY "Requested update for policy with revision id 1, but the "
		    "policy associated to target table abc has revision id "
		    "NO_POLICY." },
	{ "so a user may not", "user:1", "DescribeTable",
	  "{\"TableName\": \"abc\"}",
	  DENIED "User: user:1 is not authorized to perform: "
		 "dynamodb:DescribeTable on resource: "
		 "arn:aws:dynamodb:local-1:000000000000:table/abc because no "
		 "policy allows it" },
	{ "a bad one is refused", "admin", "PutResourcePolicy",
	  "{\"ResourceArn\": \"abc\", \"Policy\": \"x\"}",
	  WRONG "Invalid policy document: *" },
	{ "it gets one", "admin", "PutResourcePolicy",
	  "{\"ResourceArn\": \"abc\", \"Policy\": \"" TABLE_POLICY
	  "\", \"ExpectedRevisionId\": \"NO_POLICY\"}",
	  "{\"RevisionId\":*" },
	{ "now a user may", "user:1", "DescribeTable",
	  "{\"TableName\": \"abc\"}", "*ACTIVE" },
	{ "nobody else", "anonymous", "DescribeTable",
	  "{\"TableName\": \"abc\"}", DENIED "*" },
	{ "it is read", "admin", "GetResourcePolicy",
	  "{\"ResourceArn\": \"arn:aws:dynamodb:local-1:000000000000:table/"
	  "abc\"}",
	  "{\"Policy\":\"" READ_POLICY "*" },
	{ "put at another revision", "admin", "PutResourcePolicy",
	  "{\"ResourceArn\": \"abc\", \"Policy\": \"" TABLE_POLICY
	  "\", \"ExpectedRevisionId\": \"1\"}",
	  NO_POLICY "Requested update for policy with revision id 1, but the "
		    "policy associated to target table abc has revision id *" },
	{ "put where none shall be", "admin", "PutResourcePolicy",
	  "{\"ResourceArn\": \"abc\", \"Policy\": \"" TABLE_POLICY
	  "\", \"ExpectedRevisionId\": \"NO_POLICY\"}",
	  NO_POLICY "Requested policy update expecting none to be present for "
		    "table abc, but a policy exists with revision id *" },
	{ "taken away", "admin", "DeleteResourcePolicy",
	  "{\"ResourceArn\": \"abc\"}", "{\"RevisionId\":*" },
	{ "which may be repeated", "admin", "DeleteResourcePolicy",
	  "{\"ResourceArn\": \"abc\"}", "{}" },
	{ "a user may not again", "user:1", "DescribeTable",
	  "{\"TableName\": \"abc\"}", DENIED "*" },
	{ "a function may not", "function:F", "DescribeTable",
	  "{\"TableName\": \"abc\"}", DENIED "*" },
	{ "the game gives it a policy", "service:game", "PutRolePolicy",
	  "{\"RoleName\": \"function:F\", \"PolicyName\": \"f\", "
	  "\"PolicyDocument\": \"" ROLE_POLICY "\"}",
	  "{}" },
	{ "but may not lend that", "function:F", "DescribeTable",
	  "{\"TableName\": \"abc\"}",
	  DENIED "User: function:F is not authorized to perform: "
		 "dynamodb:DescribeTable on resource: "
		 "arn:aws:dynamodb:local-1:000000000000:table/abc because its "
		 "service may not lend it" },
	{ "the game may not help itself", "service:game", "PutRolePolicy",
	  "{\"RoleName\": \"service:game\", \"PolicyName\": \"g\", "
	  "\"PolicyDocument\": \"" ROLE_POLICY "\"}",
	  DENIED "*" },
	{ "nor another service", "service:auth", "PutRolePolicy",
	  "{\"RoleName\": \"function:F\", \"PolicyName\": \"g\", "
	  "\"PolicyDocument\": \"" ROLE_POLICY "\"}",
	  DENIED "*" },
	{ "an administrator lets it lend", "admin", "PutRolePolicy",
	  "{\"RoleName\": \"service:game\", \"PolicyName\": \"g\", "
	  "\"PolicyDocument\": \"" ROLE_POLICY "\"}",
	  "{}" },
	{ "the function may", "function:F", "DescribeTable",
	  "{\"TableName\": \"abc\"}", "*ACTIVE" },
	{ "its policy is read", "admin", "GetRolePolicy",
	  "{\"RoleName\": \"function:F\", \"PolicyName\": \"f\"}",
	  "{\"RoleName\":\"function:F\",\"PolicyName\":\"f\","
	  "\"PolicyDocument\":*" },
	{ "another beside it", "admin", "PutRolePolicy",
	  "{\"RoleName\": \"function:F\", \"PolicyName\": \"h\", "
	  "\"PolicyDocument\": \"" ROLE_POLICY "\"}",
	  "{}" },
	{ "both are there", "service:game", "ListRolePolicies",
	  "{\"RoleName\": \"function:F\"}", "{\"PolicyNames\":[\"f\",\"h\"]}" },
	{ "nothing of another role", "admin", "ListRolePolicies",
	  "{\"RoleName\": \"group:none\"}", "{}" },
	{ "the other goes", "admin", "DeleteRolePolicy",
	  "{\"RoleName\": \"function:F\", \"PolicyName\": \"h\"}", "{}" },
	{ "and the first stays", "admin", "ListRolePolicies",
	  "{\"RoleName\": \"function:F\"}", "{\"PolicyNames\":[\"f\"]}" },
	{ "put again", "service:game", "PutRolePolicy",
	  "{\"RoleName\": \"function:F\", \"PolicyName\": \"f\", "
	  "\"PolicyDocument\": \"" ROLE_POLICY "\"}",
	  "{}" },
	{ "deleted", "service:game", "DeleteRolePolicy",
	  "{\"RoleName\": \"function:F\", \"PolicyName\": \"f\"}", "{}" },
	{ "twice", "admin", "DeleteRolePolicy",
	  "{\"RoleName\": \"function:F\", \"PolicyName\": \"f\"}",
	  MISSING "*" },
	{ "the function may not again", "function:F", "DescribeTable",
	  "{\"TableName\": \"abc\"}", DENIED "*" },
	{ "no principal", "admin", "PutRolePolicy",
	  "{\"RoleName\": \"PlayMove\", \"PolicyName\": \"f\", "
	  "\"PolicyDocument\": \"" ROLE_POLICY "\"}",
	  INVALID "RoleName: 'PlayMove' is no principal (function:…, "
		  "service:…, user:…, group:… or key:…)" },
};

static const struct suite_line policies_left[] = {
	{ "what is left is there", "admin", "GetRolePolicy",
	  "{\"RoleName\": \"service:game\", \"PolicyName\": \"g\"}",
	  "{\"RoleName\":\"service:game\"*" },
};

static void test_policies(void **state)
{
	struct suite *s = *state;

	SUITE_RUN(s, policies);
	suite_reopen(s);
	SUITE_RUN(s, policies_left);
}

#define TOTALS(daemon, quantity)                                            \
	"{\"Daemon\": \"" daemon "\", \"Epoch\": \"e\", \"Sequence\": 1, "  \
	"\"Totals\": [{\"Key\": {\"Principal\": \"user:1\", \"Resource\": " \
	"\"abc\", \"Operation\": \"GetItem\", \"Unit\": "                   \
	"\"ReadRequestUnits\", \"Hour\": 600000}, \"Quantity\": " quantity  \
	"}, {\"Key\": {\"Principal\": \"user:2\", \"Hour\": 600001}, "      \
	"\"Quantity\": 3}]}"

static const struct suite_line usage[] = {
	{ "nothing at first", "admin", "GetUsage", "{}", "{}" },
	{ "a daemon puts", "service:gateway", "PutUsage",
	  TOTALS("gateway", "5"), "{}" },
	{ "and repeats", "service:gateway", "PutUsage", TOTALS("gateway", "5"),
	  "{}" },
	{ "and goes on", "service:gateway", "PutUsage", TOTALS("gateway", "7"),
	  "{}" },
	{ "not for another", "service:game", "PutUsage", TOTALS("gateway", "9"),
	  DENIED "*" },
	{ "nor a function", "function:F", "PutUsage", TOTALS("game", "9"),
	  DENIED "*" },
	{ "nothing below 0", "service:gateway", "PutUsage",
	  TOTALS("gateway", "-1"), INVALID "Totals[0].Quantity: is below 0" },
	{ "all rows", "admin", "GetUsage", "{}",
	  "{\"Rows\":[{\"Key\":{\"Principal\":\"user:1\",\"Resource\":\"abc\","
	  "\"Operation\":\"GetItem\",\"Hour\":600000,\"Unit\":"
	  "\"ReadRequestUnits\"},\"Quantity\":7,\"Hours\":1},{\"Key\":{"
	  "\"Principal\":"
	  "\"user:2\",\"Resource\":\"\",\"Operation\":\"\",\"Hour\":600001,"
	  "\"Unit\":\"\"},\"Quantity\":3,\"Hours\":1}]}" },
	{ "of a principal", "admin", "GetUsage", "{\"Principal\": \"user:2\"}",
	  "*\"Quantity\":3,\"Hours\":1}]}" },
	{ "of an hour", "admin", "GetUsage",
	  "{\"FromHour\": 600000, \"ToHour\": 600001}",
	  "*\"Quantity\":7,\"Hours\":1}]}" },
	{ "of no hour", "admin", "GetUsage", "{\"FromHour\": 600002}", "{}" },
	{ "the first page", "admin", "GetUsage", "{\"Limit\": 1}",
	  "*\"Quantity\":7,\"Hours\":1}],\"NextToken\":\"000927c0" },
	{ "a token of ours", "admin", "GetUsage",
	  "{\"NextToken\": \"000927c0ffffffffffffffffffffffffffffffff\"}",
	  "*\"Quantity\":3,\"Hours\":1}]}" },
	{ "a token of others", "admin", "GetUsage", "{\"NextToken\": \"x\"}",
	  INVALID "NextToken: 'x' is not one of ours" },
	{ "a limit of 0", "admin", "GetUsage", "{\"Limit\": 0}",
	  INVALID "Limit: must be 1 to 1000" },
};

static void test_usage(void **state)
{
	SUITE_RUN((struct suite *)*state, usage);
}

#define ON_BOTH(test)                                              \
	{ "lmdb: " #test, test, setup, teardown, NULL },           \
	{                                                          \
		"fault: " #test, test, setup_fault, teardown, NULL \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(test_life),    ON_BOTH(test_start),
		ON_BOTH(test_refused), ON_BOTH(test_policies),
		ON_BOTH(test_usage),
	};

	return cmocka_run_group_tests_name("tables", tests, NULL, NULL);
}
