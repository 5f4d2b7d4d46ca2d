/* tests/unit/services/kv/api/index_update.c - indexes of a table that is there
 */
#include "services/kv/op/index_builder.h"
#include "services/kv/op/item_write.h"
#include "services/kv/op/transact_write_items.h"
#include "tests/support/item_text.h"
#include "tests/support/kv_stage.h"

#define INVALID "One or more parameter values were invalid: "
#define ITEMS 350 /* several slices */

static const char table[] =
    "{'TableName': 'table', 'BillingMode': 'PAY_PER_REQUEST', "
    "'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'}], "
    "'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'}]}";

/* Again while it is not known whether it took place. */
static void call_well(struct kv_stage *s, const char *operation,
		      const char *request)
{
	do
		kv_stage_call(s, operation, request);
	while (s->code == E_UNKNOWN);
	if (s->code)
		fail_msg("%s: %s", request, s->answer);
}

static struct kv_stage *made(uint64_t seed)
{
	struct kv_stage *s = kv_stage_new(seed, NULL);

	call_well(s, "CreateTable", table);
	return s;
}

static void put(struct kv_stage *s, int p, const char *g)
{
	call_well(s, "PutItem",
		  arena_printf(&s->texts,
			       "{'TableName': 'table', 'Item': {'p': {'S': "
			       "'%d'}, 'g': {%s}}}",
			       p, g));
}

#define CREATE(more)                                                          \
	"{'TableName': 'table', 'AttributeDefinitions': [{'AttributeName': "  \
	"'p', 'AttributeType': 'S'}, {'AttributeName': 'g', "                 \
	"'AttributeType': 'S'}], 'GlobalSecondaryIndexUpdates': [{'Create': " \
	"{'IndexName': 'by-g', 'KeySchema': [{'AttributeName': 'g', "         \
	"'KeyType': 'HASH'}], 'Projection': {'ProjectionType': "              \
	"'KEYS_ONLY'}" more "}}]}"
#define DELETE                                                   \
	"{'TableName': 'table', 'GlobalSecondaryIndexUpdates': " \
	"[{'Delete': {'IndexName': 'by-g'}}]}"
#define COUNT                                                               \
	"{'TableName': 'table', 'IndexName': 'by-g', 'Select': 'COUNT', "   \
	"'KeyConditionExpression': 'g = :g', 'ExpressionAttributeValues': " \
	"{':g': {'S': 'g'}}}"
#define DESCRIBE "{'TableName': 'table'}"

static bool is_updating(struct kv_stage *s)
{
	call_well(s, "DescribeTable", DESCRIBE);
	return strstr(s->answer, "'TableStatus':'UPDATING'") ||
	       strstr(s->answer, "'IndexStatus':'CREATING'");
}

static void settle(struct kv_stage *s)
{
	while (is_updating(s))
		;
}

static void expect_count(struct kv_stage *s, int count)
{
	kv_stage_expect(s, "Query", COUNT,
			arena_printf(&s->texts,
				     "{'Count':%d,'ScannedCount':%d}", count,
				     count));
}

/* ---- the way of an index ---------------------------------------------------
 */

static void test_states(void **state)
{
	struct kv_stage *s = made(0);

	(void)state;
	put(s, 1, "'S': 'g'");
	put(s, 2, "'N': '1'"); /* of no type for the index */
	put(s, 3, "'S': ''");
	call_well(s, "UpdateTable", CREATE(""));
	assert_non_null(strstr(s->answer, "'TableStatus':'UPDATING'"));
	assert_non_null(strstr(s->answer, "'IndexStatus':'CREATING'"));
	assert_non_null(strstr(s->answer, "'Backfilling':false"));
	kv_stage_expect(s, "Query", COUNT,
			"Cannot read from backfilling global secondary index: "
			"by-g");
	kv_stage_expect(s, "UpdateTable",
			"{'TableName': 'table', 'DeletionProtectionEnabled': "
			"true}",
			"Attempt to change a resource which is still in use: "
			"Table is being updated: table");
	kv_stage_expect(s, "UpdateTable", DELETE,
			"Subscriber limit exceeded: Only 1 online index can "
			"be created or deleted simultaneously per table");
	kv_stage_expect(s, "DeleteTable", DESCRIBE,
			"Attempt to change a resource which is still in use: "
			"Table is being updated: table");
	kv_stage_expect(s, "PutItem",
			"{'TableName': 'table', 'Item': {'p': {'S': '4'}, "
			"'g': {'N': '1'}}}",
			INVALID "Type mismatch for Index Key g Expected: S "
				"Actual: N IndexName: by-g");
	s->kv.index_builder = index_builder_new(&s->kv);
	settle(s);
	assert_non_null(strstr(s->answer, "'IndexStatus':'ACTIVE'"));
	assert_null(strstr(s->answer, "Backfilling"));
	assert_non_null(strstr(s->answer, "'AttributeName':'g'"));
	expect_count(s, 1);
	call_well(s, "UpdateTable", DELETE);
	assert_non_null(strstr(s->answer, "'IndexStatus':'DELETING'"));
	settle(s);
	assert_null(strstr(s->answer, "by-g"));
	assert_null(strstr(s->answer, "'AttributeName':'g'"));
	kv_stage_expect(s, "Query", COUNT,
			"The table does not have the specified index: by-g");
	put(s, 4, "'N': '1'");
	index_builder_free(s->kv.index_builder);
	kv_stage_free(s);
}

