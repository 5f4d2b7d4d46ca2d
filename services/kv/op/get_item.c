/* services/kv/op/get_item.c - items by their keys */
#include "services/kv/op/get_item.h"
#include "services/kv/model/item.h"
#include "services/kv/op/capacity.h"
#include "services/kv/op/distinct.h"
#include "services/kv/op/names.h"
#include "services/kv/op/permit.h"

static int permit(struct call *c, const struct kv_wanted *wanted,
		  const char *action)
{
	struct slice leading =
	    item_find_slice(wanted->map, wanted->table->key.hash.name).bytes;
	struct kv_ask ask = {
		.table = wanted->table,
		.action = action,
		.leading_keys = { .rows = &leading, .count = 1 },
		.attributes = kv_names(c, wanted->map, wanted->scope),
		.capacity = wanted->capacity,
	};

	ask.attributes.every = !wanted->paths;
	return kv_permit(c, &ask);
}

int kv_get_prepare(struct call *c, struct kv_get *get, const char *action,
		   const char *twice)
{
	get->keys = arena_array(c->mem, get->count + 1, sizeof(*get->keys));
	if (!get->keys)
		return call_status(c);
	for (size_t i = 0; i < get->count; i++) {
		struct kv_wanted *wanted = &get->wanted[i];

		if (kv_key_of_map(&wanted->table->key, wanted->map, c->mem,
				  &wanted->key, &c->fault) ||
		    kv_paths_check_scalars(wanted->paths, wanted->table,
					   &c->fault))
			return -E_INVALID;
		get->keys[i] = (struct store_key){
			.part = { wanted->table->number, wanted->key.hash },
			.sort = wanted->key.sort,
		};
	}
	if (!kv_keys_distinct(get->keys, get->count, c->mem))
		return call_fail(c, E_INVALID, "%s", twice);
	for (size_t i = 0; i < get->count; i++)
		if (permit(c, &get->wanted[i], action) ||
		    (!get->partial &&
		     kv_capacity_admit(c, get->wanted[i].table, NULL,
				       KV_READ_UNITS, 0)))
			return -c->fault.code;
	return call_status(c);
}

/* Is there capacity for it, beside what was read of its table before? */
static bool admit(struct kv_get *get, const struct kv_wanted *wanted)
{
	int64_t besides = *kv_cost_of(wanted->cost, NULL);

	if (kv_capacity_admit(get->call, wanted->table, NULL, KV_READ_UNITS,
			      besides) < 0)
		return false;
	get->admitted = true;
	return true;
}

static enum store_visit visit(struct store_read *read, size_t i,
			      struct slice item)
{
	struct kv_get *get = read->arg;
	struct kv_wanted *wanted = &get->wanted[i];
	struct arena *mem = get->call->mem;
	struct slice shown = item;
	size_t size;

	wanted->left = get->partial && !admit(get, wanted);
	if (wanted->left)
		return STORE_NEXT;
	if (wanted->paths && item.data)
		shown = kv_projection_apply(wanted->paths, item, mem);
	wanted->left = get->bytes + shown.size > KV_GET_BYTES_MAX;
	if (wanted->left)
		return STORE_NEXT;
	size = kv_item_size(item);
	*kv_cost_of(wanted->cost, NULL) += kv_units_read(wanted->price, size);
	get->sizes += size;
	if (item.data && kv_condition_holds(wanted->filter, item))
		wanted->item = wanted->paths ? shown : arena_slice(mem, item);
	get->bytes += shown.size;
	return STORE_NEXT;
}

static void done(struct store_read *read)
{
	struct kv_get *get = read->arg;
	struct call *c = get->call;

	if (get->partial && get->admitted)
		fault_clear(&c->fault); /* what was refused is left */
	if (read->fault.code)
		call_fail(c, read->fault.code, "%s", read->fault.message);
	if (get->transaction && get->sizes > KV_GET_TRANSACTION_MAX)
		call_fail(c, E_INVALID,
			  "The aggregate size of the items in the transaction "
			  "exceeded 4 MB");
	get->done(c, get);
}

void kv_get_items(struct call *c, struct kv_get *get)
{
	get->call = c;
	get->read = (struct store_read){
		.visit = visit, .done = done, .arg = get, .loop = c->loop
	};
	store_get(kv_of(c)->store, get->keys, get->count, &get->read);
}
