/* services/game/match/table.c - reading and writing matches through the host */
#include "services/game/match/table.h"
#include "lib/item/item.h"

#include "parlor/kv/v1/kv.pb-c.h"

/* Players do not see what went wrong between us and the store, but whether it
 * helps to try again: also when nobody knows what became of a write, since the
 * repeat of a request finds out. */
static int fail_as(struct event *e, const struct fault *store)
{
	switch (store->code) {
	case E_UNKNOWN:
	case E_UNAVAILABLE:
	case E_DEADLINE:
	case E_EXHAUSTED:
	case E_THROUGHPUT:
		return event_fail(e, E_UNAVAILABLE,
				  "the store is not available");
	case E_UNAUTHENTICATED: /* the token ended on its way */
		return event_fail(e, E_UNAUTHENTICATED, "%s", store->message);
	default:
		event_log(e, "the store refused: %s", store->message);
		return event_fail(e, E_INTERNAL,
				  "the match could not be read or written");
	}
}

static ProtobufCBinaryData binary(struct slice bytes)
{
	return (ProtobufCBinaryData){ .data = (uint8_t *)(uintptr_t)bytes.data,
				      .len = bytes.size };
}

static char *literal(const char *text)
{
	return (char *)(uintptr_t)text;
}

/* ---- reads --------------------------------------------------------------------- */

struct slice table_get(struct event *e, struct slice key,
		       const char *projection)
{
	Parlor__Kv__V1__GetItemRequest get =
	    PARLOR__KV__V1__GET_ITEM_REQUEST__INIT;
	const Parlor__Kv__V1__GetItemResponse *got;
	struct fault fault = { 0 };

	get.table_name = literal(ROWS_TABLE);
	get.has_key = get.has_consistent_read = get.consistent_read = true;
	get.key = binary(key);
	get.projection_expression = literal(projection);
	got =
	    event_call(e, "parlor.kv.v1.KeyValue/GetItem", &get.base,
		       &parlor__kv__v1__get_item_response__descriptor, &fault);
	if (!got)
		fail_as(e, &fault);
	return got && got->has_item ? slice_make(got->item.data, got->item.len)
				    : slice_make(NULL, 0);
}

int table_query(struct event *e, struct table_query *q)
{
	Parlor__Kv__V1__QueryRequest query =
	    PARLOR__KV__V1__QUERY_REQUEST__INIT;
	const Parlor__Kv__V1__QueryResponse *got;
	struct fault fault = { 0 };
	struct buffer values;

	buffer_init(&values, 4096);
	item_put_text(&values, ":pk", ITEM_S, slice_of(q->pk));
	if (*q->sk_prefix)
		item_put_text(&values, ":sk", ITEM_S, slice_of(q->sk_prefix));
	query.table_name = literal(ROWS_TABLE);
	query.key_condition_expression = literal(
	    *q->sk_prefix ? "pk = :pk AND begins_with(sk, :sk)" : "pk = :pk");
	query.has_expression_attribute_values = true;
	query.expression_attribute_values =
	    binary(arena_slice(e->mem, buffer_slice(&values)));
	buffer_release(&values);
	query.has_limit = query.has_scan_index_forward = true;
	query.limit = q->limit;
	query.scan_index_forward = !q->backward;
	query.has_exclusive_start_key = q->after.size > 0;
	query.exclusive_start_key = binary(q->after);
	got = event_call(e, "parlor.kv.v1.KeyValue/Query", &query.base,
			 &parlor__kv__v1__query_response__descriptor, &fault);
	if (!got)
		return fail_as(e, &fault);
	q->items = got->items;
	q->count = got->n_items;
	q->more = got->has_last_evaluated_key
		      ? slice_make(got->last_evaluated_key.data,
				   got->last_evaluated_key.len)
		      : slice_make(NULL, 0);
	return 0;
}

int table_load(struct event *e, const char *match_id, struct match *m)
{
	struct slice item = table_get(e, row_match_key(e->mem, match_id), NULL);

	if (event_failed(e))
		return -e->fault.code;
	if (item.size == 0)
		return event_fail(e, E_MISSING, "no match '%s'", match_id);
	return match_read(m, e->mem, item_find_text(item, ITEM_B, "state"),
			  &e->fault);
}

