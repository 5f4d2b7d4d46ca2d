/* tests/unit/services/kv/api/tags.c - the tags of a table */
#include "tests/unit/services/kv/suite.h"

#define TABLE(more)                                                     \
	"{\"TableName\": \"abc\", \"KeySchema\": [{\"AttributeName\": " \
	"\"p\", \"KeyType\": \"HASH\"}], \"AttributeDefinitions\": "    \
	"[{\"AttributeName\": \"p\", \"AttributeType\": \"S\"}], "      \
	"\"BillingMode\": \"PAY_PER_REQUEST\"" more "}"
#define ARN_OF(region, rest) \
	"arn:aws:dynamodb:" region ":000000000000:table/" rest
#define ARN ARN_OF("local-1", "abc")
#define OF(arn, more) "{\"ResourceArn\": \"" arn "\"" more "}"
#define TAG(key, value) "{\"Key\": \"" key "\", \"Value\": \"" value "\"}"
#define TAGS(list) ", \"Tags\": [" list "]"
#define KEYS(list) ", \"TagKeys\": [" list "]"
#define LIST "ListTagsOfResource", OF(ARN, "")
#define INVALID "invalid_argument/ValidationException: "
#define WRONG INVALID "One or more parameter values were invalid: "

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

static const struct suite_line life[] = {
	{ "made with a tag", "admin", "CreateTable",
	  TABLE(TAGS(TAG("team", "blue"))), "*CREATING" },
	{ "which is there", "admin", LIST,
	  "{\"Tags\":[{\"Key\":\"team\",\"Value\":\"blue\"}]}" },
	{ "others beside it, one in its place", "admin", "TagResource",
	  OF(ARN, TAGS(TAG("cost:center", "") ", " TAG("team", "red"))), "{}" },
	{ "are there", "admin", LIST,
	  "{\"Tags\":[{\"Key\":\"cost:center\",\"Value\":\"\"},{\"Key\":"
	  "\"team\",\"Value\":\"red\"}]}" },
	{ "one goes, and one that never was", "admin", "UntagResource",
	  OF(ARN, KEYS("\"team\", \"other\"")), "{}" },
	{ "is gone", "admin", LIST,
	  "{\"Tags\":[{\"Key\":\"cost:center\",\"Value\":\"\"}]}" },
};

static void test_life(void **state)
{
	struct suite *s = *state;

	SUITE_RUN(s, life);
	suite_reopen(s);
	suite_run(s, &life[5], 1);
}

