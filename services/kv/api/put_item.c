/* services/kv/api/put_item.c - PutItem's messages */
#include "services/kv/api/item_write.h"
#include "services/kv/api/items.h"

static void done(struct call *c, struct kv_item_write *write)
{
	struct api_item_answer answer = api_item_written(c, write);
	Parlor__Kv__V1__PutItemResponse response =
	    PARLOR__KV__V1__PUT_ITEM_RESPONSE__INIT;

	response.has_attributes = answer.has_attributes;
	response.attributes = answer.attributes;
	response.consumed_capacity = answer.capacity;
	response.item_collection_metrics = answer.collection;
	call_reply(c, &response.base);
}

void api_put_item(struct call *c)
{
	const Parlor__Kv__V1__PutItemRequest *r =
	    call_unpack(c, &parlor__kv__v1__put_item_request__descriptor);
	struct api_item_request request;

	if (!r) {
		call_end(c);
		return;
	}
	request = API_ITEM_REQUEST(c, r, item);
	api_item_write(c, KV_CHANGE_PUT, &request, done);
}
