/* lib/daemon/follow_usage.c - what was counted, sent to the store
 *
 * A batch of totals at a time, under its epoch and number; what is not
 * acknowledged goes out again, and adds nothing if it had arrived.
 */
#include "lib/base/clock.h"
#include "lib/daemon/state.h"
#include "lib/wire/message.h"
#include "parlor/kv/v1/kv.pb-c.h"

enum { BATCH = 1000, TIMEOUT_MS = 3000, HOUR_MS = 3600000 };

static char *text(struct arena *mem, struct slice s)
{
	return s.size ? arena_copy(mem, s.data, s.size) : NULL;
}

static Parlor__Kv__V1__UsageRow *row(struct arena *mem,
				     const struct spool_total *total)
{
	Parlor__Kv__V1__UsageRow *out = arena_zalloc(mem, sizeof(*out));
	Parlor__Kv__V1__UsageKey *key = arena_zalloc(mem, sizeof(*key));

	if (!out || !key)
		return NULL;
	parlor__kv__v1__usage_row__init(out);
	parlor__kv__v1__usage_key__init(key);
	key->principal = text(mem, total->key.principal);
	key->resource = text(mem, total->key.resource);
	key->operation = text(mem, slice_of(total->key.operation));
	key->has_hour = 1;
	key->hour = total->key.hour;
	key->unit = text(mem, slice_of(total->key.unit));
	key->user = text(mem, total->key.user);
	key->cost_tag = text(mem, total->key.cost_tag);
	out->key = key;
	out->has_quantity = 1;
	out->quantity = total->total;
	return out;
}

static struct slice pack(struct daemon_state *s, struct arena *mem,
			 const struct spool_batch *batch)
{
	Parlor__Kv__V1__PutUsageRequest request =
	    PARLOR__KV__V1__PUT_USAGE_REQUEST__INIT;

	request.daemon = text(mem, slice_of(s->daemon->section));
	request.epoch = text(mem, slice_of(batch->epoch));
	request.has_sequence = 1;
	request.sequence = batch->sequence;
	request.totals = arena_array(mem, batch->count, sizeof(void *));
	if (!request.totals)
		return slice_make(NULL, 0);
	for (size_t i = 0; i < batch->count; i++)
		request.totals[i] = row(mem, &batch->rows[i]);
	request.n_totals = batch->count;
	return mem->full ? slice_make(NULL, 0)
			 : message_pack(&request.base, mem);
}

static void done(struct rpc_call *call)
{
	struct daemon_state *s = call->user;
	struct follow *f = &s->follow;

	if (!call->fault.code)
		spool_acknowledge(s->spool, &f->usage.batch);
	follower_end(&f->usage.base, &call->fault);
	if (!call->fault.code && f->usage.batch.count == BATCH)
		follow_usage(s);
}

void follow_usage(struct daemon_state *s)
{
	struct follow *f = &s->follow;
	struct arena *mem = &f->usage.base.mem;
	struct slice request;

	if (!follower_begin(&f->usage.base))
		return;
	if (!spool_batch(s->spool, mem, BATCH, clock_wall_ms() / HOUR_MS,
			 &f->usage.batch)) {
		f->usage.base.busy = false;
		return;
	}
	request = pack(s, mem, &f->usage.batch);
	f->usage.call = (struct rpc_call){
		.method = "parlor.kv.v1.KeyValue/PutUsage",
		.request_bytes = request,
		.timeout_ms = TIMEOUT_MS,
		.idempotent = true,
		.mem = mem,
		.done = done,
		.user = s,
	};
	rpc_client_call(f->kv, &f->usage.call);
}
