/* services/kv/op/get_shard_iterator.c - where in a shard to begin */
#include "services/kv/op/stream.h"

static bool is_by_sequence(const struct kv_iterator_ask *ask)
{
	return ask->type == KV_AT_SEQUENCE_NUMBER ||
	       ask->type == KV_AFTER_SEQUENCE_NUMBER;
}

/* The record that is named, or the one behind it, is looked at for its age. */
static enum store_visit visit(struct store_changes *read,
			      const struct store_record *record)
{
	struct kv_iterator_ask *ask = read->arg;

	if (record->sequence == ask->sequence &&
	    record->at_ms + STORE_RETENTION_MS <= ask->call->now_ms)
		fault_set(&read->fault, E_TRIMMED, "too old");
	return STORE_ENOUGH;
}

static void refuse(struct kv_iterator_ask *ask)
{
	const struct store_changes *read = &ask->read;

	if (read->fault.code == E_TRIMMED && ask->sequence > read->newest)
		call_fail(ask->call, E_INVALID,
			  "Invalid SequenceNumber: it is behind the end of the "
			  "shard");
	else if (read->fault.code == E_TRIMMED)
		call_fail(ask->call, E_TRIMMED,
			  "The data you are trying to access has been trimmed");
	else
		call_fail(ask->call, read->fault.code, "%s",
			  read->fault.message);
}

static void looked(struct store_changes *read)
{
	struct kv_iterator_ask *ask = read->arg;
	struct kv_iterator *iterator = &ask->iterator;

	if (read->fault.code)
		refuse(ask);
	iterator->made_ms = ask->call->now_ms;
	if (is_by_sequence(ask))
		iterator->from =
		    ask->sequence + (ask->type == KV_AFTER_SEQUENCE_NUMBER);
	else if (ask->type == KV_LATEST)
		iterator->position =
		    slice_make(read->position, read->position_size);
	ask->done(ask->call, ask);
}

void kv_get_shard_iterator(struct call *c, struct kv_iterator_ask *ask)
{
	ask->call = c;
	ask->read = (struct store_changes){
		.stream = ask->iterator.stream->table.stream_number,
		.shards = UINT64_C(1) << ask->iterator.shard,
		.latest = !is_by_sequence(ask),
		.from = ask->sequence,
		.visit = visit,
		.done = looked,
		.arg = ask,
		.loop = c->loop,
	};
	store_changes(kv_of(c)->store, &ask->read);
}
