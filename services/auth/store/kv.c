/* services/auth/store/kv.c - one request to parlor-kv, for a call */
#include "services/auth/store/kv.h"
#include "lib/item/item.h"
#include "lib/wire/message.h"
#include "services/auth/model/pool.h"

enum { TIMEOUT_MS = 5000, ITEM_MAX = 64 * 1024 };

struct kv_step *kv_step_new(struct call *c, void (*answered)(struct kv_step *),
			    auth_next_fn *next, void *arg)
{
	struct kv_step *step = arena_zalloc(c->mem, sizeof(*step));

	if (!step) {
		call_status(c);
		next(c);
		return NULL;
	}
	step->call = c;
	step->answered = answered;
	step->next = next;
	step->arg = arg;
	return step;
}

/* What the store says of itself is not the caller's business. */
static void take_fault(struct kv_step *step)
{
	const struct fault *fault = &step->rpc.fault;

	switch (fault->code) {
	case E_NONE:
		return;
	case E_CONDITION:
	case E_TRANSACTION_CANCELED:
		step->refused = true;
		return;
	case E_DEADLINE:
	case E_UNAVAILABLE:
	case E_EXHAUSTED:
	case E_THROUGHPUT:
		call_fail(step->call, E_UNAVAILABLE,
			  "the store does not answer: %s", fault->message);
		step->call->fault.retry_after_ms = fault->retry_after_ms;
		return;
	default:
		call_fail(step->call, E_INTERNAL, "'%s' failed: %s",
			  step->rpc.method, fault->message);
	}
}

static void done(struct rpc_call *rpc)
{
	struct kv_step *step = rpc->user;

	take_fault(step);
	step->answered(step);
}

void kv_send(struct kv_step *step, const char *method,
	     const ProtobufCMessage *request, bool repeatable)
{
	struct call *c = step->call;

	step->rpc = (struct rpc_call){
		.method =
		    arena_printf(c->mem, "parlor.kv.v1.KeyValue/%s", method),
		.request_bytes = message_pack(request, c->mem),
		.traceparent = c->trace[0] ? c->trace : NULL,
		.timeout_ms = call_remaining_ms(c, TIMEOUT_MS),
		.idempotent = repeatable,
		.mem = c->mem,
		.done = done,
		.user = step,
	};
	if (call_status(c)) {
		step->next(c);
		return;
	}
	rpc_client_call(c->thread, &step->rpc);
}

void kv_next(struct kv_step *step, int code, const char *words)
{
	if (step->refused)
		call_fail(step->call, code, "%s", words);
	step->next(step->call);
}

void *kv_answer(struct kv_step *step, const ProtobufCMessageDescriptor *type)
{
	if (call_failed(step->call))
		return NULL;
	return message_unpack(type, step->rpc.answer, step->call->mem,
			      &step->call->fault);
}

/* ---- items ---------------------------------------------------------------- */

void kv_item_begin(struct buffer *item)
{
	buffer_init(item, ITEM_MAX);
}

ProtobufCBinaryData kv_bytes(struct call *c, struct buffer *item)
{
	struct slice copy = arena_slice(c->mem, buffer_slice(item));

	if (item->failed)
		call_fail(c, E_EXHAUSTED, "an item of more than %d bytes",
			  ITEM_MAX);
	buffer_release(item);
	return (ProtobufCBinaryData){ copy.size, (uint8_t *)copy.data };
}

const char *kv_pool_prefix(struct call *c, const char *prefix)
{
	const struct auth_scope *scope = c->scope;
	const char *whole;

	if (!scope || !scope->pool->prefix.size)
		return prefix;
	whole = arena_printf(c->mem, "%.*s%s", SLICE_ARGS(scope->pool->prefix),
			     prefix);
	return whole ? whole : prefix; /* full: nothing is sent */
}

void kv_put_key(struct buffer *item, const char *prefix, struct slice name,
		struct slice sort)
{
	char text[1024];
	int size =
	    snprintf(text, sizeof(text), "%s%.*s", prefix, SLICE_ARGS(name));

	if (size < 0 || (size_t)size >= sizeof(text))
		item->failed = true;
	else
		item_put_text(item, "pk", ITEM_S,
			      slice_make(text, (size_t)size));
	item_put_text(item, "sk", ITEM_S, sort);
}

ProtobufCBinaryData kv_key(struct call *c, const char *prefix,
			   struct slice name, struct slice sort)
{
	struct buffer item;

	kv_item_begin(&item);
	kv_put_key(&item, prefix, name, sort);
	return kv_bytes(c, &item);
}
