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
	return kv_key(c, kv_pool_prefix(c, "code#"), kv_name(c, name),
		      slice_of(purpose));
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
	const struct wanted *wanted = step->arg;

	kv_send_write(step, &(struct kv_write){
				.table = TABLE,
				.key = wanted->key,
				.update = change,
				.condition = condition,
				.values = kv_bytes(step->call, values),
				.returns = "ALL_NEW" });
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
	if (kv_item(step).size)
		call_fail(step->call, E_LIMIT, TOO_MANY);
	call_fail(step->call, E_CODE_EXPIRED,
		  "Invalid code provided, please request a code again.");
	step->next(step->call);
}

static void ask_why(struct kv_step *refused)
{
	const struct wanted *wanted = refused->arg;
	struct kv_step *step =
	    kv_step_new(refused->call, explain, refused->next, NULL);

	if (step)
		kv_send_get(step, TABLE, wanted->key);
}

static void tried(struct kv_step *step)
{
	const struct wanted *wanted = step->arg;
	struct slice item;

	if (step->refused) {
		ask_why(step);
		return;
	}
	item = kv_attributes(step);
	if (item.size)
		*wanted->out = (struct auth_code){
			.sealed = item_find(item, "code").bytes,
			.expires_at = item_find_i64(item, "code_expires", 0),
		};
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
	struct kv_step *step = kv_step_new(c, cleared, next, NULL);

	if (step)
		kv_send_write(step,
			      &(struct kv_write){ .table = TABLE,
						  .key = key(c, purpose, name),
						  .repeatable = true });
}
