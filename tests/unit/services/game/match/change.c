/* tests/unit/services/game/match/change.c - changing a match, with others about
 *
 * The host behind event_call is a table in memory that knows the conditions of
 * save.c's puts; before a transaction somebody else may change it.
 */
#include "services/game/match/change.h"
#include "lib/item/item.h"
#include "services/game/match/opening.h"
#include "services/game/rules/connect_four.h"

#include "parlor/kv/v1/kv.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* What opening_make makes of this time and a random number of sevens. */
#define OPENED_AT INT64_C(1764100000000)
#define MATCH "1kay8vj807777777777"

/* ---- the host ---------------------------------------------------------------------- */

static struct {
	struct arena mem;
	struct slice rows[64];
	size_t count;
	int writes, results, records;
	void (*before_write)(void); /* once */
	bool always_conflicts;
	int64_t passed_ms;
} table;

static struct slice *row_find(struct slice key)
{
	for (size_t i = 0; i < table.count; i++)
		if (slice_equal(item_find_text(table.rows[i], ITEM_S, "pk"),
				item_find_text(key, ITEM_S, "pk")) &&
		    slice_equal(item_find_text(table.rows[i], ITEM_S, "sk"),
				item_find_text(key, ITEM_S, "sk")))
			return &table.rows[i];
	return NULL;
}

static struct slice bytes_of(const ProtobufCBinaryData *data)
{
	return slice_make(data->data, data->len);
}

static bool holds(const Parlor__Kv__V1__Put *put)
{
	struct slice *row = row_find(bytes_of(&put->item));
	struct slice values = bytes_of(&put->expression_attribute_values);
	const char *condition = put->condition_expression;

	if (!condition || !row)
		return !condition || strstr(condition, "not_exists");
	if (strstr(condition, "match_version"))
		return item_find_i64(*row, "match_version", -1) ==
		       item_find_i64(values, ":before", -2);
	return strstr(condition, "expires_at") &&
	       item_find_i64(*row, "expires_at", 0) <
		   item_find_i64(values, ":now", 0);
}

static void put_row(const Parlor__Kv__V1__Put *put)
{
	struct slice item = arena_slice(&table.mem, bytes_of(&put->item));
	struct slice *row = row_find(item);

	table.results +=
	    slice_starts(item_find_text(item, ITEM_S, "pk"), SLICE("results#"));
	*(row ? row : &table.rows[table.count++]) = item;
}

/* Those of records are counted, no more. */
static void update_row(const Parlor__Kv__V1__Update *update)
{
	table.records +=
	    slice_starts(item_find_text(bytes_of(&update->key), ITEM_S, "pk"),
			 SLICE("player#"));
}

static void delete_row(const Parlor__Kv__V1__Delete *delete)
{
	struct slice *row = row_find(bytes_of(&delete->key));

	if (row)
		*row = table.rows[--table.count];
}

static void *canceled(struct event *e, size_t at, size_t count,
		      const char *code, struct fault *fault)
{
	static Parlor__Kv__V1__TransactionCanceled detail;
	static Parlor__Kv__V1__CancellationReason reasons[16], *list[16];
	static struct fault_detail row;

	(void)e;
	parlor__kv__v1__transaction_canceled__init(&detail);
	for (size_t i = 0; i < count; i++) {
		parlor__kv__v1__cancellation_reason__init(&reasons[i]);
		reasons[i].code = (char *)(uintptr_t)(i == at ? code : "None");
		list[i] = &reasons[i];
	}
	detail.n_cancellation_reasons = count;
	detail.cancellation_reasons = list;
	row.type = (const char *)&detail; /* see event_fault_detail */
	fault_set(fault, E_TRANSACTION_CANCELED, "Transaction cancelled");
	fault->details = &row;
	return NULL;
}

static void *transact(struct event *e,
		      const Parlor__Kv__V1__TransactWriteItemsRequest *request,
		      struct fault *fault)
{
	static Parlor__Kv__V1__TransactWriteItemsResponse done;
	size_t count = request->n_transact_items;
	void (*others)(void) = table.before_write;

