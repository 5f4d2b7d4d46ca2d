/* tests/unit/services/kv/api/indexes.c - local and global indexes */
#include "tests/support/kv_stage.h"

#define INVALID "One or more parameter values were invalid: "

/* p (S), s (N); local: "by-n" (N, keys only), "by-b" (B, with a), "by-t" (S,
 * all); global: "by-g" (g, n; with a). */
static const char table[] =
    "{'TableName': 'table', 'BillingMode': 'PAY_PER_REQUEST', "
    "'AttributeDefinitions': ["
    "{'AttributeName': 'p', 'AttributeType': 'S'}, "
    "{'AttributeName': 's', 'AttributeType': 'N'}, "
    "{'AttributeName': 'n', 'AttributeType': 'N'}, "
    "{'AttributeName': 'b', 'AttributeType': 'B'}, "
    "{'AttributeName': 't', 'AttributeType': 'S'}, "
    "{'AttributeName': 'g', 'AttributeType': 'S'}], "
    "'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'}, "
    "{'AttributeName': 's', 'KeyType': 'RANGE'}], "
    "'LocalSecondaryIndexes': ["
    "{'IndexName': 'by-n', 'KeySchema': [{'AttributeName': 'p', 'KeyType': "
    "'HASH'}, {'AttributeName': 'n', 'KeyType': 'RANGE'}], 'Projection': "
    "{'ProjectionType': 'KEYS_ONLY'}}, "
    "{'IndexName': 'by-b', 'KeySchema': [{'AttributeName': 'p', 'KeyType': "
    "'HASH'}, {'AttributeName': 'b', 'KeyType': 'RANGE'}], 'Projection': "
    "{'ProjectionType': 'INCLUDE', 'NonKeyAttributes': ['a']}}, "
    "{'IndexName': 'by-t', 'KeySchema': [{'AttributeName': 'p', 'KeyType': "
    "'HASH'}, {'AttributeName': 't', 'KeyType': 'RANGE'}], 'Projection': "
    "{'ProjectionType': 'ALL'}}], "
    "'GlobalSecondaryIndexes': ["
    "{'IndexName': 'by-g', 'KeySchema': [{'AttributeName': 'g', 'KeyType': "
    "'HASH'}, {'AttributeName': 'n', 'KeyType': 'RANGE'}], 'Projection': "
    "{'ProjectionType': 'INCLUDE', 'NonKeyAttributes': ['a']}}]}";

static struct kv_stage *made(void)
{
	struct kv_stage *s = kv_stage_new(0, NULL);
	const char *answer = kv_stage_call(s, "CreateTable", table);

	if (s->code)
		fail_msg("%s", answer);
	return s;
}

struct line {
	const char *name, *operation, *request, *want;
};

static void run(struct kv_stage *s, const struct line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *got =
		    kv_stage_call(s, lines[i].operation, lines[i].request);

		if (strcmp(got, lines[i].want) != 0)
			fail_msg("%s:\n got %s\nwant %s", lines[i].name, got,
				 lines[i].want);
	}
}

#define RUN(s, lines) run(s, lines, sizeof(lines) / sizeof(*(lines)))

/* ---- what writes cost ------------------------------------------------------
 */

#define ITEM                                                           \
	"{'p': {'S': 'p'}, 's': {'N': '1'}, 'n': {'N': '1'}, 'b': "    \
	"{'B': 'AQ=='}, 't': {'S': 't'}, 'g': {'S': 'g'}, 'a': {'S': " \
	"'a'}, 'z': {'S': 'z'}}"
#define PUT(item)                              \
	"{'TableName': 'table', 'Item': " item \
	", 'ReturnConsumedCapacity': 'INDEXES'}"
#define UPDATE(clause)                                                      \
	"{'TableName': 'table', 'Key': {'p': {'S': 'p'}, 's': {'N': '1'}}," \
	" 'UpdateExpression': '" clause "', 'ExpressionAttributeValues': "  \
	"{':v': {'S': 'new'}}, 'ReturnConsumedCapacity': 'INDEXES'}"
#define UPDATE_N(clause)                                                    \
	"{'TableName': 'table', 'Key': {'p': {'S': 'p'}, 's': {'N': '1'}}," \
	" 'UpdateExpression': '" clause "', 'ExpressionAttributeValues': "  \
	"{':v': {'N': '5'}}, 'ReturnConsumedCapacity': 'INDEXES'}"