const char *table_request(struct event *e, const char *request_id)
{
	struct slice item =
	    table_get(e,
		      row_request_key(e->mem, (const char *)e->user.sub.data,
				      request_id),
		      NULL);
	struct slice id = item_find_text(item, ITEM_S, "match_id");

	if (id.size == 0 ||
	    item_find_i64(item, "expires_at", 0) < e->time_ms / 1000)
		return NULL;
	return arena_copy(e->mem, id.data, id.size);
}

/* ---- one transaction ------------------------------------------------------------- */

/* The match, its request, a view a player, who waits, results and records. */
enum { ROWS_MAX = 16 };

struct transaction {
	struct arena *mem;
	Parlor__Kv__V1__TransactWriteItem *items[ROWS_MAX];
	size_t count;
};

/* The next item of the transaction; NULL when the arena is full. */
static Parlor__Kv__V1__TransactWriteItem *add(struct transaction *t)
{
	Parlor__Kv__V1__TransactWriteItem *item =
	    arena_alloc(t->mem, sizeof(*item));

	if (!item || t->count == ROWS_MAX)
		return NULL;
	parlor__kv__v1__transact_write_item__init(item);
	return t->items[t->count++] = item;
}

/* A put, with a condition unless that is NULL. */
static void add_put(struct transaction *t, struct slice row,
		    const char *condition, struct slice values)
{
	Parlor__Kv__V1__TransactWriteItem *item = add(t);
	Parlor__Kv__V1__Put *put = arena_alloc(t->mem, sizeof(*put));

	if (!item || !put)
		return;
	parlor__kv__v1__put__init(put);
	item->put = put;
	put->table_name = literal(ROWS_TABLE);
	put->has_item = true;
	put->item = binary(row);
	put->condition_expression = literal(condition);
	put->has_expression_attribute_values = values.size > 0;
	put->expression_attribute_values = binary(values);
	put->return_values_on_condition_check_failure =
	    literal(condition ? "ALL_OLD" : NULL);
}

static void add_delete(struct transaction *t, struct slice key)
{
	Parlor__Kv__V1__TransactWriteItem *item = add(t);
	Parlor__Kv__V1__Delete *delete = arena_alloc(t->mem, sizeof(*delete));

	if (!item || !delete)
		return;
	parlor__kv__v1__delete__init(delete);
	item->delete_ = delete;
	delete->table_name = literal(ROWS_TABLE);
	delete->has_key = true;
	delete->key = binary(key);
}

/* Of a record: adds what the match brought its player. */
static void add_record(struct transaction *t, const Parlor__Game__V1__Match *m,
		       int seat)
{
	static Parlor__Kv__V1__Update__ExpressionAttributeNamesEntry name =
	    PARLOR__KV__V1__UPDATE__EXPRESSION_ATTRIBUTE_NAMES_ENTRY__INIT;
	static Parlor__Kv__V1__Update__ExpressionAttributeNamesEntry
	    *names[] = { &name };
	Parlor__Kv__V1__TransactWriteItem *item = add(t);
	Parlor__Kv__V1__Update *update = arena_alloc(t->mem, sizeof(*update));

	if (!item || !update)
		return;
	name.key = literal("#name");
	name.value = literal("name");
	parlor__kv__v1__update__init(update);
	item->update = update;
	update->table_name = literal(ROWS_TABLE);
	update->has_key = update->has_expression_attribute_values = true;
	update->key = binary(row_record_key(t->mem, m, seat));
	update->update_expression = literal(ROW_RECORD_UPDATE);
	update->n_expression_attribute_names = 1;
	update->expression_attribute_names = names;
	update->expression_attribute_values =
	    binary(row_record_values(t->mem, m, seat));
}

static bool failed_at(const Parlor__Kv__V1__TransactionCanceled *canceled,
		      size_t i)
{
	const Parlor__Kv__V1__CancellationReason *reason =
	    i < canceled->n_cancellation_reasons
		? canceled->cancellation_reasons[i]
		: NULL;

	return reason && reason->code &&
	       strcmp(reason->code, "ConditionalCheckFailed") == 0;
}

