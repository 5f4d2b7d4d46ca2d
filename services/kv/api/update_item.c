/* services/kv/api/update_item.c - UpdateItem's messages */
#include "services/kv/api/item_write.h"
#include "services/kv/api/items.h"

static void done(struct call *c, struct kv_item_write *write)
{
	struct api_item_answer answer = api_item_written(c, write);
	Parlor__Kv__V1__UpdateItemResponse response =
	    PARLOR__KV__V1__UPDATE_ITEM_RESPONSE__INIT;

	response.has_attributes = answer.has_attributes;
	response.attributes = answer.attributes;
	response.consumed_capacity = answer.capacity;
	response.item_collection_metrics = answer.collection;
	call_reply(c, &response.base);
}

void api_update_item(struct call *c)
{
	const Parlor__Kv__V1__UpdateItemRequest *r =
	    call_unpack(c, &parlor__kv__v1__update_item_request__descriptor);
	struct api_item_request request;

	if (!r) {
		call_end(c);
		return;
	}
	request = API_ITEM_REQUEST(c, r, key);
	request.expressions.update = r->update_expression;
	request.expressions.legacy.puts =
	    API_ROWS(c, r, attribute_updates, api_put, api_put_update);
	request.expressions.legacy.put_count = r->n_attribute_updates;
	request.expressions.absent =
	    "UpdateExpression and ConditionExpression are";
	api_item_write(c, KV_CHANGE_UPDATE, &request, done);
}
