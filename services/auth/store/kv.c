/* services/auth/store/kv.c - one request to parlor-kv, for a call */
#include "services/auth/store/kv.h"
#include "lib/item/item.h"
#include "lib/wire/message.h"
#include "services/auth/model/user.h"

#include <assert.h>

enum {
	TIMEOUT_MS = 5000,
	/* the values of an update may have an account's attributes twice */
	ITEM_MAX = 1 << 20,
};

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

/* ---- one item ------------------------------------------------------------- */

void kv_send_get(struct kv_step *step, const char *table,
		 ProtobufCBinaryData key)
{
	Parlor__Kv__V1__GetItemRequest request =
	    PARLOR__KV__V1__GET_ITEM_REQUEST__INIT;

	request.table_name = (char *)table;
	request.has_key = 1;
	request.key = key;
	request.has_consistent_read = request.consistent_read = 1;
	kv_send(step, "GetItem", &request.base, true);
}

struct slice kv_item(struct kv_step *step)
{
	const Parlor__Kv__V1__GetItemResponse *answer =
	    kv_answer(step, &parlor__kv__v1__get_item_response__descriptor);

	return answer && answer->has_item ? kv_slice(answer->item)
					  : slice_make("", 0);
}

static void send_put(struct kv_step *step, const struct kv_write *w)
{
	Parlor__Kv__V1__PutItemRequest request =
	    PARLOR__KV__V1__PUT_ITEM_REQUEST__INIT;

	request.table_name = (char *)w->table;
	request.has_item = 1;
	request.item = w->item;
	request.condition_expression = (char *)w->condition;
	request.has_expression_attribute_values = w->values.len > 0;
	request.expression_attribute_values = w->values;
	kv_send(step, "PutItem", &request.base, w->repeatable);
}

static void send_update(struct kv_step *step, const struct kv_write *w)
{
	Parlor__Kv__V1__UpdateItemRequest request =
	    PARLOR__KV__V1__UPDATE_ITEM_REQUEST__INIT;

	request.table_name = (char *)w->table;
	request.has_key = 1;
	request.key = w->key;
	request.update_expression = (char *)w->update;
	request.condition_expression = (char *)w->condition;
	request.has_expression_attribute_values = w->values.len > 0;
	request.expression_attribute_values = w->values;
	request.return_values = (char *)w->returns;
	kv_send(step, "UpdateItem", &request.base, w->repeatable);
}

static void send_delete(struct kv_step *step, const struct kv_write *w)
{
	Parlor__Kv__V1__DeleteItemRequest request =
	    PARLOR__KV__V1__DELETE_ITEM_REQUEST__INIT;

	request.table_name = (char *)w->table;
	request.has_key = 1;
	request.key = w->key;
	request.condition_expression = (char *)w->condition;
	request.has_expression_attribute_values = w->values.len > 0;
	request.expression_attribute_values = w->values;
	kv_send(step, "DeleteItem", &request.base, w->repeatable);
}

void kv_send_write(struct kv_step *step, const struct kv_write *w)
{
	assert(!w->checks && !w->name);
	if (w->item.len)
		send_put(step, w);
	else if (w->update)
		send_update(step, w);
	else
		send_delete(step, w);
}

struct slice kv_attributes(struct kv_step *step)
{
	const Parlor__Kv__V1__UpdateItemResponse *answer =
	    step->refused
		? NULL
		: kv_answer(step,
			    &parlor__kv__v1__update_item_response__descriptor);

	return answer && answer->has_attributes ? kv_slice(answer->attributes)
						: slice_make("", 0);
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

const struct auth_pool *kv_pool(const struct call *c)
{
	/* the settings' own: names have no case, and there are no others */
	static const struct auth_pool home = { .srp = false };
	const struct auth_scope *scope = c->scope;

	return scope ? scope->pool : &home;
}

struct slice kv_name(struct call *c, struct slice name)
{
	return kv_pool(c)->case_sensitive ? name
					  : auth_username_fold(c->mem, name);
}

const char *kv_pool_prefix(struct call *c, const char *prefix)
{
	const struct auth_pool *pool = kv_pool(c);
	const char *whole;

	if (!pool->prefix.size)
		return prefix;
	whole =
	    arena_printf(c->mem, "%.*s%s", SLICE_ARGS(pool->prefix), prefix);
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