static bool in_conflict(const Parlor__Kv__V1__TransactionCanceled *canceled)
{
	for (size_t i = 0; i < canceled->n_cancellation_reasons; i++) {
		const char *code = canceled->cancellation_reasons[i]->code;

		if (code && strcmp(code, "TransactionConflict") == 0)
			return true;
	}
	return false;
}

/* Where a transaction has the items that may refuse it. */
enum { MATCH_AT, REQUEST_AT };

static enum table_saved refused(struct event *e, const struct fault *fault)
{
	const Parlor__Kv__V1__TransactionCanceled *canceled =
	    event_fault_detail(
		e, fault, &parlor__kv__v1__transaction_canceled__descriptor);

	if (canceled && failed_at(canceled, REQUEST_AT))
		return TABLE_REPEATED;
	if (canceled &&
	    (failed_at(canceled, MATCH_AT) || in_conflict(canceled)))
		return TABLE_BEATEN;
	if (fault->code == E_TRANSACTION_CONFLICT ||
	    fault->code == E_TRANSACTION_IN_PROGRESS)
		return TABLE_BEATEN;
	fail_as(e, fault);
	return TABLE_FAILED;
}

static enum table_saved commit(struct event *e, struct transaction *t)
{
	Parlor__Kv__V1__TransactWriteItemsRequest request =
	    PARLOR__KV__V1__TRANSACT_WRITE_ITEMS_REQUEST__INIT;
	struct fault fault = { 0 };

	request.n_transact_items = t->count;
	request.transact_items = t->items;
	if (event_call(
		e, "parlor.kv.v1.KeyValue/TransactWriteItems", &request.base,
		&parlor__kv__v1__transact_write_items_response__descriptor,
		&fault))
		return TABLE_SAVED;
	return refused(e, &fault);
}

/* ---- what follows from an event ---------------------------------------------------- */

static struct slice number(struct arena *mem, const char *name, int64_t value)
{
	struct buffer row;
	struct slice bytes;

	buffer_init(&row, 256);
	item_put_i64(&row, name, value);
	bytes = arena_slice(mem, buffer_slice(&row));
	buffer_release(&row);
	return bytes;
}

static void add_match(struct transaction *t, const struct match *m)
{
	size_t version = match_version(m);

	if (version == 1)
		add_put(t, row_match(m), "attribute_not_exists(pk)",
			slice_make(NULL, 0));
	else
		add_put(t, row_match(m), "match_version = :before",
			number(t->mem, ":before", (int64_t)version - 1));
}

/* Who has just sat down may not do so twice by one request. */
static void add_request(struct transaction *t, const struct match *m,
			const Parlor__Game__V1__MatchEvent *last)
{
	add_put(t,
		row_request(m, last->player->sub, last->request_id, last->at),
		"attribute_not_exists(pk) OR expires_at < :now",
		number(t->mem, ":now", last->at / 1000));
}

static void add_end(struct transaction *t, const Parlor__Game__V1__Match *m)
{
	for (int seat = 0; (size_t)seat < m->n_players; seat++) {
		add_put(t, row_result(t->mem, m, seat), NULL,
			slice_make(NULL, 0));
		add_record(t, m, seat);
	}
}

enum table_saved table_save(struct event *e, const struct match *m)
{
	const Parlor__Game__V1__MatchEvent *last =
	    m->state->events[match_version(m) - 1];
	const Parlor__Game__V1__Match *now = match_at(m, match_version(m));
	struct transaction t = { .mem = e->mem };

	if (!now) {
		event_fail(e, E_EXHAUSTED, "the match is too large");
		return TABLE_FAILED;
	}
	add_match(&t, m);
	if (last->player)
		add_request(&t, m, last);
	for (size_t i = 0; i < now->n_players; i++)
		add_put(&t, row_view(e->mem, now->players[i]->sub, now), NULL,
			slice_make(NULL, 0));
	if (last->kind == MATCH_EVENT(OPENED))
		add_put(&t, row_open(m), NULL, slice_make(NULL, 0));
	if (last->kind == MATCH_EVENT(JOINED))
		add_delete(&t, row_open_key(m));
	if (match_is_over(now))
		add_end(&t, now);
	return commit(e, &t);
}
