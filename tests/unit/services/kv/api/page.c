/* tests/unit/services/kv/api/page.c - Query and Scan */
#include "tests/support/kv_stage.h"

/* p/00 … p/19 with n from 0 to 19, the even ones on the board "four" with
 * score 100 - n; q/x besides. */
static struct kv_stage *filled(void)
{
	struct kv_stage *s = kv_stage_new(0, NULL);

	for (int i = 0; i < 20; i++)
		kv_stage_expect(
		    s, "PutItem",
		    arena_printf(&s->texts,
				 "{'TableName': 'game', 'Item': {'pk': {'S': "
				 "'p'}, 'sk': {'S': '%02d'}, 'n': {'N': '%d'}, "
				 "'g': {'S': '%s'}, 'score': {'N': '%d'}}}",
				 i, i, i % 2 ? "five" : "four", 100 - i),
		    "{}");
	kv_stage_expect(s, "PutItem",
			"{'TableName': 'game', 'Item': {'pk': {'S': 'q'}, "
			"'sk': {'S': 'x'}}}",
			"{}");
	return s;
}

#define QUERY(more)                                                  \
	"{'TableName': 'game', 'ExpressionAttributeValues': {':p': " \
	"{'S': 'p'}, ':a': {'S': '05'}, ':b': {'S': '07'}}, "        \
	"'ProjectionExpression': 'sk', " more "}"
#define BOARD(more)                                                          \
	"{'TableName': 'game', 'IndexName': 'board', "                       \
	"'KeyConditionExpression': 'g = :g', 'ProjectionExpression': "       \
	"'score', 'ExpressionAttributeValues': {':g': {'S': 'four'}}, " more \
	"}"
#define SK(text) "{'sk':{'S':'" text "'}}"
#define SCORE(text) "{'score':{'N':'" text "'}}"

