/* lib/daemon/follow_revocations.c - which tokens are refused, from the store
 *
 * Revocations are items in order of time. Each second asks for those since a
 * few seconds before the newest one seen, since clocks of replicas differ and a
 * write may be slow to appear; adding one twice changes nothing.
 */
#include "lib/base/clock.h"
#include "lib/crypto/revocations.h"
#include "lib/daemon/state.h"
#include "lib/item/item.h"
#include "lib/wire/message.h"
#include "parlor/kv/v1/kv.pb-c.h"

enum { OVERLAP_MS = 5000, TIMEOUT_MS = 3000, STAMP = 13, PAGE = 1000 };

static void ask(struct daemon_state *s);

static void add(struct daemon_state *s, struct slice item)
{
	struct follow *f = &s->follow;
	struct slice key = item_find_text(item, ITEM_S, "sk");
	uint64_t stamp;

	revocations_add(s->revocations,
			revocation_kind(item_find_text(item, ITEM_S, "kind")),
			item_find_text(item, ITEM_S, "value"),
			item_find_i64(item, "before", 0),
			item_find_i64(item, "expires_at", 0));
	if (key.size > STAMP &&
	    slice_to_u64(slice_make(key.data, STAMP), INT64_MAX, &stamp) == 0 &&
	    (int64_t)stamp > f->revoked.seen_ms)
		f->revoked.seen_ms = (int64_t)stamp;
}

/* Where the next page begins; nothing when this was the last one. */
static void note_page(struct follow *f,
		      const Parlor__Kv__V1__QueryResponse *answer)
{
	struct slice last = slice_make(answer->last_evaluated_key.data,
				       answer->has_last_evaluated_key
					   ? answer->last_evaluated_key.len
					   : 0);

	buffer_reset(&f->revoked.after);
	buffer_put_slice(&f->revoked.after, item_find_text(last, ITEM_S, "sk"));
}

static void done(struct rpc_call *call)
{
	struct daemon_state *s = call->user;
	struct follow *f = &s->follow;
	Parlor__Kv__V1__QueryResponse *answer = NULL;

	if (!call->fault.code)
		answer =
		    message_unpack(&parlor__kv__v1__query_response__descriptor,
				   call->answer, call->mem, &call->fault);
	if (answer) {
		for (size_t i = 0; i < answer->n_items; i++)
			if (answer->items[i].len)
				add(s, slice_make(answer->items[i].data,
						  answer->items[i].len));
		note_page(f, answer);
	}
	follower_end(&f->revoked.base, &call->fault);
	if (answer && buffer_size(&f->revoked.after))
		ask(s);
}

/* {":p": the partition, ":s": the sort key to go on behind} */
static struct slice values(struct follow *f)
{
	char stamp[24];
	int64_t from = f->revoked.seen_ms - OVERLAP_MS;
	struct buffer item;
	struct slice copy;

	snprintf(stamp, sizeof(stamp), "%013lld",
		 (long long)(from > 0 ? from : 0));
	buffer_init(&item, 4096);
	item_put_text(&item, ":p", ITEM_S, SLICE("revocation"));
	item_put_text(&item, ":s", ITEM_S,
		      buffer_size(&f->revoked.after)
			  ? buffer_slice(&f->revoked.after)
			  : slice_of(stamp));
	copy = arena_slice(&f->revoked.base.mem, buffer_slice(&item));
	buffer_release(&item);
	return copy;
}

static void ask(struct daemon_state *s)
{
	Parlor__Kv__V1__QueryRequest request =
	    PARLOR__KV__V1__QUERY_REQUEST__INIT;
	struct follow *f = &s->follow;
	struct slice named;

	if (!follower_begin(&f->revoked.base))
		return;
	named = values(f);
	request.table_name = (char[]){ "parlor.revocations" };
	request.key_condition_expression = (char[]){ "pk = :p AND sk > :s" };
	request.has_expression_attribute_values = 1;
	request.expression_attribute_values =
	    (ProtobufCBinaryData){ named.size, (uint8_t *)named.data };
	request.has_consistent_read = 1;
	request.consistent_read = 1;
	request.has_limit = 1;
	request.limit = PAGE;
	f->revoked.call = (struct rpc_call){
		.method = "parlor.kv.v1.KeyValue/Query",
		.request_bytes =
		    message_pack(&request.base, &f->revoked.base.mem),
		.timeout_ms = TIMEOUT_MS,
		.idempotent = true,
		.mem = &f->revoked.base.mem,
		.done = done,
		.user = s,
	};
	rpc_client_call(f->kv, &f->revoked.call);
}

void follow_revocations(struct daemon_state *s)
{
	if (s->daemon->flags & DAEMON_NO_USERS || !state_settings(s)->issuer)
		return;
	if (!s->follow.revoked.base.busy)
		buffer_reset(&s->follow.revoked.after);
	ask(s);
}
