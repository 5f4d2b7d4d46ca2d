/* services/kv/api/describe_stream.c - DescribeStream as messages */
#include "services/kv/api/streams.h"
#include "services/kv/api/table_message.h"
#include "services/kv/op/permit.h"

enum { SHARDS_MAX = 100 };

typedef Parlor__Kv__V1__DescribeStreamRequest request;

struct describe {
	struct kv_stream_ask ask;
	uint32_t first, end; /* the shards that are wanted: [first, end) */
};

/* All of one shard's message. */
struct row {
	Parlor__Kv__V1__Shard shard;
	Parlor__Kv__V1__SequenceNumberRange range;
	struct api_shard_id id;
};

static const char *const filters[] = { "CHILD_SHARDS", NULL };

static void check_filter(struct complaints *complaints,
			 const Parlor__Kv__V1__ShardFilter *filter)
{
	if (!filter)
		return;
	complain_enum(complaints, slice_of(filter->type), "shardFilter.type",
		      filters);
	complain_length(complaints, slice_of(filter->shard_id),
			"shardFilter.shardId", API_SHARD_ID_MIN,
			API_SHARD_ID_MAX);
}

static int check(struct call *c, const request *m)
{
	struct complaints complaints = { 0 };
	struct slice arn = slice_of(m->stream_arn);

	complain_null(&complaints, arn, "streamArn");
	complain_length(&complaints, arn, "streamArn", API_STREAM_ARN_MIN,
			API_STREAM_ARN_MAX);
	if (m->has_limit) {
		complain_least(&complaints, m->limit, "limit", 1);
		complain_most(&complaints, m->limit, "limit", SHARDS_MAX);
	}
	complain_length(&complaints, slice_of(m->exclusive_start_shard_id),
			"exclusiveStartShardId", API_SHARD_ID_MIN,
			API_SHARD_ID_MAX);
	check_filter(&complaints, m->shard_filter);
	return complaints_end(&complaints, &c->fault);
}

/* The stream, and which of its shards. */
static int find(struct call *c, const request *m, struct describe *d)
{
	struct slice start = slice_of(m->exclusive_start_shard_id);
	uint32_t limit = m->has_limit ? (uint32_t)m->limit : SHARDS_MAX;

	d->ask.stream = kv_find_stream(c, slice_of(m->stream_arn));
	if (!d->ask.stream)
		return -c->fault.code;
	if (start.data && !api_shard_read(start, &d->first))
		return call_fail(c, E_MISSING,
				 "Requested resource not found: Shard: %.*s in "
				 "Stream: %s not found",
				 SLICE_ARGS(start), m->stream_arn);
	d->first += start.data != NULL;
	if (m->shard_filter)
		limit = 0;
	d->end = KV_SHARDS - d->first < limit ? KV_SHARDS : d->first + limit;
	return 0;
}

static void fill_shards(Parlor__Kv__V1__StreamDescription *m, struct row *rows,
			Parlor__Kv__V1__Shard **list, const struct describe *d)
{
	m->shards = list;
	m->n_shards = d->end - d->first;
	for (uint32_t i = 0; i < m->n_shards; i++) {
		struct row *row = &rows[i];

		list[i] = &row->shard;
		parlor__kv__v1__shard__init(&row->shard);
		api_shard_id(&row->id, d->first + i);
		row->shard.shard_id = row->id.text;
		row->shard.sequence_number_range = &row->range;
	}
	if (m->n_shards && d->end < KV_SHARDS)
		m->last_evaluated_shard_id = list[m->n_shards - 1]->shard_id;
}

static void fill_ranges(struct call *c, struct row *rows, size_t count,
			const struct kv_stream_ask *ask)
{
	struct api_sequence oldest, newest;
	char *from =
	    message_text(c, slice_of(api_sequence(&oldest, ask->oldest)));
	char *to =
	    message_text(c, slice_of(api_sequence(&newest, ask->newest)));

	for (size_t i = 0; i < count; i++) {
		Parlor__Kv__V1__SequenceNumberRange *m = &rows[i].range;

		parlor__kv__v1__sequence_number_range__init(m);
		m->starting_sequence_number = from;
		if (ask->stream->stream_ended_ms)
			m->ending_sequence_number = to;
	}
}

static void fill_stream(struct call *c, Parlor__Kv__V1__StreamDescription *m,
			const struct catalog_table *stream)
{
	const struct kv_table *table = &stream->table;
	char label[KV_STREAM_LABEL];

	kv_stream_label(table, label);
	m->stream_arn = message_text(c, kv_stream_arn(c, table));
	m->stream_label = message_text(c, slice_of(label));
	m->stream_status = stream->stream_ended_ms ? "DISABLED" : "ENABLED";
	m->stream_view_type = (char *)(uintptr_t)kv_stream_name(table->stream);
	m->has_creation_request_date_time = true;
	m->creation_request_date_time = (double)table->stream_ms / 1000;
	m->table_name = message_text(c, table->name);
	m->n_key_schema = key_schema_message(c, &table->key, &m->key_schema);
}

static void done(struct call *c, struct kv_stream_ask *ask)
{
	Parlor__Kv__V1__DescribeStreamResponse answer =
	    PARLOR__KV__V1__DESCRIBE_STREAM_RESPONSE__INIT;
	Parlor__Kv__V1__StreamDescription description =
	    PARLOR__KV__V1__STREAM_DESCRIPTION__INIT;
	Parlor__Kv__V1__Shard *list[KV_SHARDS];
	struct row rows[KV_SHARDS];

	fill_stream(c, &description, ask->stream);
	fill_shards(&description, rows, list, ask->arg);
	fill_ranges(c, rows, description.n_shards, ask);
	answer.stream_description = &description;
	call_reply(c, &answer.base);
}

void api_describe_stream(struct call *c)
{
	const request *m =
	    call_unpack(c,
			&parlor__kv__v1__describe_stream_request__descriptor);
	struct describe *d = arena_zalloc(c->mem, sizeof(*d));

	if (!m || !d || check(c, m) < 0 || find(c, m, d) < 0) {
		call_end(c);
		return;
	}
	d->ask.done = done;
	d->ask.arg = d;
	kv_describe_stream(c, &d->ask);
}
