/* services/kv/op/put_usage.c - a daemon's totals come into the ledger */
#include "services/kv/op/usage.h"

enum { EPOCH_MAX = 64, ROWS_MAX = 100000, REPEATS_MAX = 20 };

struct put {
	struct store_write write;
	struct store_totals totals;
	struct call *call;
	int repeats;
	void (*done)(struct call *);
};

static bool is_text(struct slice s)
{
	return s.size <= STORE_USAGE_TEXT_MAX;
}

static int check_row(struct call *c, const struct store_usage *u, size_t i)
{
	if (u->hour < 0 || u->hour > UINT32_MAX)
		return call_fail(c, E_INVALID,
				 "Totals[%zu].Key.Hour: is no hour since 1970",
				 i);
	if (u->quantity < 0)
		return call_fail(c, E_INVALID,
				 "Totals[%zu].Quantity: is below 0", i);
	if (!is_text(u->principal) || !is_text(u->resource) ||
	    !is_text(u->operation) || !is_text(u->unit) || !is_text(u->user) ||
	    !is_text(u->cost_tag))
		return call_fail(c, E_INVALID,
				 "Totals[%zu].Key: a text has over %d bytes", i,
				 STORE_USAGE_TEXT_MAX);
	return 0;
}

static int check(struct call *c, const struct store_totals *t)
{
	const struct principal *p = &c->principal;

	if (p->kind != PRINCIPAL_SERVICE || !slice_equal(p->service, t->daemon))
		return call_fail(c, E_DENIED,
				 "User: %.*s is not authorized to put the "
				 "usage of '%.*s'",
				 SLICE_ARGS(p->text), SLICE_ARGS(t->daemon));
	if (!t->epoch.size || t->epoch.size > EPOCH_MAX)
		return call_fail(c, E_INVALID, "Epoch: must have 1 to %d bytes",
				 EPOCH_MAX);
	if (t->count > ROWS_MAX)
		return call_fail(c, E_INVALID, "Totals: has over %d rows",
				 ROWS_MAX);
	for (size_t i = 0; i < t->count; i++)
		if (check_row(c, &t->rows[i], i) < 0)
			return -c->fault.code;
	return 0;
}

static void submit(struct put *p);

static void written(struct store_write *w)
{
	struct put *p = w->arg;

	if (w->outcome == STORE_UNKNOWN && p->repeats++ < REPEATS_MAX) {
		submit(p);
		return;
	}
	if (w->outcome == STORE_UNKNOWN)
		call_fail(p->call, E_UNAVAILABLE,
			  "the outcome is not known yet");
	else if (w->fault.code)
		call_fail(p->call, w->fault.code, "%s", w->fault.message);
	p->done(p->call);
}

static void submit(struct put *p)
{
	struct store *store = kv_of(p->call)->store;

	if (store_usage_put(store, &p->totals, &p->write) < 0) {
		p->write.outcome = STORE_FAILED;
		written(&p->write);
	}
}

void kv_put_usage(struct call *c, const struct store_totals *totals,
		  void (*done)(struct call *))
{
	struct put *p = arena_zalloc(c->mem, sizeof(*p));

	if (check(c, totals) < 0 || call_status(c) < 0) {
		done(c);
		return;
	}
	p->call = c;
	p->totals = *totals;
	p->done = done;
	p->write = (struct store_write){
		.now_ms = c->now_ms, .done = written, .arg = p, .loop = c->loop
	};
	submit(p);
}
