/* services/auth/store/attempts.c - failures by name, of accounts and of none */
#include "services/auth/store/attempts.h"
#include "lib/item/item.h"
#include "services/auth/model/user.h"
#include "services/auth/store/sessions.h"

#define TABLE (char *)AUTH_SESSIONS

static ProtobufCBinaryData key(struct call *c, const char *kind,
			       struct slice name)
{
	return kv_key(c, kv_pool_prefix(c, "attempts#"),
		      auth_username_fold(c->mem, name), slice_of(kind));
}

static void got(struct kv_step *step)
{
	const Parlor__Kv__V1__GetItemResponse *answer =
	    kv_answer(step, &parlor__kv__v1__get_item_response__descriptor);
	struct auth_failures *failures = step->arg;
	struct slice item;

	if (answer && answer->has_item) {
		item = kv_slice(answer->item);
		failures->count = item_find_i64(item, "failures", 0);
		failures->last_ms = item_find_i64(item, "failed_at", 0);
	}
	step->next(step->call);
}

void auth_attempts_get(struct call *c, const char *kind, struct slice name,
		       struct auth_failures *out, auth_next_fn *next)
{
	Parlor__Kv__V1__GetItemRequest request =
	    PARLOR__KV__V1__GET_ITEM_REQUEST__INIT;
	struct kv_step *step;

	*out = (struct auth_failures){ 0 };
	step = kv_step_new(c, got, next, out);
	if (!step)
		return;
	request.table_name = TABLE;
	request.has_key = 1;
	request.key = key(c, kind, name);
	request.has_consistent_read = request.consistent_read = 1;
	kv_send(step, "GetItem", &request.base, true);
}

static void changed(struct kv_step *step)
{
	step->next(step->call);
}

void auth_attempts_add(struct call *c, const char *kind, struct slice name,
		       bool first, auth_next_fn *next)
{
	Parlor__Kv__V1__UpdateItemRequest request =
	    PARLOR__KV__V1__UPDATE_ITEM_REQUEST__INIT;
	struct kv_step *step = kv_step_new(c, changed, next, NULL);
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	item_put_i64(&values, ":one", 1);
	item_put_i64(&values, ":now", c->now_ms);
	item_put_i64(&values, ":expires",
		     (c->now_ms + AUTH_LOCKOUT_MAX) / 1000 + 1);
	request.table_name = TABLE;
	request.has_key = 1;
	request.key = key(c, kind, name);
	request.update_expression =
	    (char *)(first ? "SET failures = :one, failed_at = :now, "
			     "expires_at = :expires"
			   : "SET failed_at = :now, expires_at = :expires "
			     "ADD failures :one");
	request.has_expression_attribute_values = 1;
	request.expression_attribute_values = kv_bytes(c, &values);
	kv_send(step, "UpdateItem", &request.base, false);
}

void auth_attempts_clear(struct call *c, const char *kind, struct slice name,
			 auth_next_fn *next)
{
	Parlor__Kv__V1__DeleteItemRequest request =
	    PARLOR__KV__V1__DELETE_ITEM_REQUEST__INIT;
	struct kv_step *step = kv_step_new(c, changed, next, NULL);

	if (!step)
		return;
	request.table_name = TABLE;
	request.has_key = 1;
	request.key = key(c, kind, name);
	kv_send(step, "DeleteItem", &request.base, true);
}
