/* services/kv/api/batch_write_item.c - BatchWriteItem's messages */
#include "services/kv/op/batch_write_item.h"
#include "services/kv/api/capacity.h"
#include "services/kv/api/collections.h"
#include "services/kv/api/items.h"
#include "services/kv/api/request.h"

typedef Parlor__Kv__V1__BatchWriteItemRequest request;
typedef Parlor__Kv__V1__BatchWriteItemResponse response;
typedef Parlor__Kv__V1__BatchWriteItemRequest__RequestItemsEntry request_entry;
typedef Parlor__Kv__V1__BatchWriteItemResponse__UnprocessedItemsEntry
    left_entry;
typedef Parlor__Kv__V1__BatchWriteItemResponse__ItemCollectionMetricsEntry
    metrics_entry;
typedef Parlor__Kv__V1__WriteRequestList request_list;
typedef Parlor__Kv__V1__WriteRequest write_request;

/* What is kept of a request until all is written. */
struct batch {
	struct kv_batch_write batch;
	const request *request;
	enum api_capacity capacity;
	struct kv_collections collections;
};

/* ---- the answer ------------------------------------------------------------
 */

/* What was not done of one table's requests; NULL when all was. */
static left_entry *left_of(struct call *c, const request_entry *asked,
			   const struct kv_item_write *writes)
{
	size_t count = asked->value->n_requests;
	left_entry *entry = arena_alloc(c->mem, sizeof(*entry));
	request_list *list = arena_alloc(c->mem, sizeof(*list));
	write_request **left = arena_array(c->mem, count + 1, sizeof(*left));

	if (!entry || !list || !left)
		return NULL;
	parlor__kv__v1__batch_write_item_response__unprocessed_items_entry__init(
	    entry);
	parlor__kv__v1__write_request_list__init(list);
	for (size_t i = 0; i < count; i++)
		if (writes[i].fault.code)
			left[list->n_requests++] = asked->value->requests[i];
	list->requests = left;
	entry->key = asked->key;
	entry->value = list;
	return list->n_requests ? entry : NULL;
}

static void add_capacity(struct call *c, response *r, const struct batch *b)
{
	size_t count = 0;
	const struct kv_cost **costs =
	    arena_array(c->mem, b->batch.count + 1, sizeof(*costs));

	for (size_t i = 0; costs && i < b->batch.count; i++)
		if (!b->batch.writes[i].fault.code)
			costs[count++] = &b->batch.writes[i].change.cost;
	if (costs)
		r->consumed_capacity =
		    api_capacities(c, costs, count, b->capacity, false,
				   &r->n_consumed_capacity);
}

static void add_collections(struct call *c, response *r, const struct batch *b)
{
	struct api_collection_list *lists;
	size_t count = api_collection_lists(c, &b->collections, &lists);
	metrics_entry *entries = arena_array(c->mem, count, sizeof(*entries));

	r->item_collection_metrics = arena_array(c->mem, count, sizeof(void *));
	for (size_t i = 0; !c->mem->full && i < count; i++) {
		parlor__kv__v1__batch_write_item_response__item_collection_metrics_entry__init(
		    &entries[i]);
		entries[i].key = lists[i].table;
		entries[i].value = lists[i].list;
		r->item_collection_metrics[r->n_item_collection_metrics++] =
		    &entries[i];
	}
}

static void answer(struct call *c, struct kv_collections *collections)
{
	struct batch *b = collections->arg;
	const struct kv_item_write *writes = b->batch.writes;
	size_t tables = b->request->n_request_items;
	response r = PARLOR__KV__V1__BATCH_WRITE_ITEM_RESPONSE__INIT;

	r.unprocessed_items = arena_array(c->mem, tables + 1, sizeof(void *));
	if (call_status(c)) {
		call_end(c);
		return;
	}
	for (size_t i = 0; i < tables; i++) {
		const request_entry *asked = b->request->request_items[i];
		left_entry *left = left_of(c, asked, writes);

		if (left)
			r.unprocessed_items[r.n_unprocessed_items++] = left;
		writes += asked->value->n_requests;
	}
	add_capacity(c, &r, b);
	add_collections(c, &r, b);
	call_reply(c, &r.base);
}

static void done(struct call *c, struct kv_batch_write *batch)
{
	struct batch *b = batch->arg;
	struct kv_collections *collections = &b->collections;
	bool measures =
	    api_is(b->request->return_item_collection_metrics, "SIZE");

	collections->done = answer;
	collections->arg = b;
	if (kv_collections_init(collections, c, batch->count)) {
		call_end(c);
		return;
	}
	for (size_t i = 0; measures && i < batch->count; i++)
		if (!batch->writes[i].fault.code)
			kv_collections_add(collections,
					   &batch->writes[i].change);
	kv_collections_read(collections);
}

/* ---- the request -----------------------------------------------------------
 */

static size_t count_writes(const request *r)
{
	size_t count = 0;

	for (size_t i = 0; i < r->n_request_items; i++)
		if (r->request_items[i]->value)
			count += r->request_items[i]->value->n_requests;
	return count;
}

static void check_write(struct complaints *complaints, const char *table,
			size_t at, const write_request *r)
{
	char path[96 + KV_TABLE_NAME_MAX];

	snprintf(path, sizeof(path), "requestItems.%.*s.member.%zu.member.%s",
		 KV_TABLE_NAME_MAX, table, at + 1,
		 r->put_request ? "putRequest.item" : "deleteRequest.key");
	if (r->put_request)
		complain_null(complaints, API_THERE(r->put_request->has_item),
			      path);
	else if (r->delete_request)
		complain_null(complaints, API_THERE(r->delete_request->has_key),
			      path);
}

