/* services/kv/op/get_records.c - the changes in one shard, page by page */
#include "services/kv/op/bill.h"
#include "services/kv/op/stream.h"

void kv_streamed_take(struct kv_streamed *row, const struct store_record *from,
		      struct arena *mem)
{
	kv_record_read(arena_slice(mem, from->bytes), &row->record);
	row->shard = from->shard;
	row->sequence = from->sequence;
	row->at_ms = from->at_ms;
}

static bool is_old(const struct store_record *record, const struct call *c)
{
	return record->at_ms + STORE_RETENTION_MS <= c->now_ms;
}

/* A record that would make the answer too long is the next one's first. */
static enum store_visit visit(struct store_changes *read,
			      const struct store_record *record)
{
	struct kv_records_ask *ask = read->arg;
	struct kv_streamed *row = &ask->rows[ask->count];

	if (is_old(record, ask->call))
		return STORE_NEXT;
	kv_streamed_take(row, record, ask->call->mem);
	if (ask->call->mem->full)
		return STORE_ENOUGH;
	ask->bytes += kv_record_size(&row->record);
	if (ask->count && ask->bytes > KV_RECORDS_BYTES) {
		ask->iterator.from = record->sequence;
		return STORE_ENOUGH;
	}
	return ++ask->count == ask->limit ? STORE_ENOUGH : STORE_NEXT;
}

static void fail(struct call *c, const struct fault *why)
{
	if (why->code == E_TRIMMED)
		call_fail(c, E_TRIMMED,
			  "The data you are trying to access has been trimmed");
	else
		call_fail(c, why->code, "%s", why->message);
}

static void bill(struct call *c, const struct kv_records_ask *ask)
{
	const struct store_usage usage =
	    kv_usage(c, &ask->iterator.stream->table, NULL, KV_STREAM_UNITS, 2);

	kv_bill(c, &usage);
}

static void done(struct store_changes *read)
{
	struct kv_records_ask *ask = read->arg;
	struct call *c = ask->call;

	if (read->fault.code)
		fail(c, &read->fault);
	else if (call_status(c) == 0)
		bill(c, ask);
	ask->ended = read->ended && !read->more;
	ask->iterator.made_ms = c->now_ms;
	ask->iterator.position =
	    slice_make(read->position, read->position_size);
	ask->done(c, ask);
}

void kv_get_records(struct call *c, struct kv_records_ask *ask)
{
	const struct kv_iterator *iterator = &ask->iterator;

	ask->call = c;
	ask->rows = arena_array(c->mem, ask->limit, sizeof(*ask->rows));
	if (c->now_ms - iterator->made_ms >= KV_ITERATOR_MS)
		call_fail(c, E_ITERATOR_EXPIRED,
			  "The provided iterator exceeds the maximum age "
			  "allowed.");
	if (call_status(c) < 0) {
		ask->done(c, ask);
		return;
	}
	ask->read = (struct store_changes){
		.stream = iterator->stream->table.stream_number,
		.shards = UINT64_C(1) << iterator->shard,
		.after = iterator->position,
		.from = iterator->from,
		.visit = visit,
		.done = done,
		.arg = ask,
		.loop = c->loop,
	};
	ask->iterator.from = 0;
	store_changes(kv_of(c)->store, &ask->read);
}
