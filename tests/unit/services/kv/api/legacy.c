/* tests/unit/services/kv/api/legacy.c - what the older parameters become */
#include "services/kv/api/legacy.h"
#include "lib/wire/message.h"
#include "services/kv/api/request.h"
#include "tests/support/kv_stage.h"
#include "tests/support/node_text.h"

#define INVALID "One or more parameter values were invalid: "

/* ---- as trees --------------------------------------------------------------
 */

/* The request with single quotes as its message, in the arena. */
static void *unpack(struct arena *mem, const char *name,
		    const ProtobufCMessageDescriptor *type, const char *text)
{
	char *json = arena_copy(mem, text, strlen(text));
	struct fault f = { 0 };
	struct buffer bytes;
	void *message;

	kv_stage_swap(json, '\'', '"');
	buffer_init(&bytes, 1 << 20);
	if (json_to_message(kv_stage_type(name), slice_of(json), JSON_AWS, mem,
			    &bytes, &f))
		fail_msg("%s: %s", text, f.message);
	message = message_unpack(type, buffer_slice(&bytes), mem, &f);
	assert_non_null(message);
	buffer_release(&bytes);
	return message;
}

/* An UpdateItem's condition and update as texts; or what is wrong. */
static void rewrite_update(struct call *c, const char *json,
			   struct buffer *condition, struct buffer *update)
{
	const Parlor__Kv__V1__UpdateItemRequest *r =
	    unpack(c->mem, "parlor.kv.v1.UpdateItemRequest",
		   &parlor__kv__v1__update_item_request__descriptor, json);
	struct api_expressions e = { .legacy = API_EXPECTED(c, r) };
	struct kv_scope *scope = api_scope(c, &e);
	const struct kv_node *node;
	struct kv_update out = { 0 };

	e.legacy.puts =
	    API_ROWS(c, r, attribute_updates, api_put, api_put_update);
	e.legacy.put_count = r->n_attribute_updates;
	api_update(scope, &e, &out);
	node = api_condition(scope, "ConditionExpression", NULL, &e.legacy);
	if (c->fault.code)
		buffer_put_text(condition, c->fault.message);
	else
		node_text(condition, node);
	update_text(update, &out);
}

static void is_text(const char *request, struct buffer *got, const char *want)
{
	buffer_put_byte(got, 0);
	if (strcmp((const char *)buffer_slice(got).data, want) != 0)
		fail_msg("%s:\n got %s\nwant %s", request,
			 (const char *)buffer_slice(got).data, want);
	buffer_reset(got);
}

static void test_updates(void **state)
{
	static const struct {
		const char *request, *condition, *update;
	} cases[] = {
		{ "{}", "-", "" },
		{ "{'Expected': {'a': {'Value': {'N': '1.0'}}}}", "(= a 1)",
		  "" },
		{ "{'Expected': {'a': {'Value': {'L': []}, 'Exists': true}}}",
		  "(= a L{})", "" },
		{ "{'Expected': {'a': {'Exists': false}}}", "(missing a)", "" },
		{ "{'Expected': {'a': {'ComparisonOperator': 'NOT_CONTAINS', "
		  "'AttributeValueList': [{'S': 'x'}]}}}",
		  "(not (contains a 'x'))", "" },
		{ "{'Expected': {'a': {'ComparisonOperator': 'BEGINS_WITH', "
		  "'Value': {'S': 'x'}}}}",
		  "(begins a 'x')", "" },
		/* a name is a whole name, whatever stands in it */
		{ "{'Expected': {'a.b[0]': {'ComparisonOperator': 'NULL'}, "
		  "'size': {'ComparisonOperator': 'NOT_NULL'}}}",
		  "(and (missing a.b[0]) (exists size))", "" },
		{ "{'ConditionalOperator': 'OR', 'Expected': {'a': "
		  "{'ComparisonOperator': 'IN', 'AttributeValueList': [{'N': "
		  "'1'}, {'N': '2'}, {'N': '3'}]}, 'b': "
		  "{'ComparisonOperator': 'BETWEEN', 'AttributeValueList': "
		  "[{'S': 'x'}, {'S': 'y'}]}, 'c': {'Value': {'BOOL': "
		  "true}}}}",
		  "(or (in a 1 2 3) (or (between b 'x' 'y') (= c true)))", "" },
		{ "{'AttributeUpdates': {'b': {'Value': {'S': 'x'}}, 'a': "
		  "{'Action': 'PUT', 'Value': {'NULL': true}}}}",
		  "-", "set a null; set b 'x'" },
		{ "{'AttributeUpdates': {'n': {'Action': 'ADD', 'Value': "
		  "{'N': '-1'}}, 's': {'Action': 'ADD', 'Value': {'SS': "
		  "['x']}}, 'l': {'Action': 'ADD', 'Value': {'L': [{'N': "
		  "'1'}]}}}}",
		  "-",
		  "set l (list_append (if_not_exists l L{}) L{1}); add n -1; "
		  "add s SS{'x'}" },
		{ "{'AttributeUpdates': {'a': {'Action': 'DELETE'}, 's': "
		  "{'Action': 'DELETE', 'Value': {'NS': ['2', '1']}}}}",
		  "-", "remove a; delete s NS{1, 2}" },
	};
	struct buffer condition, update;
	struct arena mem;

	(void)state;
	buffer_init(&condition, 4096);
	buffer_init(&update, 4096);
	arena_init(&mem, 1 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct call c;

		arena_reset(&mem);
		call_init(&c, &mem);
		rewrite_update(&c, cases[i].request, &condition, &update);
		is_text(cases[i].request, &condition, cases[i].condition);
		is_text(cases[i].request, &update, cases[i].update);
	}
	arena_release(&mem);
	buffer_release(&condition);
	buffer_release(&update);
}

