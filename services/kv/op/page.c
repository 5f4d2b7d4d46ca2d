/* services/kv/op/page.c - a page of items */
#include "services/kv/op/page.h"
#include "services/kv/model/item.h"
#include "services/kv/op/names.h"
#include "services/kv/op/permit.h"

uint32_t kv_page_number(const struct kv_page *page)
{
	return page->index ? page->index->number | STORE_INDEX
			   : page->table->number;
}

int kv_page_start(struct call *c, struct kv_page *page,
		  struct store_place *place, struct kv_key *table,
		  struct kv_key *index)
{
	if (!page->start.data)
		return 0;
	if (kv_key_of_start(page->table, page->index, page->start, c->mem,
			    table, index, &c->fault))
		return -E_INVALID;
	if (page->index)
		*place = (struct store_place){ index->hash, index->sort,
					       table->hash, table->sort };
	else
		*place = (struct store_place){ .hash_key = table->hash,
					       .sort = table->sort };
	return 0;
}

int kv_page_permit(struct call *c, struct kv_page *page,
		   struct policy_values leading)
{
	struct kv_ask ask = {
		.table = page->table,
		.index = page->index,
		.leading_keys = leading,
		.attributes =
		    kv_key_names(c, page->table, page->index, page->scope),
		.select = page->select,
	};

	ask.attributes.every = !page->paths && !page->count_only;
	return kv_permit(c, &ask);
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

static enum store_visit visit(struct store_read *read, size_t key_index,
			      struct slice item)
{
	struct kv_page *page = read->arg;

	(void)key_index;
	page->scanned++;
	page->bytes += kv_item_size(item);
	if (kv_condition_holds(page->filter, item))
		pass(page, item);
	if (page->bytes < KV_PAGE_BYTES &&
	    (page->limit == 0 || (size_t)page->scanned < page->limit))
		return STORE_NEXT;
	page->last =
	    kv_key_attributes(page->table, page->index, item, page->call->mem);
	return STORE_ENOUGH;
}

static void done(struct store_read *read)
{
	struct kv_page *page = read->arg;
	struct call *c = page->call;

	if (read->fault.code) {
		call_fail(c, read->fault.code, "%s", read->fault.message);
	} else {
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
