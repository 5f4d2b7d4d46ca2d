/* services/kv/op/get_usage.c - what everything cost, page by page
 *
 * A page ends at its limit, or when so many rows were looked at in vain that
 * others should have their turn; the token says behind which row it ended.
 */
#include "services/kv/op/usage.h"

#include <stdio.h>

enum { LOOKED_AT_MAX = 100000, TOKEN = 2 * STORE_LEDGER_KEY };

struct get {
	struct store_ledger_read read;
	struct call *call;
	struct usage_query query;
	struct usage_page page;
	size_t looked_at;
	uint8_t after[STORE_LEDGER_KEY];
	void (*done)(struct call *, const struct usage_page *);
};

static bool asks_for(struct slice want, struct slice have)
{
	return !want.size || slice_equal(want, have);
}

bool usage_matches(const struct usage_query *q, const struct store_usage *u)
{
	return asks_for(q->principal, u->principal) &&
	       asks_for(q->resource, u->resource) &&
	       asks_for(q->operation, u->operation) &&
	       asks_for(q->unit, u->unit);
}

void usage_copy(struct store_usage *row, const struct store_usage *u,
		struct arena *mem)
{
	*row = *u;
	row->principal = arena_slice(mem, u->principal);
	row->resource = arena_slice(mem, u->resource);
	row->operation = arena_slice(mem, u->operation);
	row->unit = arena_slice(mem, u->unit);
	row->user = arena_slice(mem, u->user);
	row->cost_tag = arena_slice(mem, u->cost_tag);
}

static struct slice make_token(struct arena *mem, struct slice key)
{
	char *text = arena_alloc(mem, TOKEN + 1);

	if (!text)
		return SLICE("");
	for (size_t i = 0; i < key.size; i++)
		snprintf(text + 2 * i, 3, "%02x", key.data[i]);
	return slice_make(text, TOKEN);
}

static enum store_visit visit(struct store_ledger_read *r, struct slice key,
			      const struct store_usage *u)
{
	struct get *g = r->arg;

	if (g->page.count == g->query.limit || g->looked_at == LOOKED_AT_MAX) {
		g->page.next_token =
		    make_token(g->call->mem,
			       slice_make(g->after, sizeof(g->after)));
		return STORE_ENOUGH;
	}
	g->looked_at++;
	memcpy(g->after, key.data, sizeof(g->after));
	if (usage_matches(&g->query, u))
		usage_copy(&g->page.rows[g->page.count++], u, g->call->mem);
	return STORE_NEXT;
}

static void visited(struct store_ledger_read *r)
{
	struct get *g = r->arg;
	struct call *c = g->call;

	if (r->fault.code)
		call_fail(c, r->fault.code, "%s", r->fault.message);
	g->done(c, call_status(c) < 0 ? NULL : &g->page);
}

static int hex_digit(uint8_t c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
				      : -1;
}

static int read_token(struct call *c, struct slice token,
		      uint8_t out[STORE_LEDGER_KEY])
{
	bool good = token.size == TOKEN;

	for (size_t i = 0; good && i < STORE_LEDGER_KEY; i++) {
		int high = hex_digit(token.data[2 * i]);
		int low = hex_digit(token.data[2 * i + 1]);

		good = high >= 0 && low >= 0;
		if (good)
			out[i] = (uint8_t)(high << 4 | low);
	}
	return good ? 0
		    : call_fail(c, E_INVALID,
				"NextToken: '%.*s' is not one of ours",
				SLICE_HEAD(token, 80));
}

int usage_check_hours(struct call *c, const struct usage_query *q)
{
	if (q->from_hour < 0 || q->to_hour > UINT32_MAX)
		return call_fail(c, E_INVALID,
				 "FromHour and ToHour are hours since 1970");
	return 0;
}

static int check(struct call *c, const struct usage_query *q)
{
	if (!q->limit || q->limit > USAGE_ROWS_MAX)
		return call_fail(c, E_INVALID, "Limit: must be 1 to %d",
				 USAGE_ROWS_MAX);
	return usage_check_hours(c, q);
}

void kv_get_usage(struct call *c, const struct usage_query *query,
		  void (*done)(struct call *, const struct usage_page *))
{
	struct get *g = arena_zalloc(c->mem, sizeof(*g));

	if (g && check(c, query) == 0) {
		g->page.rows =
		    arena_array(c->mem, query->limit, sizeof(*g->page.rows));
		if (query->next_token.size)
			read_token(c, query->next_token, g->after);
	}
	if (call_status(c) < 0 || !g) {
		done(c, NULL);
		return;
	}
	g->call = c;
	g->query = *query;
	g->done = done;
	g->read = (struct store_ledger_read){
		.now_ms = c->now_ms,
		.from_hour = query->from_hour,
		.to_hour = query->to_hour,
		.visit = visit,
		.done = visited,
		.arg = g,
		.loop = c->loop,
	};
	if (query->next_token.size)
		g->read.after = slice_make(g->after, sizeof(g->after));
	if (store_usage_read(kv_of(c)->store, &g->read) < 0)
		visited(&g->read);
}
