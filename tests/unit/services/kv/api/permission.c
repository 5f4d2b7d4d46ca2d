/* tests/unit/services/kv/api/permission.c - what a policy hides can't be asked
 * about either */
#include "tests/support/kv_stage.h"

/* Anybody signed in may query the board, and of an own partition see just `n`
 * and the key; "admin" put the items. */
#define ARN "arn:aws:dynamodb:*:*:table/game"
static const char policy[] =
    "{\"Version\": \"2012-10-17\", \"Statement\": ["
    "{\"Effect\": \"Allow\", \"Principal\": {\"Parlor\": \"user:*\"}, "
    "\"Action\": \"dynamodb:Query\", \"Resource\": \"" ARN "/index/board\"}, "
    "{\"Effect\": \"Allow\", \"Principal\": {\"Parlor\": \"user:*\"}, "
    "\"Action\": [\"dynamodb:GetItem\", \"dynamodb:BatchGetItem\", "
    "\"dynamodb:Query\", \"dynamodb:UpdateItem\", "
    "\"dynamodb:PartiQLSelect\", \"dynamodb:PartiQLUpdate\"], "
    "\"Resource\": \"" ARN "\", "
    "\"Condition\": {\"ForAllValues:StringLike\": {"
    "\"dynamodb:LeadingKeys\": \"view#${sub}\"}, "
    "\"ForAllValues:StringEquals\": {\"dynamodb:Attributes\": "
    "[\"pk\", \"sk\", \"n\"]}}}]}";

#define KEY(pk) "'Key': {'pk': {'S': '" pk "'}, 'sk': {'S': 's'}}"
#define MINE KEY("view#one")
#define SQL(text) "{'Statement': '" text "'}"
#define Q "\\u0027" /* the quote of PartiQL's texts */
#define WHERE " WHERE pk = " Q "view#one" Q
#define VALUE "'ExpressionAttributeValues': {':v': {'N': '1'}}"

