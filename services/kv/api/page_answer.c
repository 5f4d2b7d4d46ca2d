/* services/kv/api/page_answer.c - how Query and Scan end */
#include "services/kv/api/page_answer.h"
#include "lib/wire/message.h"
#include "lib/wire/wire.h"
#include "services/kv/model/item.h"

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
		call_fail(c, E_HTTP_TOO_LARGE, "the answer is too large");
	call_reply_bytes(c, buffer_slice(out));
	buffer_release(out);
}

/* ---- requests --------------------------------------------------------------
 */

enum { SEGMENTS_MAX = 1000000 };

int api_page_check(struct call *c, const struct api_page_request *r)
{
	struct complaints complaints = { .count = 0 };
	struct slice index = slice_of(r->index_name);

	complain_enum(&complaints, slice_of(r->select), "select",
		      api_select_words);
	complain_name(&complaints, index, "indexName");
	complain_length(&complaints, index, "indexName", KV_TABLE_NAME_MIN,
			KV_TABLE_NAME_MAX);
	if (r->has_segments) {
		complain_least(&complaints, r->segments, "totalSegments", 1);
		complain_most(&complaints, r->segments, "totalSegments",
			      SEGMENTS_MAX);
	}
	complain_enum(&complaints, slice_of(r->capacity),
		      "returnConsumedCapacity", api_capacity_words);
	api_table_name_complain(&complaints, slice_of(r->table_name),
				"tableName");
	if (r->has_segment)
		complain_least(&complaints, r->segment, "segment", 0);
	if (r->has_limit)
		complain_least(&complaints, r->limit, "limit", 1);
	api_legacy_complain(&complaints, &r->expressions.legacy);
	if (complaints_end(&complaints, &c->fault) ||
	    api_table_name_check(c, slice_of(r->table_name), "tableName"))
		return -c->fault.code;
	return api_expressions_check(c, &r->expressions);
}

/* What Select says must fit the rest. */
static int check_select(struct call *c, const struct api_page_request *r)
{
	bool specific = api_is(r->select, "SPECIFIC_ATTRIBUTES");
	const char *named = r->expressions.projection ? "ProjectionExpression"
			    : r->expressions.legacy.name_count
				? "AttributesToGet"
				: NULL;

	if (r->select && !specific && named)
		return call_fail(c, E_INVALID,
				 "%sCannot specify the %s when choosing to get "
				 "%s",
				 r->select_prefix, named, r->select);
	if (specific && !named)
		return call_fail(c, E_INVALID,
				 "One or more parameter values were invalid: "
				 "Must specify the AttributesToGet or "
				 "ProjectionExpression when choosing to get "
				 "SPECIFIC_ATTRIBUTES");
	if (api_is(r->select, "ALL_PROJECTED_ATTRIBUTES") && !r->index_name)
		return call_fail(c, E_INVALID,
				 "One or more parameter values were invalid: "
				 "ALL_PROJECTED_ATTRIBUTES can be used only "
				 "when Querying using an IndexName");
	return 0;
}

/* ExclusiveStartKey's values; whether they are a key, the table says. */
static int read_start(struct call *c, const struct api_page_request *r,
		      struct slice *start)
{
	struct fault why = { 0 };

	if (r->has_start &&
	    kv_item_canonical(api_bytes(r->start), c->mem, start, &why))
		return call_fail(c, why.code,
				 "The provided starting key is invalid: %s",
				 why.message);
	return call_status(c);
}

struct kv_scope *api_page_prepare(struct call *c, struct kv_page *page,
				  const struct api_page_request *r)
{
	struct api_page *answer = arena_zalloc(c->mem, sizeof(*answer));
	struct kv_scope *scope;

	if (!answer || check_select(c, r) || read_start(c, r, &page->start))
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
	if (!page->index || page->index->state == KV_INDEX_DELETING)
		return call_fail(c, E_INVALID,
				 "The table does not have the specified index: "
				 "%s",
				 r->index_name);
	if (page->index->state != KV_INDEX_ACTIVE)
		return call_fail(c, E_INVALID,
				 "Cannot read from backfilling global "
				 "secondary index: %s",
				 r->index_name);
	if (r->consistent && !page->index->local)
		return call_fail(c, E_INVALID,
				 "Consistent reads are not supported on global "
				 "secondary indexes");
	return 0;
}