	table.before_write = NULL;
	if (others)
		others();
	if (table.always_conflicts)
		return canceled(e, 0, count, "TransactionConflict", fault);
	for (size_t i = 0; i < count; i++)
		if (request->transact_items[i]->put &&
		    !holds(request->transact_items[i]->put))
			return canceled(e, i, count, "ConditionalCheckFailed",
					fault);
	for (size_t i = 0; i < count; i++) {
		if (request->transact_items[i]->put)
			put_row(request->transact_items[i]->put);
		if (request->transact_items[i]->update)
			update_row(request->transact_items[i]->update);
		if (request->transact_items[i]->delete_)
			delete_row(request->transact_items[i]->delete_);
	}
	table.writes++;
	return &done;
}

static void *get(struct event *e, const Parlor__Kv__V1__GetItemRequest *request)
{
	Parlor__Kv__V1__GetItemResponse *got =
	    arena_alloc(e->mem, sizeof(*got));
	struct slice *row = row_find(bytes_of(&request->key));

	parlor__kv__v1__get_item_response__init(got);
	got->has_item = row != NULL;
	if (row)
		got->item =
		    (ProtobufCBinaryData){ row->size,
					   (uint8_t *)(uintptr_t)row->data };
	return got;
}

void *event_call(struct event *e, const char *method,
		 const ProtobufCMessage *request,
		 const ProtobufCMessageDescriptor *answer, struct fault *fault)
{
	(void)answer;
	if (strstr(method, "/GetItem"))
		return get(e, (const void *)request);
	return transact(e, (const void *)request, fault);
}

void *event_fault_detail(struct event *e, const struct fault *fault,
			 const ProtobufCMessageDescriptor *type)
{
	(void)e;
	(void)type;
	return fault->details ? (void *)(uintptr_t)fault->details->type : NULL;
}

static const Parlor__Game__V1__Match *detail_given;

void event_fail_detail(struct event *e, const ProtobufCMessage *message)
{
	(void)e;
	detail_given = (const void *)message;
}

void event_log(struct event *e, const char *format, ...)
{
	(void)e;
	(void)format;
}

void event_random(struct event *e, void *out, size_t size)
{
	(void)e;
	memset(out, 7, size);
}

void event_cost_tag(struct event *e, const char *tag)
{
	(void)e;
	assert_string_equal(tag, "match#" MATCH);
}

/* ---- the story ------------------------------------------------------------------------ */

static struct arena event_mem;
static struct event event;

/* One event of that player's: the version of the answer, or a negative code. */
static int64_t change(const char *player, Parlor__Game__V1__MatchEventKind kind,
		      const char *move, int64_t version,
		      const char *request_id);

static int check_version(struct event *e, const struct change *c,
			 const struct match *m, int seat)
{
	(void)seat;
	return c->version == 0 || c->version == (int64_t)match_version(m)
		   ? 0
		   : change_refuse(e, m, E_PRECONDITION, "another version");
}

static int64_t change(const char *player, Parlor__Game__V1__MatchEventKind kind,
		      const char *move, int64_t version, const char *request_id)
{
	struct change c = { .match_id = MATCH,
			    .request_id = request_id,
			    .kind = kind,
			    .move = move,
			    .version = version,
			    .newcomer = kind == MATCH_EVENT(JOINED),
			    .before = kind == MATCH_EVENT(JOINED) ||
				      kind == MATCH_EVENT(CANCELLED),
			    .check = check_version };
	struct event e = { .mem = &event_mem,
			   .user = { .sub = slice_of(player),
				     .username = slice_of(player) },
			   .time_ms = OPENED_AT + table.passed_ms };
	const Parlor__Game__V1__Match *answer = change_make(&e, &c);

	event = e;
	return answer ? answer->version : -(int64_t)e.fault.code;
}

static int64_t move(const char *player, const char *column, int64_t version,
		    const char *request_id)
{
	return change(player, MATCH_EVENT(MOVED), column, version, request_id);
}

static struct match opened_by_ada(struct event *e,
				  Parlor__Game__V1__Opponent opponent)
{
	const struct opening opening = { .game = &connect_four,
					 .opponent = opponent,
					 .level = 2,
					 .request_id = "r1" };
	struct match m;

	e->mem = &event_mem;
	e->user.sub = e->user.username = SLICE("ada");
	e->time_ms = OPENED_AT;
	opening_make(e, &opening, &m);
	return m;
}

