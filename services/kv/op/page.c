/* services/kv/op/page.c - a page of items */
#include "services/kv/op/page.h"
#include "services/kv/model/item.h"
#include "services/kv/op/capacity.h"
#include "services/kv/op/names.h"
#include "services/kv/op/permit.h"

uint32_t kv_page_number(const struct kv_page *page)
{
	return page->index ? page->index->number | STORE_INDEX
			   : page->table->number;
}

int kv_page_index(struct call *c, struct kv_page *page)
{
	const struct kv_index *index = page->index;
	bool whole = slice_is(page->select, "ALL_ATTRIBUTES");

	if (!index || index->projection == KV_PROJECT_ALL)
		return 0;
	if (index->local) {
		page->fetches =
		    whole ||
		    !kv_paths_projected(page->paths, page->table, index);
		return 0;
	}
	if (whole)
		return call_fail(c, E_INVALID,
				 "One or more parameter values were invalid: "
				 "Select type ALL_ATTRIBUTES is not supported "
				 "for global secondary index %.*s because its "
				 "projection type is not ALL",
				 SLICE_ARGS(index->name));
	return kv_paths_check_index(page->paths, page->table, index, &c->fault);
}

int kv_page_start(struct call *c, struct kv_page *page, bool scanned,
		  struct store_place *place, struct kv_key *table,
		  struct kv_key *index)
{
	if (!page->start.data)
		return 0;
	if (kv_key_of_start(page->table, page->index, scanned, page->start,
			    c->mem, table, index, &c->fault))
		return -E_INVALID;
	if (page->index)
		*place = (struct store_place){ index->hash, index->sort,
					       table->hash, table->sort };
	else
		*place = (struct store_place){ .hash_key = table->hash,
					       .sort = table->sort };
	return 0;
}

int kv_page_scalars(struct call *c, const struct kv_page *page)
{
	return kv_paths_check_scalars(page->paths, page->table, &c->fault) ||
		       kv_filter_check_scalars(page->filter, page->table,
					       &c->fault)
		   ? -E_INVALID
		   : 0;
}

/* Select, where it was not given as what it then is. */
static struct slice select_of(const struct kv_page *page)
{
	if (page->select.size)
		return page->select;
	if (page->paths)
		return SLICE("SPECIFIC_ATTRIBUTES");
	return page->index ? SLICE("ALL_PROJECTED_ATTRIBUTES")
			   : SLICE("ALL_ATTRIBUTES");
}

/* Each attribute of the partition key is held against policies by itself, too:
 * one that they allow doesn't open what lies under another. */
static int permit_leading(struct call *c, struct kv_ask *ask)
{
	const struct policy_values all = ask->leading_keys;

	if (kv_permit(c, ask) < 0)
		return -c->fault.code;
	for (size_t i = 0; all.count > 1 && i < all.count; i++) {
		ask->leading_keys =
		    (struct policy_values){ .rows = &all.rows[i], .count = 1 };
		if (kv_permit(c, ask) < 0)
			return -c->fault.code;
	}
	return 0;
}

int kv_page_permit(struct call *c, struct kv_page *page,
		   struct policy_values leading)
{
	struct kv_ask ask = {
		.table = page->table,
		.index = page->index,
		.action = page->action,
		.leading_keys = leading,
		.attributes =
		    kv_key_names(c, page->table, page->index, page->scope),
		.select = select_of(page),
		.capacity = page->capacity,
	};

	ask.attributes.every = !page->paths && !page->count_only;
	if (permit_leading(c, &ask) < 0)
		return -c->fault.code;
	return kv_capacity_admit(c, page->table, page->index, KV_READ_UNITS, 0);
}

/* ---- reading ---------------------------------------------------------------
 */

static void pass(struct kv_page *page, struct slice item)
{
	struct arena *mem = page->call->mem;
	struct arena_mark mark = arena_mark(mem);

	page->count++;
	if (page->count_only)
		return;
	if (page->paths)
		item = kv_projection_apply(page->paths, item, mem);
	page->item(page, item);
	arena_rewind(mem, &mark);
}

/* Asks for the item of an index's row. */
static enum store_visit fetch(struct kv_page *page, struct slice row)
{
	struct arena *mem = page->call->mem;
	struct fault none = { 0 };
	struct kv_key key;

	page->row = row;
	page->mark = arena_mark(mem);
	kv_key_of_item(&page->table->key, row, mem, &key, &none);
	page->read.fetch = (struct store_key){
		.part = { .table = page->table->number, .hash_key = key.hash },
		.sort = key.sort,
	};
	return STORE_FETCH;
}

static void take_fetched(struct kv_page *page, struct slice item)
{
	size_t size = kv_item_size(item);

	arena_rewind(page->call->mem, &page->mark);
	page->fetched += size;
	page->fetched_halves += kv_units_read(page->price, size);
}

static bool is_full(const struct kv_page *page)
{
	return page->bytes + page->fetched >= KV_PAGE_BYTES ||
	       (page->limit && (size_t)page->scanned >= page->limit);
}

static enum store_visit visit(struct store_read *read, size_t key_index,
			      struct slice item)
{
	struct kv_page *page = read->arg;
	struct slice row = item;

	if (key_index == STORE_FETCHED) {
		take_fetched(page, item);
		row = page->row;
	} else {
		page->scanned++;
		page->bytes += kv_item_size(row);
		if (page->fetches)
			return fetch(page, row);
	}
	if (kv_condition_holds(page->filter, item))
		pass(page, item);
	if (!is_full(page))
		return STORE_NEXT;
	page->last =
	    kv_key_attributes(page->table, page->index, row, page->call->mem);
	return STORE_ENOUGH;
}

static void done(struct store_read *read)
{
	struct kv_page *page = read->arg;
	struct call *c = page->call;

	if (read->fault.code) {
		call_fail(c, read->fault.code, "%s", read->fault.message);
	} else {
		*kv_cost_of(&page->cost, NULL) = page->fetched_halves;
		*kv_cost_of(&page->cost, page->index) =
		    kv_units_read(page->price, page->bytes);
		kv_cost_bill(&page->cost, c);
	}
	page->done(c, page);
}

int kv_page_begin(struct call *c, struct kv_page *page)
{
	kv_cost_init(&page->cost, c, page->table, KV_READ_UNITS);
	page->call = c;
	page->read = (struct store_read){
		.visit = visit, .done = done, .arg = page, .loop = c->loop
	};
	return call_status(c);
}
