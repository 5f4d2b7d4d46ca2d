/* services/kv/api/item_write.c - what PutItem, UpdateItem, DeleteItem share */
#include "services/kv/api/item_write.h"

/* What is kept of a request until its write is done. */
struct item_write {
	struct kv_item_write write;
	enum api_capacity capacity;
	bool measures; /* the item's collection, then */
	struct kv_collections collections;
	void (*done)(struct call *, struct kv_item_write *);
};

static int check(struct call *c, enum kv_change_kind kind,
		 const struct api_item_request *r)
{
	struct complaints complaints = { .count = 0 };

	complain_enum(&complaints, slice_of(r->capacity),
		      "returnConsumedCapacity", api_capacity_words);
	api_table_name_complain(&complaints, slice_of(r->table_name),
				"tableName");
	complain_null(&complaints, API_THERE(r->has_item), r->item_field);
	complain_enum(&complaints, slice_of(r->return_values), "returnValues",
		      api_return_words);
	complain_enum(&complaints, slice_of(r->collections),
		      "returnItemCollectionMetrics", api_collection_words);
	complain_enum(&complaints, slice_of(r->on_failure),
		      "returnValuesOnConditionCheckFailure", api_failure_words);
	api_legacy_complain(&complaints, &r->expressions.legacy);
	if (complaints_end(&complaints, &c->fault) ||
	    api_table_name_check(c, slice_of(r->table_name), "tableName"))
		return -c->fault.code;
	if (kind != KV_CHANGE_UPDATE &&
	    api_returns(r->return_values) > KV_RETURN_ALL_OLD)
		return call_fail(c, E_INVALID,
				 "ReturnValues can only be ALL_OLD or NONE");
	return 0;
}

static void measured(struct call *c, struct kv_collections *collections)
{
	struct item_write *w = collections->arg;

	w->done(c, &w->write);
}

static void written(struct call *c, struct kv_item_write *write)
{
	struct item_write *w = (struct item_write *)write;

	if (!w->measures || call_failed(c) || write->fault.code ||
	    kv_collections_init(&w->collections, c, 1)) {
		w->done(c, write);
		return;
	}
	w->collections.done = measured;
	w->collections.arg = w;
	kv_collections_add(&w->collections, &write->change);
	kv_collections_read(&w->collections);
}

struct kv_item_write *api_item_write_new(struct call *c, const char *capacity,
					 const char *collections,
					 void (*done)(struct call *,
						      struct kv_item_write *))
{
	struct item_write *w = arena_zalloc(c->mem, sizeof(*w));

	if (!w) {
		call_status(c);
		return NULL;
	}
	w->capacity = api_capacity_of(capacity);
	w->measures = api_is(collections, "SIZE");
	w->done = done;
	w->write.done = written;
	w->write.change.capacity = slice_of(capacity);
	w->write.change.sized = w->measures;
	return &w->write;
}

void api_item_write(struct call *c, enum kv_change_kind kind,
		    const struct api_item_request *r,
		    void (*done)(struct call *, struct kv_item_write *))
{
	struct kv_item_write *write =
	    api_item_write_new(c, r->capacity, r->collections, done);

	if (!write || check(c, kind, r)) {
		call_end(c);
		return;
	}
	write->change.kind = kind;
	api_change(c, &write->change, r->item, &r->expressions,
		   r->return_values, r->on_failure);
	write->change.table = api_table(c, r->table_name);
	kv_item_write_whole(c, write);
}

static ProtobufCBinaryData binary(struct slice bytes)
{
	return (ProtobufCBinaryData){ bytes.size, (uint8_t *)bytes.data };
}

static void fail(struct call *c, const struct kv_item_write *write)
{
	Parlor__Kv__V1__ConditionalCheckFailed detail =
	    PARLOR__KV__V1__CONDITIONAL_CHECK_FAILED__INIT;
	const struct kv_change *change = &write->change;

	if (!call_failed(c))
		c->fault = write->fault;
	if (!change->refused || !change->show || !change->before.size)
		return;
	detail.has_item = true;
	detail.item = binary(change->before);
	call_detail_message(c, &detail.base);
}

struct api_item_answer api_item_written(struct call *c,
					struct kv_item_write *write)
{
	const struct item_write *w = (const struct item_write *)write;
	struct api_item_answer answer = { .has_attributes = false };
	struct slice attributes;

	if (call_failed(c) || write->fault.code) {
		fail(c, write);
		return answer;
	}
	attributes = kv_change_returned(&write->change, c->mem);
	answer.has_attributes = attributes.size != 0;
	answer.attributes = binary(attributes);
	answer.capacity =
	    api_capacity(c->mem, &write->change.cost, w->capacity, false);
	if (w->collections.count)
		answer.collection = api_collection(c, w->collections.rows);
	return answer;
}