static const struct {
	const char *name, *op, *request;
	bool allowed;
} cases[] = {
	{ "one's own, what is shown", "GetItem",
	  "{'TableName': 'game', " MINE ", 'ProjectionExpression': 'n'}",
	  true },
	{ "another's", "GetItem",
	  "{'TableName': 'game', " KEY(
	      "view#two") ", 'ProjectionExpression': 'n'}",
	  false },
	{ "all of one's own", "GetItem", "{'TableName': 'game', " MINE "}",
	  false },
	{ "what is hidden", "GetItem",
	  "{'TableName': 'game', " MINE ", 'ProjectionExpression': 'n, h'}",
	  false },
	{ "within what is hidden", "GetItem",
	  "{'TableName': 'game', " MINE ", 'ProjectionExpression': 'n, h.x'}",
	  false },
	{ "under another name", "GetItem",
	  "{'TableName': 'game', " MINE ", 'ProjectionExpression': '#n', "
	  "'ExpressionAttributeNames': {'#n': 'h'}}",
	  false },
	{ "in a batch", "BatchGetItem",
	  "{'RequestItems': {'game': {'Keys': [{'pk': {'S': 'view#one'}, 'sk':"
	  " {'S': 's'}}], 'ProjectionExpression': 'n'}}}",
	  true },
	{ "another's in a batch", "BatchGetItem",
	  "{'RequestItems': {'game': {'Keys': [{'pk': {'S': 'view#one'}, 'sk':"
	  " {'S': 's'}}, {'pk': {'S': 'view#two'}, 'sk': {'S': 's'}}], "
	  "'ProjectionExpression': 'n'}}}",
	  false },
	{ "in a transaction", "TransactGetItems",
	  "{'TransactItems': [{'Get': {'TableName': 'game', " MINE
	  ", 'ProjectionExpression': 'n'}}]}",
	  true },
	{ "another's in a transaction", "TransactGetItems",
	  "{'TransactItems': [{'Get': {'TableName': 'game', " MINE
	  ", 'ProjectionExpression': 'n'}}, {'Get': {'TableName': 'game', " KEY(
	      "view#two") ", 'ProjectionExpression': 'n'}}]}",
	  false },
	{ "a query of one's own", "Query",
	  "{'TableName': 'game', 'KeyConditionExpression': 'pk = :p', "
	  "'ProjectionExpression': 'n', 'ExpressionAttributeValues': {':p': "
	  "{'S': 'view#one'}}}",
	  true },
	{ "a query of another's", "Query",
	  "{'TableName': 'game', 'KeyConditionExpression': 'pk = :p', "
	  "'ProjectionExpression': 'n', 'ExpressionAttributeValues': {':p': "
	  "{'S': 'view#two'}}}",
	  false },
	{ "a filter on what is hidden", "Query",
	  "{'TableName': 'game', 'KeyConditionExpression': 'pk = :p', "
	  "'ProjectionExpression': 'n', 'FilterExpression': 'h = :v', "
	  "'ExpressionAttributeValues': {':p': {'S': 'view#one'}, ':v': "
	  "{'N': '1'}}}",
	  false },
	{ "a count by what is hidden", "Query",
	  "{'TableName': 'game', 'KeyConditionExpression': 'pk = :p', "
	  "'Select': 'COUNT', 'FilterExpression': 'size(h) > :v', "
	  "'ExpressionAttributeValues': {':p': {'S': 'view#one'}, ':v': "
	  "{'N': '1'}}}",
	  false },
	{ "the board", "Query",
	  "{'TableName': 'game', 'IndexName': 'board', "
	  "'KeyConditionExpression': 'g = :g', 'ExpressionAttributeValues': "
	  "{':g': {'S': 'four'}}}",
	  true },
	{ "a scan of the board", "Scan",
	  "{'TableName': 'game', 'IndexName': 'board'}", false },
	{ "a scan", "Scan", "{'TableName': 'game'}", false },
	{ "an update of what is shown", "UpdateItem",
	  "{'TableName': 'game', " MINE
	  ", 'UpdateExpression': 'SET n = :v', " VALUE "}",
	  true },
	{ "an update of what is hidden", "UpdateItem",
	  "{'TableName': 'game', " MINE
	  ", 'UpdateExpression': 'SET h = :v', " VALUE "}",
	  false },
	{ "an update by what is hidden", "UpdateItem",
	  "{'TableName': 'game', " MINE ", 'UpdateExpression': 'SET n = h'}",
	  false },
	{ "a condition on what is hidden", "UpdateItem",
	  "{'TableName': 'game', " MINE ", 'UpdateExpression': 'SET n = :v', "
	  "'ConditionExpression': 'h = :v', " VALUE "}",
	  false },
	{ "all of what was there", "UpdateItem",
	  "{'TableName': 'game', " MINE ", 'UpdateExpression': 'SET n = :v', "
	  "'ReturnValues': 'ALL_OLD', " VALUE "}",
	  false },
	{ "all of what stands in the way", "UpdateItem",
	  "{'TableName': 'game', " MINE ", 'UpdateExpression': 'SET n = :v', "
	  "'ReturnValuesOnConditionCheckFailure': 'ALL_OLD', " VALUE "}",
	  false },
	{ "what was updated", "UpdateItem",
	  "{'TableName': 'game', " MINE ", 'UpdateExpression': 'SET n = :v', "
	  "'ReturnValues': 'UPDATED_OLD', " VALUE "}",
	  true },
	{ "a put", "PutItem",
	  "{'TableName': 'game', 'Item': {'pk': {'S': 'view#one'}, 'sk': {'S':"
	  " 's'}}}",
	  false },
	{ "a delete", "DeleteItem", "{'TableName': 'game', " MINE "}", false },
	{ "a put in a batch", "BatchWriteItem",
	  "{'RequestItems': {'game': [{'PutRequest': {'Item': {'pk': {'S': "
	  "'view#one'}, 'sk': {'S': 's'}}}}]}}",
	  false },
	{ "a check in a transaction", "TransactWriteItems",
	  "{'TransactItems': [{'ConditionCheck': {'TableName': 'game', " MINE
	  ", 'ConditionExpression': 'attribute_exists(n)'}}]}",
	  false },
	{ "a statement on one's own", "ExecuteStatement",
	  SQL("SELECT n FROM game" WHERE), true },
	{ "a statement on another's", "ExecuteStatement",
	  SQL("SELECT n FROM game WHERE pk = " Q "view#two" Q), false },
	{ "a statement on another's, too", "ExecuteStatement",
	  SQL("SELECT n FROM game WHERE pk IN [" Q "view#one" Q ", " Q
	      "view#two" Q "]"),
	  false },
	{ "a statement on all that is one's own", "ExecuteStatement",
	  SQL("SELECT * FROM game" WHERE), false },
	{ "a statement on what is hidden", "ExecuteStatement",
	  SQL("SELECT n, h FROM game" WHERE), false },
	{ "a statement by what is hidden", "ExecuteStatement",
	  SQL("SELECT n FROM game" WHERE " AND h > 1"), false },
	{ "a statement that scans", "ExecuteStatement",
	  SQL("SELECT n FROM game WHERE n = 1"), false },
	{ "a statement that updates", "ExecuteStatement",
	  SQL("UPDATE game SET n = 1" WHERE " AND sk = " Q "s" Q), true },
	{ "a statement that updates by what is hidden", "ExecuteStatement",
	  SQL("UPDATE game SET n = h" WHERE " AND sk = " Q "s" Q), false },
	{ "a statement that updates and returns all", "ExecuteStatement",
	  SQL("UPDATE game SET n = 1" WHERE " AND sk = " Q "s" Q
	      " RETURNING ALL OLD *"),
	  false },
	{ "a statement that inserts", "ExecuteStatement",
	  SQL("INSERT INTO game VALUE {" Q "pk" Q ": " Q "view#one" Q ", " Q
	      "sk" Q ": " Q "t" Q "}"),
	  false },
	{ "a statement that deletes", "ExecuteStatement",
	  SQL("DELETE FROM game" WHERE " AND sk = " Q "s" Q), false },
	{ "another table", "GetItem",
	  "{'TableName': 'plain', 'Key': {'pk': {'S': 'a'}}}", false },
	{ "a table of the suite", "GetItem",
	  "{'TableName': 'parlor.users', 'Key': {'pk': {'S': 'a'}, 'sk': "
	  "{'S': 'a'}}}",
	  false },
};

