/* tests/unit/services/kv/api/batch.c - BatchGetItem and BatchWriteItem */
#include "tests/support/kv_stage.h"

/* In order, on one store. */
static const struct {
	const char *op, *request, *want;
} story[] = {
	{ "BatchWriteItem",
	  "{'RequestItems': {'plain': [{'PutRequest': {'Item': {'pk': {'S': "
	  "'a'}, 'n': {'N': '1'}}}}, {'PutRequest': {'Item': {'pk': {'S': "
	  "'b'}}}}], 'game': [{'PutRequest': {'Item': {'pk': {'S': 'p'}, "
	  "'sk': {'S': 's'}}}}]}, 'ReturnConsumedCapacity': 'TOTAL'}",
	  "{'ConsumedCapacity':[{'TableName':'plain','CapacityUnits':2},"
	  "{'TableName':'game','CapacityUnits':1}]}" },
	{ "BatchGetItem",
	  "{'RequestItems': {'plain': {'Keys': [{'pk': {'S': 'b'}}, {'pk': "
	  "{'S': 'none'}}, {'pk': {'S': 'a'}}], 'ConsistentRead': true}, "
	  "'game': {'Keys': [{'pk': {'S': 'p'}, 'sk': {'S': 's'}}], "
	  "'ProjectionExpression': 'sk'}}, 'ReturnConsumedCapacity': 'TOTAL'}",
	  "{'Responses':{'plain':[{'pk':{'S':'b'}},{'n':{'N':'1'},'pk':{'S':"
	  "'a'}}],'game':[{'sk':{'S':'s'}}]},'ConsumedCapacity':[{'TableName':"
	  "'plain','CapacityUnits':3},{'TableName':'game','CapacityUnits':"
	  "0.5}]}" },
	{ "BatchWriteItem",
	  "{'RequestItems': {'plain': [{'DeleteRequest': {'Key': {'pk': {'S': "
	  "'a'}}}}, {'PutRequest': {'Item': {'pk': {'S': 'b'}, 'n': {'N': "
	  "'2'}}}}]}}",
	  "{}" },
	{ "BatchGetItem",
	  "{'RequestItems': {'plain': {'Keys': [{'pk': {'S': 'a'}}, {'pk': "
	  "{'S': 'b'}}]}}}",
	  "{'Responses':{'plain':[{'n':{'N':'2'},'pk':{'S':'b'}}]}}" },
	{ "BatchGetItem", "{'RequestItems': {}}",
	  "1 validation error detected: Value '{}' at 'requestItems' failed "
	  "to satisfy constraint: Member must have length greater than or "
	  "equal to 1" },
	{ "BatchGetItem",
	  "{'RequestItems': {'plain': {'Keys': [{'pk': {'S': 'a'}}, {'pk': "
	  "{'S': 'a'}}]}}}",
	  "Provided list of item keys contains duplicates" },
	{ "BatchGetItem",
	  "{'RequestItems': {'plain': {'Keys': [{'sk': {'S': 'a'}}]}}}",
	  "The provided key element does not match the schema" },
	{ "BatchGetItem",
	  "{'RequestItems': {'none': {'Keys': [{'pk': {'S': 'a'}}]}}}",
	  "Requested resource not found" },
	{ "BatchWriteItem",
	  "{'RequestItems': {'plain': [{'PutRequest': {'Item': {'pk': {'S': "
	  "'c'}}}}, {'DeleteRequest': {'Key': {'pk': {'S': 'c'}}}}]}}",
	  "Provided list of item keys contains duplicates" },
	{ "BatchWriteItem", "{'RequestItems': {'plain': [{}]}}",
	  "Supplied AttributeValue has more than one datatypes set, must "
	  "contain exactly one of the supported datatypes" },
	/* one bad item, and nothing is done */
	{ "BatchWriteItem",
	  "{'RequestItems': {'plain': [{'PutRequest': {'Item': {'pk': {'S': "
	  "'d'}}}}, {'PutRequest': {'Item': {'n': {'S': 'd'}}}}]}}",
	  "The provided key element does not match the schema" },
	{ "GetItem", "{'TableName': 'plain', 'Key': {'pk': {'S': 'd'}}}",
	  "{}" },
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

/* A request of `count` keys or puts. */
static const char *many(struct kv_stage *s, const char *before,
			const char *each, const char *after, int count)
{
	struct buffer b;
	const char *text;

	buffer_init(&b, 1 << 20);
	buffer_put_text(&b, before);
	for (int i = 0; i < count; i++) {
		buffer_put_text(&b, i ? ", " : "");
		buffer_printf(&b, each, i);
	}
	buffer_put_text(&b, after);
	text = arena_copy(&s->texts, buffer_slice(&b).data, buffer_size(&b));
	buffer_release(&b);
	return text;
}

static const char *puts_of(struct kv_stage *s, int count)
{
	return many(s, "{'RequestItems': {'plain': [",
		    "{'PutRequest': {'Item': {'pk': {'S': '%d'}}}}", "]}}",
		    count);
}

static const char *gets_of(struct kv_stage *s, int count)
{
	return many(s, "{'RequestItems': {'plain': {'Keys': [",
		    "{'pk': {'S': '%d'}}", "]}}}", count);
}

static void test_limits(void **state)
{
	struct kv_stage *s = kv_stage_new(0, NULL);

	(void)state;
	kv_stage_expect(s, "BatchWriteItem", puts_of(s, 25), "{}");
	kv_stage_expect(s, "BatchWriteItem", puts_of(s, 26),
			"1 validation error detected: Value '{plain="
			"[WriteRequest, WriteRequest, WriteRequest, "
			"WriteRequest, WriteRequest, ...]}' at 'requestItems' "
			"failed to satisfy constraint: Map value must satisfy "
			"constraint: [Member must have length less than or "
			"equal to 25, Member must have length greater than or "
			"equal to 1]");
	kv_stage_call(s, "BatchGetItem", gets_of(s, 100));
	assert_int_equal(s->code, 0);
	kv_stage_expect(s, "BatchGetItem", gets_of(s, 101),
			"1 validation error detected: Value at "
			"'requestItems.plain.member.keys' failed to satisfy "
			"constraint: Member must have length less than or "
			"equal to 100");
	kv_stage_free(s);
}

/* Whatever the engine does, each put is done or comes back. */
static void test_unprocessed(void **state)
{
	struct kv_stage *s = kv_stage_new(11, NULL);
	const char *rest = puts_of(s, 25);

	(void)state;
	for (int rounds = 0; rest; rounds++) {
		const char *answer = kv_stage_call(s, "BatchWriteItem", rest);
		const char *left = strstr(answer, "'UnprocessedItems':");

		assert_int_equal(s->code, 0);
		assert_true(rounds < 50);
		rest = left ? arena_printf(&s->texts, "{'RequestItems': %s",
					   left + strlen("'UnprocessedItems':"))
			    : NULL;
	}
	kv_stage_expect(s, "Scan", "{'TableName': 'plain', 'Select': 'COUNT'}",
			"{'Count':25,'ScannedCount':25}");
	kv_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_story),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_unprocessed),
	};

	return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
