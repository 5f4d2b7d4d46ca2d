/* services/kv/api/get_records.c - GetRecords as messages */
#include "services/kv/api/streams.h"

typedef Parlor__Kv__V1__GetRecordsRequest request;

static int check(struct call *c, const request *m)
{
	struct complaints complaints = { 0 };
	struct slice iterator = slice_of(m->shard_iterator);

	complain_null(&complaints, iterator, "shardIterator");
	complain_length(&complaints, iterator, "shardIterator", 1,
			API_ITERATOR_MAX);
	if (m->has_limit) {
		complain_least(&complaints, m->limit, "limit", 1);
		complain_most(&complaints, m->limit, "limit", KV_RECORDS_MAX);
	}
	return complaints_end(&complaints, &c->fault);
}

/* A row, with what only GetRecords says of it. */
static Parlor__Kv__V1__Record *record(struct call *c, struct api_record *row,
				      const struct kv_table *table,
				      const struct kv_streamed *from)
{
	Parlor__Kv__V1__Record *m = &row->record;

	api_record_fill(row, table, from);
	m->event_id =
	    arena_printf(c->mem, "%08x%08x%016llx", table->stream_number,
			 from->shard, (unsigned long long)from->sequence);
	m->event_version = "1.1";
	m->event_source = "aws:dynamodb";
	m->aws_region = (char *)(uintptr_t)kv_of(c)->region;
	return m;
}

static void done(struct call *c, struct kv_records_ask *ask)
{
	Parlor__Kv__V1__GetRecordsResponse answer =
	    PARLOR__KV__V1__GET_RECORDS_RESPONSE__INIT;
	struct api_record *rows =
	    arena_array(c->mem, ask->count, sizeof(*rows));

	answer.records =
	    arena_array(c->mem, ask->count, sizeof(Parlor__Kv__V1__Record *));
	if (call_status(c) < 0 || !rows || !answer.records) {
		call_end(c);
		return;
	}
	answer.n_records = ask->count;
	for (size_t i = 0; i < ask->count; i++)
		answer.records[i] =
		    record(c, &rows[i], &ask->iterator.stream->table,
			   &ask->rows[i]);
	if (!ask->ended)
		answer.next_shard_iterator = api_iterator(c, &ask->iterator);
	call_reply(c, &answer.base);
}

void api_get_records(struct call *c)
{
	const request *m =
	    call_unpack(c, &parlor__kv__v1__get_records_request__descriptor);
	struct kv_records_ask *ask = arena_zalloc(c->mem, sizeof(*ask));

	if (!m || !ask || check(c, m) < 0 ||
	    api_iterator_read(c, slice_of(m->shard_iterator), &ask->iterator) <
		0) {
		call_end(c);
		return;
	}
	ask->limit = m->has_limit ? (size_t)m->limit : KV_RECORDS_MAX;
	ask->done = done;
	kv_get_records(c, ask);
}
