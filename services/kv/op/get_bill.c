/* services/kv/op/get_bill.c - what everything costs, in money
 *
 * The ledger is read in passes, so that others have their turn between them.
 * Should old rows come together under others meanwhile, it begins again: each
 * row counts once.
 */
#include "lib/base/buffer.h"
#include "lib/base/map.h"
#include "services/kv/op/usage.h"
#include "services/kv/store/period.h"

#include <errno.h>
#include <stdio.h>

enum { PASS = 20000, RESTARTS_MAX = 20, KEY_MAX = 8 + 6 * 256 };

struct get {
	struct store_ledger_read read;
	struct call *call;
	struct bill_query query;
	struct bill bill;
	struct map lines; /* of struct bill_line, by month and texts */
	struct buffer key;
	int64_t month, month_end; /* of the row before */
	size_t looked_at;	  /* in this pass */
	int64_t moved;		  /* as of the first pass */
	int passes, restarts;
	uint8_t after[STORE_LEDGER_KEY];
	void (*done)(struct call *, const struct bill *);
};

/* ---- lines -----------------------------------------------------------------
 */

static void put_text(struct buffer *b, struct slice text)
{
	buffer_put_byte(b, (uint8_t)text.size);
	buffer_put_slice(b, text);
}

/* The row as its line has it: of a month, without what is not asked for. */
static struct store_usage reduced(struct get *g, const struct store_usage *u)
{
	static const struct slice none = { 0 };
	unsigned by = g->query.by;

	if (u->hour < g->month || u->hour >= g->month_end) {
		g->month = period_month(u->hour);
		g->month_end = period_month_end(u->hour);
	}
	return (struct store_usage){
		.principal = by & BILL_BY_PRINCIPAL ? u->principal : none,
		.resource = by & BILL_BY_RESOURCE ? u->resource : none,
		.operation = by & BILL_BY_OPERATION ? u->operation : none,
		.user = by & BILL_BY_USER ? u->user : none,
		.cost_tag = by & BILL_BY_COST_TAG ? u->cost_tag : none,
		.unit = u->unit,
		.hour = g->month,
		.hours = g->month_end - g->month,
	};
}

static struct slice key_of(struct get *g, const struct store_usage *row)
{
	buffer_reset(&g->key);
	buffer_put(&g->key, &row->hour, sizeof(row->hour));
	put_text(&g->key, row->resource);
	put_text(&g->key, row->principal);
	put_text(&g->key, row->operation);
	put_text(&g->key, row->user);
	put_text(&g->key, row->cost_tag);
	put_text(&g->key, row->unit);
	return buffer_slice(&g->key);
}

static struct bill_line *line_of(struct get *g, const struct store_usage *u)
{
	struct store_usage row = reduced(g, u);
	struct slice key = key_of(g, &row);
	struct bill_line *line = map_find(&g->lines, key);
	struct arena *mem = g->call->mem;

	if (line)
		return line;
	if (g->bill.count == BILL_LINES_MAX) {
		call_fail(g->call, E_LIMIT,
			  "GroupBy: the bill has over %d lines; ask for fewer "
			  "groups or hours",
			  BILL_LINES_MAX);
		return NULL;
	}
	usage_copy(&row, &row, mem);
	line = &g->bill.lines[g->bill.count++];
	*line =
	    (struct bill_line){ .sum = row,
				.price = price_find(&g->bill.sheet, row.unit) };
	map_put(&g->lines, key, line);
	return line;
}

/* ---- reading ---------------------------------------------------------------
 */

static enum store_visit visit(struct store_ledger_read *r, struct slice key,
			      const struct store_usage *u)
{
	struct get *g = r->arg;
	struct bill_line *line;

	if (g->looked_at == PASS)
		return STORE_ENOUGH;
	g->looked_at++;
	memcpy(g->after, key.data, sizeof(g->after));
	if (!usage_matches(&g->query.rows, u))
		return STORE_NEXT;
	line = line_of(g, u);
	if (line && __builtin_add_overflow(line->sum.quantity, u->quantity,
					   &line->sum.quantity))
		call_fail(g->call, E_LIMIT, "Unit: '%.*s' passes 2^63",
			  SLICE_ARGS(u->unit));
	return call_status(g->call) < 0 ? STORE_ENOUGH : STORE_NEXT;
}

