/* services/kv/op/describe_stream.c - what of a stream can be read */
#include "services/kv/op/stream.h"

static void looked(struct store_changes *read)
{
	struct kv_stream_ask *ask = read->arg;

	if (read->fault.code)
		call_fail(ask->call, read->fault.code, "%s",
			  read->fault.message);
	ask->oldest = read->oldest;
	ask->newest = read->newest;
	ask->done(ask->call, ask);
}

void kv_describe_stream(struct call *c, struct kv_stream_ask *ask)
{
	ask->call = c;
	ask->read = (struct store_changes){
		.stream = ask->stream->table.stream_number,
		.latest = true,
		.done = looked,
		.arg = ask,
		.loop = c->loop,
	};
	store_changes(kv_of(c)->store, &ask->read);
}
