/* services/kv/op/change.c - what is to become of one item */
#include "services/kv/op/change.h"
#include "services/kv/model/item.h"
#include "services/kv/op/capacity.h"
#include "services/kv/op/catalog.h"
#include "services/kv/op/names.h"
#include "services/kv/op/permit.h"
#include "services/kv/op/record.h"

static const struct kind {
	const char *action;
	int (*prepare)(struct call *, struct kv_change *, struct fault *);
	int (*apply)(struct kv_change *, struct arena *, struct fault *);
} kinds[] = {
	[KV_CHANGE_PUT] = { "dynamodb:PutItem", kv_put_prepare, kv_put_apply },
	[KV_CHANGE_UPDATE] = { "dynamodb:UpdateItem", kv_update_prepare,
			       kv_update_item_apply },
	[KV_CHANGE_DELETE] = { "dynamodb:DeleteItem", kv_delete_prepare,
			       kv_delete_apply },
	[KV_CHANGE_CHECK] = { "dynamodb:ConditionCheckItem", kv_delete_prepare,
			      kv_check_apply },
};

int kv_change_prepare(struct call *c, struct kv_change *change, struct fault *f)
{
	if (!kv_cost_init(&change->cost, c, change->table, KV_WRITE_UNITS))
		return fault_set(f, E_HTTP_TOO_LARGE, "too much data");
	return kinds[change->kind].prepare(c, change, f);
}

int kv_change_renew(struct call *c, struct kv_change *change, struct fault *f)
{
	const struct catalog_table *table =
	    catalog_table(catalog_view(c), change->table->name);

	if (!table)
		return fault_set(f, E_MISSING, "Requested resource not found");
	change->table = &table->table;
	change->rows = NULL;
	change->stale = false;
	return kv_change_prepare(c, change, f);
}

struct store_key kv_change_key(const struct kv_change *change)
{
	return (struct store_key){
		.part = { .table = change->table->number,
			  .hash_key = change->key.hash },
		.sort = change->key.sort,
	};
}

/* ---- may it ----------------------------------------------------------------
 */

static const char *const return_names[] = {
	[KV_RETURN_NONE] = "NONE",
	[KV_RETURN_ALL_OLD] = "ALL_OLD",
	[KV_RETURN_UPDATED_OLD] = "UPDATED_OLD",
	[KV_RETURN_ALL_NEW] = "ALL_NEW",
	[KV_RETURN_UPDATED_NEW] = "UPDATED_NEW",
};

int kv_change_permit(struct call *c, const struct kv_change *change)
{
	struct slice leading =
	    item_find_slice(change->item, change->table->key.parts[0].name)
		.bytes;
	struct kv_ask ask = {
		.table = change->table,
		.action = change->action ? change->action
					 : kinds[change->kind].action,
		.leading_keys = { .rows = &leading, .count = 1 },
		.attributes = kv_names(c, change->item, change->scope),
		.return_values = slice_of(return_names[change->returns]),
		.capacity = change->capacity,
		.sized = change->sized,
	};

	ask.attributes.every = change->returns == KV_RETURN_ALL_OLD ||
			       change->returns == KV_RETURN_ALL_NEW ||
			       change->show;
	if (kv_permit(c, &ask) < 0)
		return -c->fault.code;
	ask.return_values = SLICE("ALL_OLD"); /* may come with a refusal */
	return change->show ? kv_permit(c, &ask) : 0;
}

int kv_change_admit(struct call *c, const struct kv_change *change,
		    int64_t besides)
{
	return kv_capacity_admit(c, change->table, NULL, KV_WRITE_UNITS,
				 besides);
}

/* ---- deciding --------------------------------------------------------------
 */

void kv_change_refused_cost(struct kv_change *change)
{
	size_t wanted =
	    change->kind == KV_CHANGE_PUT ? kv_item_size(change->item) : 0;

	kv_cost_clear(&change->cost);
	*kv_cost_of(&change->cost, NULL) =
	    kv_units_write(change->price, kv_item_size(change->before), wanted);
}

static const struct kv_index_row *find_row(const struct kv_index_row *rows,
					   size_t count,
					   const struct kv_index *index)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].index == index)
			return &rows[i];
	return NULL;
}

