/* services/game/event/follower.c - a table's changes, for the watches */
#include "services/game/event/follower.h"
#include "lib/item/item.h"
#include "lib/meter/log.h"
#include "lib/rpc/client.h"
#include "lib/wire/message.h"

#include "parlor/kv/v1/streams.pb-c.h"

#include <stdlib.h>

enum {
	RETRY_FIRST_MS = 20,
	RETRY_LAST_MS = 1000,
	CALL_MEMORY = 1 << 20,
	MESSAGE_MEMORY = 64 << 20,
};

struct follower {
	struct rpc_client *kv;
	struct watches *watches;
	char *table;
	struct buffer position; /* empty: from now on */
	struct rpc_call call;
	struct arena mem; /* of the call */
	bool calling;
	bool gap; /* changes may have been missed */
	bool refused;
	struct timer retry;
	int64_t retry_ms;
};

static void start(struct follower *);

static void take_record(struct follower *f,
			const Parlor__Kv__V1__Record *record)
{
	const Parlor__Kv__V1__StreamRecord *change = record->dynamodb;
	struct slice keys;

	if (!change || !change->has_keys)
		return;
	keys = slice_make(change->keys.data, change->keys.len);
	watches_changed(f->watches,
			&(struct watch_item){
			    .table = slice_of(f->table),
			    .pk = item_find_text(keys, ITEM_S, "pk"),
			    .sk = item_find_text(keys, ITEM_S, "sk"),
			});
}

/* The stream stands: what was missed before it is made up for. */
static void close_gap(struct follower *f)
{
	f->retry_ms = RETRY_FIRST_MS;
	if (f->refused)
		watches_refuse(f->watches, f->table, NULL);
	f->refused = false;
	if (f->gap)
		watches_all_changed(f->watches, slice_of(f->table));
	f->gap = false;
}

static void on_message(struct rpc_call *call, struct slice bytes)
{
	struct follower *f = LIST_ENTRY(call, struct follower, call);
	const Parlor__Kv__V1__FollowResponse *m;
	struct fault fault = { 0 };
	struct arena mem;

	arena_init(&mem, MESSAGE_MEMORY);
	m = message_unpack(&parlor__kv__v1__follow_response__descriptor, bytes,
			   &mem, &fault);
	if (m) {
		close_gap(f);
		for (size_t i = 0; i < m->n_records; i++)
			take_record(f, m->records[i]);
		buffer_reset(&f->position);
		buffer_put(&f->position, m->position.data, m->position.len);
	}
	arena_release(&mem);
}

/* Not a store that is away, but one that says no: logged once. */
static void take_refusal(struct follower *f, const struct fault *fault)
{
	if (fault->code != E_INVALID && fault->code != E_MISSING &&
	    fault->code != E_DENIED)
		return;
	if (!f->refused)
		log_warn("table '%s' cannot be watched: %s", f->table,
			 fault->message);
	f->refused = true;
	watches_refuse(f->watches, f->table, fault->message);
}

static void on_retry(struct timer *timer)
{
	start(LIST_ENTRY(timer, struct follower, retry));
}

static void on_done(struct rpc_call *call)
{
	struct follower *f = LIST_ENTRY(call, struct follower, call);

	f->calling = false;
	if (call->fault.code == E_TRIMMED) {
		buffer_reset(&f->position);
		f->gap = true;
	}
	take_refusal(f, &call->fault);
	timer_set(&f->retry, f->retry_ms);
	f->retry_ms *= 2;
	if (f->retry_ms > RETRY_LAST_MS)
		f->retry_ms = RETRY_LAST_MS;
}

static void start(struct follower *f)
{
	Parlor__Kv__V1__FollowRequest request =
	    PARLOR__KV__V1__FOLLOW_REQUEST__INIT;
	struct slice position = buffer_slice(&f->position);

	request.table_name = f->table;
	request.has_position = position.size > 0;
	request.position.data = (uint8_t *)(uintptr_t)position.data;
	request.position.len = position.size;
	arena_reset(&f->mem);
	f->call = (struct rpc_call){
		.method = "parlor.kv.v1.KeyValueStreams/Follow",
		.request = &request.base,
		.mem = &f->mem,
		.message = on_message,
		.done = on_done,
	};
	f->calling = true;
	rpc_client_call(f->kv, &f->call);
}

struct follower *follower_new(struct loop *loop, struct rpc_client *kv,
			      struct watches *watches, const char *table)
{
	struct follower *f = calloc(1, sizeof(*f));

	if (!f)
		abort(); /* lack of memory ends the process */
	f->kv = kv;
	f->watches = watches;
	f->table = strdup(table);
	if (!f->table)
		abort(); /* lack of memory ends the process */
	f->gap = true;
	f->retry_ms = RETRY_FIRST_MS;
	buffer_init(&f->position, 4096);
	arena_init(&f->mem, CALL_MEMORY);
	timer_init(&f->retry, loop, on_retry);
	start(f);
	return f;
}

void follower_free(struct follower *f)
{
	if (f->calling)
		rpc_client_cancel(f->kv, &f->call);
	timer_release(&f->retry);
	buffer_release(&f->position);
	arena_release(&f->mem);
	free(f->table);
	free(f);
}

const char *follower_table(const struct follower *f)
{
	return f->table;
}