static const struct suite_line refused[] = {
	{ "a table", "admin", "CreateTable", TABLE(""), "*CREATING" },
	{ "without an ARN", "admin", "ListTagsOfResource", "{}",
	  INVALID "1 validation error detected: Value null at 'resourceArn' "
		  "failed to satisfy constraint: Member must not be null" },
	{ "a name is none", "admin", "ListTagsOfResource", OF("abc", ""),
	  WRONG "ARNs must start with 'arn:': abc" },
	{ "another service's", "admin", "ListTagsOfResource",
	  OF("arn:aws:s3:local-1:000000000000:table/abc", ""),
	  WRONG "Provided Arn is not a DynamoDB resource arn: "
		"arn:aws:s3:local-1:000000000000:table/abc" },
	{ "an index's", "admin", "ListTagsOfResource",
	  OF(ARN_OF("local-1", "abc/index/top"), ""),
	  WRONG "Invalid resource arn provided, only table or stream is "
		"accepted. Provided resource arn: " ARN "/index/top" },
	{ "another region's", "admin", "ListTagsOfResource",
	  OF(ARN_OF("moon-1", "abc"), ""),
	  INVALID "Invalid TableArn: Invalid ResourceArn provided as "
		  "input " ARN_OF("moon-1", "abc") },
	{ "of a table there isn't", "admin", "TagResource",
	  OF(ARN_OF("local-1", "nowhere"), TAGS(TAG("a", "b"))),
	  "not_found/ResourceNotFoundException: Requested resource not found: "
	  "ResourcArn: " ARN_OF("local-1", "nowhere") " not found" },
	{ "one of the suite's", "admin", "TagResource",
	  OF(ARN_OF("local-1", "parlor.users"), TAGS(TAG("a", "b"))),
	  "not_found/ResourceNotFoundException: *" },
	{ "no tags", "admin", "TagResource", OF(ARN, ""),
	  INVALID "Atleast one Tag needs to be provided as Input." },
	{ "no keys", "admin", "UntagResource", OF(ARN, ""),
	  INVALID "Atleast one Tag Key needs to be provided as Input." },
	{ "an empty key", "admin", "TagResource", OF(ARN, TAGS(TAG("", "b"))),
	  INVALID "The Tag Key provided is invalid, Key: " },
	{ "a key with what may not be", "admin", "TagResource",
	  OF(ARN, TAGS(TAG("a*", "b"))),
	  INVALID "The Tag Key provided is invalid, Key: a*" },
	{ "no value", "admin", "TagResource", OF(ARN, TAGS("{\"Key\": \"a\"}")),
	  INVALID "The Tag Value provided is invalid, Value: null" },
	{ "AWS's own", "admin", "TagResource", OF(ARN, TAGS(TAG("aws:x", "b"))),
	  INVALID "Tag Key cannot be prefixed with aws:, Key: aws:x" },
	{ "twice", "admin", "TagResource",
	  OF(ARN, TAGS(TAG("a", "b") ", " TAG("a", "c"))),
	  INVALID "Duplicate Tag Keys provided as input: Duplicate Tag Key "
		  "found a" },
	{ "in a table to be made", "admin", "CreateTable",
	  TABLE(TAGS(TAG("aws:x", "b"))),
	  INVALID "Tag Key cannot be prefixed with aws:, Key: aws:x" },
	{ "none was set", "admin", LIST, "{}" },
};

static void test_refused(void **state)
{
	SUITE_RUN((struct suite *)*state, refused);
}

/* Fifty are many enough. */
static void test_number(void **state)
{
	struct suite *s = *state;
	char *got;

	suite_run(s, refused, 1);
	for (int i = 0; i <= 50; i++) {
		char request[300];

		snprintf(request, sizeof(request),
			 "{\"ResourceArn\": \"" ARN "\", \"Tags\": [{\"Key\": "
			 "\"k%d\", \"Value\": \"v\"}]}",
			 i);
		got = suite_call(s, "admin", "TagResource", request);
		assert_string_equal(got,
				    i < 50 ? "{}"
					   : INVALID
					"Number of Tags exceed the current "
					"limit for the provided ResourceArn");
		free(got);
	}
}

static const struct suite_line others[] = {
	{ "limits", "admin", "DescribeLimits", "{}",
	  "{\"AccountMaxReadCapacityUnits\":80000,"
	  "\"AccountMaxWriteCapacityUnits\":80000,"
	  "\"TableMaxReadCapacityUnits\":40000,"
	  "\"TableMaxWriteCapacityUnits\":40000}" },
	{ "the endpoint", "user:1", "DescribeEndpoints", "{}",
	  "{\"Endpoints\":[{\"Address\":\"localhost\","
	  "\"CachePeriodInMinutes\":1440}]}" },
};

static void test_others(void **state)
{
	SUITE_RUN((struct suite *)*state, others);
}

#define ON_BOTH(test)                                              \
	{ "lmdb: " #test, test, setup, teardown, NULL },           \
	{                                                          \
		"fault: " #test, test, setup_fault, teardown, NULL \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(test_life),
		ON_BOTH(test_refused),
		ON_BOTH(test_number),
		ON_BOTH(test_others),
	};

	return cmocka_run_group_tests_name("tags", tests, NULL, NULL);
}