static int compare(const void *a, const void *b)
{
	const struct store_usage *x = &((const struct bill_line *)a)->sum;
	const struct store_usage *y = &((const struct bill_line *)b)->sum;
	const struct slice pairs[][2] = {
		{ x->resource, y->resource },	{ x->principal, y->principal },
		{ x->operation, y->operation }, { x->user, y->user },
		{ x->cost_tag, y->cost_tag },	{ x->unit, y->unit },
	};
	int order = x->hour < y->hour ? -1 : x->hour > y->hour;

	for (size_t i = 0; !order && i < sizeof(pairs) / sizeof(*pairs); i++)
		order = slice_compare(pairs[i][0], pairs[i][1]);
	return order;
}

static void add_up(struct bill *bill)
{
	qsort(bill->lines, bill->count, sizeof(*bill->lines), compare);
	for (size_t i = 0; i < bill->count; i++) {
		struct bill_line *line = &bill->lines[i];

		if (line->price)
			line->amount = price_of(line->price, line->sum.quantity,
						line->sum.hours);
		bill->total += line->amount;
	}
}

static void finish(struct get *g)
{
	struct call *c = g->call;

	map_release(&g->lines);
	buffer_release(&g->key);
	if (call_status(c) == 0)
		add_up(&g->bill);
	g->done(c, call_status(c) < 0 ? NULL : &g->bill);
}

static void pass(struct get *g);

static void begin(struct get *g)
{
	map_release(&g->lines);
	map_init(&g->lines);
	g->bill.count = 0;
	g->passes = 0;
	pass(g);
}

static void visited(struct store_ledger_read *r)
{
	struct get *g = r->arg;

	if (r->fault.code)
		call_fail(g->call, r->fault.code, "%s", r->fault.message);
	if (g->passes++ == 0)
		g->moved = r->moved;
	if (call_status(g->call) < 0)
		finish(g);
	else if (r->moved != g->moved && g->restarts++ < RESTARTS_MAX)
		begin(g);
	else if (g->looked_at == PASS)
		pass(g);
	else
		finish(g);
}

static void pass(struct get *g)
{
	struct call *c = g->call;

	g->looked_at = 0;
	g->read = (struct store_ledger_read){
		.now_ms = c->now_ms,
		.from_hour = g->query.rows.from_hour,
		.to_hour = g->query.rows.to_hour,
		.visit = visit,
		.done = visited,
		.arg = g,
		.loop = c->loop,
	};
	if (g->passes)
		g->read.after = slice_make(g->after, sizeof(g->after));
	if (store_usage_read(kv_of(c)->store, &g->read) < 0)
		visited(&g->read);
}

/* ---- beginning -------------------------------------------------------------
 */

static int read_sheet(struct call *c, struct price_sheet *sheet)
{
	const char *path = kv_of(c)->prices;
	char *text = arena_alloc(c->mem, PRICE_SHEET_MAX + 1);
	FILE *file;
	size_t size;

	if (!path)
		return call_fail(c, E_INVALID,
				 "no price sheet is set: kv.prices");
	if (!text)
		return call_status(c);
	file = fopen(path, "re");
	if (!file)
		return call_fail(c, E_INVALID,
				 "cannot open the price sheet '%s': %s", path,
				 strerror(errno));
	size = fread(text, 1, PRICE_SHEET_MAX + 1, file);
	fclose(file);
	if (size > PRICE_SHEET_MAX)
		return call_fail(c, E_INVALID,
				 "the price sheet '%s' has over %d bytes", path,
				 PRICE_SHEET_MAX);
	return price_sheet_read(slice_make(text, size), path, c->mem, sheet,
				&c->fault);
}

void kv_get_bill(struct call *c, const struct bill_query *query,
		 void (*done)(struct call *, const struct bill *))
{
	struct get *g = arena_zalloc(c->mem, sizeof(*g));

	if (call_status(c) < 0 || !g || usage_check_hours(c, &query->rows) ||
	    read_sheet(c, &g->bill.sheet)) {
		done(c, NULL);
		return;
	}
	g->call = c;
	g->query = *query;
	g->done = done;
	g->bill.lines =
	    arena_array(c->mem, BILL_LINES_MAX, sizeof(*g->bill.lines));
	if (call_status(c) < 0) {
		done(c, NULL);
		return;
	}
	buffer_init(&g->key, KEY_MAX);
	map_init(&g->lines);
	begin(g);
}