static void test_query(void **state)
{
	static const struct {
		const char *name, *request, *want;
	} cases[] = {
		{ "between",
		  QUERY("'KeyConditionExpression': 'pk = :p AND sk BETWEEN :a "
			"AND :b'"),
		  "{'Items':[" SK("05") "," SK("06") "," SK(
		      "07") "],'Count':3,'ScannedCount':3}" },
		{ "backward",
		  QUERY("'KeyConditionExpression': 'pk = :p AND sk BETWEEN :a "
			"AND :b', 'ScanIndexForward': false"),
		  "{'Items':[" SK("07") "," SK("06") "," SK(
		      "05") "],'Count':3,'ScannedCount':3}" },
		{ "a limit",
		  QUERY("'KeyConditionExpression': 'pk = :p AND sk BETWEEN :a "
			"AND :b', 'Limit': 2"),
		  "{'Items':[" SK("05") "," SK(
		      "06") "],'Count':2,'ScannedCount':2,"
			    "'LastEvaluatedKey':{'pk':{'S':'p'},'sk':{'S':"
			    "'06'}}}" },
		{ "on from there",
		  QUERY("'KeyConditionExpression': 'pk = :p AND sk BETWEEN :a "
			"AND :b', 'Limit': 2, 'ExclusiveStartKey': {'pk': "
			"{'S': 'p'}, 'sk': {'S': '06'}}"),
		  "{'Items':[" SK("07") "],'Count':1,'ScannedCount':1}" },
		{ "backward from there",
		  QUERY("'KeyConditionExpression': 'pk = :p AND sk BETWEEN :a "
			"AND :b', 'ScanIndexForward': false, "
			"'ExclusiveStartKey': {'pk': {'S': 'p'}, 'sk': {'S': "
			"'06'}}"),
		  "{'Items':[" SK("05") "],'Count':1,'ScannedCount':1}" },
		{ "a filter is counted",
		  "{'TableName': 'game', 'KeyConditionExpression': 'pk = :p', "
		  "'FilterExpression': 'n > :n', 'ExpressionAttributeValues': "
		  "{':p': {'S': 'p'}, ':n': {'N': '17'}}, "
		  "'ProjectionExpression': 'sk', 'ReturnConsumedCapacity': "
		  "'TOTAL'}",
		  "{'Items':[" SK("18") "," SK(
		      "19") "],'Count':2,'ScannedCount':20,"
			    "'ConsumedCapacity':{'TableName':'game',"
			    "'CapacityUnits':0.5}}" },
		{ "a count",
		  "{'TableName': 'game', 'KeyConditionExpression': 'pk = :p', "
		  "'Select': 'COUNT', 'ExpressionAttributeValues': {':p': "
		  "{'S': 'p'}}, 'ConsistentRead': true, "
		  "'ReturnConsumedCapacity': 'INDEXES'}",
		  "{'Count':20,'ScannedCount':20,'ConsumedCapacity':"
		  "{'TableName':'game','CapacityUnits':1,'Table':"
		  "{'CapacityUnits':1}}}" },
		{ "an empty partition",
		  "{'TableName': 'game', 'KeyConditionExpression': 'pk = :p', "
		  "'ExpressionAttributeValues': {':p': {'S': 'none'}}}",
		  "{'Count':0,'ScannedCount':0}" },
		{ "an index, best first",
		  BOARD("'ScanIndexForward': false, 'Limit': 2, "
			"'ReturnConsumedCapacity': 'INDEXES'"),
		  "{'Items':[" SCORE("100") "," SCORE(
		      "98") "],'Count':2,'ScannedCount':2,"
			    "'LastEvaluatedKey':{'g':{'S':'four'},'pk':{'S':"
			    "'p'},'score':{'N':'98'},'sk':{'S':'02'}},"
			    "'ConsumedCapacity':{'TableName':'game',"
			    "'CapacityUnits':0.5,'Table':{'CapacityUnits':0},"
			    "'GlobalSecondaryIndexes':{'board':"
			    "{'CapacityUnits':0.5}}}}" },
		{ "and on from there",
		  BOARD("'ScanIndexForward': false, 'Limit': 1, "
			"'ExclusiveStartKey': {'g': {'S': 'four'}, 'pk': {'S':"
			" 'p'}, 'score': {'N': '98'}, 'sk': {'S': '02'}}"),
		  "{'Items':[" SCORE(
		      "96") "],'Count':1,'ScannedCount':1,"
			    "'LastEvaluatedKey':{'g':{'S':'four'},'pk':{'S':"
			    "'p'},'score':{'N':'96'},'sk':{'S':'04'}}}" },
		{ "no condition", "{'TableName': 'game'}",
		  "Either the KeyConditions or KeyConditionExpression "
		  "parameter must be specified in the request." },
		{ "limit 0",
		  QUERY("'KeyConditionExpression': 'pk = :p AND sk BETWEEN :a "
			"AND :b', 'Limit': 0"),
		  "1 validation error detected: Value '0' at 'limit' failed to "
		  "satisfy constraint: Member must have value greater than or "
		  "equal to 1" },
		{ "a start in another partition",
		  QUERY("'KeyConditionExpression': 'pk = :p AND sk BETWEEN :a "
			"AND :b', 'ExclusiveStartKey': {'pk': {'S': 'q'}, "
			"'sk': {'S': '06'}}"),
		  "The provided starting key is outside query boundaries based "
		  "on provided conditions" },
		{ "a start outside the range",
		  QUERY("'KeyConditionExpression': 'pk = :p AND sk BETWEEN :a "
			"AND :b', 'ExclusiveStartKey': {'pk': {'S': 'p'}, "
			"'sk': {'S': '04'}}"),
		  "The provided starting key does not match the range key "
		  "predicate" },
		{ "no such index",
		  "{'TableName': 'game', 'IndexName': 'none', "
		  "'KeyConditionExpression': 'pk = :p', "
		  "'ExpressionAttributeValues': {':p': {'S': 'p'}}}",
		  "The table does not have the specified index: none" },
		{ "a consistent global index", BOARD("'ConsistentRead': true"),
		  "Consistent reads are not supported on global secondary "
		  "indexes" },
		{ "a filter on the key",
		  "{'TableName': 'game', 'KeyConditionExpression': 'pk = :p', "
		  "'FilterExpression': 'sk = :p', 'ExpressionAttributeValues':"
		  " {':p': {'S': 'p'}}}",
		  "Filter Expression can only contain non-primary key "
		  "attributes: Primary key attribute: sk" },
		{ "attributes without a projection",
		  "{'TableName': 'game', 'KeyConditionExpression': 'pk = :p', "
		  "'Select': 'SPECIFIC_ATTRIBUTES', "
		  "'ExpressionAttributeValues': {':p': {'S': 'p'}}}",
		  "One or more parameter values were invalid: Must specify the "
		  "AttributesToGet or ProjectionExpression when choosing to "
		  "get SPECIFIC_ATTRIBUTES" },
	};
	struct kv_stage *s = filled();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		kv_stage_expect(s, "Query", cases[i].request, cases[i].want);
	kv_stage_free(s);
}