/* Steps of a builder that is stopped at once, until items are brought in. */
static void begin_backfilling(struct kv_stage *s)
{
	do {
		s->kv.index_builder = index_builder_new(&s->kv);
		index_builder_free(s->kv.index_builder);
		s->kv.index_builder = NULL;
		call_well(s, "DescribeTable", DESCRIBE);
	} while (strstr(s->answer, "'Backfilling':false"));
	assert_non_null(strstr(s->answer, "'Backfilling':true"));
}

static void test_backfilling(void **state)
{
	struct kv_stage *s = made(0);

	(void)state;
	for (int i = 0; i < ITEMS; i++)
		put(s, i, "'S': 'g'");
	call_well(s, "UpdateTable", CREATE(""));
	begin_backfilling(s);
	assert_non_null(strstr(s->answer, "'TableStatus':'ACTIVE'"));
	assert_non_null(strstr(s->answer, "'IndexStatus':'CREATING'"));
	kv_stage_expect(s, "Query", COUNT,
			"Cannot read from backfilling global secondary index: "
			"by-g");
	kv_stage_expect(s, "UpdateTable", CREATE(""),
			"Subscriber limit exceeded: Only 1 online index can "
			"be created or deleted simultaneously per table");
	kv_stage_expect(s, "DeleteTable", DESCRIBE,
			"Attempt to change a resource which is still in use: "
			"Table is being updated: table");
	call_well(s, "UpdateTable",
		  "{'TableName': 'table', 'DeletionProtectionEnabled': true}");
	call_well(s, "UpdateTable", DELETE);
	assert_non_null(strstr(s->answer, "'IndexStatus':'DELETING'"));
	s->kv.index_builder = index_builder_new(&s->kv);
	settle(s);
	assert_null(strstr(s->answer, "by-g"));
	index_builder_free(s->kv.index_builder);
	kv_stage_free(s);
}

/* Items come, change and go while others are brought in, and the builder is
 * stopped and begins again. */
static void build(uint64_t seed)
{
	struct kv_stage *s = made(seed);
	int count = ITEMS, next = ITEMS;

	for (int i = 0; i < ITEMS; i++)
		put(s, i, "'S': 'g'");
	call_well(s, "UpdateTable", CREATE(""));
	s->kv.index_builder = index_builder_new(&s->kv);
	for (int i = 0; is_updating(s) && i < ITEMS; i += 5) {
		put(s, i, "'S': 'other'");
		call_well(s, "DeleteItem",
			  arena_printf(&s->texts,
				       "{'TableName': 'table', 'Key': {'p': "
				       "{'S': '%d'}}}",
				       i + 1));
		put(s, next++, "'S': 'g'");
		count--;
		if (i % 50)
			continue;
		index_builder_free(s->kv.index_builder);
		s->kv.index_builder = index_builder_new(&s->kv);
	}
	settle(s);
	expect_count(s, count);
	index_builder_free(s->kv.index_builder);
	kv_stage_free(s);
}

static void test_build(void **state)
{
	(void)state;
	build(0);
}

/* The store answers late, in another order, and not always. */
static void test_build_faults(void **state)
{
	(void)state;
	build(7);
}

