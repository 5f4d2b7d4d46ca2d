/* services/kv/api/batch_get_item.c - BatchGetItem's messages */
#include "services/kv/api/capacity.h"
#include "services/kv/api/items.h"
#include "services/kv/api/request.h"
#include "services/kv/op/get_item.h"

typedef Parlor__Kv__V1__BatchGetItemRequest request;
typedef Parlor__Kv__V1__BatchGetItemResponse response;
typedef Parlor__Kv__V1__BatchGetItemRequest__RequestItemsEntry request_entry;
typedef Parlor__Kv__V1__BatchGetItemResponse__ResponsesEntry responses_entry;
typedef Parlor__Kv__V1__BatchGetItemResponse__UnprocessedKeysEntry left_entry;
typedef Parlor__Kv__V1__KeysAndAttributes keys_and_attributes;

#define TWICE "Provided list of item keys contains duplicates"

/* What is kept of a request until it is read. */
struct batch {
	struct kv_get get;
	const request *request;
	struct kv_cost *costs; /* a table's each, in the request's order */
	enum api_capacity capacity;
};

/* ---- the answer ------------------------------------------------------------
 */

static ProtobufCBinaryData binary(struct slice bytes)
{
	return (ProtobufCBinaryData){ bytes.size, (uint8_t *)bytes.data };
}

/* Items of one table, in the order of their keys. */
static responses_entry *found_of(struct call *c, char *table,
				 const struct kv_wanted *wanted, size_t count)
{
	responses_entry *entry = arena_alloc(c->mem, sizeof(*entry));
	Parlor__Kv__V1__ItemList *list = arena_alloc(c->mem, sizeof(*list));
	ProtobufCBinaryData *items =
	    arena_array(c->mem, count + 1, sizeof(*items));

	if (!entry || !list || !items)
		return NULL;
	parlor__kv__v1__batch_get_item_response__responses_entry__init(entry);
	parlor__kv__v1__item_list__init(list);
	for (size_t i = 0; i < count; i++)
		if (wanted[i].item.data)
			items[list->n_items++] = binary(wanted[i].item);
	list->items = items;
	entry->key = table;
	entry->value = list;
	return entry;
}

/* Keys of one table that were not looked at; NULL when all were. */
static left_entry *left_of(struct call *c, const request_entry *asked,
			   const struct kv_wanted *wanted, size_t count)
{
	left_entry *entry = arena_alloc(c->mem, sizeof(*entry));
	keys_and_attributes *keys = arena_alloc(c->mem, sizeof(*keys));

	if (!entry || !keys)
		return NULL;
	*keys = *asked->value;
	keys->keys = arena_array(c->mem, count + 1, sizeof(*keys->keys));
	keys->n_keys = 0;
	for (size_t i = 0; keys->keys && i < count; i++)
		if (wanted[i].left)
			keys->keys[keys->n_keys++] = binary(wanted[i].map);
	if (keys->n_keys == 0)
		return NULL;
	parlor__kv__v1__batch_get_item_response__unprocessed_keys_entry__init(
	    entry);
	entry->key = asked->key;
	entry->value = keys;
	return entry;
}

static void add_table(struct call *c, response *r, const request_entry *asked,
		      const struct kv_wanted *wanted)
{
	size_t count = asked->value->n_keys;
	responses_entry *found = found_of(c, asked->key, wanted, count);
	left_entry *left = left_of(c, asked, wanted, count);

	if (found)
		r->responses[r->n_responses++] = found;
	if (left)
		r->unprocessed_keys[r->n_unprocessed_keys++] = left;
}

static void add_capacity(struct call *c, response *r, const struct batch *b)
{
	size_t count = b->request->n_request_items;
	const struct kv_cost **costs =
	    arena_array(c->mem, count + 1, sizeof(*costs));

	for (size_t i = 0; costs && i < count; i++)
		costs[i] = &b->costs[i];
	if (costs)
		r->consumed_capacity =
		    api_capacities(c, costs, count, b->capacity, false,
				   &r->n_consumed_capacity);
}

static void done(struct call *c, struct kv_get *get)
{
	struct batch *b = get->arg;
	const struct kv_wanted *wanted = get->wanted;
	size_t tables = b->request->n_request_items;
	response r = PARLOR__KV__V1__BATCH_GET_ITEM_RESPONSE__INIT;

	if (call_failed(c)) {
		call_end(c);
		return;
	}
	r.responses = arena_array(c->mem, tables + 1, sizeof(void *));
	r.unprocessed_keys = arena_array(c->mem, tables + 1, sizeof(void *));
	for (size_t i = 0; i < tables && !c->mem->full; i++) {
		const request_entry *asked = b->request->request_items[i];

		kv_cost_bill(&b->costs[i], c);
		add_table(c, &r, asked, wanted);
		wanted += asked->value->n_keys;
	}
	add_capacity(c, &r, b);
	call_reply(c, &r.base);
}

/* ---- the request -----------------------------------------------------------
 */

static size_t count_keys(const request *r)
{
	size_t count = 0;

	for (size_t i = 0; i < r->n_request_items; i++)
		if (r->request_items[i]->value)
			count += r->request_items[i]->value->n_keys;
	return count;
}

static void check_table(struct complaints *complaints,
			const request_entry *asked)
{
	const keys_and_attributes *r = asked->value;
	char path[64 + KV_TABLE_NAME_MAX];

	snprintf(path, sizeof(path), "requestItems.%.*s.member.keys",
		 KV_TABLE_NAME_MAX, asked->key);
	complain_members(complaints, r ? r->n_keys : 0, r && API_EMPTY(r, keys),
			 "[]", path);
	if (!r || !API_EMPTY(r, attributes_to_get))
		return;
	snprintf(path, sizeof(path), "requestItems.%.*s.member.attributesToGet",
		 KV_TABLE_NAME_MAX, asked->key);
	complain_members(complaints, 0, true, "[]", path);
}

