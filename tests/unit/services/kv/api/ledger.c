/* tests/unit/services/kv/api/ledger.c - what is billed is what happened
 *
 * Each request's units are counted here by hand; the ledger and the spool
 * together must hold just these.
 */
#include "tests/support/kv_stage.h"

/* In halves of a unit. */
static const struct {
	const char *op, *request, *resource;
	int reads, writes, index_writes;
} story[] = {
	{ "PutItem", "{'TableName': 'plain', 'Item': {'pk': {'S': 'a'}}}",
	  "plain", 0, 2, 0 },
	{ "PutItem",
	  "{'TableName': 'plain', 'Item': {'pk': {'S': 'a'}}, "
	  "'ConditionExpression': 'attribute_not_exists(pk)'}",
	  "plain", 0, 2, 0 },
	{ "PutItem", "{'TableName': 'plain', 'Item': {}}", "plain", 0, 0, 0 },
	{ "GetItem", "{'TableName': 'plain', 'Key': {'pk': {'S': 'a'}}}",
	  "plain", 1, 0, 0 },
	{ "GetItem",
	  "{'TableName': 'plain', 'Key': {'pk': {'S': 'b'}}, "
	  "'ConsistentRead': true}",
	  "plain", 2, 0, 0 },
	{ "DeleteItem", "{'TableName': 'plain', 'Key': {'pk': {'S': 'b'}}}",
	  "plain", 0, 2, 0 },
	{ "PutItem",
	  "{'TableName': 'game', 'Item': {'pk': {'S': 'p'}, 'sk': {'S': "
	  "'s'}, 'g': {'S': 'four'}, 'score': {'N': '1'}}}",
	  "game", 0, 2, 2 },
	{ "UpdateItem",
	  "{'TableName': 'game', 'Key': {'pk': {'S': 'p'}, 'sk': {'S': 's'}}, "
	  "'UpdateExpression': 'ADD score :1', 'ExpressionAttributeValues': "
	  "{':1': {'N': '1'}}}",
	  "game", 0, 2, 4 },
	{ "UpdateItem",
	  "{'TableName': 'game', 'Key': {'pk': {'S': 'p'}, 'sk': {'S': 's'}}, "
	  "'UpdateExpression': 'SET x = :1', 'ExpressionAttributeValues': "
	  "{':1': {'N': '1'}}}",
	  "game", 0, 2, 2 },
	{ "UpdateItem",
	  "{'TableName': 'game', 'Key': {'pk': {'S': 'p'}, 'sk': {'S': 's'}}, "
	  "'UpdateExpression': 'SET x = :1', 'ExpressionAttributeValues': "
	  "{':1': {'N': '1'}}}",
	  "game", 0, 2, 0 },
	{ "UpdateItem",
	  "{'TableName': 'game', 'Key': {'pk': {'S': 'p'}, 'sk': {'S': 's'}}, "
	  "'UpdateExpression': 'REMOVE g'}",
	  "game", 0, 2, 2 },
	{ "Query",
	  "{'TableName': 'game', 'KeyConditionExpression': 'pk = :p', "
	  "'ExpressionAttributeValues': {':p': {'S': 'p'}}}",
	  "game", 1, 0, 0 },
	{ "Scan", "{'TableName': 'game', 'ConsistentRead': true}", "game", 2, 0,
	  0 },
	{ "BatchGetItem",
	  "{'RequestItems': {'plain': {'Keys': [{'pk': {'S': 'a'}}, {'pk': "
	  "{'S': 'b'}}]}}}",
	  "plain", 2, 0, 0 },
	{ "BatchWriteItem",
	  "{'RequestItems': {'plain': [{'PutRequest': {'Item': {'pk': {'S': "
	  "'c'}}}}, {'DeleteRequest': {'Key': {'pk': {'S': 'd'}}}}]}}",
	  "plain", 0, 4, 0 },
	{ "TransactGetItems",
	  "{'TransactItems': [{'Get': {'TableName': 'plain', 'Key': {'pk': "
	  "{'S': 'a'}}}}]}",
	  "plain", 4, 0, 0 },
	{ "TransactWriteItems",
	  "{'TransactItems': [{'Put': {'TableName': 'game', 'Item': {'pk': "
	  "{'S': 'p'}, 'sk': {'S': 't'}, 'g': {'S': 'four'}, 'score': {'N': "
	  "'1'}}}}]}",
	  "game", 0, 4, 2 },
	/* refused: each item costs, and nothing in the index */
	{ "TransactWriteItems",
	  "{'TransactItems': [{'Delete': {'TableName': 'game', 'Key': {'pk': "
	  "{'S': 'p'}, 'sk': {'S': 't'}}}}, {'ConditionCheck': {'TableName': "
	  "'game', 'Key': {'pk': {'S': 'p'}, 'sk': {'S': 's'}}, "
	  "'ConditionExpression': 'attribute_exists(g)'}}]}",
	  "game", 0, 8, 0 },
};

