/* services/kv/op/execute_statement.c - a SELECT */
#include "services/kv/op/execute_statement.h"

static void read_next(struct call *, struct kv_select *);

/* Is that all one answer holds? */
static bool is_full(const struct kv_select *s)
{
	size_t limit = s->begin.page.limit;

	return s->bytes >= KV_PAGE_BYTES || (limit && s->scanned >= limit);
}

static void read_done(struct call *c, struct kv_page *page)
{
	struct kv_select *s = (struct kv_select *)page;

	if (call_failed(c)) {
		s->done(c, s);
		return;
	}
	kv_cost_add(&s->cost, &page->cost);
	s->scanned += (size_t)page->scanned;
	s->bytes += page->bytes + page->fetched;
	s->more = page->last.size != 0;
	if (!s->more && ++s->at < s->count) {
		s->more = is_full(s);
		if (!s->more) {
			read_next(c, s);
			return;
		}
	}
	s->done(c, s);
}

static void read_next(struct call *c, struct kv_select *s)
{
	s->read.query = s->begin;
	s->begin.page.start = slice_make(NULL, 0); /* of the first only */
	if (s->begin.page.limit)
		s->read.page.limit -= s->scanned;
	if (s->count == 0) {
		s->read.scan.segments = 1;
		kv_scan(c, &s->read.scan);
		return;
	}
	s->read.query.condition = s->conditions[s->at];
	kv_query(c, &s->read.query);
}

void kv_select(struct call *c, struct kv_select *s)
{
	s->read.page.done = read_done;
	s->begin = s->read.query;
	if (call_failed(c) ||
	    !kv_cost_init(&s->cost, c, s->begin.page.table, KV_READ_UNITS)) {
		call_status(c);
		s->done(c, s);
		return;
	}
	read_next(c, s);
}
