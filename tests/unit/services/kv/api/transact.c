/* tests/unit/services/kv/api/transact.c - transactions, all or nothing */
#include "tests/support/kv_stage.h"

#define CANCELLED(reasons)                                              \
	"Transaction cancelled, please refer cancellation reasons for " \
	"specific reasons [" reasons "] "
#define NONE "{'Code':'None'}"
#define FAILED                                                                 \
	"{'Code':'ConditionalCheckFailed','Message':'The conditional request " \
	"failed'"

/* In order, on one store. */
static const struct {
	const char *op, *request, *want;
} story[] = {
	{ "TransactWriteItems",
	  "{'TransactItems': [{'Put': {'TableName': 'plain', 'Item': {'pk': "
	  "{'S': 'a'}, 'v': {'N': '1'}}, 'ConditionExpression': "
	  "'attribute_not_exists(pk)'}}, {'Update': {'TableName': 'game', "
	  "'Key': {'pk': {'S': 'p'}, 'sk': {'S': 's'}}, 'UpdateExpression': "
	  "'ADD score :3 SET g = :g', 'ExpressionAttributeValues': {':3': "
	  "{'N': '3'}, ':g': {'S': 'four'}}}}], 'ReturnConsumedCapacity': "
	  "'INDEXES'}",
	  "{'ConsumedCapacity':[{'TableName':'plain','CapacityUnits':2,"
	  "'WriteCapacityUnits':2,'Table':{'CapacityUnits':2,"
	  "'WriteCapacityUnits':2}},{'TableName':'game','CapacityUnits':3,"
	  "'WriteCapacityUnits':3,'Table':{'CapacityUnits':2,"
	  "'WriteCapacityUnits':2},'GlobalSecondaryIndexes':{'board':"
	  "{'CapacityUnits':1,'WriteCapacityUnits':1}}}]}" },
	/* the second stands in the way: nothing of it is done */
	{ "TransactWriteItems",
	  "{'TransactItems': [{'Delete': {'TableName': 'game', 'Key': {'pk': "
	  "{'S': 'p'}, 'sk': {'S': 's'}}}}, {'Put': {'TableName': 'plain', "
	  "'Item': {'pk': {'S': 'a'}}, 'ConditionExpression': 'v = :2', "
	  "'ExpressionAttributeValues': {':2': {'N': '2'}}, "
	  "'ReturnValuesOnConditionCheckFailure': 'ALL_OLD'}}, {'Put': "
	  "{'TableName': 'plain', 'Item': {'pk': {'S': 'b'}}}}]}",
	  CANCELLED(
	      "None, ConditionalCheckFailed, None") "{'CancellationReasons':"
						    "[" NONE "," FAILED
						    ",'Item':{'pk':{'S':'a'},'"
						    "v':{'N':'1'}}}," NONE
						    "]}" },
	{ "TransactGetItems",
	  "{'TransactItems': [{'Get': {'TableName': 'plain', 'Key': {'pk': "
	  "{'S': 'b'}}}}, {'Get': {'TableName': 'game', 'Key': {'pk': {'S': "
	  "'p'}, 'sk': {'S': 's'}}, 'ProjectionExpression': 'score'}}], "
	  "'ReturnConsumedCapacity': 'TOTAL'}",
	  "{'Responses':[{},{'Item':{'score':{'N':'3'}}}],"
	  "'ConsumedCapacity':[{'TableName':'plain','CapacityUnits':2,"
	  "'ReadCapacityUnits':2},{'TableName':'game','CapacityUnits':2,"
	  "'ReadCapacityUnits':2}]}" },
	/* no key of the table's is a reason, too */
	{ "TransactGetItems",
	  "{'TransactItems': [{'Get': {'TableName': 'plain', 'Key': {'pk': "
	  "{'S': 'b'}}}}, {'Get': {'TableName': 'game', 'Key': {'pk': {'S': "
	  "'p'}}}}]}",
	  CANCELLED("None, ValidationError") "{'CancellationReasons':[" NONE
					     ",{'Code':'ValidationError',"
					     "'Message':'The provided key "
					     "element does not match the "
					     "schema'}]}" },
	/* a check holds, an update changes */
	{ "TransactWriteItems",
	  "{'TransactItems': [{'ConditionCheck': {'TableName': 'plain', "
	  "'Key': {'pk': {'S': 'a'}}, 'ConditionExpression': 'v = :1', "
	  "'ExpressionAttributeValues': {':1': {'N': '1'}}}}, {'Update': "
	  "{'TableName': 'plain', 'Key': {'pk': {'S': 'c'}}, "
	  "'UpdateExpression': 'SET v = :1', 'ExpressionAttributeValues': "
	  "{':1': {'N': '1'}}}}]}",
	  "{}" },
	{ "TransactWriteItems",
	  "{'TransactItems': [{'Update': {'TableName': 'plain', 'Key': {'pk': "
	  "{'S': 'c'}}, 'UpdateExpression': 'SET v = v + w'}}, "
	  "{'ConditionCheck': {'TableName': 'plain', 'Key': {'pk': {'S': "
	  "'none'}}, 'ConditionExpression': 'attribute_exists(pk)'}}]}",
	  CANCELLED(
	      "ValidationError, ConditionalCheckFailed") "{'"
							 "CancellationReasons':"
							 "[{'Code':'"
							 "ValidationError','"
							 "Message':'The "
							 "provided expression "
							 "refers to an "
							 "attribute that does "
							 "not exist in "
							 "the item'}," FAILED
							 "}]}" },
	{ "TransactWriteItems",
	  "{'TransactItems': [{'Delete': {'TableName': 'game', 'Key': {'pk': "
	  "{'S': 'p'}}}}]}",
	  CANCELLED("ValidationError") "{'CancellationReasons':[{'Code':'"
				       "ValidationError','Message':'The "
				       "provided key element does not match "
				       "the schema'}]}" },
	{ "TransactWriteItems",
	  "{'TransactItems': [{'Delete': {'TableName': 'plain', 'Key': {'pk': "
	  "{'S': 'a'}}}}, {'ConditionCheck': {'TableName': 'plain', 'Key': "
	  "{'pk': {'S': 'a'}}, 'ConditionExpression': 'v = v.x'}}]}",
	  "Transaction request cannot include multiple operations on one "
	  "item" },
	{ "TransactWriteItems",
	  "{'TransactItems': [{'ConditionCheck': {'TableName': 'plain', 'Key':"
	  " {'pk': {'S': 'a'}}}}]}",
	  "1 validation error detected: Value null at "
	  "'transactItems.1.member.conditionCheck.conditionExpression' failed "
	  "to satisfy constraint: Member must not be null" },
	{ "TransactWriteItems", "{'TransactItems': [{}]}",
	  "TransactItems can only contain one of Check, Put, Update or "
	  "Delete" },
	{ "TransactGetItems",
	  "{'TransactItems': [{'Get': {'TableName': 'plain', 'Key': {'pk': "
	  "{'S': 'a'}}}}, {'Get': {'TableName': 'plain', 'Key': {'pk': {'S': "
	  "'a'}}}}]}",
	  "Transaction request cannot include multiple operations on one "
	  "item" },
};