/* ---- a write that began before ---------------------------------------------
 */

static void begin_call(struct kv_stage *s, struct call *c, struct arena *mem)
{
	arena_init(mem, 1 << 20);
	call_init(c, mem);
	c->op = kv_stage_op("PutItem");
	c->service = &s->kv;
	c->loop = s->loop;
	c->principal = s->principal;
	c->user = s->user;
}

static const struct kv_table *table_of(struct call *c)
{
	return &catalog_table(catalog_view(c), SLICE("table"))->table;
}

static void late_done(struct call *c, struct kv_item_write *w)
{
	assert_int_equal(w->fault.code, 0);
	loop_stop(c->loop);
}

static void test_late_write(void **state)
{
	struct kv_stage *s = made(0);
	struct arena mem;
	struct call c;
	struct kv_item_write w = { .change = { .kind = KV_CHANGE_PUT,
					       .price = KV_WRITE_PLAIN },
				   .done = late_done };

	(void)state;
	begin_call(s, &c, &mem);
	w.change.table = table_of(&c);
	w.change.item =
	    item_text(&mem, "{'g': {'S': 'g'}, 'p': {'S': 'began before'}}");
	assert_int_equal(kv_change_prepare(&c, &w.change, &c.fault), 0);
	call_well(s, "UpdateTable", CREATE(""));
	s->kv.index_builder = index_builder_new(&s->kv);
	settle(s);
	expect_count(s, 0);
	kv_item_write(&c, &w);
	loop_run(s->loop);
	expect_count(s, 1);
	arena_release(&mem);
	index_builder_free(s->kv.index_builder);
	kv_stage_free(s);
}

static void late_transaction_done(struct call *c, struct kv_transact *t)
{
	(void)t;
	assert_int_equal(c->fault.code, 0);
	loop_stop(c->loop);
}

/* As above, with two items in one transaction. */
static void test_late_transaction(void **state)
{
	struct kv_stage *s = made(0);
	struct kv_change changes[2] = { { .kind = KV_CHANGE_PUT },
					{ .kind = KV_CHANGE_DELETE } };
	struct kv_transact t = { .changes = changes,
				 .count = 2,
				 .done = late_transaction_done };
	struct arena mem;
	struct call c;

	(void)state;
	put(s, 1, "'S': 'g'");
	begin_call(s, &c, &mem);
	changes[0].table = changes[1].table = table_of(&c);
	changes[0].item = item_text(&mem, "{'g': {'S': 'g'}, 'p': {'S': '2'}}");
	changes[1].item = item_text(&mem, "{'p': {'S': '1'}}");
	call_well(s, "UpdateTable", CREATE(""));
	s->kv.index_builder = index_builder_new(&s->kv);
	settle(s);
	expect_count(s, 1);
	kv_transact_write_items(&c, &t);
	loop_run(s->loop);
	expect_count(s, 1);
	call_well(s, "DeleteTable", DESCRIBE);
	arena_release(&mem);
	index_builder_free(s->kv.index_builder);
	kv_stage_free(s);
}

/* ---- a restart -------------------------------------------------------------
 */

/* Creates the index, and stops its builder when it has brought in some items. */
static void stop_halfway(struct kv_stage *s)
{
	do {
		call_well(s, "UpdateTable", CREATE(""));
		do {
			s->kv.index_builder = index_builder_new(&s->kv);
			index_builder_free(s->kv.index_builder);
			call_well(s, "DescribeTable", DESCRIBE);
		} while (strstr(s->answer, "'IndexSizeBytes':0"));
		if (strstr(s->answer, "'Backfilling':true"))
			return;
		/* it was faster than the stop: once more */
		call_well(s, "UpdateTable", DELETE);
		s->kv.index_builder = index_builder_new(&s->kv);
		settle(s);
		index_builder_free(s->kv.index_builder);
	} while (true);
}

static int decide_alone(struct store_write *write, struct arena *mem,
			const struct slice *have, struct store_change *out)
{
	(void)mem;
	(void)have;
	out[0].kind = STORE_PUT;
	out[0].item = *(const struct slice *)write->arg;
	return 0;
}

static void written_alone(struct store_write *write)
{
	loop_stop(write->loop);
}

/* Puts an item of the first partition there is into the table alone, without
 * its row in the index. */
