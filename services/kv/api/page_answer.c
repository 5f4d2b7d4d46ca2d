/* services/kv/api/page_answer.c - how Query and Scan end */
#include "services/kv/api/page_answer.h"
#include "lib/wire/message.h"
#include "lib/wire/wire.h"

/* Fields of QueryResponse and ScanResponse. */
enum {
	ANSWER_ITEMS = 1,
	ANSWER_COUNT,
	ANSWER_SCANNED,
	ANSWER_LAST,
	ANSWER_CAPACITY,
};

/* A megabyte as DynamoDB counts may take several as it travels. */
enum { ANSWER_MAX = 24 << 20 };

static void take_item(struct kv_page *page, struct slice item)
{
	struct api_page *answer = page->arg;

	wire_put_bytes(&answer->items, ANSWER_ITEMS, item);
}

static void put_number(struct buffer *out, uint32_t field, int32_t value)
{
	wire_put_tag(out, field, WIRE_VARINT);
	wire_put_varint(out, (uint64_t)value);
}

static void done(struct call *c, struct kv_page *page)
{
	struct api_page *answer = page->arg;
	struct buffer *out = &answer->items;
	Parlor__Kv__V1__ConsumedCapacity *capacity;

	put_number(out, ANSWER_COUNT, page->count);
	put_number(out, ANSWER_SCANNED, page->scanned);
	if (page->last.size)
		wire_put_bytes(out, ANSWER_LAST, page->last);
	capacity = api_capacity(c->mem, &page->cost, answer->capacity, false);
	if (capacity)
		wire_put_bytes(out, ANSWER_CAPACITY,
			       message_pack(&capacity->base, c->mem));
	if (out->failed)
		call_fail(c, E_EXHAUSTED, "the answer is too large");
	call_reply_bytes(c, buffer_slice(out));
	buffer_release(out);
}

/* ---- requests --------------------------------------------------------------
 */

void api_page_check(struct complaints *complaints,
		    const struct api_page_request *r)
{
	complain_null(complaints, API_THERE(r->table_name), "tableName");
	complain_enum(complaints, slice_of(r->select), "select",
		      api_select_words);
	complain_enum(complaints, slice_of(r->capacity),
		      "returnConsumedCapacity", api_capacity_words);
	if (r->has_limit)
		complain_least(complaints, r->limit, "limit", 1);
	api_legacy_complain(complaints, &r->expressions.legacy);
}

/* What Select says must fit the rest. */
static int check_select(struct call *c, const struct api_page_request *r)
{
	bool specific = api_is(r->select, "SPECIFIC_ATTRIBUTES");
	const char *named = r->expressions.projection ? "ProjectionExpression"
			    : r->expressions.legacy.name_count
				? "AttributesToGet"
				: NULL;

	if (api_is(r->select, "ALL_PROJECTED_ATTRIBUTES") && !r->index_name)
		return call_fail(c, E_INVALID,
				 "One or more parameter values were invalid: "
				 "ALL_PROJECTED_ATTRIBUTES can be used only "
				 "when Querying using an IndexName");
	if (specific && !named)
		return call_fail(c, E_INVALID,
				 "One or more parameter values were invalid: "
				 "Must specify the AttributesToGet or "
				 "ProjectionExpression when choosing to get "
				 "SPECIFIC_ATTRIBUTES");
	if (r->select && !specific && named)
		return call_fail(c, E_INVALID,
				 "Cannot specify the %s when choosing to get "
				 "%s",
				 named, r->select);
	return 0;
}

struct kv_scope *api_page_prepare(struct call *c, struct kv_page *page,
				  const struct api_page_request *r)
{
	struct api_page *answer = arena_zalloc(c->mem, sizeof(*answer));
	struct kv_scope *scope;

	if (!answer || check_select(c, r))
		return NULL;
	scope = api_scope(c, &r->expressions);
	page->filter =
	    api_condition(scope, "FilterExpression", r->expressions.filter,
			  &r->expressions.legacy);
	page->filter_name = r->expressions.filter
				? "Filter Expression"
				: r->expressions.legacy.tests.what;
	page->paths = api_projection(scope, &r->expressions);
	page->scope = scope;
	page->select = slice_of(r->select);
	page->capacity = slice_of(r->capacity);
	page->count_only = api_is(r->select, "COUNT");
	c->brief = page->count_only;
	page->limit = r->has_limit ? (size_t)r->limit : 0;
	page->price = r->consistent ? KV_READ_CONSISTENT : KV_READ_EVENTUAL;
	if (r->has_start && api_item(c, r->start, &page->start))
		return NULL;
	buffer_init(&answer->items, ANSWER_MAX);
	answer->capacity = api_capacity_of(r->capacity);
	page->item = take_item;
	page->done = done;
	page->arg = answer;
	return scope;
}

int api_page_table(struct call *c, struct kv_page *page,
		   const struct api_page_request *r)
{
	page->table = api_table(c, r->table_name);
	if (!page->table || !r->index_name)
		return call_status(c);
	page->index = kv_table_index(page->table, slice_of(r->index_name));
	if (!page->index)
		return call_fail(c, E_INVALID,
				 "The table does not have the specified index: "
				 "%s",
				 r->index_name);
	if (r->consistent && !page->index->local)
		return call_fail(c, E_INVALID,
				 "Consistent reads are not supported on global "
				 "secondary indexes");
	return 0;
}