static int open_match(void **state)
{
	struct event e = { 0 };
	struct match m;

	(void)state;
	memset(&table, 0, sizeof(table));
	arena_init(&table.mem, 1 << 20);
	arena_init(&event_mem, 32 << 20);
	detail_given = NULL;
	m = opened_by_ada(&e, MATCH_OPPONENT(OPEN));
	assert_int_equal(save_match(&e, &m), SAVED);
	return 0;
}

static int forget(void **state)
{
	(void)state;
	arena_release(&table.mem);
	arena_release(&event_mem);
	return 0;
}

static int start_match(void **state)
{
	open_match(state);
	assert_int_equal(change("bob", MATCH_EVENT(JOINED), NULL, 0, "r2"), 2);
	return 0;
}

static void test_joining(void **state)
{
	(void)state;
	assert_int_equal(change("ada", MATCH_EVENT(JOINED), NULL, 0, "r9"),
			 -E_PRECONDITION);
	assert_int_equal(move("ada", "3", 1, "r9"), -E_PRECONDITION);
	assert_string_equal(event.fault.message,
			    "the match waits for a player");
	assert_int_equal(change("bob", MATCH_EVENT(JOINED), NULL, 0, "r2"), 2);
	assert_int_equal(change("bob", MATCH_EVENT(JOINED), NULL, 0, "r2"), 2);
	assert_int_equal(change("bob", MATCH_EVENT(JOINED), NULL, 0, "r3"),
			 -E_PRECONDITION);
	assert_int_equal(table.writes, 2);
}

static void test_repeats(void **state)
{
	(void)state;
	assert_int_equal(move("ada", "3", 2, "m1"), 3);
	assert_int_equal(move("bob", "3", 3, "m1"), 4); /* bob's own m1 */
	assert_int_equal(move("ada", "3", 2, "m1"), 3); /* as the first */
	assert_int_equal(move("ada", "4", 2, "m1"), -E_INVALID);
	assert_int_equal(move("ada", "3", 4, "m1"), -E_INVALID);
	assert_int_equal(change("ada", MATCH_EVENT(RESIGNED), NULL, 0, "m1"),
			 -E_INVALID);
	assert_int_equal(table.writes, 4);
}

static void test_refusals(void **state)
{
	(void)state;
	assert_int_equal(move("eve", "3", 2, "m1"), -E_DENIED);
	assert_int_equal(move("ada", "3", 7, "m1"), -E_PRECONDITION);
	assert_int_equal(detail_given->version, 2); /* the match as it is */
	assert_int_equal(change("bob", MATCH_EVENT(RESIGNED), NULL, 0, "m2"),
			 3);
	assert_int_equal(move("ada", "3", 3, "m3"), -E_PRECONDITION);
	assert_string_equal(event.fault.message, "the match is over");
	table.count = 0;
	assert_int_equal(move("ada", "3", 3, "m4"), -E_MISSING);
}

static void bob_resigns(void)
{
	struct event before = event;

	assert_int_equal(change("bob", MATCH_EVENT(RESIGNED), NULL, 0, "b1"),
			 3);
	event = before;
}

static void ada_moves_by_the_same_request(void)
{
	assert_int_equal(move("ada", "3", 2, "m1"), 3);
}

static void test_simultaneous(void **state)
{
	(void)state;
	table.before_write = bob_resigns;
	assert_int_equal(move("ada", "3", 2, "m1"), -E_PRECONDITION);
	assert_int_equal(detail_given->status, MATCH_STATUS(RESIGNED));
	assert_int_equal(table.writes, 3);
}

static void test_repeat_at_once(void **state)
{
	(void)state;
	table.before_write = ada_moves_by_the_same_request;
	assert_int_equal(move("ada", "3", 2, "m1"), 3);
	assert_int_equal(table.writes, 3); /* once, not twice */
}

static void test_conflicts(void **state)
{
	(void)state;
	table.always_conflicts = true;
	assert_int_equal(move("ada", "3", 2, "m1"), -E_ABORTED);
}

static void test_end(void **state)
{
	static const char moves[] = "0101010";

	(void)state;
	for (size_t i = 0; moves[i]; i++) {
		char column[] = { moves[i], '\0' };

		assert_int_equal(table.results + table.records, 0);
		assert_int_equal(move(i % 2 ? "bob" : "ada",
				      arena_copy(&event_mem, column, 1),
				      (int64_t)i + 2,
				      arena_printf(&event_mem, "m%zu", i)),
				 i + 3);
	}
	assert_int_equal(table.results, 2);
	assert_int_equal(table.records, 2);
}