static void test_story(void **state)
{
	struct kv_stage *s = kv_stage_new(0, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(story) / sizeof(*story); i++)
		kv_stage_expect(s, story[i].op, story[i].request,
				story[i].want);
	kv_stage_free(s);
}

#define ADD(token, by)                                                      \
	"{'ClientRequestToken': '" token "', 'TransactItems': [{'Update': " \
	"{'TableName': 'plain', 'Key': {'pk': {'S': 'n'}}, "                \
	"'UpdateExpression': 'ADD n :1', 'ExpressionAttributeValues': "     \
	"{':1': {'N': '" by "'}}}}], 'ReturnConsumedCapacity': 'TOTAL'}"
#define ADDED                                                          \
	"{'ConsumedCapacity':[{'TableName':'plain','CapacityUnits':2," \
	"'WriteCapacityUnits':2}]}"
#define READ                                                           \
	"{'ConsumedCapacity':[{'TableName':'plain','CapacityUnits':2," \
	"'ReadCapacityUnits':2}]}"

static void test_token(void **state)
{
	struct kv_stage *s = kv_stage_new(0, NULL);

	(void)state;
	kv_stage_expect(s, "TransactWriteItems", ADD("one", "1"), ADDED);
	kv_stage_expect(s, "TransactWriteItems", ADD("one", "1"), READ);
	/* another text of the same number is the same request */
	kv_stage_expect(s, "TransactWriteItems", ADD("one", "1.0"), READ);
	kv_stage_call(s, "TransactWriteItems", ADD("one", "2"));
	assert_int_equal(s->code, E_IDEMPOTENT_MISMATCH);
	kv_stage_expect(s, "TransactWriteItems", ADD("two", "2"), ADDED);
	/* somebody else's token is another one */
	s->principal.text = SLICE("admin:OTHER");
	kv_stage_expect(s, "TransactWriteItems", ADD("one", "4"), ADDED);
	kv_stage_expect(s, "GetItem",
			"{'TableName': 'plain', 'Key': {'pk': {'S': 'n'}}}",
			"{'Item':{'n':{'N':'7'},'pk':{'S':'n'}}}");
	kv_stage_free(s);
}

/* Late, conflicting and unknown: each transaction that was answered took place
 * just once. */
static void test_faults(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 5; seed++) {
		struct kv_stage *s = kv_stage_new(seed, NULL);
		int done = 0;

		for (int i = 0; i < 20; i++) {
			kv_stage_call(
			    s, "TransactWriteItems",
			    "{'TransactItems': [{'Update': {'TableName': "
			    "'plain', 'Key': {'pk': {'S': 'n'}}, "
			    "'UpdateExpression': 'ADD n :1', "
			    "'ExpressionAttributeValues': {':1': {'N': '1'}}}"
			    "}]}");
			assert_int_equal(s->code, 0);
			done++;
		}
		kv_stage_expect(
		    s, "GetItem",
		    "{'TableName': 'plain', 'Key': {'pk': {'S': 'n'}}, "
		    "'ProjectionExpression': 'n'}",
		    arena_printf(&s->texts, "{'Item':{'n':{'N':'%d'}}}", done));
		kv_stage_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_story),
		cmocka_unit_test(test_token),
		cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests_name("transact", tests, NULL, NULL);
}