#define REMOVE(clause)                                                      \
	"{'TableName': 'table', 'Key': {'p': {'S': 'p'}, 's': {'N': '1'}}," \
	" 'UpdateExpression': '" clause "', "                               \
	"'ReturnConsumedCapacity': 'INDEXES'}"
#define DELETE                                                              \
	"{'TableName': 'table', 'Key': {'p': {'S': 'p'}, 's': {'N': '1'}}," \
	" 'ReturnConsumedCapacity': 'INDEXES'}"
#define COST(total, indexes)                                              \
	"{'ConsumedCapacity':{'TableName':'table','CapacityUnits':" total \
	",'Table':{'CapacityUnits':1}" indexes "}}"
#define LOCAL(rows) ",'LocalSecondaryIndexes':{" rows "}"
#define GLOBAL(units) \
	",'GlobalSecondaryIndexes':{'by-g':{'CapacityUnits':" units "}}"
#define BY(name, units) "'by-" name "':{'CapacityUnits':" units "}"

static const struct line writes[] = {
	{ "a row for each index", "PutItem", PUT(ITEM),
	  COST("5", LOCAL(BY("n", "1") "," BY("b", "1") "," BY("t", "1"))
			GLOBAL("1")) },
	{ "nothing changes", "PutItem", PUT(ITEM), COST("1", "") },
	{ "an attribute of one index", "UpdateItem", UPDATE("SET z = :v"),
	  COST("2", LOCAL(BY("t", "1"))) },
	{ "an attribute that some include", "UpdateItem", UPDATE("SET a = :v"),
	  COST("4", LOCAL(BY("b", "1") "," BY("t", "1")) GLOBAL("1")) },
	{ "a key: out and in", "UpdateItem", UPDATE_N("SET n = :v"),
	  COST("6", LOCAL(BY("n", "2") "," BY("t", "1")) GLOBAL("2")) },
	{ "out of an index", "UpdateItem", REMOVE("REMOVE b"),
	  COST("3", LOCAL(BY("b", "1") "," BY("t", "1"))) },
	{ "out of those that are left", "DeleteItem", DELETE,
	  COST("4", LOCAL(BY("n", "1") "," BY("t", "1")) GLOBAL("1")) },
	{ "nothing there", "DeleteItem", DELETE, COST("1", "") },
	{ "sparse", "PutItem", PUT("{'p': {'S': 'p'}, 's': {'N': '1'}}"),
	  COST("1", "") },
	{ "a key of another type", "PutItem",
	  PUT("{'p': {'S': 'p'}, 's': {'N': '1'}, 'n': {'S': '1'}}"),
	  INVALID "Type mismatch for Index Key n Expected: N Actual: S "
		  "IndexName: by-n" },
	{ "an empty key", "PutItem",
	  PUT("{'p': {'S': 'p'}, 's': {'N': '1'}, 't': {'S': ''}}"),
	  "One or more parameter values are not valid. A value specified for "
	  "a secondary index key is not supported. The AttributeValue for a "
	  "key attribute cannot contain an empty string value. IndexName: "
	  "by-t, IndexKey: t" },
};

static void test_writes(void **state)
{
	struct kv_stage *s = made();

	(void)state;
	RUN(s, writes);
	kv_stage_free(s);
}

/* An item and its rows in local indexes share the item's limit. */
static void test_size(void **state)
{
	enum { HALF = 200 * 1024 };
	static const struct {
		int size;
		const char *key, *want;
	} cases[] = {
		{ HALF, "t",
		  "Item size has exceeded the maximum allowed size" },
		{ HALF - 20, "t", "{}" },
		{ HALF, "g", "{}" },
	};
	struct kv_stage *s = made();
	char *text = arena_zalloc(&s->texts, HALF + 1);

	(void)state;
	memset(text, 'x', HALF);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		kv_stage_expect(
		    s, "PutItem",
		    arena_printf(&s->texts,
				 "{'TableName': 'table', 'Item': {'p': {'S': "
				 "'p'}, 's': {'N': '1'}, '%s': {'S': 't'}, "
				 "'x': {'S': '%.*s'}}}",
				 cases[i].key, cases[i].size, text),
		    cases[i].want);
	kv_stage_free(s);
}