static void put_unseen(struct kv_stage *s)
{
	struct arena mem;
	struct call c;
	struct slice item;
	struct store_key key;
	struct store_write write;

	begin_call(s, &c, &mem);
	/* SHA-256 of this key begins with 00000 */
	item = item_text(&mem, "{'g': {'S': 'g'}, 'p': {'S': 'early-814136'}}");
	key = (struct store_key){ .part = { table_of(&c)->number,
					    SLICE("early-814136") } };
	write = (struct store_write){ .keys = &key,
				      .key_count = 1,
				      .decide = decide_alone,
				      .done = written_alone,
				      .arg = &item,
				      .loop = s->loop,
				      .mem = &mem };
	assert_int_equal(store_write(s->kv.store, &write), 0);
	loop_run(s->loop);
	assert_int_equal(write.fault.code, 0);
	arena_release(&mem);
}

/* What comes before the place where a builder was stopped, the next one does not
 * look at. */
static void test_restart(void **state)
{
	struct kv_stage *s = made(0);

	(void)state;
	for (int i = 0; i < ITEMS; i++)
		put(s, i, "'S': 'g'");
	stop_halfway(s);
	put_unseen(s);
	s->kv.index_builder = index_builder_new(&s->kv);
	settle(s);
	expect_count(s, ITEMS);
	index_builder_free(s->kv.index_builder);
	kv_stage_free(s);
}

/* ---- what is refused -------------------------------------------------------
 */

static const struct {
	const char *name, *request, *want;
} refused[] = {
	{ "nothing",
	  "{'TableName': 'table', 'GlobalSecondaryIndexUpdates': [{}]}",
	  INVALID "One of GlobalSecondaryIndexUpdate.Update, "
		  "GlobalSecondaryIndexUpdate.Create, "
		  "GlobalSecondaryIndexUpdate.Delete must not be null" },
	{ "form",
	  "{'TableName': 'table', 'GlobalSecondaryIndexUpdates': [{'Delete': "
	  "{'IndexName': 'a'}}, {'Update': {'IndexName': 'abc', "
	  "'ProvisionedThroughput': {'ReadCapacityUnits': 1}}}]}",
	  "2 validation errors detected: Value 'a' at "
	  "'globalSecondaryIndexUpdates.1.member.delete.indexName' failed to "
	  "satisfy constraint: Member must have length greater than or equal "
	  "to 3; Value null at "
	  "'globalSecondaryIndexUpdates.2.member.update.provisionedThroughput."
	  "writeCapacityUnits' failed to satisfy constraint: Member must not "
	  "be null" },
	{ "two actions",
	  "{'TableName': 'table', 'GlobalSecondaryIndexUpdates': [{'Delete': "
	  "{'IndexName': 'abc'}, 'Update': {'IndexName': 'abc'}}]}",
	  INVALID "Only one global secondary index action is allowed per "
		  "GlobalSecondaryIndexUpdate object" },
	{ "two at once",
	  "{'TableName': 'table', 'GlobalSecondaryIndexUpdates': [{'Delete': "
	  "{'IndexName': 'abc'}}, {'Delete': {'IndexName': 'abd'}}]}",
	  "Subscriber limit exceeded: Only 1 online index can be created or "
	  "deleted simultaneously per table" },
	{ "twice",
	  "{'TableName': 'table', 'GlobalSecondaryIndexUpdates': [{'Delete': "
	  "{'IndexName': 'abc'}}, {'Delete': {'IndexName': 'abc'}}]}",
	  INVALID "Only one global secondary index update per index is allowed "
		  "simultaneously. Index: abc" },
	{ "one that is not there", DELETE,
	  "Requested resource not found: Index by-g for table table" },
	{ "no definitions",
	  "{'TableName': 'table', 'GlobalSecondaryIndexUpdates': [{'Create': "
	  "{'IndexName': 'by-g', 'KeySchema': [{'AttributeName': 'g', "
	  "'KeyType': 'HASH'}], 'Projection': {'ProjectionType': 'ALL'}}}]}",
	  INVALID "AttributeDefinitions is not specified for index: by-g" },
	{ "a key without definition",
	  "{'TableName': 'table', 'AttributeDefinitions': [{'AttributeName': "
	  "'p', 'AttributeType': 'S'}], 'GlobalSecondaryIndexUpdates': "
	  "[{'Create': {'IndexName': 'by-g', 'KeySchema': [{'AttributeName': "
	  "'g', 'KeyType': 'HASH'}], 'Projection': {'ProjectionType': "
	  "'ALL'}}}]}",
	  INVALID "Some index key attributes are not defined in "
		  "AttributeDefinitions. Keys: [g], AttributeDefinitions: "
		  "[p]" },
	{ "units on demand",
	  CREATE(", 'ProvisionedThroughput': {'ReadCapacityUnits': 1, "
		 "'WriteCapacityUnits': 1}"),
	  INVALID "ProvisionedThroughput should not be specified for index: "
		  "by-g when BillingMode is PAY_PER_REQUEST" },
	{ "another type",
	  "{'TableName': 'table', 'AttributeDefinitions': [{'AttributeName': "
	  "'p', 'AttributeType': 'N'}], 'GlobalSecondaryIndexUpdates': "
	  "[{'Create': {'IndexName': 'by-g', 'KeySchema': [{'AttributeName': "
	  "'p', 'KeyType': 'HASH'}], 'Projection': {'ProjectionType': "
	  "'ALL'}}}]}",
	  INVALID "AttributeDefinitions has another type for an attribute of "
		  "the table's keys: p" },
};

