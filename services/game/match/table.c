/* services/game/match/table.c - reading matches through the host */
#include "services/game/match/table.h"
#include "lib/item/item.h"

#include "parlor/kv/v1/kv.pb-c.h"

int table_fail(struct event *e, const struct fault *store)
{
	/* the token ended on its way */
	if (fault_row(store->code)->status == 401)
		return event_fail(e, E_UNAUTHENTICATED, "%s", store->message);
	switch (store->code) {
	case E_UNKNOWN:
	case E_UNAVAILABLE:
	case E_DEADLINE:
	case E_EXHAUSTED:
	case E_THROUGHPUT:
		return event_fail(e, E_UNAVAILABLE,
				  "the store is not available");
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
		table_fail(e, &fault);
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
	query.has_consistent_read = query.consistent_read = true;
	query.has_limit = query.has_scan_index_forward = true;
	query.limit = q->limit;
	query.scan_index_forward = !q->backward;
	query.has_exclusive_start_key = q->after.size > 0;
	query.exclusive_start_key = binary(q->after);
	got = event_call(e, "parlor.kv.v1.KeyValue/Query", &query.base,
			 &parlor__kv__v1__query_response__descriptor, &fault);
	if (!got)
		return table_fail(e, &fault);
	q->items = got->items;
	q->count = got->n_items;
	q->more = got->has_last_evaluated_key
		      ? slice_make(got->last_evaluated_key.data,
				   got->last_evaluated_key.len)
		      : slice_make(NULL, 0);
	return 0;
}

bool table_find(struct event *e, const char *match_id, struct match *m)
{
	struct slice item = table_get(e, row_match_key(e->mem, match_id), NULL);

	return item.size > 0 &&
	       match_read(m, e->mem, item_find_text(item, ITEM_B, "state"),
			  &e->fault) == 0;
}

int table_load(struct event *e, const char *match_id, struct match *m)
{
	if (!table_find(e, match_id, m))
		event_fail(e, E_MISSING, "no match '%s'", match_id);
	return -e->fault.code;
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
