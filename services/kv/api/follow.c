/* services/kv/api/follow.c - Follow as messages */
#include "services/kv/op/follow.h"
#include "services/kv/api/tables.h"

#include "parlor/kv/v1/streams.pb-c.h"

/* All of one record's message. */
struct row {
	Parlor__Kv__V1__Record record;
	Parlor__Kv__V1__StreamRecord stream;
	char shard[48], sequence[24];
};

static void put_item(protobuf_c_boolean *has, ProtobufCBinaryData *out,
		     struct slice item)
{
	*has = item.data != NULL;
	out->data = (uint8_t *)(uintptr_t)item.data;
	out->len = item.size;
}

static void fill(struct row *row, const struct kv_table *table,
		 const struct kv_followed *from)
{
	static char *const names[] = {
		[KV_EVENT_INSERT] = "INSERT",
		[KV_EVENT_MODIFY] = "MODIFY",
		[KV_EVENT_REMOVE] = "REMOVE",
	};
	Parlor__Kv__V1__StreamRecord *s = &row->stream;

	parlor__kv__v1__record__init(&row->record);
	parlor__kv__v1__stream_record__init(s);
	snprintf(row->shard, sizeof(row->shard), "shardId-%020d-%08u", 0,
		 from->shard);
	snprintf(row->sequence, sizeof(row->sequence), "%021llu",
		 (unsigned long long)from->sequence);
	row->record.event_name = names[from->record.event];
	row->record.dynamodb = s;
	row->record.shard_id = row->shard;
	s->has_approximate_creation_date_time = true;
	s->approximate_creation_date_time = (double)from->at_ms / 1000;
	s->sequence_number = row->sequence;
	s->stream_view_type = (char *)(uintptr_t)kv_stream_name(table->stream);
	put_item(&s->has_keys, &s->keys, from->record.keys);
	put_item(&s->has_new_image, &s->new_image, from->record.after);
	put_item(&s->has_old_image, &s->old_image, from->record.before);
}

static size_t send(struct call *c, const struct kv_follow_batch *batch)
{
	Parlor__Kv__V1__FollowResponse answer =
	    PARLOR__KV__V1__FOLLOW_RESPONSE__INIT;
	struct row *rows = calloc(batch->count + 1, sizeof(*rows));
	Parlor__Kv__V1__Record **list =
	    calloc(batch->count + 1, sizeof(Parlor__Kv__V1__Record *));
	size_t waiting;

	if (!rows || !list)
		abort(); /* lack of memory ends the process */
	for (size_t i = 0; i < batch->count; i++) {
		fill(&rows[i], batch->table, &batch->rows[i]);
		list[i] = &rows[i].record;
	}
	answer.records = list;
	answer.n_records = batch->count;
	put_item(&answer.has_position, &answer.position, batch->position);
	waiting = call_send(c, &answer.base);
	free(list);
	free(rows);
	return waiting;
}

void api_follow(struct call *c)
{
	const Parlor__Kv__V1__FollowRequest *m =
	    call_unpack(c, &parlor__kv__v1__follow_request__descriptor);

	if (m)
		kv_follow(c, slice_of(m->table_name),
			  slice_make(m->position.data, m->position.len), send);
	else
		call_end(c);
}
