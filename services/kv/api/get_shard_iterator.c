/* services/kv/api/get_shard_iterator.c - GetShardIterator as messages */
#include "services/kv/api/streams.h"

typedef Parlor__Kv__V1__GetShardIteratorRequest request;

static const char *const types[] = {
	[KV_AT_SEQUENCE_NUMBER] = "AT_SEQUENCE_NUMBER",
	[KV_AFTER_SEQUENCE_NUMBER] = "AFTER_SEQUENCE_NUMBER",
	[KV_LATEST] = "LATEST",
	[KV_TRIM_HORIZON] = "TRIM_HORIZON",
	NULL,
};

static int check(struct call *c, const request *m)
{
	struct complaints complaints = { 0 };
	struct slice arn = slice_of(m->stream_arn);
	struct slice shard = slice_of(m->shard_id);
	struct slice type = slice_of(m->shard_iterator_type);

	complain_null(&complaints, arn, "streamArn");
	complain_length(&complaints, arn, "streamArn", API_STREAM_ARN_MIN,
			API_STREAM_ARN_MAX);
	complain_null(&complaints, shard, "shardId");
	complain_length(&complaints, shard, "shardId", API_SHARD_ID_MIN,
			API_SHARD_ID_MAX);
	complain_null(&complaints, type, "shardIteratorType");
	complain_enum(&complaints, type, "shardIteratorType", types);
	complain_length(&complaints, slice_of(m->sequence_number),
			"sequenceNumber", API_SEQUENCE_MIN, API_SEQUENCE_MAX);
	return complaints_end(&complaints, &c->fault);
}

static int read_type(struct call *c, const request *m,
		     struct kv_iterator_ask *ask)
{
	struct slice number = slice_of(m->sequence_number);

	while (!slice_is(slice_of(m->shard_iterator_type), types[ask->type]))
		ask->type++;
	if (ask->type > KV_AFTER_SEQUENCE_NUMBER)
		return 0;
	if (!number.data)
		return call_fail(c, E_INVALID,
				 "SequenceNumber must be specified when "
				 "ShardIteratorType is %s",
				 types[ask->type]);
	if (!api_sequence_read(number, &ask->sequence))
		return call_fail(c, E_INVALID, "Invalid SequenceNumber: %.*s",
				 SLICE_ARGS(number));
	return 0;
}

static int read(struct call *c, const request *m, struct kv_iterator_ask *ask)
{
	struct slice shard = slice_of(m->shard_id);

	if (read_type(c, m, ask) < 0)
		return -c->fault.code;
	ask->iterator.stream = kv_find_stream(c, slice_of(m->stream_arn));
	if (!ask->iterator.stream)
		return -c->fault.code;
	if (!api_shard_read(shard, &ask->iterator.shard))
		return call_fail(
		    c, E_MISSING,
		    "Requested resource not found: Shard: %.*s in Stream: %s "
		    "not found",
		    SLICE_ARGS(shard), m->stream_arn);
	return 0;
}

static void done(struct call *c, struct kv_iterator_ask *ask)
{
	Parlor__Kv__V1__GetShardIteratorResponse answer =
	    PARLOR__KV__V1__GET_SHARD_ITERATOR_RESPONSE__INIT;

	answer.shard_iterator = api_iterator(c, &ask->iterator);
	call_reply(c, &answer.base);
}

void api_get_shard_iterator(struct call *c)
{
	const request *m = call_unpack(
	    c, &parlor__kv__v1__get_shard_iterator_request__descriptor);
	struct kv_iterator_ask *ask = arena_zalloc(c->mem, sizeof(*ask));

	if (!m || !ask || check(c, m) < 0 || read(c, m, ask) < 0) {
		call_end(c);
		return;
	}
	ask->done = done;
	kv_get_shard_iterator(c, ask);
}
