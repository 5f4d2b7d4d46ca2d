/* services/kv/api/follow.c - Follow as messages */
#include "services/kv/op/follow.h"
#include "services/kv/api/streams.h"

struct row {
	struct api_record message;
	struct api_shard_id shard;
};

static void fill(struct row *row, const struct kv_table *table,
		 const struct kv_streamed *from)
{
	Parlor__Kv__V1__Record *m = &row->message.record;

	api_record_fill(&row->message, table, from);
	m->dynamodb->approximate_creation_date_time =
	    (double)from->at_ms / 1000;
	api_shard_id(&row->shard, from->shard);
	m->shard_id = row->shard.text;
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
		list[i] = &rows[i].message.record;
	}
	answer.records = list;
	answer.n_records = batch->count;
	answer.has_position = true;
	answer.position.data = (uint8_t *)(uintptr_t)batch->position.data;
	answer.position.len = batch->position.size;
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
