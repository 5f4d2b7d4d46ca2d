/* services/kv/api/item_write.h - what PutItem, UpdateItem and DeleteItem share
 *
 * Their messages have the same fields under different types; each file maps
 * its own to these and back.
 */
#ifndef PARLOR_KV_API_ITEM_WRITE_H
#define PARLOR_KV_API_ITEM_WRITE_H

#include "services/kv/api/capacity.h"
#include "services/kv/api/collections.h"
#include "services/kv/api/request.h"
#include "services/kv/op/item_write.h"

struct api_item_request {
	const char *table_name;
	const char *item_field; /* "item" or "key" */
	bool has_item;
	ProtobufCBinaryData item;
	struct api_expressions expressions;
	const char *return_values, *capacity, *on_failure, *collections;
};

/* From a message whose item is its field `part`. */
#define API_ITEM_REQUEST(c, r, part)                                     \
	((struct api_item_request){                                      \
	    .table_name = (r)->table_name,                               \
	    .item_field = #part,                                         \
	    .has_item = (r)->has_##part,                                 \
	    .item = (r)->part,                                           \
	    .expressions = { .absent = "ConditionExpression is",         \
			     .condition = (r)->condition_expression,     \
			     .names = API_NAMES(c, r),                   \
			     .values = API_VALUES(r),                    \
			     .legacy = API_EXPECTED(c, r) },             \
	    .return_values = (r)->return_values,                         \
	    .capacity = (r)->return_consumed_capacity,                   \
	    .on_failure = (r)->return_values_on_condition_check_failure, \
	    .collections = (r)->return_item_collection_metrics })

struct api_item_answer {
	bool has_attributes;
	ProtobufCBinaryData attributes;
	Parlor__Kv__V1__ConsumedCapacity *capacity;
	Parlor__Kv__V1__ItemCollectionMetrics *collection;
};

/* A write in the call's memory whose change is still to be said; NULL, and the
 * call has failed. `done` is called with the outcome. */
struct kv_item_write *api_item_write_new(struct call *, const char *capacity,
					 const char *collections,
					 void (*done)(struct call *,
						      struct kv_item_write *));

/* Checks the request, then writes. `done` is called with the outcome. */
void api_item_write(struct call *, enum kv_change_kind,
		    const struct api_item_request *,
		    void (*done)(struct call *, struct kv_item_write *));

/* The answer; or the call fails as the write did, with the item that stood in
 * its way where that was asked for. */
struct api_item_answer api_item_written(struct call *, struct kv_item_write *);

#endif