/* ---- what is read ----------------------------------------------------------
 * p/0 … p/3, n counting down from 9, g of the even ones, z of about 5 KB. */

static struct kv_stage *filled(void)
{
	enum { LARGE = 5000 };
	struct kv_stage *s = made();
	char *large = arena_zalloc(&s->texts, LARGE + 1);

	memset(large, 'z', LARGE);
	for (int i = 0; i < 4; i++)
		kv_stage_expect(
		    s, "PutItem",
		    arena_printf(&s->texts,
				 "{'TableName': 'table', 'Item': {'p': {'S': "
				 "'p'}, 's': {'N': '%d'}, 'n': {'N': '%d'}, "
				 "'%s': {'S': 'g'}, 'a': {'S': 'a%d'}, 'x': "
				 "{'N': '%d'}, 'z': {'S': '%s'}}}",
				 i, 9 - i, i % 2 ? "h" : "g", i, i, large),
		    "{}");
	return s;
}

#define QUERY(index, more)                                                  \
	"{'TableName': 'table', 'IndexName': '" index "', "                 \
	"'KeyConditionExpression': 'p = :p', 'ExpressionAttributeValues': " \
	"{':p': {'S': 'p'}}, " more "}"
#define QUERY_G(more)                                                       \
	"{'TableName': 'table', 'IndexName': 'by-g', "                      \
	"'KeyConditionExpression': 'g = :g', 'ExpressionAttributeValues': " \
	"{':g': {'S': 'g'}}, " more "}"
#define WHICH                                                          \
	"'KeyConditionExpression': 'p = :p AND n > :n', "              \
	"'ExpressionAttributeValues': {':p': {'S': 'p'}, ':n': {'N': " \
	"'7'}, ':x': {'N': '1'}}"
#define BY_N(more) \
	"{'TableName': 'table', 'IndexName': 'by-n', " WHICH ", " more "}"
#define ROW(n, s) "{'n':{'N':'" n "'},'p':{'S':'p'},'s':{'N':'" s "'}}"
#define FOUR ROW("6", "3") "," ROW("7", "2") "," ROW("8", "1") "," ROW("9", "0")
#define X(n) "{'x':{'N':'" n "'}}"
#define READ(total, units, rows)                                         \
	"'ConsumedCapacity':{'TableName':'table','CapacityUnits':" total \
	",'Table':{'CapacityUnits':" units "}" rows "}}"

