/* services/kv/api/get_usage.c - GetUsage as messages */
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"
#include "services/kv/op/usage.h"

static Parlor__Kv__V1__UsageRow *row(struct call *c,
				     const struct store_usage *u)
{
	Parlor__Kv__V1__UsageRow *m = arena_alloc(c->mem, sizeof(*m));
	Parlor__Kv__V1__UsageKey *key = arena_alloc(c->mem, sizeof(*key));

	if (!m || !key)
		return NULL;
	parlor__kv__v1__usage_row__init(m);
	parlor__kv__v1__usage_key__init(key);
	key->principal = message_text(c, u->principal);
	key->resource = message_text(c, u->resource);
	key->operation = message_text(c, u->operation);
	key->has_hour = 1;
	key->hour = u->hour;
	key->unit = message_text(c, u->unit);
	key->user = u->user.size ? message_text(c, u->user) : NULL;
	key->cost_tag = u->cost_tag.size ? message_text(c, u->cost_tag) : NULL;
	m->key = key;
	m->has_quantity = 1;
	m->quantity = u->quantity;
	m->has_hours = 1;
	m->hours = u->hours;
	return m;
}

static void done(struct call *c, const struct usage_page *page)
{
	Parlor__Kv__V1__GetUsageResponse answer =
	    PARLOR__KV__V1__GET_USAGE_RESPONSE__INIT;

	if (page)
		answer.rows = arena_array(c->mem, page->count,
					  sizeof(Parlor__Kv__V1__UsageRow *));
	for (size_t i = 0; answer.rows && i < page->count; i++)
		answer.rows[answer.n_rows++] = row(c, &page->rows[i]);
	if (page && page->next_token.size)
		answer.next_token = message_text(c, page->next_token);
	call_reply(c, &answer.base);
}

void api_get_usage(struct call *c)
{
	const Parlor__Kv__V1__GetUsageRequest *m =
	    call_unpack(c, &parlor__kv__v1__get_usage_request__descriptor);

	if (!m) {
		call_end(c);
		return;
	}
	kv_get_usage(c,
		     &(struct usage_query){
			 .from_hour = m->from_hour,
			 .to_hour = m->has_to_hour ? m->to_hour : UINT32_MAX,
			 .principal = slice_of(m->principal),
			 .resource = slice_of(m->resource),
			 .operation = slice_of(m->operation),
			 .unit = slice_of(m->unit),
			 .limit =
			     m->has_limit ? (size_t)m->limit : USAGE_ROWS_MAX,
			 .next_token = slice_of(m->next_token) },
		     done);
}
