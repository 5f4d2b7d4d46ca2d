/* services/kv/api/delete_item.c - DeleteItem's messages */
#include "services/kv/api/item_write.h"
#include "services/kv/api/items.h"

static void done(struct call *c, struct kv_item_write *write)
{
	Parlor__Kv__V1__DeleteItemResponse response =
	    PARLOR__KV__V1__DELETE_ITEM_RESPONSE__INIT;
	struct api_item_answer answer = api_item_written(c, write);

	response.has_attributes = answer.has_attributes;
	response.attributes = answer.attributes;
	response.consumed_capacity = answer.capacity;
	call_reply(c, &response.base);
}

void api_delete_item(struct call *c)
{
	const Parlor__Kv__V1__DeleteItemRequest *r =
	    call_unpack(c, &parlor__kv__v1__delete_item_request__descriptor);

	if (!r) {
		call_end(c);
		return;
	}
	api_item_write(
	    c, KV_CHANGE_DELETE,
	    &(struct api_item_request){
		.table_name = r->table_name,
		.item_field = "key",
		.has_item = r->has_key,
		.item = r->key,
		.expressions = { .condition = r->condition_expression,
				 .names = API_NAMES(c, r),
				 .values = r->has_expression_attribute_values
					       ? &r->expression_attribute_values
					       : NULL },
		.return_values = r->return_values,
		.capacity = r->return_consumed_capacity,
		.on_failure = r->return_values_on_condition_check_failure },
	    done);
}
