/* services/kv/api/delete_item.c - DeleteItem's messages */
#include "services/kv/api/item_write.h"
#include "services/kv/api/items.h"

static void done(struct call *c, struct kv_item_write *write)
{
	struct api_item_answer answer = api_item_written(c, write);
	Parlor__Kv__V1__DeleteItemResponse response =
	    PARLOR__KV__V1__DELETE_ITEM_RESPONSE__INIT;

	response.has_attributes = answer.has_attributes;
	response.attributes = answer.attributes;
	response.consumed_capacity = answer.capacity;
	response.item_collection_metrics = answer.collection;
	call_reply(c, &response.base);
}

void api_delete_item(struct call *c)
{
	const Parlor__Kv__V1__DeleteItemRequest *r =
	    call_unpack(c, &parlor__kv__v1__delete_item_request__descriptor);
	struct api_item_request request;

	if (!r) {
		call_end(c);
		return;
	}
	request = API_ITEM_REQUEST(c, r, key);
	api_item_write(c, KV_CHANGE_DELETE, &request, done);
}