/* The requests of a table that has too many or none, as Java prints them. */
static void check_count(struct complaints *complaints,
			const request_entry *asked)
{
	size_t count = asked->value ? asked->value->n_requests : 0;
	char list[COMPLAINT_LIST], shown[sizeof(list) + KV_TABLE_NAME_MAX];

	if (count && count <= KV_BATCH_WRITE_MAX)
		return;
	complaint_show_list(list, "WriteRequest", count);
	snprintf(shown, sizeof(shown), "{%s=%s}", asked->key, list);
	complain_value(complaints, slice_of(shown), "requestItems",
		       "Map value must satisfy constraint: [Member must have "
		       "length less than or equal to 25, Member must have "
		       "length greater than or equal to 1]");
}

static void check_table(struct complaints *complaints,
			const request_entry *asked)
{
	const request_list *list = asked->value;

	check_count(complaints, asked);
	for (size_t i = 0; list && i < list->n_requests; i++)
		check_write(complaints, asked->key, i, list->requests[i]);
}

/* Just one of a put and a delete. */
static int check_members(struct call *c, const request_entry *asked)
{
	const request_list *list = asked->value;

	for (size_t i = 0; i < list->n_requests; i++)
		if (!list->requests[i]->put_request ==
		    !list->requests[i]->delete_request)
			return call_fail(
			    c, E_INVALID,
			    "Supplied AttributeValue has more than one "
			    "datatypes set, must contain exactly one of the "
			    "supported datatypes");
	return api_table_name_check(c, slice_of(asked->key), "tableName");
}

static int check(struct call *c, const request *r)
{
	struct complaints complaints = { .count = 0 };

	complain_enum(&complaints, slice_of(r->return_consumed_capacity),
		      "returnConsumedCapacity", api_capacity_words);
	complain_enum(&complaints, slice_of(r->return_item_collection_metrics),
		      "returnItemCollectionMetrics", api_collection_words);
	complain_members(&complaints, r->n_request_items,
			 API_EMPTY(r, request_items), "{}", "requestItems");
	for (size_t i = 0; i < r->n_request_items; i++)
		check_table(&complaints, r->request_items[i]);
	if (complaints_end(&complaints, &c->fault))
		return -c->fault.code;
	for (size_t i = 0; i < r->n_request_items; i++)
		if (check_members(c, r->request_items[i]))
			return -c->fault.code;
	if (count_writes(r) > KV_BATCH_WRITE_MAX)
		return call_fail(c, E_INVALID,
				 "Too many items requested for the "
				 "BatchWriteItem call");
	return 0;
}

/* The changes of one table, at `writes`, as far as the request says. */
static int read_items(struct call *c, const request_entry *asked,
		      struct kv_item_write *writes)
{
	const request_list *list = asked->value;

	for (size_t i = 0; i < list->n_requests; i++) {
		const write_request *r = list->requests[i];
		struct kv_change *change = &writes[i].change;

		change->kind =
		    r->put_request ? KV_CHANGE_PUT : KV_CHANGE_DELETE;
		change->price = KV_WRITE_PLAIN;
		if (api_item(c,
			     r->put_request ? r->put_request->item
					    : r->delete_request->key,
			     &change->item) ||
		    api_item_size_check(c, change))
			return -c->fault.code;
	}
	return 0;
}

static int find_table(struct call *c, const request_entry *asked,
		      struct kv_item_write *writes)
{
	const struct kv_table *table = api_table(c, asked->key);

	for (size_t i = 0; i < asked->value->n_requests; i++)
		writes[i].change.table = table;
	return call_status(c);
}

/* Does it for each table of the request, in turn. */
static int each_table(struct call *c, struct batch *b,
		      int (*step)(struct call *, const request_entry *,
				  struct kv_item_write *))
{
	const request *r = b->request;
	struct kv_item_write *writes = b->batch.writes;

	for (size_t i = 0; i < r->n_request_items; i++) {
		if (step(c, r->request_items[i], writes))
			return -c->fault.code;
		writes += r->request_items[i]->value->n_requests;
	}
	return 0;
}

static int prepare(struct call *c, struct batch *b)
{
	const request *r = b->request;
	size_t count = count_writes(r);
	struct kv_item_write *writes =
	    arena_array(c->mem, count, sizeof(*writes));

	b->batch = (struct kv_batch_write){
		.writes = writes, .count = count, .done = done, .arg = b
	};
	b->capacity = api_capacity_of(r->return_consumed_capacity);
	if (call_status(c))
		return -c->fault.code;
	for (size_t i = 0; i < count; i++) {
		struct kv_change *change = &writes[i].change;

		change->capacity = slice_of(r->return_consumed_capacity);
		change->sized =
		    api_is(r->return_item_collection_metrics, "SIZE");
	}
	return each_table(c, b, read_items) || each_table(c, b, find_table)
		   ? -c->fault.code
		   : 0;
}

void api_batch_write_item(struct call *c)
{
	const request *r =
	    call_unpack(c,
			&parlor__kv__v1__batch_write_item_request__descriptor);
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
	kv_batch_write_item(c, &b->batch);
}