/* Thousands of rows are no deeper than their logarithm. */
static void test_depth(void **state)
{
	enum { ROWS = 4096, DEEPEST = 12 };
	struct api_test rows[ROWS];
	const struct api_legacy legacy = { .tests = { "ScanFilter", rows,
						      ROWS } };
	const struct kv_node *node = NULL;
	struct kv_scope scope;
	struct fault f = { 0 };
	struct arena mem;
	int depth = 0;

	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		rows[i] = (struct api_test){ .name = SLICE("a"),
					     .comparison = "NULL" };
	arena_init(&mem, 8 << 20);
	kv_scope_init(&scope, &mem, &f);
	api_legacy_condition(&scope, &legacy, &node);
	for (; node->kind == NODE_AND; node = node->args[1])
		depth++;
	assert_int_equal(depth, DEEPEST);
	assert_int_equal(scope.touched_count, ROWS);
	arena_release(&mem);
}

/* ---- on a store ------------------------------------------------------------
 */

#define PLAIN(pk) "{'TableName': 'plain', 'Key': {'pk': {'S': '" pk "'}}, "
#define PUT(more) "{'TableName': 'plain', 'Item': {'pk': {'S': 'a'}}, " more "}"
#define GAME "{'TableName': 'game', "
#define PK                                                          \
	"'pk': {'ComparisonOperator': 'EQ', 'AttributeValueList': " \
	"[{'S': 'p'}]}"
#define SK(by, values)                            \
	"'sk': {'ComparisonOperator': '" by "', " \
	"'AttributeValueList': [" values "]}"

