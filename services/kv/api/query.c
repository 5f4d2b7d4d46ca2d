/* services/kv/api/query.c - Query's messages */
#include "services/kv/api/items.h"
#include "services/kv/api/page_answer.h"

typedef Parlor__Kv__V1__QueryRequest request;

static int check(struct call *c, const struct api_page_request *r)
{
	if (api_page_check(c, r))
		return -c->fault.code;
	if (!r->expressions.key_condition && !r->expressions.legacy.key.given)
		return call_fail(c, E_INVALID,
				 "Either the KeyConditions or "
				 "KeyConditionExpression parameter must be "
				 "specified in the request.");
	return 0;
}

static const struct kv_node *read_key(struct kv_scope *scope,
				      const struct api_expressions *e)
{
	const struct kv_node *node = NULL;

	if (scope && !scope->fault->code && e->key_condition)
		kv_key_condition_compile(scope, slice_of(e->key_condition),
					 &node);
	else if (scope)
		api_legacy_key(scope, &e->legacy, &node);
	return node;
}

/* Which key the condition must be on, only the table says. */
static int prepare(struct call *c, const struct api_page_request *r,
		   struct kv_query *q)
{
	struct kv_scope *scope = api_page_prepare(c, &q->page, r);
	const struct kv_node *condition = read_key(scope, &r->expressions);
	const struct kv_page *page = &q->page;

	if (!scope || api_scope_done(c, scope) ||
	    api_page_table(c, &q->page, r))
		return -c->fault.code;
	return kv_key_condition_match(condition,
				      page->index ? &page->index->key
						  : &page->table->key,
				      &q->condition, &c->fault);
}

void api_query(struct call *c)
{
	const request *message =
	    call_unpack(c, &parlor__kv__v1__query_request__descriptor);
	struct kv_query *q = arena_zalloc(c->mem, sizeof(*q));
	struct api_page_request r;

	if (!message || !q) {
		call_end(c);
		return;
	}
	r = API_PAGE_REQUEST(c, message, query_filter, "QueryFilter");
	r.expressions.key_condition = message->key_condition_expression;
	r.expressions.legacy.key =
	    API_CONDITIONS(c, message, key_conditions, "KeyConditions");
	r.expressions.absent =
	    "FilterExpression and KeyConditionExpression are";
	r.select_prefix = "1 validation error detected: ";
	q->backward =
	    message->has_scan_index_forward && !message->scan_index_forward;
	if (check(c, &r) || prepare(c, &r, q)) {
		call_end(c);
		return;
	}
	kv_query(c, q);
}
