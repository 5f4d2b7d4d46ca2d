/* services/kv/op/scan.c - all items, or a segment of them */
#include "services/kv/op/page.h"

#include <inttypes.h>

static int find_start(struct call *c, struct kv_scan *s)
{
	struct kv_page *page = &s->page;
	struct store_place *after = &page->scan.after;
	struct kv_key table, index;

	if (kv_page_start(c, page, true, after, &table, &index))
		return -c->fault.code;
	if (!page->start.data || store_scan_has(&page->scan, after->hash_key))
		return 0;
	return call_fail(c, E_INVALID,
			 "The provided starting key is invalid: Invalid "
			 "ExclusiveStartKey. Please use ExclusiveStartKey with "
			 "correct Segment. TotalSegments: %" PRIu32
			 " Segment: %" PRIu32,
			 s->segments, s->segment);
}

static int prepare(struct call *c, struct kv_scan *s)
{
	struct kv_page *page = &s->page;

	if (call_failed(c))
		return -c->fault.code;
	page->scan = (struct store_scan){ .table = kv_page_number(page),
					  .segment = s->segment,
					  .segments = s->segments };
	if (kv_page_index(c, page) || find_start(c, s) ||
	    kv_page_scalars(c, page) ||
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
