/* services/auth/store/keys.c - signing keys, as items of parlor.keys */
#include "services/auth/store/keys.h"
#include "lib/item/item.h"

#define TABLE (char *)"parlor.keys"
#define PARTITION "signing-keys"
/* A key's sort key is the time in milliseconds, 13 digits, at which the one before
 * it was made, so that all who follow the same one mean the same item. */
#define PLACE "%013lld"

/* What a list is read into. */
struct key_query {
	const struct seal *seal;
	struct auth_keys *out;
};

/* Where a sealed key belongs. */
static struct slice place(struct call *c, struct slice id)
{
	return slice_of(
	    arena_printf(c->mem, "parlor.keys/%.*s", SLICE_ARGS(id)));
}

static int read_key(struct call *c, const struct seal *seal, struct slice item,
		    struct auth_key *key)
{
	key->id = item_find_text(item, ITEM_S, "key_id");
	key->created_at = item_find_i64(item, "created_at", 0);
	key->place = item_find_text(item, ITEM_S, "sk");
	if (seal_open(seal, item_find(item, "sealed").bytes, place(c, key->id),
		      c->mem, &key->pem))
		return call_fail(c, E_LOSS,
				 "signing key '%.*s' does not open with this "
				 "seal key",
				 SLICE_ARGS(key->id));
	return 0;
}

static void listed(struct kv_step *step)
{
	const Parlor__Kv__V1__QueryResponse *answer =
	    kv_answer(step, &parlor__kv__v1__query_response__descriptor);
	const struct key_query *query = step->arg;
	struct call *c = step->call;
	struct auth_key *rows;

	if (answer && answer->n_items) {
		rows = arena_array(c->mem, answer->n_items, sizeof(*rows));
		for (size_t i = 0; rows && i < answer->n_items; i++)
			if (read_key(c, query->seal, kv_slice(answer->items[i]),
				     &rows[i]))
				break;
		query->out->rows = rows;
		query->out->count = rows ? answer->n_items : 0;
	}
	call_status(c);
	step->next(c);
}

void auth_keys_list(struct call *c, const struct seal *seal,
		    struct auth_keys *out, auth_next_fn *next)
{
	Parlor__Kv__V1__QueryRequest request =
	    PARLOR__KV__V1__QUERY_REQUEST__INIT;
	struct key_query *query = arena_alloc(c->mem, sizeof(*query));
	struct kv_step *step = kv_step_new(c, listed, next, query);
	struct buffer values;

	*out = (struct auth_keys){ 0 };
	if (!step)
		return;
	*query = (struct key_query){ seal, out };
	kv_item_begin(&values);
	item_put_text(&values, ":pool", ITEM_S,
		      slice_of(kv_pool_prefix(c, PARTITION)));
	request.table_name = TABLE;
	request.key_condition_expression = (char *)"pk = :pool";
	request.has_expression_attribute_values = 1;
	request.expression_attribute_values = kv_bytes(c, &values);
	request.has_consistent_read = request.consistent_read = 1;
	kv_send(step, "Query", &request.base, true);
}

static void changed(struct kv_step *step)
{
	step->next(step->call);
}

void auth_keys_create(struct call *c, const struct seal *seal,
		      const struct auth_key *last, const struct auth_key *key,
		      auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);
	long long after_ms = last ? last->created_at * 1000 : 0;
	struct buffer item;

	if (!step)
		return;
	kv_item_begin(&item);
	kv_put_key(&item, kv_pool_prefix(c, PARTITION), slice_make("", 0),
		   slice_of(arena_printf(c->mem, PLACE, after_ms)));
	item_put_text(&item, "key_id", ITEM_S, key->id);
	item_put_text(&item, "sealed", ITEM_B,
		      seal_close(seal, key->pem, place(c, key->id), c->mem));
	item_put_i64(&item, "created_at", key->created_at);
	kv_send_write(step, &(struct kv_write){ .table = TABLE,
						.item = kv_bytes(c, &item),
						.condition =
						    "attribute_not_exists(pk)",
						.repeatable = true });
}

void auth_keys_delete_first(struct call *c, const struct auth_keys *keys,
			    auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);

	if (step)
		kv_send_write(step,
			      &(struct kv_write){
				  .table = TABLE,
				  .key = kv_key(c, kv_pool_prefix(c, PARTITION),
						slice_make("", 0),
						keys->rows[0].place),
				  .repeatable = true });
}
