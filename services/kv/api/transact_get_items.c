/* services/kv/api/transact_get_items.c - TransactGetItems' messages */
#include "services/kv/api/capacity.h"
#include "services/kv/api/items.h"
#include "services/kv/api/request.h"
#include "services/kv/api/transaction.h"
#include "services/kv/op/get_item.h"

typedef Parlor__Kv__V1__TransactGetItemsRequest request;
typedef Parlor__Kv__V1__ItemResponse item_response;

/* What is kept of a request until it is read. */
struct transaction {
	struct kv_get get;
	struct kv_cost *costs; /* of each item */
	enum api_capacity capacity;
};

Parlor__Kv__V1__ItemResponse *api_item_response(struct call *c,
						struct slice item)
{
	item_response *out = arena_alloc(c->mem, sizeof(*out));

	if (!out)
		return NULL;
	parlor__kv__v1__item_response__init(out);
	out->has_item = item.data != NULL;
	out->item.data = (uint8_t *)item.data;
	out->item.len = item.size;
	return out;
}

static void done(struct call *c, struct kv_get *get)
{
	struct transaction *t = get->arg;
	Parlor__Kv__V1__TransactGetItemsResponse r =
	    PARLOR__KV__V1__TRANSACT_GET_ITEMS_RESPONSE__INIT;
	const struct kv_cost **costs =
	    arena_array(c->mem, get->count + 1, sizeof(*costs));

	r.responses = arena_array(c->mem, get->count + 1, sizeof(void *));
	if (call_status(c)) {
		call_end(c);
		return;
	}
	for (size_t i = 0; i < get->count; i++) {
		kv_cost_bill(&t->costs[i], c);
		costs[i] = &t->costs[i];
		r.responses[i] = api_item_response(c, get->wanted[i].item);
		if (!r.responses[i])
			break;
		r.n_responses++;
	}
	r.consumed_capacity = api_capacities(c, costs, get->count, t->capacity,
					     true, &r.n_consumed_capacity);
	call_reply(c, &r.base);
}

static void check_get(struct complaints *complaints, size_t at,
		      const Parlor__Kv__V1__Get *get)
{
	char path[80];

	snprintf(path, sizeof(path), "transactItems.%zu.member.get", at + 1);
	complain_null(complaints, API_THERE(get), path);
	if (!get)
		return;
	snprintf(path, sizeof(path), "transactItems.%zu.member.get.key",
		 at + 1);
	complain_null(complaints, API_THERE(get->has_key), path);
	snprintf(path, sizeof(path), "transactItems.%zu.member.get.tableName",
		 at + 1);
	api_table_name_complain(complaints, slice_of(get->table_name), path);
}

static int check(struct call *c, const request *r)
{
	struct complaints complaints = { .count = 0 };

	complain_enum(&complaints, slice_of(r->return_consumed_capacity),
		      "returnConsumedCapacity", api_capacity_words);
	complain_members(&complaints, r->n_transact_items,
			 API_EMPTY(r, transact_items), "[]", "transactItems");
	complain_list(&complaints, r->n_transact_items, "TransactGetItem",
		      "transactItems", KV_GET_KEYS_MAX);
	for (size_t i = 0; i < r->n_transact_items; i++)
		check_get(&complaints, i, r->transact_items[i]->get);
	if (complaints_end(&complaints, &c->fault))
		return -c->fault.code;
	for (size_t i = 0; i < r->n_transact_items; i++)
		if (api_table_name_check(
			c, slice_of(r->transact_items[i]->get->table_name),
			"tableName"))
			return -c->fault.code;
	return 0;
}

static int read_item(struct call *c, const Parlor__Kv__V1__Get *r,
		     struct kv_cost *cost, struct kv_wanted *wanted)
{
	const struct api_expressions e = {
		.absent = "",
		.projection = r->projection_expression,
		.names = API_NAMES(c, r),
	};
	struct kv_scope *scope = api_scope(c, &e);

	wanted->scope = scope;
	wanted->paths = api_projection(scope, &e);
	wanted->price = KV_READ_TRANSACTIONAL;
	wanted->cost = cost;
	if (api_scope_done(c, scope) || api_item(c, r->key, &wanted->map))
		return -c->fault.code;
	wanted->table = api_table(c, r->table_name);
	if (!wanted->table)
		return -c->fault.code;
	kv_cost_init(cost, c, wanted->table, KV_READ_UNITS);
	return call_status(c);
}

static int prepare(struct call *c, const request *r, struct transaction *t)
{
	size_t count = r->n_transact_items;
	struct kv_wanted *wanted = arena_array(c->mem, count, sizeof(*wanted));

	t->costs = arena_array(c->mem, count, sizeof(*t->costs));
	t->capacity = api_capacity_of(r->return_consumed_capacity);
	t->get = (struct kv_get){
		.wanted = wanted,
		.count = count,
		.transaction = true,
		.done = done,
		.arg = t,
	};
	if (call_status(c))
		return -c->fault.code;
	for (size_t i = 0; i < count; i++) {
		wanted[i].capacity = slice_of(r->return_consumed_capacity);
		if (read_item(c, r->transact_items[i]->get, &t->costs[i],
			      &wanted[i]))
			return -c->fault.code;
	}
	return kv_get_prepare(c, &t->get, "dynamodb:GetItem",
			      "Transaction request cannot include multiple "
			      "operations on one item");
}

void api_transact_get_items(struct call *c)
{
	const request *r = call_unpack(
	    c, &parlor__kv__v1__transact_get_items_request__descriptor);
	struct transaction *t = arena_zalloc(c->mem, sizeof(*t));

	if (!r || !t || check(c, r))
		call_end(c);
	else if (prepare(c, r, t))
		api_transaction_refuse(c, t->get.reasons, t->get.count);
	else
		kv_get_items(c, &t->get);
}
