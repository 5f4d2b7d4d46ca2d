/* services/kv/op/transact_write_items.c - all of these changes, or none */
#include "services/kv/op/transact_write_items.h"
#include "lib/base/buffer.h"
#include "lib/base/random.h"
#include "services/kv/model/item.h"
#include "services/kv/op/capacity.h"
#include "services/kv/op/distinct.h"

enum { REPEATS_MAX = 10, RANDOM_TOKEN = 16 };

/* ---- deciding --------------------------------------------------------------
 */

/* What each part costs, for the answer to a repeat. */
static struct slice pack_costs(const struct kv_transact *t, struct arena *mem)
{
	size_t count = 0;
	int64_t *out;

	for (size_t i = 0; i < t->count; i++)
		count += t->changes[i].cost.count;
	out = arena_array(mem, count, sizeof(*out));
	if (!out)
		return SLICE("");
	count = 0;
	for (size_t i = 0; i < t->count; i++)
		for (size_t j = 0; j < t->changes[i].cost.count; j++)
			out[count++] = t->changes[i].cost.rows[j].quantity;
	return slice_make(out, count * sizeof(*out));
}

static void unpack_costs(struct kv_transact *t, struct slice packed)
{
	for (size_t i = 0; i < t->count; i++) {
		struct kv_cost *cost = &t->changes[i].cost;

		for (size_t j = 0; j < cost->count; j++) {
			int64_t *quantity = &cost->rows[j].quantity;

			if (packed.size < sizeof(*quantity))
				return;
			memcpy(quantity, packed.data, sizeof(*quantity));
			packed = slice_make(packed.data + sizeof(*quantity),
					    packed.size - sizeof(*quantity));
		}
	}
}

static int commit(struct kv_transact *t, struct store_write *write,
		  struct arena *mem)
{
	struct store_usage *usage;
	size_t room = 0;

	for (size_t i = 0; i < t->count; i++)
		room += t->changes[i].cost.count;
	usage = arena_array(mem, room, sizeof(*usage));
	write->token_answer = pack_costs(t, mem);
	if (!usage || !write->token_answer.size)
		return fault_set(&write->fault, E_HTTP_TOO_LARGE,
				 "too much data");
	for (size_t i = 0; i < t->count; i++)
		write->usage_count += kv_cost_rows(&t->changes[i].cost,
						   usage + write->usage_count);
	write->usage = usage;
	return 0;
}

/* Each part is decided, so that all reasons are known. */
static int decide(struct store_write *write, struct arena *mem,
		  const struct slice *have, struct store_change *out)
{
	struct kv_transact *t = write->arg;

	for (size_t i = 0; i < t->count; i++) {
		const struct kv_change *change = &t->changes[i];
		struct fault f;

		fault_clear(&f);
		kv_change_decide(&t->changes[i], mem, have[i], &out[i], &f);
		t->reasons[i] = kv_reason_of(&f, mem);
		if (change->refused && change->show)
			t->reasons[i].item = change->before;
	}
	if (kv_reasons_check(t->reasons, t->count, &write->fault))
		return -write->fault.code;
	return commit(t, write, mem);
}

/* ---- completion ------------------------------------------------------------
 */

static void submit(struct kv_transact *);

static void bill_refused(struct kv_transact *t)
{
	for (size_t i = 0; i < t->count; i++) {
		kv_change_refused_cost(&t->changes[i]);
		kv_cost_bill(&t->changes[i].cost, t->call);
	}
}

static void use_capacity(const struct kv_transact *t)
{
	for (size_t i = 0; i < t->count; i++)
		kv_capacity_use(t->call, &t->changes[i].cost);
}

/* True when it was decided for a table that has changed: nothing is written. */
static bool is_stale(const struct kv_transact *t)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->changes[i].stale)
			return true;
	return false;
}

static void again(struct kv_transact *t)
{
	struct call *c = t->call;

	for (size_t i = 0; i < t->count; i++) {
		if (kv_change_renew(c, &t->changes[i], &c->fault)) {
			t->done(c, t);
			return;
		}
		t->keys[i] = kv_change_key(&t->changes[i]);
	}
	submit(t);
}

/* What a caller's repeat of a transaction costs: the items are read. */
static void pay_reads(struct kv_transact *t)
{
	for (size_t i = 0; i < t->count; i++) {
		struct kv_cost *cost = &t->changes[i].cost;
		int64_t halves = kv_units_reread(*kv_cost_of(cost, NULL));

		if (!kv_cost_init(cost, t->call, cost->table, KV_READ_UNITS))
			return;
		*kv_cost_of(cost, NULL) = halves;
		kv_cost_bill(cost, t->call);
	}
}