static int check(struct call *c, const request *r)
{
	struct complaints complaints = { .count = 0 };

	complain_enum(&complaints, slice_of(r->return_consumed_capacity),
		      "returnConsumedCapacity", api_capacity_words);
	complain_members(&complaints, r->n_request_items,
			 API_EMPTY(r, request_items), "{}", "requestItems");
	for (size_t i = 0; i < r->n_request_items; i++)
		check_table(&complaints, r->request_items[i]);
	if (complaints_end(&complaints, &c->fault))
		return -c->fault.code;
	for (size_t i = 0; i < r->n_request_items; i++) {
		const request_entry *asked = r->request_items[i];

		if (api_table_name_check(c, slice_of(asked->key), "tableName"))
			return -c->fault.code;
		if (asked->value->n_keys > KV_GET_KEYS_MAX)
			return call_fail(c, E_INVALID,
					 "1 validation error detected: Value "
					 "at 'requestItems.%s.member.keys' "
					 "failed to satisfy constraint: Member "
					 "must have length less than or equal "
					 "to %d",
					 asked->key, KV_GET_KEYS_MAX);
	}
	if (count_keys(r) > KV_GET_KEYS_MAX)
		return call_fail(c, E_INVALID,
				 "Too many items requested for the "
				 "BatchGetItem call");
	return 0;
}

static int by_bytes(const void *a, const void *b)
{
	return slice_compare(*(const struct slice *)a,
			     *(const struct slice *)b);
}

/* Keys that are twice among those of one table; the table need not exist. */
static int check_distinct(struct call *c, const struct kv_wanted *wanted,
			  size_t count)
{
	struct slice *maps = arena_array(c->mem, count + 1, sizeof(*maps));

	if (!maps)
		return call_status(c);
	for (size_t i = 0; i < count; i++)
		maps[i] = wanted[i].map;
	qsort(maps, count, sizeof(*maps), by_bytes);
	for (size_t i = 1; i < count; i++)
		if (slice_equal(maps[i - 1], maps[i]))
			return call_fail(c, E_INVALID, TWICE);
	return 0;
}

/* The wanted items of one table, at `wanted`, as far as the request says. */
static int read_keys(struct call *c, const request_entry *asked,
		     struct kv_cost *cost, struct kv_wanted *wanted)
{
	const keys_and_attributes *r = asked->value;
	const struct api_expressions e = {
		.absent = "",
		.projection = r->projection_expression,
		.names = API_NAMES(c, r),
		.legacy = API_TO_GET(r),
	};
	struct kv_scope *scope = api_scope(c, &e);
	struct kv_wanted one = {
		.paths = api_projection(scope, &e),
		.scope = scope,
		.price =
		    r->consistent_read ? KV_READ_CONSISTENT : KV_READ_EVENTUAL,
		.cost = cost,
	};

	if (api_scope_done(c, scope))
		return -c->fault.code;
	for (size_t i = 0; i < r->n_keys; i++) {
		wanted[i] = one;
		if (api_item(c, r->keys[i], &wanted[i].map))
			return -c->fault.code;
	}
	return check_distinct(c, wanted, r->n_keys);
}

static int find_table(struct call *c, const request_entry *asked,
		      struct kv_cost *cost, struct kv_wanted *wanted)
{
	const struct kv_table *table = api_table(c, asked->key);

	if (!table || !kv_cost_init(cost, c, table, KV_READ_UNITS))
		return call_status(c);
	for (size_t i = 0; i < asked->value->n_keys; i++)
		wanted[i].table = table;
	return 0;
}

/* Does it for each table of the request, in turn. */
static int each_table(struct call *c, struct batch *b,
		      int (*step)(struct call *, const request_entry *,
				  struct kv_cost *, struct kv_wanted *))
{
	const request *r = b->request;
	struct kv_wanted *wanted = b->get.wanted;

	for (size_t i = 0; i < r->n_request_items; i++) {
		if (step(c, r->request_items[i], &b->costs[i], wanted))
			return -c->fault.code;
		wanted += r->request_items[i]->value->n_keys;
	}
	return 0;
}

static int prepare(struct call *c, struct batch *b)
{
	const request *r = b->request;
	size_t keys = count_keys(r);
	struct kv_wanted *wanted = arena_array(c->mem, keys, sizeof(*wanted));

	b->costs = arena_array(c->mem, r->n_request_items, sizeof(*b->costs));
	b->capacity = api_capacity_of(r->return_consumed_capacity);
	b->get = (struct kv_get){
		.wanted = wanted,
		.count = keys,
		.partial = true,
		.done = done,
		.arg = b,
	};
	if (call_status(c))
		return -c->fault.code;
	if (each_table(c, b, read_keys) || each_table(c, b, find_table))
		return -c->fault.code;
	for (size_t i = 0; i < keys; i++)
		wanted[i].capacity = slice_of(r->return_consumed_capacity);
	return kv_get_prepare(c, &b->get, NULL, TWICE);
}

void api_batch_get_item(struct call *c)
{
	const request *r =
	    call_unpack(c, &parlor__kv__v1__batch_get_item_request__descriptor);
	struct batch *b = arena_zalloc(c->mem, sizeof(*b));

	if (!r || !b || check(c, r)) {
		call_end(c);
		return;
	}
	b->request = r;
	if (prepare(c, b)) {
		call_end(c);
		return;
	}
	kv_get_items(c, &b->get);
}
