/* tests/unit/services/kv/api/item_write.c - PutItem, UpdateItem, DeleteItem */
#include "tests/support/kv_stage.h"

#define COND "The conditional request failed"
#define INVALID "One or more parameter values were invalid: "

/* In order, on one store: each row sees what those before it have done. */
static const struct {
	const char *op, *request, *want;
} story[] = {
	{ "PutItem",
	  "{'TableName': 'plain', 'Item': {'pk': {'S': 'a'}, 'n': {'N': '1.0'}"
	  "}}",
	  "{}" },
	{ "GetItem", "{'TableName': 'plain', 'Key': {'pk': {'S': 'a'}}}",
	  "{'Item':{'n':{'N':'1'},'pk':{'S':'a'}}}" },
	{ "GetItem", "{'TableName': 'plain', 'Key': {'pk': {'S': 'b'}}}",
	  "{}" },
	{ "GetItem",
	  "{'TableName': 'arn:aws:dynamodb:local-1:000000000000:table/plain',"
	  " 'Key': {'pk': {'S': 'a'}}, 'ProjectionExpression': '#n', "
	  "'ExpressionAttributeNames': {'#n': 'n'}, "
	  "'ReturnConsumedCapacity': 'TOTAL', 'ConsistentRead': true}",
	  "{'Item':{'n':{'N':'1'}},'ConsumedCapacity':{'TableName':'plain',"
	  "'CapacityUnits':1}}" },
	{ "PutItem",
	  "{'TableName': 'plain', 'Item': {'pk': {'S': 'a'}}, "
	  "'ReturnValues': 'ALL_OLD', 'ReturnConsumedCapacity': 'INDEXES'}",
	  "{'Attributes':{'n':{'N':'1'},'pk':{'S':'a'}},"
	  "'ConsumedCapacity':{'TableName':'plain','CapacityUnits':1,"
	  "'Table':{'CapacityUnits':1}}}" },
	{ "PutItem",
	  "{'TableName': 'plain', 'Item': {'pk': {'S': 'a'}}, "
	  "'ConditionExpression': 'attribute_not_exists(pk)'}",
	  COND },
	{ "PutItem",
	  "{'TableName': 'plain', 'Item': {'pk': {'S': 'a'}}, "
	  "'ConditionExpression': 'attribute_not_exists(pk)', "
	  "'ReturnValuesOnConditionCheckFailure': 'ALL_OLD'}",
	  COND " {'Item':{'pk':{'S':'a'}}}" },
	{ "UpdateItem",
	  "{'TableName': 'plain', 'Key': {'pk': {'S': 'u'}}, "
	  "'UpdateExpression': 'SET n = :1, m.x = :1', "
	  "'ExpressionAttributeValues': {':1': {'N': '1'}}}",
	  "The document path provided in the update expression is invalid for "
	  "update" },
	{ "UpdateItem",
	  "{'TableName': 'plain', 'Key': {'pk': {'S': 'u'}}, "
	  "'UpdateExpression': 'SET n = :1, m = :m', "
	  "'ExpressionAttributeValues': {':1': {'N': '1'}, ':m': {'M': {'x': "
	  "{'S': 'y'}, 'z': {'S': 'z'}}}}, 'ReturnValues': 'ALL_NEW'}",
	  "{'Attributes':{'m':{'M':{'x':{'S':'y'},'z':{'S':'z'}}},'n':{'N':"
	  "'1'},'pk':{'S':'u'}}}" },
	{ "UpdateItem",
	  "{'TableName': 'plain', 'Key': {'pk': {'S': 'u'}}, "
	  "'UpdateExpression': 'SET m.x = :2 ADD n :2', "
	  "'ConditionExpression': 'n = :1', 'ExpressionAttributeValues': "
	  "{':1': {'N': '1'}, ':2': {'N': '2'}}, "
	  "'ReturnValues': 'UPDATED_NEW'}",
	  "{'Attributes':{'m':{'M':{'x':{'N':'2'}}},'n':{'N':'3'}}}" },
	{ "UpdateItem",
	  "{'TableName': 'plain', 'Key': {'pk': {'S': 'u'}}, "
	  "'UpdateExpression': 'REMOVE m.x, n', "
	  "'ReturnValues': 'UPDATED_OLD'}",
	  "{'Attributes':{'m':{'M':{'x':{'N':'2'}}},'n':{'N':'3'}}}" },
	{ "UpdateItem",
	  "{'TableName': 'plain', 'Key': {'pk': {'S': 'new'}}, "
	  "'ReturnValues': 'ALL_NEW'}",
	  "{'Attributes':{'pk':{'S':'new'}}}" },
	{ "DeleteItem",
	  "{'TableName': 'plain', 'Key': {'pk': {'S': 'u'}}, "
	  "'ReturnValues': 'ALL_OLD'}",
	  "{'Attributes':{'m':{'M':{'z':{'S':'z'}}},'pk':{'S':'u'}}}" },
	{ "DeleteItem",
	  "{'TableName': 'plain', 'Key': {'pk': {'S': 'u'}}, "
	  "'ReturnValues': 'ALL_OLD'}",
	  "{}" },
	{ "DeleteItem",
	  "{'TableName': 'plain', 'Key': {'pk': {'S': 'u'}}, "
	  "'ConditionExpression': 'attribute_exists(pk)', "
	  "'ReturnValuesOnConditionCheckFailure': 'ALL_OLD'}",
	  COND },
	/* an index's row comes and goes with its item */
	{ "PutItem",
	  "{'TableName': 'game', 'Item': {'pk': {'S': 'p'}, 'sk': {'S': "
	  "'s'}, 'g': {'S': 'four'}, 'score': {'N': '7'}}, "
	  "'ReturnConsumedCapacity': 'INDEXES'}",
	  "{'ConsumedCapacity':{'TableName':'game','CapacityUnits':2,"
	  "'Table':{'CapacityUnits':1},'GlobalSecondaryIndexes':{'board':"
	  "{'CapacityUnits':1}}}}" },
	{ "UpdateItem",
	  "{'TableName': 'game', 'Key': {'pk': {'S': 'p'}, 'sk': {'S': 's'}}, "
	  "'UpdateExpression': 'ADD score :3', 'ExpressionAttributeValues': "
	  "{':3': {'N': '3'}}, 'ReturnConsumedCapacity': 'TOTAL'}",
	  "{'ConsumedCapacity':{'TableName':'game','CapacityUnits':3}}" },
	{ "Query",
	  "{'TableName': 'game', 'IndexName': 'board', "
	  "'KeyConditionExpression': 'g = :g', 'ExpressionAttributeValues': "
	  "{':g': {'S': 'four'}}, 'ProjectionExpression': 'score'}",
	  "{'Items':[{'score':{'N':'10'}}],'Count':1,'ScannedCount':1}" },
	{ "UpdateItem",
	  "{'TableName': 'game', 'Key': {'pk': {'S': 'p'}, 'sk': {'S': 's'}}, "
	  "'UpdateExpression': 'REMOVE score'}",
	  "{}" },
	{ "Query",
	  "{'TableName': 'game', 'IndexName': 'board', "
	  "'KeyConditionExpression': 'g = :g', 'ExpressionAttributeValues': "
	  "{':g': {'S': 'four'}}}",
	  "{'Count':0,'ScannedCount':0}" },
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

static void test_refusals(void **state)
{
	static const struct {
		const char *op, *request;
		int code;
		const char *want;
	} cases[] = {
		{ "PutItem", "{}", E_INVALID,
		  "2 validation errors detected: Value null at 'tableName' "
		  "failed to satisfy constraint: Member must not be null; "
		  "Value "
		  "null at 'item' failed to satisfy constraint: Member must "
		  "not "
		  "be null" },
		{ "PutItem",
		  "{'TableName': 'plain', 'Item': {}, 'ReturnValues': 'X'}",
		  E_INVALID,
		  "1 validation error detected: Value 'X' at 'returnValues' "
		  "failed to satisfy constraint: Member must satisfy enum "
		  "value "
		  "set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]" },
		{ "PutItem",
		  "{'TableName': 'plain', 'Item': {}, 'ReturnValues': "
		  "'ALL_NEW'}",
		  E_INVALID, "ReturnValues can only be ALL_OLD or NONE" },
		{ "PutItem", "{'TableName': 'plain', 'Item': {}}", E_INVALID,
		  INVALID "Missing the key pk in the item" },
		{ "PutItem",
		  "{'TableName': 'plain', 'Item': {'pk': {'N': '1'}}}",
		  E_INVALID,
		  INVALID "Type mismatch for key pk expected: S actual: N" },
		{ "PutItem", "{'TableName': 'none', 'Item': {}}", E_MISSING,
		  "Requested resource not found" },
		{ "PutItem", "{'TableName': 'ab', 'Item': {}}", E_INVALID,
		  "1 validation error detected: Value 'ab' at 'tableName' "
		  "failed to satisfy constraint: Member must have length "
		  "greater than or equal to 3" },
		{ "PutItem",
		  "{'TableName': 'none', 'Item': {'pk': {'N': 'x'}}}",
		  E_INVALID,
		  "The parameter cannot be converted to a numeric value: x" },
		{ "PutItem",
		  "{'TableName': 'none', 'Item': {}, 'ConditionExpression': "
		  "'a ='}",
		  E_INVALID,
		  "Invalid ConditionExpression: Syntax error; token: "
		  "\"<EOF>\", near: \"=\"" },
		{ "PutItem",
		  "{'TableName': 'plain', 'Item': {}, "
		  "'ExpressionAttributeNames': {'#a': 'a'}}",
		  E_INVALID,
		  "ExpressionAttributeNames can only be specified when using "
		  "expressions" },
		{ "PutItem",
		  "{'TableName': 'plain', 'Item': {}, "
		  "'ExpressionAttributeValues': {':a': {'S': ''}}}",
		  E_INVALID,
		  "ExpressionAttributeValues can only be specified when using "
		  "expressions: ConditionExpression is null" },
		{ "PutItem",
		  "{'TableName': 'game', 'Item': {'pk': {'S': 'p'}, 'sk': "
		  "{'S': 's'}, 'score': {'S': '7'}}}",
		  E_INVALID,
		  INVALID "Type mismatch for Index Key score Expected: N "
			  "Actual: S IndexName: board" },
		{ "UpdateItem",
		  "{'TableName': 'game', 'Key': {'pk': {'S': 'p'}, 'sk': "
		  "{'S': 's'}}, 'UpdateExpression': 'SET score = pk'}",
		  E_INVALID,
		  "The update expression attempted to update the secondary "
		  "index key to unsupported type" },
		{ "UpdateItem",
		  "{'TableName': 'plain', 'Key': {'pk': {'S': 'a'}}, "
		  "'UpdateExpression': 'REMOVE pk'}",
		  E_INVALID,
		  INVALID "Cannot update attribute pk. This attribute is part "
			  "of the key" },
		{ "UpdateItem",
		  "{'TableName': 'plain', 'Key': {'pk': {'S': 'a'}, 'x': "
		  "{'S': ''}}}",
		  E_INVALID,
		  "The provided key element does not match the schema" },
		{ "GetItem", "{'TableName': 'plain', 'Key': {'pk': {'S': ''}}}",
		  E_INVALID,
		  "One or more parameter values are not valid. The "
		  "AttributeValue for a key attribute cannot contain an empty "
		  "string value. Key: pk" },
		{ "GetItem",
		  "{'TableName': 'plain', 'Key': {'pk': {'S': 'a'}}, "
		  "'ProjectionExpression': 'a, a.b'}",
		  E_INVALID,
		  "Invalid ProjectionExpression: Two document paths overlap "
		  "with each other; must remove or rewrite one of these paths; "
		  "path one: [a], path two: [a, b]" },
		{ "GetItem",
		  "{'TableName': 'plain', 'Key': {'pk': {'S': 'a'}}, "
		  "'ReturnConsumedCapacity': 'ALL'}",
		  E_INVALID,
		  "1 validation error detected: Value 'ALL' at "
		  "'returnConsumedCapacity' failed to satisfy constraint: "
		  "Member must satisfy enum value set: [INDEXES, TOTAL, "
		  "NONE]" },
	};
	struct kv_stage *s = kv_stage_new(0, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		kv_stage_expect(s, cases[i].op, cases[i].request,
				cases[i].want);
		assert_int_equal(s->code, cases[i].code);
	}
	kv_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_story),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests_name("item_write", tests, NULL, NULL);
}
