/* services/auth/store/batch.c - items of several tables in one request */
#include "services/auth/store/batch.h"

#include <assert.h>

typedef Parlor__Kv__V1__BatchGetItemRequest__RequestItemsEntry ask_entry;
typedef Parlor__Kv__V1__BatchGetItemResponse__ResponsesEntry found_entry;

void kv_send_batch(struct kv_step *step, const struct kv_read *reads,
		   size_t count)
{
	Parlor__Kv__V1__BatchGetItemRequest request =
	    PARLOR__KV__V1__BATCH_GET_ITEM_REQUEST__INIT;
	Parlor__Kv__V1__KeysAndAttributes keys[KV_READS_MAX];
	ask_entry entries[KV_READS_MAX], *rows[KV_READS_MAX];

	assert(count <= KV_READS_MAX);
	for (size_t i = 0; i < count; i++) {
		parlor__kv__v1__keys_and_attributes__init(&keys[i]);
		keys[i].n_keys = 1;
		keys[i].keys = (ProtobufCBinaryData *)&reads[i].key;
		keys[i].has_consistent_read = keys[i].consistent_read = 1;
		parlor__kv__v1__batch_get_item_request__request_items_entry__init(
		    &entries[i]);
		entries[i].key = (char *)reads[i].table;
		entries[i].value = &keys[i];
		rows[i] = &entries[i];
	}
	request.n_request_items = count;
	request.request_items = rows;
	kv_send(step, "BatchGetItem", &request.base, true);
}

static void note(const found_entry *found, struct kv_read *reads, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (found->value && found->value->n_items &&
		    strcmp(found->key, reads[i].table) == 0)
			reads[i].item = kv_slice(found->value->items[0]);
}

void kv_batch(struct kv_step *step, struct kv_read *reads, size_t count)
{
	const Parlor__Kv__V1__BatchGetItemResponse *answer =
	    kv_answer(step,
		      &parlor__kv__v1__batch_get_item_response__descriptor);

	if (answer && answer->n_unprocessed_keys)
		call_fail(step->call, E_UNAVAILABLE,
			  "the store does not answer: it has too much to do");
	for (size_t i = 0; answer && i < answer->n_responses; i++)
		note(answer->responses[i], reads, count);
}