static void test_comparisons(void **state)
{
	static const struct {
		const char *condition, *value;
		int count;
	} cases[] = {
		{ "sk = :a", "05", 1 },
		{ "sk < :a", "05", 5 },
		{ "sk <= :a", "05", 6 },
		{ "sk > :a", "05", 14 },
		{ "sk >= :a", "05", 15 },
		{ "begins_with(sk, :a)", "0", 10 },
		{ "begins_with(sk, :a)", "1", 10 },
		{ "begins_with(sk, :a)", "2", 0 },
		{ "sk < :a", "00", 0 },
		{ "sk > :a", "19", 0 },
	};
	struct kv_stage *s = filled();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		kv_stage_expect(
		    s, "Query",
		    arena_printf(
			&s->texts,
			"{'TableName': 'game', 'KeyConditionExpression': 'pk "
			"= :p AND %s', 'ExpressionAttributeValues': {':p': "
			"{'S': 'p'}, ':a': {'S': '%s'}}, 'Select': 'COUNT'}",
			cases[i].condition, cases[i].value),
		    arena_printf(&s->texts, "{'Count':%d,'ScannedCount':%d}",
				 cases[i].count, cases[i].count));
	kv_stage_free(s);
}

/* The LastEvaluatedKey of an answer, or NULL. */
static const char *last_key(struct kv_stage *s, const char *answer)
{
	const char *at = strstr(answer, "'LastEvaluatedKey':");

	if (!at)
		return NULL;
	at += strlen("'LastEvaluatedKey':");
	return arena_copy(&s->texts, at, strlen(at) - 1);
}

static int count_of(const char *answer)
{
	const char *at = strstr(answer, "'Count':");

	assert_non_null(at);
	return (int)strtol(at + strlen("'Count':"), NULL, 10);
}

/* Page by page to the end, of all or of one segment. */
static int scan_all(struct kv_stage *s, const char *more)
{
	const char *start = "";
	int count = 0;

	for (int pages = 0; start; pages++) {
		const char *answer = kv_stage_call(
		    s, "Scan",
		    arena_printf(&s->texts,
				 "{'TableName': 'game', 'Limit': 3%s%s}", more,
				 start));
		const char *last = last_key(s, answer);

		count += count_of(answer);
		start = last ? arena_printf(&s->texts,
					    ", 'ExclusiveStartKey': %s", last)
			     : NULL;
		assert_true(pages < 20);
	}
	return count;
}

static void test_scan(void **state)
{
	struct kv_stage *s = filled();
	int sum = 0;

	(void)state;
	assert_int_equal(scan_all(s, ""), 21);
	assert_int_equal(scan_all(s, ", 'IndexName': 'board'"), 20);
	for (int i = 0; i < 3; i++)
		sum +=
		    scan_all(s,
			     arena_printf(&s->texts,
					  ", 'Segment': %d, 'TotalSegments': 3",
					  i));
	assert_int_equal(sum, 21);
	kv_stage_expect(s, "Scan", "{'TableName': 'game', 'Segment': 1}",
			"The TotalSegments parameter is required but was not "
			"present in the request when Segment parameter is "
			"present");
	kv_stage_expect(s, "Scan", "{'TableName': 'game', 'TotalSegments': 1}",
			"The Segment parameter is required but was not "
			"present in the request when parameter TotalSegments "
			"is present");
	kv_stage_expect(s, "Scan",
			"{'TableName': 'game', 'Segment': 2, "
			"'TotalSegments': 2}",
			"The Segment parameter is zero-based and must be less "
			"than parameter TotalSegments: Segment: 2 is not less "
			"than TotalSegments: 2");
	kv_stage_free(s);
}

/* A page ends at a megabyte looked at, filtered or not. */
static void test_megabyte(void **state)
{
	enum { LARGE = 300000 };
	struct kv_stage *s = kv_stage_new(0, NULL);
	char *large = arena_zalloc(&s->texts, LARGE + 1);
	const char *answer;

	(void)state;
	memset(large, 'x', LARGE);
	for (int i = 0; i < 6; i++)
		kv_stage_expect(
		    s, "PutItem",
		    arena_printf(&s->texts,
				 "{'TableName': 'game', 'Item': {'pk': {'S': "
				 "'p'}, 'sk': {'S': '%d'}, 'x': {'S': '%s'}}}",
				 i, large),
		    "{}");
	answer = kv_stage_call(
	    s, "Query",
	    "{'TableName': 'game', 'KeyConditionExpression': 'pk = :p', "
	    "'ExpressionAttributeValues': {':p': {'S': 'p'}}, 'Select': "
	    "'COUNT', 'ReturnConsumedCapacity': 'TOTAL'}");
	assert_string_equal(
	    answer, "{'Count':4,'ScannedCount':4,'LastEvaluatedKey':{'pk':"
		    "{'S':'p'},'sk':{'S':'3'}},'ConsumedCapacity':"
		    "{'TableName':'game','CapacityUnits':146.5}}");
	kv_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_comparisons),
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_megabyte),
	};

	return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