static void count_cost(struct kv_change *change,
		       const struct kv_index_row *before, size_t before_count,
		       const struct kv_index_row *after, size_t after_count)
{
	const struct kv_table *table = change->table;

	kv_cost_clear(&change->cost);
	*kv_cost_of(&change->cost, NULL) =
	    kv_units_write(change->price, kv_item_size(change->before),
			   kv_item_size(change->after));
	for (size_t i = 0; i < table->index_count; i++) {
		const struct kv_index *index = &table->indexes[i];

		*kv_cost_of(&change->cost, index) =
		    kv_units_index(find_row(before, before_count, index),
				   find_row(after, after_count, index));
	}
}

static uint32_t number_of(const struct kv_table *table,
			  const struct kv_index_row *row)
{
	return row->index ? row->index->number : table->ttl.number;
}

const struct store_index_row *kv_store_rows(const struct kv_table *table,
					    const struct kv_index_row *rows,
					    size_t count, struct arena *mem)
{
	struct store_index_row *out = arena_array(mem, count + 1, sizeof(*out));

	for (size_t i = 0; out && i < count; i++)
		out[i] = (struct store_index_row){
			.index = number_of(table, &rows[i]) | STORE_INDEX,
			.hash_key = rows[i].key.hash,
			.sort = rows[i].key.sort,
			.item = rows[i].item,
			.local = rows[i].index && rows[i].index->local,
		};
	return out;
}

/* The item's rows in the indexes before and after, and what all costs. */
static int change_indexes(struct kv_change *change, struct arena *mem,
			  struct store_change *out, struct fault *f)
{
	size_t room = change->table->index_count + 1;
	struct kv_index_row *before = arena_array(mem, room, sizeof(*before));
	struct kv_index_row *after = change->rows;
	int had, has = (int)change->row_count;

	if (!after)
		after = arena_array(mem, room, sizeof(*after));
	if (!before || !after)
		return fault_set(f, E_HTTP_TOO_LARGE, "too much data");
	if (!change->rows) {
		has = kv_index_rows(change->table, change->after, true, mem,
				    after, f);
		if (has < 0)
			return has;
	}
	had = kv_index_rows_there(change->table, change->before, mem, before);
	count_cost(change, before, (size_t)had, after, (size_t)has);
	out->before = kv_store_rows(change->table, before, (size_t)had, mem);
	out->before_count = (size_t)had;
	out->now = kv_store_rows(change->table, after, (size_t)has, mem);
	out->now_count = (size_t)has;
	out->counted = kv_table_has_collections(change->table);
	return out->now && out->before
		   ? 0
		   : fault_set(f, E_HTTP_TOO_LARGE, "too much data");
}

static int refuse(struct kv_change *change, struct fault *f)
{
	kv_change_refused_cost(change);
	if (change->insert)
		return fault_set(f, E_DUPLICATE,
				 "Duplicate primary key exists in table");
	return fault_set(f, E_CONDITION, "The conditional request failed");
}

int kv_change_decide(struct kv_change *change, struct arena *mem,
		     struct slice have, struct store_change *out,
		     struct fault *f)
{
	change->stale = !catalog_is_current(change->table);
	if (change->stale)
		return fault_set(f, E_ABORTED, "the table was changed");
	change->before = have;
	change->after = slice_make(NULL, 0);
	change->refused = !kv_condition_holds(change->condition, have);
	if (change->refused)
		return refuse(change, f);
	if (kinds[change->kind].apply(change, mem, f))
		return -f->code;
	if (change->kind == KV_CHANGE_CHECK) {
		kv_change_refused_cost(change); /* it writes nothing either */
		return 0;
	}
	if (change_indexes(change, mem, out, f))
		return -f->code;
	if (change->after.size || have.size)
		out->kind = change->after.size ? STORE_PUT : STORE_DELETE;
	out->item = change->after;
	out->stream = change->table->stream_number;
	out->record = kv_record_write(change->table, have, change->after,
				      change->by_service, mem);
	return 0;
}

struct slice kv_change_returned(const struct kv_change *change,
				struct arena *mem)
{
	switch (change->returns) {
	case KV_RETURN_ALL_OLD:
		return change->before;
	case KV_RETURN_ALL_NEW:
		return change->after;
	case KV_RETURN_UPDATED_OLD:
		return kv_projection_apply(&change->update.touched,
					   change->before, mem);
	case KV_RETURN_UPDATED_NEW:
		return kv_projection_apply(&change->update.touched,
					   change->after, mem);
	case KV_RETURN_NONE:
		break;
	}
	return SLICE("");
}
