/* services/kv/api/scan.c - Scan's messages */
#include "services/kv/api/items.h"
#include "services/kv/api/page_answer.h"

typedef Parlor__Kv__V1__ScanRequest request;

static int check(struct call *c, const struct api_page_request *r)
{
	if (api_page_check(c, r))
		return -c->fault.code;
	if (r->has_segment && !r->has_segments)
		return call_fail(c, E_INVALID,
				 "The TotalSegments parameter is required but "
				 "was not present in the request when Segment "
				 "parameter is present");
	if (r->has_segments && !r->has_segment)
		return call_fail(c, E_INVALID,
				 "The Segment parameter is required but was "
				 "not present in the request when parameter "
				 "TotalSegments is present");
	if (r->has_segment && r->segment >= r->segments)
		return call_fail(c, E_INVALID,
				 "The Segment parameter is zero-based and must "
				 "be less than parameter TotalSegments: "
				 "Segment: %d is not less than TotalSegments: "
				 "%d",
				 r->segment, r->segments);
	return 0;
}

static int prepare(struct call *c, const struct api_page_request *r,
		   struct kv_scan *s)
{
	struct kv_scope *scope = api_page_prepare(c, &s->page, r);

	if (!scope || api_scope_done(c, scope))
		return -c->fault.code;
	return api_page_table(c, &s->page, r);
}

void api_scan(struct call *c)
{
	const request *message =
	    call_unpack(c, &parlor__kv__v1__scan_request__descriptor);
	struct kv_scan *s = arena_zalloc(c->mem, sizeof(*s));
	struct api_page_request r;

	if (!message || !s) {
		call_end(c);
		return;
	}
	r = API_PAGE_REQUEST(c, message, scan_filter, "ScanFilter");
	r.expressions.absent = "FilterExpression is";
	r.select_prefix = "";
	r.has_segment = message->has_segment;
	r.segment = message->segment;
	r.has_segments = message->has_total_segments;
	r.segments = message->total_segments;
	s->segment = r.has_segment ? (uint32_t)r.segment : 0;
	s->segments = r.has_segment ? (uint32_t)r.segments : 1;
	if (check(c, &r) || prepare(c, &r, s)) {
		call_end(c);
		return;
	}
	kv_scan(c, s);
}