static void test_refused(void **state)
{
	struct kv_stage *s = made(0);

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		kv_stage_expect(s, "UpdateTable", refused[i].request,
				refused[i].want);
	call_well(s, "UpdateTable", CREATE(""));
	s->kv.index_builder = index_builder_new(&s->kv);
	settle(s);
	kv_stage_expect(s, "UpdateTable", CREATE(""),
			"Attempting to create an index which already exists");
	index_builder_free(s->kv.index_builder);
	kv_stage_free(s);
}

/* ---- capacity --------------------------------------------------------------
 */

#define UNITS(read, write)                                          \
	"'ProvisionedThroughput': {'ReadCapacityUnits': " read ", " \
	"'WriteCapacityUnits': " write "}"
#define UPDATE(more, units)                                              \
	"{'TableName': 'table', " more "'GlobalSecondaryIndexUpdates': " \
	"[{'Update': {'IndexName': 'by-g', " units "}}]}"

static void test_throughput(void **state)
{
	struct kv_stage *s = made(0);

	(void)state;
	call_well(s, "UpdateTable", CREATE(""));
	s->kv.index_builder = index_builder_new(&s->kv);
	settle(s);
	kv_stage_expect(s, "UpdateTable", UPDATE("", UNITS("1", "1")),
			INVALID "Neither ReadCapacityUnits nor "
				"WriteCapacityUnits can be specified for "
				"index: by-g when BillingMode is "
				"PAY_PER_REQUEST");
	kv_stage_expect(s, "UpdateTable",
			"{'TableName': 'table', 'GlobalSecondaryIndexUpdates': "
			"[{'Update': {'IndexName': 'by-g'}}]}",
			INVALID "The only Updates for index: by-g when "
				"TableThroughputMode is PAY_PER_REQUEST can be "
				"to OnDemandThroughput, WarmThroughput");
	kv_stage_expect(
	    s, "UpdateTable",
	    "{'TableName': 'table', 'BillingMode': 'PROVISIONED', " UNITS(
		"5", "5") "}",
	    INVALID "ProvisionedThroughput is not specified for "
		    "index: by-g");
	call_well(s, "UpdateTable",
		  UPDATE("'BillingMode': 'PROVISIONED', " UNITS("5", "5") ", ",
			 UNITS("3", "4")));
	call_well(s, "UpdateTable", UPDATE("", UNITS("30", "40")));
	call_well(s, "DescribeTable", DESCRIBE);
	assert_non_null(strstr(s->answer,
			       "'ReadCapacityUnits':30,'WriteCapacityUnits':40,"
			       "'LastIncreaseDateTime':"));
	call_well(s, "UpdateTable", DELETE);
	settle(s);
	kv_stage_expect(s, "UpdateTable", CREATE(""),
			INVALID "ProvisionedThroughput is not specified for "
				"index: by-g");
	index_builder_free(s->kv.index_builder);
	kv_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_backfilling),
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_build_faults),
		cmocka_unit_test(test_late_write),
		cmocka_unit_test(test_late_transaction),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_throughput),
	};

	return cmocka_run_group_tests_name("index_update", tests, NULL, NULL);
}
