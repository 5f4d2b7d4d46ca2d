/* services/kv/api/record.c - a change as its message */
#include "services/kv/api/streams.h"

static void put_item(protobuf_c_boolean *has, ProtobufCBinaryData *out,
		     struct slice item)
{
	*has = item.data != NULL;
	out->data = (uint8_t *)(uintptr_t)item.data;
	out->len = item.size;
}

static void fill_stream(Parlor__Kv__V1__StreamRecord *m,
			const struct kv_table *table,
			const struct kv_streamed *from)
{
	int64_t seconds = from->at_ms / 1000; /* rounded down, as AWS does */

	parlor__kv__v1__stream_record__init(m);
	m->has_approximate_creation_date_time = true;
	m->approximate_creation_date_time = (double)seconds;
	m->stream_view_type = (char *)(uintptr_t)kv_stream_name(table->stream);
	m->has_size_bytes = true;
	m->size_bytes = (int64_t)kv_record_size(&from->record);
	put_item(&m->has_keys, &m->keys, from->record.keys);
	put_item(&m->has_new_image, &m->new_image, from->record.after);
	put_item(&m->has_old_image, &m->old_image, from->record.before);
}

void api_record_fill(struct api_record *row, const struct kv_table *table,
		     const struct kv_streamed *from)
{
	static char *const names[] = {
		[KV_EVENT_INSERT] = "INSERT",
		[KV_EVENT_MODIFY] = "MODIFY",
		[KV_EVENT_REMOVE] = "REMOVE",
	};

	parlor__kv__v1__record__init(&row->record);
	fill_stream(&row->stream, table, from);
	row->record.event_name = names[from->record.event];
	row->record.dynamodb = &row->stream;
	row->stream.sequence_number =
	    api_sequence(&row->sequence, from->sequence);
	if (!from->record.by_service)
		return;
	parlor__kv__v1__identity__init(&row->identity);
	row->identity.type = "Service";
	row->identity.principal_id = "dynamodb.amazonaws.com";
	row->record.user_identity = &row->identity;
}