static void test_cancelling(void **state)
{
	(void)state;
	assert_int_equal(change("bob", MATCH_EVENT(CANCELLED), NULL, 0, "c1"),
			 -E_DENIED);
	assert_int_equal(table.count, 4); /* match, request, view, queue */
	assert_int_equal(change("ada", MATCH_EVENT(CANCELLED), NULL, 0, "c1"),
			 2);
	assert_int_equal(change("ada", MATCH_EVENT(CANCELLED), NULL, 0, "c1"),
			 2);
	assert_int_equal(table.count, 3); /* it waits no longer */
	assert_int_equal(change("bob", MATCH_EVENT(JOINED), NULL, 0, "r2"),
			 -E_PRECONDITION);
	assert_string_equal(event.fault.message, "the match was cancelled");
	assert_int_equal(detail_given->status, MATCH_STATUS(CANCELLED));
}

static void test_cancelling_too_late(void **state)
{
	(void)state;
	assert_int_equal(change("ada", MATCH_EVENT(CANCELLED), NULL, 0, "c1"),
			 -E_PRECONDITION);
	assert_string_equal(event.fault.message,
			    "the match has all its players");
}

static void test_expiry(void **state)
{
	(void)state;
	table.passed_ms = OPENING_WAITS_MS;
	assert_int_equal(change("bob", MATCH_EVENT(JOINED), NULL, 0, "r2"),
			 -E_PRECONDITION);
	assert_int_equal(detail_given->status, MATCH_STATUS(CANCELLED));
	table.passed_ms--;
	assert_int_equal(change("bob", MATCH_EVENT(JOINED), NULL, 0, "r2"), 2);
}

/* It plays in the same transaction, and a repeat shows that too. */
static void test_computer(void **state)
{
	struct event e = { 0 };
	struct match m = opened_by_ada(&e, MATCH_OPPONENT(COMPUTER));

	(void)state;
	table.count = 0;
	assert_int_equal(save_match(&e, &m), SAVED);
	assert_int_equal(table.count, 3); /* match, request, view */
	assert_int_equal(move("ada", "3", 2, "m1"), 4);
	assert_int_equal(move("ada", "3", 2, "m1"), 4);
	assert_int_equal(move("ada", "2", 4, "m2"), 6);
	assert_int_equal(move("ada", "3", 2, "m1"), 4);
	assert_int_equal(change("ada", MATCH_EVENT(RESIGNED), NULL, 0, "m3"),
			 7);
	assert_int_equal(table.results, 1);
	assert_int_equal(table.records, 0);
}

static void test_request_ids(void **state)
{
	static const struct {
		const char *name, *sub, *given;
		int result;
	} cases[] = {
		{ "any visible text", "ada", "a-1", 0 },
		{ "36 characters", "ada",
		  "123456789012345678901234567890123456", 0 },
		{ "not more", "ada", "1234567890123456789012345678901234567",
		  -E_INVALID },
		{ "not empty", "ada", "", -E_INVALID },
		{ "no blanks", "ada", "a b", -E_INVALID },
		{ "a fresh one when none is given", "ada", NULL, 0 },
		{ "nobody has none", "", "a", -E_UNAUTHENTICATED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct event e = { .mem = &event_mem,
				   .user.sub = slice_of(cases[i].sub) };
		const char *id = change_request_id(&e, cases[i].given);

		if (-e.fault.code != cases[i].result ||
		    (id != NULL) != (cases[i].result == 0))
			fail_msg("%s: got %d", cases[i].name, -e.fault.code);
	}
}

int main(void)
{
#define TEST(name, setup) cmocka_unit_test_setup_teardown(name, setup, forget)
	const struct CMUnitTest tests[] = {
		TEST(test_joining, open_match),
		TEST(test_repeats, start_match),
		TEST(test_refusals, start_match),
		TEST(test_simultaneous, start_match),
		TEST(test_repeat_at_once, start_match),
		TEST(test_conflicts, start_match),
		TEST(test_end, start_match),
		TEST(test_cancelling, open_match),
		TEST(test_cancelling_too_late, start_match),
		TEST(test_expiry, open_match),
		TEST(test_computer, open_match),
		TEST(test_request_ids, open_match),
	};

	return cmocka_run_group_tests_name("change", tests, NULL, NULL);
}