/* ---- sums ------------------------------------------------------------------
 */

enum { SUMS = 64 };

struct sums {
	size_t count;
	struct {
		char key[160];
		int64_t sum;
	} rows[SUMS];
};

static void add(struct sums *sums, const char *key, int64_t quantity)
{
	size_t i = 0;

	if (quantity == 0)
		return;
	while (i < sums->count && strcmp(sums->rows[i].key, key) != 0)
		i++;
	assert_true(i < SUMS);
	if (i == sums->count)
		snprintf(sums->rows[sums->count++].key, sizeof(sums->rows->key),
			 "%s", key);
	sums->rows[i].sum += quantity;
}

static void add_row(struct sums *sums, struct slice principal,
		    struct slice resource, struct slice operation,
		    struct slice unit, int64_t quantity)
{
	char key[160];

	snprintf(key, sizeof(key), "%.*s %.*s %.*s %.*s", SLICE_ARGS(principal),
		 SLICE_ARGS(resource), SLICE_ARGS(operation), SLICE_ARGS(unit));
	add(sums, key, quantity);
}

static int64_t find(const struct sums *sums, const char *key)
{
	for (size_t i = 0; i < sums->count; i++)
		if (strcmp(sums->rows[i].key, key) == 0)
			return sums->rows[i].sum;
	return 0;
}

/* ---- what the store and the spool hold -------------------------------------
 */

static enum store_visit visit(struct store_ledger_read *read, struct slice key,
			      const struct store_usage *usage)
{
	(void)key;
	if (slice_is(usage->operation, "Storage"))
		return STORE_NEXT; /* by the clock; contract.c has it */
	add_row(read->arg, usage->principal, usage->resource, usage->operation,
		usage->unit, usage->quantity);
	return STORE_NEXT;
}

static void done(struct store_ledger_read *read)
{
	loop_stop(read->loop);
}

static void gather(struct kv_stage *s, struct sums *sums)
{
	struct store_ledger_read read = {
		.from_hour = 0,
		.to_hour = INT64_MAX,
		.visit = visit,
		.done = done,
		.arg = sums,
		.loop = s->loop,
	};
	struct spool_batch batch;

	assert_int_equal(store_usage_read(s->kv.store, &read), 0);
	loop_run(s->loop);
	assert_int_equal(read.fault.code, 0);
	while (spool_batch(s->kv.spool, &s->texts, 1000,
			   clock_wall_ms() / 3600000, &batch)) {
		for (size_t i = 0; i < batch.count; i++) {
			const struct spool_key *key = &batch.rows[i].key;

			add_row(sums, key->principal, key->resource,
				slice_of(key->operation), slice_of(key->unit),
				batch.rows[i].total);
		}
		spool_acknowledge(s->kv.spool, &batch);
	}
}

static void expect(struct sums *sums, const char *resource, const char *op,
		   const char *unit, int64_t quantity)
{
	add_row(sums, SLICE("admin:TEST"), slice_of(resource), slice_of(op),
		slice_of(unit), quantity);
}

static void test_sums(void **state)
{
	struct kv_stage *s = kv_stage_new(0, NULL);
	struct sums want = { 0 }, got = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(story) / sizeof(*story); i++) {
		kv_stage_call(s, story[i].op, story[i].request);
		expect(&want, story[i].resource, story[i].op,
		       "ReadRequestUnits", story[i].reads);
		expect(&want, story[i].resource, story[i].op,
		       "WriteRequestUnits", story[i].writes);
		expect(&want, "game/index/board", story[i].op,
		       "WriteRequestUnits", story[i].index_writes);
	}
	gather(s, &got);
	for (size_t i = 0; i < want.count; i++)
		if (find(&got, want.rows[i].key) != want.rows[i].sum)
			fail_msg("%s: got %d, want %d", want.rows[i].key,
				 (int)find(&got, want.rows[i].key),
				 (int)want.rows[i].sum);
	assert_int_equal(got.count, want.count);
	kv_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums),
	};

	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
