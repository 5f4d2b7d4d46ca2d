/* tests/unit/services/kv/api/statements.c - PartiQL on a store */
#include "tests/support/kv_stage.h"

#define RUN(text) "{'Statement': '" text "'}"
#define Q "\\u0027" /* the quote of PartiQL's texts */
#define CONDITION "The conditional request failed"

/* In order, on one store. */
static const struct {
	const char *op, *request, *want;
} story[] = {
	{ "ExecuteStatement",
	  RUN("INSERT INTO plain VALUE {" Q "pk" Q ": " Q "a" Q ", " Q "n" Q
	      ": 1}"),
	  "{}" },
	{ "ExecuteStatement",
	  RUN("INSERT INTO plain VALUE {" Q "pk" Q ": " Q "a" Q "}"),
	  "Duplicate primary key exists in table" },
	{ "ExecuteStatement",
	  "{'Statement': 'INSERT INTO plain VALUE {" Q "pk" Q ": ?, " Q "m" Q
	  ": ?}', 'Parameters': [{'S': 'b'}, {'M': {'x': {'L': [{'N': '1'}, "
	  "{'N': '2'}]}}}], 'ReturnConsumedCapacity': 'TOTAL'}",
	  "{'ConsumedCapacity':{'TableName':'plain','CapacityUnits':1}}" },
	{ "ExecuteStatement", RUN("INSERT INTO plain VALUE {" Q "n" Q ": 1}"),
	  "One or more parameter values were invalid: Missing the key pk in "
	  "the item" },
	{ "ExecuteStatement", RUN("SELECT * FROM plain WHERE pk = " Q "a" Q),
	  "{'Items':[{'n':{'N':'1'},'pk':{'S':'a'}}]}" },
	{ "ExecuteStatement",
	  RUN("SELECT m.x[1], pk FROM plain WHERE pk = " Q "b" Q),
	  "{'Items':[{'_1':{'N':'2'},'pk':{'S':'b'}}]}" },
	{ "ExecuteStatement",
	  RUN("SELECT m.x FROM plain WHERE m IS NOT MISSING"),
	  "{'Items':[{'x':{'L':[{'N':'1'},{'N':'2'}]}}]}" },
	{ "ExecuteStatement",
	  RUN("UPDATE plain SET n = n + 2 SET s = " Q "x" Q " WHERE pk = " Q
	      "a" Q " AND n = 1 RETURNING MODIFIED NEW *"),
	  "{'Items':[{'n':{'N':'3'},'s':{'S':'x'}}]}" },
	{ "ExecuteStatement",
	  "{'Statement': 'UPDATE plain SET n = 9 WHERE pk = " Q "a" Q
	  " AND n = 1', 'ReturnValuesOnConditionCheckFailure': 'ALL_OLD'}",
	  CONDITION " {'Item':{'n':{'N':'3'},'pk':{'S':'a'},'s':{'S':'x'}}}" },
	{ "ExecuteStatement",
	  RUN("UPDATE plain SET n = 9 WHERE pk = " Q "none" Q), CONDITION },
	{ "ExecuteStatement", RUN("UPDATE plain SET n = 9 WHERE n = 3"),
	  "Where clause does not contain a mandatory equality on all key "
	  "attributes" },
	{ "ExecuteStatement",
	  RUN("UPDATE plain SET pk = 9 WHERE pk = " Q "a" Q),
	  "One or more parameter values were invalid: Cannot update attribute "
	  "pk. This attribute is part of the key" },
	{ "ExecuteStatement",
	  RUN("DELETE FROM plain WHERE pk = " Q "a" Q " AND n = 1"),
	  CONDITION },
	{ "ExecuteStatement",
	  RUN("DELETE FROM plain WHERE pk = " Q "none" Q " AND n = 1"), "{}" },
	{ "ExecuteStatement",
	  RUN("DELETE FROM plain WHERE pk = " Q "a" Q " RETURNING ALL OLD *"),
	  "{'Items':[{'n':{'N':'3'},'pk':{'S':'a'},'s':{'S':'x'}}]}" },
	/* nothing was left of it, and of nothing nothing comes back */
	{ "ExecuteStatement",
	  RUN("DELETE FROM plain WHERE pk = " Q "a" Q " RETURNING ALL OLD *"),
	  "{}" },
	{ "ExecuteStatement", RUN("SELECT * FROM nowhere"),
	  "Requested resource not found" },
	{ "ExecuteStatement", RUN("SELECT * FROM plain.none"),
	  "The table does not have the specified index: none" },
	{ "ExecuteStatement",
	  RUN("EXISTS(SELECT * FROM plain WHERE pk = " Q "a" Q ")"),
	  "EXISTS can only be used in transactions" },
	{ "ExecuteStatement", "{'Statement': '', 'Limit': 0}",
	  "2 validation errors detected: Value " Q Q
	  " at 'statement' failed to satisfy constraint: Member must have "
	  "length greater than or equal to 1; Value '0' at 'limit' failed to "
	  "satisfy constraint: Member must have value greater than or equal to "
	  "1" },
	{ "ExecuteStatement",
	  "{'Statement': 'SELECT * FROM plain', "
	  "'NextToken': 'AAAA'}",
	  "Invalid NextToken" },
};

