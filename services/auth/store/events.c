/* services/auth/store/events.c - the audit log, as items of parlor.audit */
#include "services/auth/store/events.h"
#include "lib/base/random.h"
#include "lib/item/item.h"
#include "services/auth/model/user.h"

#define TABLE (char *)"parlor.audit"
#define PREFIX "user#"

enum { UNIQUE = 12 };

/* The texts that every event has or may have. */
static const struct {
	const char *name;
	size_t offset;
} texts[] = {
#define TEXT(field)                                        \
	{                                                  \
#field, offsetof(struct auth_event, field) \
	}
	TEXT(username),	 TEXT(id),	TEXT(type),   TEXT(response),
	TEXT(operation), TEXT(step),	TEXT(reason), TEXT(by),
	TEXT(client_id), TEXT(address),
#undef TEXT
};
enum { TEXTS = sizeof(texts) / sizeof(*texts) };

/* Milliseconds, 13 digits, and letters that tell two of one apart. */
static struct slice place_of(struct call *c, const struct auth_event *event)
{
	char unique[UNIQUE + 1];

	random_text(unique, UNIQUE, "abcdefghijklmnopqrstuvwxyz0123456789");
	return slice_of(arena_printf(c->mem, "%013lld-%s",
				     (long long)event->at_ms, unique));
}

static void put(struct kv_step *step)
{
	step->next(step->call);
}

struct kv_write auth_events_write(struct call *c,
				  const struct auth_event *event,
				  int64_t expires_at)
{
	struct buffer item;

	kv_item_begin(&item);
	kv_put_key(&item, kv_pool_prefix(c, PREFIX),
		   kv_name(c, event->username), place_of(c, event));
	for (size_t i = 0; i < TEXTS; i++) {
		const struct slice *text =
		    (const void *)((const char *)event + texts[i].offset);

		if (text->size)
			item_put_text(&item, texts[i].name, ITEM_S, *text);
	}
	item_put_i64(&item, "at_ms", event->at_ms);
	item_put_i64(&item, "expires_at", expires_at);
	return (struct kv_write){ .table = TABLE,
				  .item = kv_bytes(c, &item),
				  .repeatable = true };
}

void auth_events_put(struct call *c, const struct auth_event *event,
		     int64_t expires_at, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, put, next, NULL);
	struct kv_write write;

	if (!step)
		return;
	write = auth_events_write(c, event, expires_at);
	kv_send_write(step, &write);
}

static void read_event(struct slice item, struct auth_event *event)
{
	for (size_t i = 0; i < TEXTS; i++)
		*(struct slice *)(void *)((char *)event + texts[i].offset) =
		    item_find_text(item, ITEM_S, texts[i].name);
	event->at_ms = item_find_i64(item, "at_ms", 0);
	event->place = item_find_text(item, ITEM_S, "sk");
}

static void listed(struct kv_step *step)
{
	const Parlor__Kv__V1__QueryResponse *answer =
	    kv_answer(step, &parlor__kv__v1__query_response__descriptor);
	struct auth_events *out = step->arg;
	struct auth_event *rows;

	if (answer && answer->n_items) {
		rows = arena_array(step->call->mem, answer->n_items,
				   sizeof(*rows));
		for (size_t i = 0; rows && i < answer->n_items; i++)
			read_event(kv_slice(answer->items[i]), &rows[i]);
		out->rows = rows;
		out->count = rows ? answer->n_items : 0;
	}
	if (answer && answer->has_last_evaluated_key)
		out->next = item_find_text(kv_slice(answer->last_evaluated_key),
					   ITEM_S, "sk");
	call_status(step->call);
	step->next(step->call);
}

void auth_events_list(struct call *c, struct slice name, struct slice before,
		      size_t limit, struct auth_events *out, auth_next_fn *next)
{
	Parlor__Kv__V1__QueryRequest request =
	    PARLOR__KV__V1__QUERY_REQUEST__INIT;
	struct kv_step *step = kv_step_new(c, listed, next, out);
	struct slice folded = kv_name(c, name);
	const char *prefix = kv_pool_prefix(c, PREFIX);
	struct buffer values;

	*out = (struct auth_events){ 0 };
	if (!step)
		return;
	kv_item_begin(&values);
	item_put_text(&values, ":name", ITEM_S,
		      slice_of(arena_printf(c->mem, "%s%.*s", prefix,
					    SLICE_ARGS(folded))));
	request.table_name = TABLE;
	request.key_condition_expression = (char *)"pk = :name";
	request.has_expression_attribute_values = 1;
	request.expression_attribute_values = kv_bytes(c, &values);
	request.has_scan_index_forward = 1; /* false */
	request.has_limit = 1;
	request.limit = (int32_t)limit;
	request.has_consistent_read = request.consistent_read = 1;
	if (before.size) {
		request.has_exclusive_start_key = 1;
		request.exclusive_start_key = kv_key(c, prefix, folded, before);
	}
	kv_send(step, "Query", &request.base, true);
}