static const struct line reads[] = {
	{ "what is projected", "Query", QUERY("by-n", "'Limit': 9"),
	  "{'Items':[" FOUR "],'Count':4,'ScannedCount':4}" },
	{ "in the other direction, consistently", "Query",
	  QUERY("by-n", "'ConsistentRead': true, 'ScanIndexForward': false, "
			"'Limit': 1, 'ReturnConsumedCapacity': 'INDEXES'"),
	  "{'Items':[" ROW("9",
			   "0") "],'Count':1,'ScannedCount':1,"
				"'LastEvaluatedKey':" ROW("9", "0") "," READ(
				    "1", "0", LOCAL(BY("n", "1"))) },
	{ "an attribute of the table: each item is paid for", "Query",
	  QUERY("by-n", "'ProjectionExpression': 'x', "
			"'ReturnConsumedCapacity': 'INDEXES'"),
	  "{'Items':[" X("3") "," X("2") "," X("1") "," X(
	      "0") "],'Count':4,"
		   "'ScannedCount':4," READ("4.5", "4",
					    LOCAL(BY("n", "0.5"))) },
	{ "page by page", "Query",
	  QUERY("by-n", "'ProjectionExpression': 'x', 'Limit': 1, "
			"'ConsistentRead': true, 'ReturnConsumedCapacity': "
			"'INDEXES', 'ExclusiveStartKey': " ROW("6", "3")),
	  "{'Items':[" X("2") "],'Count':1,'ScannedCount':1,"
			      "'LastEvaluatedKey':" ROW("7", "2") "," READ(
				  "3", "2", LOCAL(BY("n", "1"))) },
	{ "attributes of the index alone", "Query",
	  QUERY("by-n", "'ProjectionExpression': 'n', 'Limit': 1, "
			"'ReturnConsumedCapacity': 'INDEXES'"),
	  "{'Items':[{'n':{'N':'6'}}],'Count':1,'ScannedCount':1,"
	  "'LastEvaluatedKey':" ROW("6", "3") "," READ("0.5", "0",
						       LOCAL(BY("n", "0.5"))) },
	{ "all are counted without the table", "Query",
	  QUERY("by-n", "'Select': 'COUNT', 'ReturnConsumedCapacity': 'TOTAL'"),
	  "{'Count':4,'ScannedCount':4,'ConsumedCapacity':{'TableName':"
	  "'table','CapacityUnits':0.5}}" },
	{ "a range of the index", "Query",
	  BY_N("'FilterExpression': 'attribute_exists(s) OR n = :x'"),
	  "Filter Expression can only contain non-primary key attributes: "
	  "Primary key attribute: n" },
	{ "a filter on what it has not", "Query",
	  BY_N("'FilterExpression': 'x = :x OR attribute_exists(a.b)'"),
	  INVALID "Secondary index by-n does not project one or more filter "
		  "attributes: [x, a]" },
	{ "a scan of an index and its table", "Scan",
	  "{'TableName': 'table', 'IndexName': 'by-n', "
	  "'ProjectionExpression': 'x', 'Limit': 2, "
	  "'ReturnConsumedCapacity': 'INDEXES'}",
	  "{'Items':[" X("3") "," X(
	      "2") "],'Count':2,'ScannedCount':2,"
		   "'LastEvaluatedKey':" ROW("7", "2") "," READ(
		       "2.5", "2", LOCAL(BY("n", "0.5"))) },
	{ "a sparse one has none of those without its key", "Scan",
	  "{'TableName': 'table', 'IndexName': 'by-t'}",
	  "{'Count':0,'ScannedCount':0}" },
	{ "a global one has what it includes", "Query", QUERY_G("'Limit': 1"),
	  "{'Items':[{'a':{'S':'a2'},'g':{'S':'g'},'n':{'N':'7'},'p':{'S':"
	  "'p'},'s':{'N':'2'}}],'Count':1,'ScannedCount':1,"
	  "'LastEvaluatedKey':{'g':{'S':'g'},'n':{'N':'7'},'p':{'S':'p'},'s':"
	  "{'N':'2'}}}" },
	{ "but not all", "Query", QUERY_G("'Select': 'ALL_ATTRIBUTES'"),
	  INVALID "Select type ALL_ATTRIBUTES is not supported for global "
		  "secondary index by-g because its projection type is not "
		  "ALL" },
	{ "nor the rest", "Query", QUERY_G("'ProjectionExpression': 'x, a, z'"),
	  INVALID "Global secondary index by-g does not project [x, z]" },
	{ "nor in a scan", "Scan",
	  "{'TableName': 'table', 'IndexName': 'by-g', "
	  "'ProjectionExpression': 'z'}",
	  INVALID "Global secondary index by-g does not project [z]" },
	{ "nor consistently", "Query", QUERY_G("'ConsistentRead': true"),
	  "Consistent reads are not supported on global secondary indexes" },
	{ "a start of the table alone", "Query",
	  QUERY("by-n", "'ExclusiveStartKey': {'p': {'S': 'p'}, 's': {'N': "
			"'1'}}"),
	  "The provided starting key is invalid" },
};

static void test_reads(void **state)
{
	struct kv_stage *s = filled();

	(void)state;
	RUN(s, reads);
	kv_stage_free(s);
}

/* Whole items, and no more than a megabyte of them. */
static void test_fetched_pages(void **state)
{
	enum { LARGE = 300000 };
	struct kv_stage *s = made();
	char *large = arena_zalloc(&s->texts, LARGE + 1);
	const char *answer;

	(void)state;
	memset(large, 'z', LARGE);
	for (int i = 0; i < 6; i++)
		kv_stage_expect(
		    s, "PutItem",
		    arena_printf(&s->texts,
				 "{'TableName': 'table', 'Item': {'p': {'S': "
				 "'p'}, 's': {'N': '%d'}, 'n': {'N': '%d'}, "
				 "'z': {'S': '%s'}}}",
				 i, i, large),
		    "{}");
	answer =
	    kv_stage_call(s, "Query",
			  QUERY("by-n", "'Select': 'ALL_ATTRIBUTES', "
					"'ReturnConsumedCapacity': 'INDEXES'"));
	assert_non_null(strstr(answer, large));
	assert_non_null(
	    strstr(answer, "'Count':4,'ScannedCount':4,'LastEvaluatedKey':" ROW(
			       "3", "3") "," READ("148.5", "148",
						  LOCAL(BY("n", "0.5")))));
	kv_stage_free(s);
}