/* As a message has it: JSON's escapes are its own. */
static const char *plain_quotes(struct arena *mem, const char *text)
{
	struct buffer b;
	const char *out;

	buffer_init(&b, 8192);
	for (; *text; text++) {
		bool escaped = strncmp(text, Q, strlen(Q)) == 0;

		buffer_put_byte(&b, escaped ? '\'' : (uint8_t)*text);
		text += escaped ? strlen(Q) - 1 : 0;
	}
	out = arena_copy(mem, buffer_slice(&b).data, buffer_size(&b));
	buffer_release(&b);
	return out;
}

static void test_story(void **state)
{
	struct kv_stage *s = kv_stage_new(0, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(story) / sizeof(*story); i++)
		kv_stage_expect(s, story[i].op, story[i].request,
				plain_quotes(&s->texts, story[i].want));
	kv_stage_free(s);
}

/* ---- pages -----------------------------------------------------------------
 */

/* a/1 … e/4, with n from 1 to 4. */
static struct kv_stage *filled(void)
{
	struct kv_stage *s = kv_stage_new(0, NULL);

	for (int pk = 'a'; pk <= 'e'; pk++)
		for (int sk = 1; sk <= 4; sk++)
			kv_stage_call(
			    s, "PutItem",
			    arena_printf(&s->texts,
					 "{'TableName': 'game', 'Item': {'pk': "
					 "{'S': '%c'}, 'sk': {'S': '%d'}, 'n': "
					 "{'N': '%d'}}}",
					 pk, sk, sk));
	return s;
}

/* Gathers what the sort keys of an answer's items are, and finds its token. */
static char *read_page(const char *answer, struct buffer *keys)
{
	static const char sk[] = "'sk':{'S':'", token[] = "'NextToken':'";
	const char *end = strstr(answer, "]"), *at = answer;

	while ((at = strstr(at, sk)) && at < end) {
		at += strlen(sk);
		buffer_put_byte(keys, (uint8_t)*at);
	}
	at = strstr(answer, token);
	return at ? strndup(at + strlen(token),
			    strcspn(at + strlen(token), "'"))
		  : NULL;
}

