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
	    item_find_slice(wanted->map, wanted->table->key.parts[0].name)
		.bytes;
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

static int find(struct call *c, struct kv_get *get, size_t i, struct fault *f)
{
	struct kv_wanted *wanted = &get->wanted[i];

	if (kv_key_of_map(&wanted->table->key, wanted->map, c->mem,
			  &wanted->key, f) ||
	    kv_paths_check_scalars(wanted->paths, wanted->table, f))
		return -f->code;
	get->keys[i] = (struct store_key){
		.part = { wanted->table->number, wanted->key.hash },
		.sort = wanted->key.sort,
	};
	return 0;
}

static int find_all(struct call *c, struct kv_get *get)
{
	for (size_t i = 0; i < get->count; i++)
		if (find(c, get, i, &c->fault))
			return -c->fault.code;
	return 0;
}

static int permit_all(struct call *c, const struct kv_get *get,
		      const char *action)
{
	for (size_t i = 0; i < get->count; i++)
		if (permit(c, &get->wanted[i], action) ||
		    (!get->partial &&
		     kv_capacity_admit(c, get->wanted[i].table, NULL,
				       KV_READ_UNITS, 0)))
			return -c->fault.code;
	return call_status(c);
}

/* What is wrong with one part of a transaction as such is a reason. */
static int find_parts(struct call *c, struct kv_get *get, const char *action)
{
	get->reasons =
	    arena_array(c->mem, get->count + 1, sizeof(*get->reasons));
	for (size_t i = 0; get->reasons && i < get->count; i++) {
		const struct kv_wanted *wanted = &get->wanted[i];
		struct fault f;

		fault_clear(&f);
		find(c, get, i, &f);
		if (kv_keys_filled(wanted->table, wanted->map, false,
				   &c->fault) ||
		    permit(c, wanted, action) ||
		    kv_capacity_admit_part(c, wanted->table, KV_READ_UNITS, &f))
			return -c->fault.code;
		get->reasons[i] = kv_reason_of(&f, c->mem);
	}
	return call_status(c)
		   ? -c->fault.code
		   : kv_reasons_check(get->reasons, get->count, &c->fault);
}

int kv_get_prepare(struct call *c, struct kv_get *get, const char *action,
		   const char *twice)
{
	get->keys = arena_array(c->mem, get->count + 1, sizeof(*get->keys));
	if (!get->keys)
		return call_status(c);
	if (get->transaction ? find_parts(c, get, action) : find_all(c, get))
		return -c->fault.code;
	if (!kv_keys_distinct(get->keys, get->count, c->mem))
		return call_fail(c, E_INVALID, "%s", twice);
	return get->transaction ? 0 : permit_all(c, get, action);
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