static void test_user(void **state)
{
	struct kv_stage *s = kv_stage_new(0, policy);

	(void)state;
	kv_stage_expect(s, "PutItem",
			"{'TableName': 'game', 'Item': {'pk': {'S': "
			"'view#one'}, 'sk': {'S': 's'}, 'n': {'N': '1'}, 'h': "
			"{'N': '1'}}}",
			"{}");
	s->principal = (struct principal){ .kind = PRINCIPAL_USER,
					   .text = SLICE("user:one"),
					   .sub = SLICE("one") };
	s->user = s->principal;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *answer =
		    kv_stage_call(s, cases[i].op, cases[i].request);
		bool denied = s->code == E_DENIED || s->code == E_MISSING;

		if (cases[i].allowed ? s->code != 0 : !denied)
			fail_msg("%s: got %s", cases[i].name, answer);
	}
	kv_stage_free(s);
}

static void test_anonymous(void **state)
{
	struct kv_stage *s = kv_stage_new(0, policy);

	(void)state;
	s->principal = (struct principal){ .kind = PRINCIPAL_ANONYMOUS,
					   .text = SLICE("anonymous") };
	s->user = s->principal;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		kv_stage_call(s, cases[i].op, cases[i].request);
		if (s->code != E_DENIED && s->code != E_MISSING)
			fail_msg("%s: got %s", cases[i].name, s->answer);
	}
	kv_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_user),
		cmocka_unit_test(test_anonymous),
	};

	return cmocka_run_group_tests_name("permission", tests, NULL, NULL);
}