static void test_pages(void **state)
{
	static const struct {
		const char *name, *statement;
		int limit;
		const char *want; /* pages with a bar behind each */
	} cases[] = {
		{ "a query", "SELECT sk FROM game WHERE pk = " Q "a" Q, 3,
		  "123|4|" },
		{ "a query backward",
		  "SELECT sk FROM game WHERE pk = " Q "a" Q " AND sk < " Q "4" Q
		  " ORDER BY sk DESC",
		  2, "32|1|" },
		{ "partitions in a row",
		  "SELECT sk FROM game WHERE pk IN [" Q "b" Q ", " Q "a" Q
		  "] AND sk > " Q "1" Q,
		  4, "2342|34|" },
		{ "a page that ends with a partition",
		  "SELECT sk FROM game WHERE pk IN [" Q "b" Q ", " Q "a" Q
		  "] AND sk > " Q "1" Q,
		  3, "234|234||" },
		{ "the limit is on what is looked at",
		  "SELECT sk FROM game WHERE pk = " Q "a" Q " AND n > 3", 3,
		  "|4|" },
		{ "no partition at all", "SELECT sk FROM game WHERE pk IN []",
		  0, "|" },
		{ "keys may be filtered, too",
		  "SELECT sk FROM game WHERE pk = " Q "a" Q " AND sk <> " Q
		  "2" Q,
		  0, "134|" },
	};
	struct kv_stage *s = filled();
	struct buffer got;

	(void)state;
	buffer_init(&got, 8192);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *token = NULL;

		do {
			const char *request =
			    arena_printf(&s->texts,
					 "{'Statement': '%s'%s%.0d%s%s%s}",
					 cases[i].statement,
					 cases[i].limit ? ", 'Limit': " : "",
					 cases[i].limit,
					 token ? ", 'NextToken': '" : "",
					 token ? token : "", token ? "'" : "");

			free(token);
			token = read_page(kv_stage_call(s, "ExecuteStatement",
							request),
					  &got);
			buffer_put_byte(&got, '|');
		} while (token && buffer_size(&got) < 100);
		free(token);
		buffer_put_byte(&got, 0);
		if (strcmp((const char *)buffer_slice(&got).data,
			   cases[i].want) != 0)
			fail_msg("%s:\n got %s\nwant %s", cases[i].name,
				 (const char *)buffer_slice(&got).data,
				 cases[i].want);
		buffer_reset(&got);
	}
	buffer_release(&got);
	kv_stage_free(s);
}

/* Each partition is billed as the query it is. */
static void test_costs(void **state)
{
	struct kv_stage *s = filled();

	(void)state;
	kv_stage_expect(
	    s, "ExecuteStatement",
	    "{'Statement': 'SELECT n FROM game WHERE pk IN [" Q "a" Q ", " Q
	    "b" Q ", " Q "x" Q "] AND sk = " Q "1" Q
	    "', 'ReturnConsumedCapacity': 'TOTAL'}",
	    "{'Items':[{'n':{'N':'1'}},{'n':{'N':'1'}}],'ConsumedCapacity':{"
	    "'TableName':'game','CapacityUnits':1.5}}");
	kv_stage_free(s);
}

/* ---- batches and transactions ----------------------------------------------
 */

#define ONE(text) "{'Statement': '" text "'}"
#define BATCH(list) "{'Statements': [" list "]}"
#define ALL(list) "{'TransactStatements': [" list "]}"
#define INSERT(pk, n)                                                     \
	ONE("INSERT INTO plain VALUE {" Q "pk" Q ": " Q pk Q ", " Q "n" Q \
	    ": " n "}")
#define SELECT(pk, more) ONE("SELECT n FROM plain WHERE pk = " Q pk Q more)
#define CANCELLED(reasons)                                              \
	"Transaction cancelled, please refer cancellation reasons for " \
	"specific reasons [" reasons "]"

