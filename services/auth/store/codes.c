/* services/auth/store/codes.c - codes that were asked for by a name */
#include "services/auth/store/codes.h"
#include "lib/item/item.h"
#include "services/auth/store/sessions.h"

#define TABLE (char *)AUTH_SESSIONS
#define TOO_MANY "Attempt limit exceeded, please try after some time."

/* What its steps share. */
struct wanted {
	ProtobufCBinaryData key;
	const struct auth_code *code; /* to be stored, or */
	struct auth_code *out;	      /* to be tried */
};

static ProtobufCBinaryData key(struct call *c, const char *purpose,
			       struct slice name)
{
	return kv_key(c, kv_pool_prefix(c, "code#"),
		      auth_username_fold(c->mem, name), slice_of(purpose));
}

static struct kv_step *step_new(struct call *c,
				void (*answered)(struct kv_step *),
				auth_next_fn *next, struct wanted wanted)
{
	struct wanted *arg = arena_alloc(c->mem, sizeof(*arg));
	struct kv_step *step = kv_step_new(c, answered, next, arg);

	if (step)
		*arg = wanted;
	return step;
}

/* `values` is released. */
static void update(struct kv_step *step, const char *change,
		   const char *condition, struct buffer *values)
{
	Parlor__Kv__V1__UpdateItemRequest request =
	    PARLOR__KV__V1__UPDATE_ITEM_REQUEST__INIT;
	const struct wanted *wanted = step->arg;

	request.table_name = TABLE;
	request.has_key = 1;
	request.key = wanted->key;
	request.update_expression = (char *)change;
	request.condition_expression = (char *)condition;
	request.has_expression_attribute_values = 1;
	request.expression_attribute_values = kv_bytes(step->call, values);
	request.return_values = (char *)"ALL_NEW";
	kv_send(step, "UpdateItem", &request.base, false);
}

/* ---- asking --------------------------------------------------------------- */

static void put_values(struct call *c, struct buffer *values,
		       const struct auth_code *code)
{
	int64_t now = c->now_ms / 1000;

	kv_item_begin(values);
	item_put_text(values, ":code", ITEM_B, code->sealed);
	item_put_i64(values, ":expires", code->expires_at);
	item_put_i64(values, ":gone", now + 2 * AUTH_CODE_WINDOW);
	item_put_i64(values, ":now", now);
	item_put_i64(values, ":one", 1);
}

static void put(struct kv_step *step)
{
	kv_next(step, E_LIMIT, TOO_MANY);
}

/* It was asked for within the hour already. */
static void put_again(struct kv_step *first)
{
	struct call *c = first->call;
	const struct wanted *wanted = first->arg;
	struct kv_step *step;
	struct buffer values;

	if (!first->refused || call_failed(c)) {
		first->next(c);
		return;
	}
	step = step_new(c, put, first->next, *wanted);
	if (!step)
		return;
	put_values(c, &values, wanted->code);
	item_put_i64(&values, ":limit", AUTH_CODE_ASKS);
	update(step,
	       "SET code = :code, code_expires = :expires, expires_at = :gone "
	       "ADD asks :one",
	       "asks < :limit AND window_ends > :now", &values);
}

void auth_codes_put(struct call *c, const char *purpose, struct slice name,
		    const struct auth_code *code, auth_next_fn *next)
{
	struct kv_step *step =
	    step_new(c, put_again, next,
		     (struct wanted){ .key = key(c, purpose, name),
				      .code = code });
	struct buffer values;

	if (!step)
		return;
	put_values(c, &values, code);
	item_put_i64(&values, ":ends", c->now_ms / 1000 + AUTH_CODE_WINDOW);
	item_put_i64(&values, ":zero", 0);
	update(step,
	       "SET code = :code, code_expires = :expires, expires_at = :gone, "
	       "asks = :one, tries = :zero, window_ends = :ends",
	       "attribute_not_exists(asks) OR window_ends <= :now", &values);
}

/* ---- trying --------------------------------------------------------------- */

/* Why it must not be tried. */
static void explain(struct kv_step *step)
{
	const Parlor__Kv__V1__GetItemResponse *answer =
	    kv_answer(step, &parlor__kv__v1__get_item_response__descriptor);

	if (answer && answer->has_item && answer->item.len)
		call_fail(step->call, E_LIMIT, TOO_MANY);
	call_fail(step->call, E_CODE_EXPIRED,
		  "Invalid code provided, please request a code again.");
	step->next(step->call);
}

static void ask_why(struct kv_step *refused)
{
	Parlor__Kv__V1__GetItemRequest request =
	    PARLOR__KV__V1__GET_ITEM_REQUEST__INIT;
	const struct wanted *wanted = refused->arg;
	struct kv_step *step =
	    kv_step_new(refused->call, explain, refused->next, NULL);

	if (!step)
		return;
	request.table_name = TABLE;
	request.has_key = 1;
	request.key = wanted->key;
	request.has_consistent_read = request.consistent_read = 1;
	kv_send(step, "GetItem", &request.base, true);
}

static void tried(struct kv_step *step)
{
	const Parlor__Kv__V1__UpdateItemResponse *answer;
	const struct wanted *wanted = step->arg;
	struct slice item;

	if (step->refused) {
		ask_why(step);
		return;
	}
	answer =
	    kv_answer(step, &parlor__kv__v1__update_item_response__descriptor);
	if (answer && answer->has_attributes) {
		item = kv_slice(answer->attributes);
		*wanted->out = (struct auth_code){
			.sealed = item_find(item, "code").bytes,
			.expires_at = item_find_i64(item, "code_expires", 0),
		};
	}
	step->next(step->call);
}

void auth_codes_try(struct call *c, const char *purpose, struct slice name,
		    struct auth_code *out, auth_next_fn *next)
{
	struct kv_step *step =
	    step_new(c, tried, next,
		     (struct wanted){ .key = key(c, purpose, name),
				      .out = out });
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	item_put_i64(&values, ":one", 1);
	item_put_i64(&values, ":limit", AUTH_CODE_TRIES);
	update(step, "ADD tries :one",
	       "attribute_exists(code) AND tries < :limit", &values);
}

static void cleared(struct kv_step *step)
{
	step->next(step->call);
}

void auth_codes_clear(struct call *c, const char *purpose, struct slice name,
		      auth_next_fn *next)
{
	Parlor__Kv__V1__DeleteItemRequest request =
	    PARLOR__KV__V1__DELETE_ITEM_REQUEST__INIT;
	struct kv_step *step = kv_step_new(c, cleared, next, NULL);

	if (!step)
		return;
	request.table_name = TABLE;
	request.has_key = 1;
	request.key = key(c, purpose, name);
	kv_send(step, "DeleteItem", &request.base, true);
}
