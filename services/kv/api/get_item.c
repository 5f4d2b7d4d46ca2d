/* services/kv/api/get_item.c - GetItem's messages
 *
 * The item's bytes go from the store into the answer as they are.
 */
#include "services/kv/op/get_item.h"
#include "lib/wire/message.h"
#include "lib/wire/wire.h"
#include "services/kv/api/capacity.h"
#include "services/kv/api/items.h"
#include "services/kv/api/request.h"

typedef Parlor__Kv__V1__GetItemRequest request;

/* Fields of GetItemResponse. */
enum { ANSWER_ITEM = 1, ANSWER_CAPACITY = 2 };

/* What is kept of a request until it is read. */
struct get {
	struct kv_get get;
	struct kv_wanted wanted;
	struct kv_cost cost;
	enum api_capacity capacity;
};

static struct slice pack_capacity(struct call *c, const struct get *g)
{
	Parlor__Kv__V1__ConsumedCapacity *message =
	    api_capacity(c->mem, &g->cost, g->capacity, false);

	return message ? message_pack(&message->base, c->mem) : SLICE("");
}

static void done(struct call *c, struct kv_get *get)
{
	struct get *g = get->arg;
	struct slice item = g->wanted.item, capacity;
	struct buffer answer;

	if (call_failed(c)) {
		call_end(c);
		return;
	}
	kv_cost_bill(&g->cost, c);
	capacity = pack_capacity(c, g);
	buffer_init(&answer, item.size + capacity.size + 64);
	if (item.data)
		wire_put_bytes(&answer, ANSWER_ITEM, item);
	if (capacity.size)
		wire_put_bytes(&answer, ANSWER_CAPACITY, capacity);
	call_reply_bytes(c, buffer_slice(&answer));
	buffer_release(&answer);
}

static int check(struct call *c, const request *r)
{
	struct complaints complaints = { .count = 0 };

	if (!r)
		return call_status(c);
	complain_enum(&complaints, slice_of(r->return_consumed_capacity),
		      "returnConsumedCapacity", api_capacity_words);
	api_table_name_complain(&complaints, slice_of(r->table_name),
				"tableName");
	complain_null(&complaints, API_THERE(r->has_key), "key");
	api_legacy_complain(&complaints, &API_TO_GET(r));
	if (complaints_end(&complaints, &c->fault))
		return -c->fault.code;
	return api_table_name_check(c, slice_of(r->table_name), "tableName");
}

static int prepare(struct call *c, const request *r, struct get *g)
{
	struct kv_wanted *wanted = &g->wanted;
	const struct api_expressions e = {
		.absent = "",
		.projection = r->projection_expression,
		.names = API_NAMES(c, r),
		.legacy = API_TO_GET(r),
	};
	struct kv_scope *scope;

	g->capacity = api_capacity_of(r->return_consumed_capacity);
	g->get = (struct kv_get){
		.wanted = wanted, .count = 1, .done = done, .arg = g
	};
	if (api_expressions_check(c, &e) || api_item(c, r->key, &wanted->map))
		return -c->fault.code;
	scope = api_scope(c, &e);
	wanted->scope = scope;
	wanted->capacity = slice_of(r->return_consumed_capacity);
	wanted->paths = api_projection(scope, &e);
	wanted->price =
	    r->consistent_read ? KV_READ_CONSISTENT : KV_READ_EVENTUAL;
	if (api_scope_done(c, scope))
		return -c->fault.code;
	wanted->table = api_table(c, r->table_name);
	if (!wanted->table)
		return -c->fault.code;
	wanted->cost = &g->cost;
	kv_cost_init(&g->cost, c, wanted->table, KV_READ_UNITS);
	return kv_get_prepare(c, &g->get, NULL, "");
}

void api_get_item(struct call *c)
{
	const request *r =
	    call_unpack(c, &parlor__kv__v1__get_item_request__descriptor);
	struct get *g = arena_zalloc(c->mem, sizeof(*g));

	if (check(c, r) || call_status(c) || prepare(c, r, g)) {
		call_end(c);
		return;
	}
	kv_get_items(c, &g->get);
}