/* In order, on one store. */
static const struct {
	const char *op, *request, *want;
} many[] = {
	{ "BatchExecuteStatement",
	  BATCH(INSERT("a", "1") ", " INSERT("b", "2") ", " INSERT("a", "2")),
	  "Provided list of item keys contains duplicates" },
	{ "BatchExecuteStatement", BATCH(INSERT("a", "1")),
	  "{'Responses':[{'TableName':'plain'}]}" },
	{ "BatchExecuteStatement",
	  BATCH(INSERT("a", "2") ", " INSERT("b", "2") ", " ONE(
	      "nonsense") ", " ONE("DELETE FROM none WHERE pk = 1")),
	  "{'Responses':[{'Error':{'Code':"
	  "'DuplicateItem','Message':'Duplicate primary key exists in "
	  "table'},'TableName':'plain'},{'TableName':'plain'},{'Error':{"
	  "'Code':'ValidationError','Message':'Statement wasn't well formed, "
	  "can't be processed: Unexpected term'}},{'Error':{'Code':"
	  "'ResourceNotFound','Message':'Requested resource not found'}}]}" },
	{ "BatchExecuteStatement",
	  "{'ReturnConsumedCapacity': 'TOTAL', 'Statements': [" SELECT(
	      "b", "") ", " SELECT("a", " AND n > 1") ", " SELECT("x", "") "]}",
	  "{'Responses':[{'TableName':'plain','Item':{'n':{'N':'2'}}},{"
	  "'TableName':'plain'},{'TableName':'plain'}],'ConsumedCapacity':[{"
	  "'TableName':'plain','CapacityUnits':0.5},{'TableName':'plain',"
	  "'CapacityUnits':0.5},{'TableName':'plain','CapacityUnits':0.5}]}" },
	{ "BatchExecuteStatement",
	  BATCH("{'Statement': 'UPDATE plain SET n = 5 WHERE pk = " Q "a" Q
		" AND n = 9', 'ReturnValuesOnConditionCheckFailure': "
		"'ALL_OLD'}, " ONE("UPDATE plain SET n = n + 1 WHERE pk = " Q
				   "b" Q " RETURNING ALL NEW *")),
	  "{'Responses':[{'Error':{'Code':'ConditionalCheckFailed','Message':"
	  "'The conditional request failed','Item':{'n':{'N':'1'},'pk':{'S':"
	  "'a'}}},'TableName':'plain'},{'TableName':'plain','Item':{'n':{'N':"
	  "'3'},'pk':{'S':'b'}}}]}" },
	{ "BatchExecuteStatement", BATCH(SELECT("a", "") ", " INSERT("c", "1")),
	  "A batch must be all reads or all writes" },
	{ "BatchExecuteStatement", BATCH(ONE("SELECT * FROM plain")),
	  "{'Responses':[{'Error':{'Code':'ValidationError','Message':'Where "
	  "clause does not contain a mandatory equality on all key "
	  "attributes'},'TableName':'plain'}]}" },
	{ "ExecuteTransaction", ALL(SELECT("b", "") ", " SELECT("x", "")),
	  "{'Responses':[{'Item':{'n':{'N':'3'}}},{}]}" },
	{ "ExecuteTransaction", ALL(SELECT("b", "") ", " SELECT("b", "")),
	  "Transaction request cannot include multiple operations on one "
	  "item" },
	{ "ExecuteTransaction",
	  ALL(INSERT("a", "1") ", " INSERT("c", "1") ", " ONE(
	      "EXISTS(SELECT * FROM plain WHERE pk = " Q "b" Q " AND n = 9)")),
	  CANCELLED(
	      "DuplicateItem, None, ConditionalCheckFailed") " {"
							     "'CancellationReas"
							     "ons':[{'Code':'"
							     "DuplicateItem','"
							     "Message':"
							     "'Duplicate "
							     "primary key "
							     "exists in "
							     "table'},{'Code':'"
							     "None'},{'Code':"
							     "'ConditionalCheck"
							     "Failed','Message'"
							     ":'The "
							     "conditional "
							     "request "
							     "failed'}]}" },
	{ "ExecuteTransaction",
	  "{'ClientRequestToken': 't', 'ReturnConsumedCapacity': 'TOTAL', "
	  "'TransactStatements': [" INSERT("c", "1") ", " ONE(
	      "UPDATE plain SET n = n + 1 WHERE pk = " Q "b" Q) "]}",
	  "{'ConsumedCapacity':[{'TableName':'plain','CapacityUnits':2,"
	  "'WriteCapacityUnits':2},{'TableName':'plain','CapacityUnits':2,"
	  "'WriteCapacityUnits':2}]}" },
	/* the same again changes nothing; another under its token is refused */
	{ "ExecuteTransaction",
	  "{'ClientRequestToken': 't', 'TransactStatements': [" INSERT(
	      "c", "1") ", " ONE("UPDATE plain SET n = n + 1 WHERE pk = " Q
				 "b" Q) "]}",
	  "{}" },
	{ "ExecuteTransaction", ALL(SELECT("b", "") ", " SELECT("c", "")),
	  "{'Responses':[{'Item':{'n':{'N':'4'}}},{'Item':{'n':{'N':'1'}}}]"
	  "}" },
	{ "ExecuteTransaction", ALL(SELECT("a", "") ", " INSERT("d", "1")),
	  "A transaction must be all reads or all writes" },
	{ "ExecuteTransaction", ALL(ONE("nonsense")),
	  "Statement wasn't well formed, can't be processed: Unexpected "
	  "term" },
};

static void test_many(void **state)
{
	struct kv_stage *s = kv_stage_new(0, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(many) / sizeof(*many); i++)
		kv_stage_expect(s, many[i].op, many[i].request, many[i].want);
	kv_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_story),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_costs),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("statements", tests, NULL, NULL);
}
