/* services/kv/api/put_usage.c - PutUsage as messages */
#include "services/kv/api/tables.h"
#include "services/kv/op/usage.h"

#include "parlor/kv/v1/kv.pb-c.h"

static void read_row(const Parlor__Kv__V1__UsageRow *m, struct store_usage *u)
{
	const Parlor__Kv__V1__UsageKey *key = m->key;

	u->quantity = m->quantity;
	if (!key)
		return;
	u->principal = slice_of(key->principal);
	u->resource = slice_of(key->resource);
	u->operation = slice_of(key->operation);
	u->unit = slice_of(key->unit);
	u->user = slice_of(key->user);
	u->cost_tag = slice_of(key->cost_tag);
	u->hour = key->hour;
}

static void done(struct call *c)
{
	const Parlor__Kv__V1__PutUsageResponse answer =
	    PARLOR__KV__V1__PUT_USAGE_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

void api_put_usage(struct call *c)
{
	const Parlor__Kv__V1__PutUsageRequest *m =
	    call_unpack(c, &parlor__kv__v1__put_usage_request__descriptor);
	struct store_usage *rows;

	if (!m) {
		call_end(c);
		return;
	}
	rows = arena_array(c->mem, m->n_totals, sizeof(*rows));
	for (size_t i = 0; rows && i < m->n_totals; i++)
		read_row(m->totals[i], &rows[i]);
	kv_put_usage(c,
		     &(struct store_totals){ .daemon = slice_of(m->daemon),
					     .epoch = slice_of(m->epoch),
					     .rows = rows,
					     .count = rows ? m->n_totals : 0 },
		     done);
}
