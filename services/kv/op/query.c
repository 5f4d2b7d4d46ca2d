/* services/kv/op/query.c - items of one partition, in order */
#include "services/kv/op/page.h"

#define OUTSIDE                                                           \
	"The provided starting key is outside query boundaries based on " \
	"provided conditions"

static const struct kv_key_schema *schema_of(const struct kv_page *page)
{
	return page->index ? &page->index->key : &page->table->key;
}

/* ---- bounds ----------------------------------------------------------------
 */

/* The first key that does not begin with the prefix; none behind 0xff. */
static struct slice prefix_end(struct slice prefix, struct arena *mem)
{
	uint8_t *end;

	while (prefix.size && prefix.data[prefix.size - 1] == 0xff)
		prefix.size--;
	if (prefix.size == 0)
		return slice_make(NULL, 0);
	end = (uint8_t *)arena_copy(mem, prefix.data, prefix.size);
	if (end)
		end[prefix.size - 1]++;
	return slice_make(end, end ? prefix.size : 0);
}

/* What a condition says of the sort key, as bytes. */
struct wanted {
	struct slice prefix; /* of all attributes before the last it names */
	struct slice low, high;
	bool more; /* attributes follow: a value is what keys begin with */
};

static void set_bounds(struct store_range *range, enum kv_range_kind kind,
		       const struct wanted *w, struct arena *mem)
{
	bool from = kind == KV_RANGE_EQ || kind == KV_RANGE_GE ||
		    kind == KV_RANGE_GT || kind == KV_RANGE_BETWEEN ||
		    kind == KV_RANGE_BEGINS;
	bool to = kind == KV_RANGE_EQ || kind == KV_RANGE_LE ||
		  kind == KV_RANGE_BETWEEN;

	range->low = from ? w->low : w->prefix;
	range->low_inclusive = kind != KV_RANGE_GT;
	range->high_inclusive = to;
	if (to || kind == KV_RANGE_LT)
		range->high = w->high;
	else
		range->high =
		    prefix_end(kind == KV_RANGE_BEGINS ? w->low : w->prefix,
			       mem);
	if (!w->more)
		return;
	if (!range->low_inclusive)
		range->low = prefix_end(range->low, mem);
	if (range->high_inclusive)
		range->high = prefix_end(range->high, mem);
	range->low_inclusive = true;
	range->high_inclusive = false;
}

static int find_sort_bounds(struct call *c, struct kv_query *q)
{
	const struct kv_key_schema *schema = schema_of(&q->page);
	struct item_value *sorts = q->condition.sorts;
	size_t count = q->condition.sort_count;
	enum kv_range_kind kind = q->condition.kind;
	struct wanted w = { .more = count < schema->count - schema->hashes };

	if (kv_key_values(schema, true, sorts, count - 1, c->mem, &w.prefix,
			  &c->fault) ||
	    kv_key_values(schema, true, sorts, count, c->mem, &w.low,
			  &c->fault))
		return -E_INVALID;
	w.high = w.low;
	sorts[count - 1] = q->condition.high;
	if (kind == KV_RANGE_BETWEEN &&
	    kv_key_values(schema, true, sorts, count, c->mem, &w.high,
			  &c->fault))
		return -E_INVALID;
	if (kind == KV_RANGE_BEGINS && w.more && w.low.size)
		w.low.size--; /* its end */
	set_bounds(&q->page.range, kind, &w, c->mem);
	return 0;
}

static int find_bounds(struct call *c, struct kv_query *q)
{
	const struct kv_key_schema *schema = schema_of(&q->page);

	q->page.part.table = kv_page_number(&q->page);
	if (kv_key_values(schema, false, q->condition.hashes, schema->hashes,
			  c->mem, &q->page.part.hash_key, &c->fault))
		return -E_INVALID;
	return q->condition.sort_count ? find_sort_bounds(c, q) : 0;
}

/* ---- the start -------------------------------------------------------------
 */

static bool is_within(const struct store_range *range, struct slice sort)
{
	int low = range->low.data ? slice_compare(sort, range->low) : 1;
	int high = range->high.data ? slice_compare(sort, range->high) : -1;

	return (range->low_inclusive ? low >= 0 : low > 0) &&
	       (range->high_inclusive ? high <= 0 : high < 0);
}

static int find_start(struct call *c, struct kv_query *q)
{
	struct kv_page *page = &q->page;
	struct kv_key table, index;
	const struct store_place *after = &page->range.after;

	if (!page->start.data)
		return 0;
	if (kv_page_start(c, page, false, &page->range.after, &table, &index))
		return -E_INVALID;
	if (!slice_equal(after->hash_key, page->part.hash_key))
		return call_fail(c, E_INVALID, OUTSIDE);
	if (!is_within(&page->range, after->sort))
		return call_fail(c, E_INVALID,
				 "The provided starting key does not match the "
				 "range key predicate");
	return 0;
}

static int check_filter(struct call *c, const struct kv_page *page)
{
	if (page->filter_name &&
	    kv_filter_check(page->filter, page->filter_name, schema_of(page),
			    &c->fault))
		return -E_INVALID;
	return page->index ? kv_filter_check_index(page->filter, page->table,
						   page->index, &c->fault)
			   : 0;
}

static int prepare(struct call *c, struct kv_query *q)
{
	struct kv_page *page = &q->page;
	struct slice hashes[KV_KEY_PARTS_MAX];
	struct policy_values leading = { .rows = hashes,
					 .count = schema_of(page)->hashes };

	for (size_t i = 0; i < leading.count; i++)
		hashes[i] = q->condition.hashes[i].bytes;
	page->range.backward = q->backward;
	if (call_failed(c))
		return -c->fault.code;
	if (kv_page_index(c, page) || check_filter(c, page) ||
	    find_bounds(c, q) || find_start(c, q) || kv_page_scalars(c, page) ||
	    kv_page_permit(c, page, leading))
		return -c->fault.code;
	return kv_page_begin(c, page);
}

void kv_query(struct call *c, struct kv_query *q)
{
	struct kv_page *page = &q->page;

	if (prepare(c, q)) {
		page->done(c, page);
		return;
	}
	store_query(kv_of(c)->store, &page->part, &page->range, &page->read);
}