/* In order, on one store. */
static const struct {
	const char *op, *request, *want;
} story[] = {
	/* nothing to delete makes nothing; all else makes the item */
	{ "UpdateItem",
	  PLAIN("no") "'AttributeUpdates': {'x': {'Action': 'DELETE'}, 's': "
		      "{'Action': 'DELETE', 'Value': {'SS': ['a']}}}, "
		      "'ReturnValues': 'ALL_NEW'}",
	  "{}" },
	{ "GetItem", "{'TableName': 'plain', 'Key': {'pk': {'S': 'no'}}}",
	  "{}" },
	{ "UpdateItem",
	  PLAIN("u") "'AttributeUpdates': {'n': {'Action': 'ADD', 'Value': "
		     "{'N': '2'}}, 'l': {'Action': 'ADD', 'Value': {'L': "
		     "[{'N': '1'}]}}, 'x': {'Action': 'DELETE'}}, "
		     "'ReturnValues': 'ALL_NEW'}",
	  "{'Attributes':{'l':{'L':[{'N':'1'}]},'n':{'N':'2'},'pk':{'S':'u'}"
	  "}}" },
	{ "UpdateItem",
	  PLAIN("u") "'Expected': {'n': {'ComparisonOperator': 'GE', "
		     "'AttributeValueList': [{'N': '2'}]}, 'x': {'Exists': "
		     "false}}, 'AttributeUpdates': {'l': {'Action': 'ADD', "
		     "'Value': {'L': [{'N': '2'}]}}, 'n': {'Action': "
		     "'DELETE'}}, 'ReturnValues': 'UPDATED_NEW'}",
	  "{'Attributes':{'l':{'L':[{'N':'1'},{'N':'2'}]}}}" },
	{ "UpdateItem",
	  PLAIN("u") "'AttributeUpdates': {'l': {'Action': 'ADD', 'Value': "
		     "{'N': '2'}}}}",
	  "Type mismatch for attribute to update" },
	{ "DeleteItem", PLAIN("u") "'Expected': {'n': {'Value': {'N': '2'}}}}",
	  "The conditional request failed" },
	{ "DeleteItem",
	  PLAIN("u") "'ConditionalOperator': 'OR', 'Expected': {'n': "
		     "{'Value': {'N': '2'}}, 'l': {'ComparisonOperator': "
		     "'CONTAINS', 'Value': {'N': '2'}}}, 'ReturnValues': "
		     "'ALL_OLD'}",
	  "{'Attributes':{'l':{'L':[{'N':'1'},{'N':'2'}]},'pk':{'S':'u'}}}" },
	{ "PutItem", PUT("'Expected': {'pk': {'Exists': false}}"), "{}" },
	{ "PutItem", PUT("'Expected': {'pk': {'Exists': false}}"),
	  "The conditional request failed" },
	/* NE and NOT_CONTAINS hold of what is not there */
	{ "PutItem",
	  PUT("'Expected': {'x': {'ComparisonOperator': 'NE', 'Value': "
	      "{'S': 'v'}}, 'y': {'ComparisonOperator': 'NOT_CONTAINS', "
	      "'Value': {'S': 'v'}}}"),
	  "{}" },
	{ "PutItem",
	  GAME "'Item': {'pk': {'S': 'p'}, 'sk': {'S': 'a'}, 'n': {'N': '1'}, "
	       "'t': {'S': 'x'}}}",
	  "{}" },
	{ "PutItem",
	  GAME "'Item': {'pk': {'S': 'p'}, 'sk': {'S': 'ab'}, 'n': {'N': '2'}"
	       "}}",
	  "{}" },
	{ "GetItem",
	  GAME "'Key': {'pk': {'S': 'p'}, 'sk': {'S': 'a'}}, "
	       "'AttributesToGet': ['n', 'none', 'sk']}",
	  "{'Item':{'n':{'N':'1'},'sk':{'S':'a'}}}" },
	{ "BatchGetItem",
	  "{'RequestItems': {'game': {'Keys': [{'pk': {'S': 'p'}, 'sk': {'S': "
	  "'a'}}], 'AttributesToGet': ['t']}}}",
	  "{'Responses':{'game':[{'t':{'S':'x'}}]}}" },
	{ "Query", GAME "'KeyConditions': {" PK "}, 'AttributesToGet': ['sk']}",
	  "{'Items':[{'sk':{'S':'a'}},{'sk':{'S':'ab'}}],'Count':2,"
	  "'ScannedCount':2}" },
	{ "Query",
	  GAME "'KeyConditions': {" SK(
	      "BEGINS_WITH", "{'S': 'ab'}") ", " PK
					    "}, 'AttributesToGet': ['sk']}",
	  "{'Items':[{'sk':{'S':'ab'}}],'Count':1,'ScannedCount':1}" },
	{ "Query",
	  GAME
	  "'KeyConditions': {" PK
	  ", " SK("BETWEEN", "{'S': 'a'}, {'S': 'aa'}") "}, 'Select': 'COUNT'}",
	  "{'Count':1,'ScannedCount':1}" },
	{ "Query",
	  GAME "'KeyConditions': {" PK "}, 'QueryFilter': {'n': "
	       "{'ComparisonOperator': 'GT', 'AttributeValueList': [{'N': "
	       "'1'}]}}, 'AttributesToGet': ['n']}",
	  "{'Items':[{'n':{'N':'2'}}],'Count':1,'ScannedCount':2}" },
	/* KeyConditions may go with newer expressions */
	{ "Query",
	  GAME "'KeyConditions': {" PK "}, 'FilterExpression': "
	       "'attribute_exists(t)', 'ProjectionExpression': 'sk'}",
	  "{'Items':[{'sk':{'S':'a'}}],'Count':1,'ScannedCount':2}" },
	{ "Scan",
	  GAME "'ScanFilter': {'sk': {'ComparisonOperator': 'EQ', "
	       "'AttributeValueList': [{'S': 'ab'}]}}, 'AttributesToGet': "
	       "['n']}",
	  "{'Items':[{'n':{'N':'2'}}],'Count':1,'ScannedCount':2}" },
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

#define EXPECTED(row) PUT("'Expected': {'a': {" row "}}")
#define PUTS(row) PLAIN("a") "'AttributeUpdates': {'a': {" row "}}}"
#define FILTER(row) "{'TableName': 'game', 'ScanFilter': {'a': {" row "}}}"
#define MIXED(old, new)                                                     \
	"Can not use both expression and non-expression parameters in the " \
	"same request: Non-expression parameters: {" old "} Expression "    \
	"parameters: {" new "}"

static const struct {
	const char *op, *request, *want;
} refusals[] = {
	{ "PutItem", EXPECTED("'ComparisonOperator': 'eq'"),
	  "1 validation error detected: Value 'eq' at "
	  "'expected.a.member.comparisonOperator' failed to satisfy "
	  "constraint: Member must satisfy enum value set: [IN, NULL, BETWEEN, "
	  "LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, "
	  "CONTAINS]" },
	{ "Scan", FILTER(""),
	  "1 validation error detected: Value null at "
	  "'scanFilter.a.member.comparisonOperator' failed to satisfy "
	  "constraint: Member must not be null" },
	{ "PutItem", PUT("'ConditionalOperator': 'XOR'"),
	  "1 validation error detected: Value 'XOR' at 'conditionalOperator' "
	  "failed to satisfy constraint: Member must satisfy enum value set: "
	  "[OR, AND]" },
	{ "PutItem", PUT("'ConditionalOperator': 'OR'"),
	  INVALID "ConditionalOperator cannot be used without Filter or "
		  "Expected" },
	{ "PutItem",
	  PUT("'ConditionalOperator': 'OR', 'Expected': {'a': {'Exists': "
	      "false}}"),
	  INVALID "ConditionalOperator can only be used when Filter or "
		  "Expected has two or more elements" },
	{ "PutItem",
	  PUT("'Expected': {'a': {'Exists': false}}, 'ConditionExpression': "
	      "'a = b'"),
	  MIXED("Expected", "ConditionExpression") },
	{ "UpdateItem",
	  PLAIN("a") "'AttributeUpdates': {'a': {'Action': 'DELETE'}}, "
		     "'Expected': {'a': {'Exists': false}}, "
		     "'UpdateExpression': 'REMOVE b', 'ConditionExpression': "
		     "'a = b'}",
	  MIXED("AttributeUpdates, Expected",
		"UpdateExpression, ConditionExpression") },
	{ "Query",
	  GAME "'KeyConditions': {" PK "}, 'KeyConditionExpression': 'pk = "
	       ":p', 'AttributesToGet': ['a'], 'ProjectionExpression': 'a'}",
	  MIXED("AttributesToGet, KeyConditions",
		"ProjectionExpression, KeyConditionExpression") },
	{ "PutItem",
	  EXPECTED("'Value': {'S': ''}, 'AttributeValueList': [{'S': ''}]"),
	  INVALID "Value and AttributeValueList cannot be used together for "
		  "Attribute: a" },
	{ "PutItem", EXPECTED("'ComparisonOperator': 'EQ', 'Exists': true"),
	  INVALID "Exists and ComparisonOperator cannot be used together for "
		  "Attribute: a" },
	{ "PutItem", EXPECTED("'ComparisonOperator': 'EQ'"),
	  INVALID "Value or AttributeValueList must be used with "
		  "ComparisonOperator: EQ for Attribute: a" },
	{ "PutItem", EXPECTED("'AttributeValueList': [{'S': ''}]"),
	  INVALID "AttributeValueList can only be used with a "
		  "ComparisonOperator for Attribute: a" },
	{ "PutItem", EXPECTED("'Exists': true"),
	  INVALID "Value must be provided when Exists is true for Attribute: "
		  "a" },
	{ "PutItem", EXPECTED(""),
	  INVALID "Value must be provided when Exists is null for Attribute: "
		  "a" },
	{ "PutItem", EXPECTED("'Exists': false, 'Value': {'S': ''}"),
	  INVALID "Value cannot be used when Exists is false for Attribute: "
		  "a" },
	{ "PutItem",
	  EXPECTED("'ComparisonOperator': 'NULL', 'Value': {'S': ''}"),
	  INVALID "Invalid number of argument(s) for the NULL "
		  "ComparisonOperator" },
	{ "Scan",
	  FILTER("'ComparisonOperator': 'BETWEEN', 'AttributeValueList': "
		 "[{'S': ''}]"),
	  INVALID "Invalid number of argument(s) for the BETWEEN "
		  "ComparisonOperator" },
	{ "Scan",
	  FILTER("'ComparisonOperator': 'IN', 'AttributeValueList': [{'S': ''},"
		 " {'N': '1'}]"),
	  INVALID "AttributeValues inside AttributeValueList must be of same "
		  "type" },
	{ "Scan",
	  FILTER("'ComparisonOperator': 'CONTAINS', 'AttributeValueList': "
		 "[{'SS': ['']}]"),
	  INVALID "ComparisonOperator CONTAINS is not valid for SS "
		  "AttributeValue type" },
	{ "Scan",
	  FILTER("'ComparisonOperator': 'BETWEEN', 'AttributeValueList': "
		 "[{'N': '10'}, {'N': '9'}]"),
	  "The BETWEEN condition was provided a range where the lower bound is "
	  "greater than the upper bound" },
	{ "Scan",
	  FILTER("'ComparisonOperator': 'EQ', 'AttributeValueList': [{'N': "
		 "'x'}]"),
	  "The parameter cannot be converted to a numeric value: x" },
	{ "UpdateItem", PUTS("'Action': 'ADD'"),
	  INVALID "Only DELETE action is allowed when no attribute value is "
		  "specified" },
	{ "UpdateItem", PUTS("'Action': 'DELETE', 'Value': {'S': 'x'}"),
	  INVALID "DELETE action with value is not supported for the type S" },
	{ "UpdateItem", PUTS("'Action': 'ADD', 'Value': {'M': {}}"),
	  INVALID "ADD action is not supported for the type M" },
	{ "UpdateItem", PUTS("'Action': 'SET'"),
	  "1 validation error detected: Value 'SET' at "
	  "'attributeUpdates.a.member.action' failed to satisfy constraint: "
	  "Member must satisfy enum value set: [ADD, PUT, DELETE]" },
	{ "UpdateItem",
	  PLAIN("a") "'AttributeUpdates': {'pk': {'Action': 'DELETE'}}}",
	  INVALID "Cannot update attribute pk. This attribute is part of the "
		  "key" },
	{ "GetItem", PLAIN("a") "'AttributesToGet': ['b', 'a', 'b']}",
	  INVALID "Duplicate value in attribute name: b" },
	/* what is there with nothing in it is there */
	{ "Scan", GAME "'AttributesToGet': []}",
	  "1 validation error detected: Value '[]' at 'attributesToGet' "
	  "failed to satisfy constraint: Member must have length greater than "
	  "or equal to 1" },
	{ "BatchGetItem",
	  "{'RequestItems': {'plain': {'Keys': [{}], 'AttributesToGet': []}}}",
	  "1 validation error detected: Value '[]' at "
	  "'requestItems.plain.member.attributesToGet' failed to satisfy "
	  "constraint: Member must have length greater than or equal to 1" },
	{ "PutItem", PUT("'Expected': {}, 'ConditionExpression': 'a = b'"),
	  MIXED("Expected", "ConditionExpression") },
	{ "PutItem",
	  EXPECTED("'ComparisonOperator': 'EQ', 'AttributeValueList': []"),
	  INVALID "Invalid number of argument(s) for the EQ "
		  "ComparisonOperator" },
	{ "Query", GAME "'KeyConditions': {}}",
	  "Conditions can be of length 1 or 2 only" },
	{ "Query", GAME "'AttributesToGet': ['a']}",
	  "Either the KeyConditions or KeyConditionExpression parameter must "
	  "be specified in the request." },
	{ "Query",
	  GAME "'KeyConditions': {" PK ", " SK("NE", "{'S': 'a'}") "}}",
	  "Attempted conditional constraint is not an indexable operation" },
	{ "Query", GAME "'KeyConditions': {" SK("EQ", "{'S': 'a'}") "}}",
	  "Query condition missed key schema element: pk" },
	{ "Query",
	  GAME "'KeyConditions': {" PK ", " SK("EQ", "{'N': '1'}") "}}",
	  INVALID "Condition parameter type does not match schema type" },
	{ "Query",
	  GAME "'KeyConditions': {" PK
	       "}, 'QueryFilter': {" SK("EQ", "{'S': 'a'}") "}}",
	  "QueryFilter can only contain non-primary key attributes: Primary "
	  "key attribute: sk" },
	{ "Query",
	  GAME "'KeyConditions': {" PK "}, 'Select': 'COUNT', "
	       "'AttributesToGet': ['a']}",
	  "1 validation error detected: Cannot specify the "
	  "AttributesToGet when choosing to get COUNT" },
};

static void test_refusals(void **state)
{
	struct kv_stage *s = kv_stage_new(0, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		kv_stage_expect(s, refusals[i].op, refusals[i].request,
				refusals[i].want);
		assert_int_equal(s->code, E_INVALID);
	}
	kv_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_updates),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_story),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests_name("legacy", tests, NULL, NULL);
}