/* Where the outcome was unknown to us it is the answer to the first. */
static void repeated(struct kv_transact *t)
{
	unpack_costs(t, t->write.token_answer);
	if (!t->repeats)
		pay_reads(t);
}

static void written(struct store_write *write)
{
	struct kv_transact *t = write->arg;
	struct call *c = t->call;

	if (is_stale(t)) {
		again(t);
		return;
	}
	if (write->outcome == STORE_UNKNOWN && t->repeats++ < REPEATS_MAX) {
		submit(t);
		return;
	}
	if (write->outcome == STORE_UNKNOWN)
		call_fail(c, E_UNKNOWN,
			  "the transaction may or may not have taken place");
	else if (write->outcome == STORE_REPEATED)
		repeated(t);
	else if (write->fault.code)
		c->fault = write->fault;
	else
		use_capacity(t);
	if (write->fault.code == E_TRANSACTION_CANCELED)
		bill_refused(t);
	t->done(c, t);
}

static void submit(struct kv_transact *t)
{
	struct call *c = t->call;

	if (store_transact(kv_of(c)->store, &t->write)) {
		c->fault = t->write.fault;
		t->done(c, t);
	}
}

/* ---- beginning -------------------------------------------------------------
 */

/* Tokens of different principals are different; one of ours makes a repeat
 * after an unknown outcome harmless. */
static struct slice make_token(struct call *c, struct slice given)
{
	uint8_t random[RANDOM_TOKEN];
	struct slice principal = c->principal.text, token;
	struct buffer b;

	if (!given.size) {
		random_bytes(random, sizeof(random));
		return arena_slice(c->mem, slice_make(random, sizeof(random)));
	}
	buffer_init(&b, principal.size + 1 + given.size);
	buffer_put_slice(&b, principal);
	buffer_put_byte(&b, 0);
	buffer_put_slice(&b, given);
	token = arena_slice(c->mem, buffer_slice(&b));
	buffer_release(&b);
	return token;
}

/* What is refused before there is a transaction. */
static int check_request(const struct kv_transact *t, struct fault *f)
{
	size_t size = 0;

	for (size_t i = 0; i < t->count; i++) {
		const struct kv_change *change = &t->changes[i];

		if (kv_keys_filled(change->table, change->item,
				   change->kind == KV_CHANGE_PUT, f))
			return -E_INVALID;
		size += kv_item_size(change->item);
	}
	return size > KV_TRANSACT_BYTES_MAX
		   ? fault_set(f, E_INVALID,
			       "The aggregate size of the items in the "
			       "transaction exceeded 4 MB")
		   : 0;
}

/* What is wrong with one part as such is a reason too. */
static int prepare(struct call *c, struct kv_transact *t)
{
	t->call = c;
	t->keys = arena_array(c->mem, t->count + 1, sizeof(*t->keys));
	t->reasons = arena_array(c->mem, t->count + 1, sizeof(*t->reasons));
	if (call_status(c))
		return -c->fault.code;
	for (size_t i = 0; i < t->count; i++) {
		struct fault f;

		fault_clear(&f);
		t->changes[i].price = KV_WRITE_TRANSACTIONAL;
		kv_change_prepare(c, &t->changes[i], &f);
		t->keys[i] = kv_change_key(&t->changes[i]);
		if (kv_change_permit(c, &t->changes[i]) ||
		    kv_capacity_admit_part(c, t->changes[i].table,
					   KV_WRITE_UNITS, &f))
			return -c->fault.code;
		t->reasons[i] = kv_reason_of(&f, c->mem);
	}
	if (check_request(t, &c->fault) ||
	    kv_reasons_check(t->reasons, t->count, &c->fault))
		return -c->fault.code;
	if (!kv_keys_distinct(t->keys, t->count, c->mem))
		return call_fail(c, E_INVALID,
				 "Transaction request cannot include multiple "
				 "operations on one item");
	return call_status(c);
}

void kv_transact_write_items(struct call *c, struct kv_transact *t)
{
	if (call_failed(c) || prepare(c, t)) {
		t->done(c, t);
		return;
	}
	t->write = (struct store_write){
		.keys = t->keys,
		.key_count = t->count,
		.token = make_token(c, t->token),
		.own_token = !t->token.size,
		.now_ms = c->now_ms,
		.decide = decide,
		.done = written,
		.arg = t,
		.loop = c->loop,
		.mem = c->mem,
	};
	memcpy(t->write.token_hash, t->digest, sizeof(t->digest));
	submit(t);
}
