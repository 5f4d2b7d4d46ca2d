/* services/kv/op/scan.c - all items, or a segment of them */
#include "services/kv/op/page.h"

static int prepare(struct call *c, struct kv_scan *s)
{
	struct kv_page *page = &s->page;
	struct kv_key table, index;

	if (call_failed(c))
		return -c->fault.code;
	page->scan = (struct store_scan){ .table = kv_page_number(page),
					  .segment = s->segment,
					  .segments = s->segments };
	if (kv_page_index(c, page) ||
	    kv_page_start(c, page, true, &page->scan.after, &table, &index) ||
	    kv_page_permit(c, page, (struct policy_values){ .every = true }))
		return -c->fault.code;
	return kv_page_begin(c, page);
}

void kv_scan(struct call *c, struct kv_scan *s)
{
	struct kv_page *page = &s->page;

	if (prepare(c, s)) {
		page->done(c, page);
		return;
	}
	store_scan(kv_of(c)->store, &page->scan, &page->read);
}