/* ---- item collections ------------------------------------------------------
 */

#define METRICS(key)                           \
	"{'ItemCollectionKey':{'p':{'S':'" key \
	"'}},'SizeEstimateRangeGB':[0,1]}"
#define KEYED(p) "{'p': {'S': '" p "'}, 's': {'N': '1'}}"
#define SIZE "'ReturnItemCollectionMetrics': 'SIZE'"

static const struct line collections[] = {
	{ "a put", "PutItem",
	  "{'TableName': 'table', 'Item': " KEYED("p") ", " SIZE "}",
	  "{'ItemCollectionMetrics':" METRICS("p") "}" },
	{ "an update", "UpdateItem",
	  "{'TableName': 'table', 'Key': " KEYED("u") ", " SIZE "}",
	  "{'ItemCollectionMetrics':" METRICS("u") "}" },
	{ "a delete of nothing", "DeleteItem",
	  "{'TableName': 'table', 'Key': " KEYED("d") ", " SIZE "}",
	  "{'ItemCollectionMetrics':" METRICS("d") "}" },
	{ "not asked for", "PutItem",
	  "{'TableName': 'table', 'Item': " KEYED(
	      "p") ", "
		   "'ReturnItemCollectionMetrics': 'NONE'}",
	  "{}" },
	{ "a table without local indexes", "PutItem",
	  "{'TableName': 'plain', 'Item': {'pk': {'S': 'a'}}, " SIZE "}",
	  "{}" },
	{ "another word", "PutItem",
	  "{'TableName': 'table', 'Item': " KEYED(
	      "p") ", "
		   "'ReturnItemCollectionMetrics': 'ALL'}",
	  "1 validation error detected: Value 'ALL' at "
	  "'returnItemCollectionMetrics' failed to satisfy constraint: "
	  "Member "
	  "must satisfy enum value set: [SIZE, NONE]" },
	{ "a batch, each once", "BatchWriteItem",
	  "{'RequestItems': {'table': [{'PutRequest': {'Item': " KEYED(
	      "p") "}}, {'DeleteRequest': {'Key': " KEYED("q") "}}, "
							       "{'"
							       "PutRequest'"
							       ": {'Item': "
							       "{'p': "
							       "{'S': "
							       "'p'}, 's': "
							       "{'N': "
							       "'2'}}}}], "
							       "'plain': "
							       "[{'"
							       "PutRequest'"
							       ": {'Item': "
							       "{'pk': "
							       "{'S': "
							       "'a'}}}}]},"
							       " " SIZE "}",
	  "{'ItemCollectionMetrics':{'table':"
	  "[" METRICS("p") "," METRICS("q") "]}}" },
	{ "a transaction", "TransactWriteItems",
	  "{'TransactItems': [{'Put': {'TableName': 'table', "
	  "'Item': " KEYED("p") "}}, {'Delete': {'TableName': 'table', "
				"'Key': " KEYED("q") "}}, {'ConditionCheck': "
						     "{'TableName': 'table', "
						     "'Key': " KEYED(
							 "r") ", "
							      "'ConditionEx"
							      "pression': "
							      "'attribute_"
							      "not_exists("
							      "p)'}}],"
							      " " SIZE "}",
	  "{'ItemCollectionMetrics':{'table':[" METRICS("p") "," METRICS(
	      "q") "]}}" },
};

static void test_collections(void **state)
{
	struct kv_stage *s = made();

	(void)state;
	RUN(s, collections);
	kv_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writes),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_fetched_pages),
		cmocka_unit_test(test_collections),
	};

	return cmocka_run_group_tests_name("indexes", tests, NULL, NULL);
}
