/* services/kv/op/remover.c - takes away what has expired */
#include "services/kv/op/remover.h"
#include "lib/meter/log.h"
#include "lib/rpc/op.h"
#include "services/kv/model/expiry.h"
#include "services/kv/op/change.h"
#include "services/kv/op/time_to_live.h"

enum {
	ROWS_MAX = 64,	   /* items of one write */
	LOOKED_MAX = 1000, /* items looked at in one step */
	PAUSE_MS = 20,	   /* behind a step that found something */
	ROUND_MS = 2000,   /* between rounds that found nothing */
	MEMORY = 64 << 20,
};

/* Of the suite's own tables, by this attribute. */
#define OWN_ATTRIBUTE "expires_at"
static const char *const own_tables[] = { "parlor.audit", "parlor.mail",
					  "parlor.revocations",
					  "parlor.sessions", "parlor.users" };
enum { OWN_TABLES = sizeof(own_tables) / sizeof(*own_tables) };

/* An item that was found. */
struct row {
	struct kv_change change;   /* its end */
	struct kv_index_row found; /* in the index of what expires */
};

/* The one table at a time whose items are put in its index. */
struct fill {
	uint32_t number; /* of the index; 0: there is none to be filled */
	bool seen;	 /* in this round */
	struct store_place place; /* behind it it goes on, in: */
	uint8_t hash_key[STORE_HASH_KEY_MAX], sort[STORE_SORT_MAX];
};

struct remover {
	struct kv *kv;
	pthread_t thread;
	struct loop *loop;
	struct timer timer; /* the next step */
	bool busy, stopping;
	size_t prepared; /* of own_tables */
	/* the round: where it is */
	char name[KV_TABLE_NAME_MAX + 1]; /* "": before the first table */
	unsigned bucket;
	bool found; /* anything */
	struct fill fill;
	/* the step */
	struct arena mem;
	struct call call;
	const struct catalog_table *table;
	struct row rows[ROWS_MAX];
	size_t count, limit, looked;
	struct kv_key behind; /* it goes on; empty: this is the last of it */
	struct store_read read;
	struct store_partition part;
	struct store_range range;
	struct store_write write;
	struct store_key keys[ROWS_MAX];
	struct ttl_change change;
};

static void end_step(struct remover *r, int64_t pause_ms)
{
	r->busy = false;
	if (r->stopping)
		loop_stop(r->loop);
	else
		timer_set(&r->timer, pause_ms);
}

/* Who knows how large the items are: a write that failed is tried with fewer,
 * one that did not with more. */
static void adapt(struct remover *r, const struct fault *why)
{
	if (why->code)
		log_warn("what has expired in '%.*s' cannot be taken away: %s",
			 SLICE_ARGS(r->table->table.name), why->message);
	r->limit = why->code ? r->limit / 2 : r->limit * 2;
	if (r->limit < 1)
		r->limit = 1;
	if (r->limit > ROWS_MAX)
		r->limit = ROWS_MAX;
}

/* ---- what becomes of an item -----------------------------------------------
 */

/* The item stays; in the index stands `now` in the place of `was`. */
static void put_right(const struct kv_table *table,
		      const struct kv_index_row *was,
		      const struct kv_index_row *now, struct arena *mem,
		      struct store_change *out)
{
	out->before = was ? kv_store_rows(table, was, 1, mem) : NULL;
	out->before_count = out->before != NULL;
	out->now = now ? kv_store_rows(table, now, 1, mem) : NULL;
	out->now_count = out->now != NULL;
	out->counted = kv_table_has_collections(table);
}

/* Taken away is only what still ends when it did as it was found. */
static int decide(struct store_write *w, struct arena *mem,
		  const struct slice *have, struct store_change *out)
{
	struct remover *r = w->arg;

	for (size_t i = 0; i < r->count; i++) {
		struct row *row = &r->rows[i];
		struct kv_index_row now;
		bool there =
		    kv_expiry_row(&r->table->table, have[i], mem, &now);

		if (!there || !slice_equal(now.key.sort, row->found.key.sort))
			put_right(row->change.table, &row->found,
				  there ? &now : NULL, mem, &out[i]);
		else if (kv_change_decide(&row->change, mem, have[i], &out[i],
					  &w->fault) < 0)
			return -w->fault.code;
	}
	return 0;
}

static int decide_fill(struct store_write *w, struct arena *mem,
		       const struct slice *have, struct store_change *out)
{
	struct remover *r = w->arg;

	for (size_t i = 0; i < r->count; i++) {
		struct kv_index_row now;

		if (kv_expiry_row(&r->table->table, have[i], mem, &now))
			put_right(&r->table->table, NULL, &now, mem, &out[i]);
	}
	return 0;
}

/* Notes an item by its attributes; false when there is no room. */
static bool take_row(struct remover *r, struct slice item)
{
	struct row *row = &r->rows[r->count];
	const struct kv_table *table = &r->table->table;
	struct call *c = &r->call;

	item = arena_slice(c->mem, item);
	*row = (struct row){
		.change = { .kind = KV_CHANGE_DELETE,
			    .table = table,
			    .item =
				kv_key_attributes(table, NULL, item, c->mem),
			    .price = KV_WRITE_PLAIN,
			    .by_service = true },
	};
	if (!kv_expiry_row(table, item, c->mem, &row->found) ||
	    kv_change_prepare(c, &row->change, &c->fault) < 0 || c->mem->full)
		return false;
	r->keys[r->count++] = kv_change_key(&row->change);
	return true;
}

static void submit(struct remover *r, store_decide_fn *how,
		   void (*done)(struct store_write *))
{
	r->write = (struct store_write){
		.keys = r->keys,
		.key_count = r->count,
		.now_ms = r->call.now_ms,
		.decide = how,
		.done = done,
		.arg = r,
		.loop = r->loop,
		.mem = &r->mem,
	};
	if (store_transact(r->kv->store, &r->write) < 0)
		done(&r->write);
}

/* ---- taking away -----------------------------------------------------------
 */

static void removed(struct store_write *w)
{
	struct remover *r = w->arg;

	adapt(r, &w->fault);
	end_step(r, PAUSE_MS);
}

static enum store_visit visit_expired(struct store_read *read, size_t i,
				      struct slice item)
{
	struct remover *r = read->arg;

	(void)i;
	return take_row(r, item) && r->count < r->limit ? STORE_NEXT
							: STORE_ENOUGH;
}

static void on_expired(struct store_read *read)
{
	struct remover *r = read->arg;

	r->found |= r->count > 0;
	if (r->count)
		submit(r, decide, removed);
	else
		end_step(r, 0);
}

static void look_for_expired(struct remover *r)
{
	r->part = (struct store_partition){
		.table = r->table->table.ttl.number | STORE_INDEX,
		.hash_key = kv_expiry_bucket(r->bucket++),
	};
	r->range = (struct store_range){ .low_inclusive = true };
	r->read = (struct store_read){ .visit = visit_expired,
				       .done = on_expired,
				       .arg = r,
				       .loop = r->loop };
	if (kv_expiry_range(r->call.now_ms, &r->mem, &r->range.low,
			    &r->range.high))
		store_query(r->kv->store, &r->part, &r->range, &r->read);
	else
		end_step(r, PAUSE_MS);
}

/* ---- filling the index -----------------------------------------------------
 */

static void completed(struct call *c, struct ttl_change *change)
{
	struct remover *r = change->arg;

	(void)c; /* when it failed: once more, from the beginning */
	r->fill.number = 0;
	end_step(r, PAUSE_MS);
}

static void keep_place(struct fill *fill, const struct kv_key *key)
{
	memcpy(fill->hash_key, key->hash.data, key->hash.size);
	fill->place.hash_key = slice_make(fill->hash_key, key->hash.size);
	if (key->sort.size)
		memcpy(fill->sort, key->sort.data, key->sort.size);
	fill->place.sort = slice_make(fill->sort, key->sort.size);
}

static void go_on_filling(struct remover *r)
{
	if (r->behind.hash.size) {
		keep_place(&r->fill, &r->behind);
		end_step(r, PAUSE_MS);
		return;
	}
	r->change = (struct ttl_change){
		.table = r->table, .complete = true, .done = completed, .arg = r
	};
	kv_ttl_change(&r->call, &r->change);
}

/* Where it failed, these items come once more. */
static void filled(struct store_write *w)
{
	struct remover *r = w->arg;

	adapt(r, &w->fault);
	if (w->fault.code || w->outcome != STORE_DONE)
		end_step(r, PAUSE_MS);
	else
		go_on_filling(r);
}

static enum store_visit visit_item(struct store_read *read, size_t i,
				   struct slice item)
{
	struct remover *r = read->arg;
	struct arena *mem = &r->mem;
	const struct kv_table *table = &r->table->table;
	struct kv_key key = { .hash.data = NULL };

	(void)i;
	if (item_find_slice(item, table->ttl.attribute).type == ITEM_N)
		take_row(r, item);
	r->looked++;
	if (r->count < r->limit && r->looked < LOOKED_MAX && !mem->full)
		return STORE_NEXT;
	kv_key_of_item(&table->key, item, mem, &key, &r->call.fault);
	r->behind.hash = arena_slice(mem, key.hash);
	r->behind.sort = arena_slice(mem, key.sort);
	return STORE_ENOUGH;
}

static void on_items(struct store_read *read)
{
	struct remover *r = read->arg;

	if (read->fault.code)
		end_step(r, PAUSE_MS);
	else if (r->count)
		submit(r, decide_fill, filled);
	else
		go_on_filling(r);
}

static void fill_some(struct remover *r)
{
	struct store_scan *scan = arena_zalloc(&r->mem, sizeof(*scan));

	scan->table = r->table->table.number;
	scan->segments = 1;
	scan->after = r->fill.place;
	r->read = (struct store_read){
		.visit = visit_item, .done = on_items, .arg = r, .loop = r->loop
	};
	store_scan(r->kv->store, scan, &r->read);
}

/* One after the other. What is written meanwhile is in the index: no write is
 * decided for a table as it was before. */
static void fill_in_turn(struct remover *r)
{
	const struct kv_ttl *ttl = &r->table->table.ttl;
	struct fill *fill = &r->fill;

	if (!fill->number) {
		fill->number = ttl->number;
		fill->place = (struct store_place){ .hash_key.data = NULL };
	}
	r->bucket = KV_EXPIRY_BUCKETS;
	if (fill->number != ttl->number) {
		end_step(r, 0);
		return;
	}
	fill->seen = r->found = true;
	fill_some(r);
}

/* ---- rounds ----------------------------------------------------------------
 */

static void prepared(struct call *c, struct ttl_change *change)
{
	struct remover *r = change->arg;

	if (call_failed(c))
		log_warn("'%.*s' has no time to live: %s",
			 SLICE_ARGS(change->table->table.name),
			 c->fault.message);
	end_step(r, 0);
}

static void prepare(struct remover *r, const struct catalog_view *view)
{
	const struct catalog_table *table =
	    catalog_table(view, slice_of(own_tables[r->prepared++]));

	if (table->table.ttl.attribute.size) {
		end_step(r, 0);
		return;
	}
	r->change = (struct ttl_change){ .table = table,
					 .attribute = SLICE(OWN_ATTRIBUTE),
					 .done = prepared,
					 .arg = r };
	kv_ttl_change(&r->call, &r->change);
}

static void end_round(struct remover *r)
{
	int64_t pause_ms = r->found ? PAUSE_MS : ROUND_MS;

	if (!r->fill.seen)
		r->fill.number = 0;
	r->fill.seen = r->found = false;
	r->name[0] = '\0';
	end_step(r, pause_ms);
}

/* The table under way or the next with a time to live; NULL at the end. */
static const struct catalog_table *find_table(struct remover *r,
					      const struct catalog_view *view)
{
	struct slice name = slice_of(r->name);
	const struct catalog_table *table = NULL;

	if (r->bucket < KV_EXPIRY_BUCKETS && name.size)
		table = catalog_table(view, name);
	if (table && table->table.ttl.attribute.size)
		return table;
	do {
		table = catalog_any_after(view, name);
		if (!table)
			return NULL;
		name = table->table.name;
	} while (!table->table.ttl.attribute.size);
	snprintf(r->name, sizeof(r->name), "%.*s", SLICE_ARGS(name));
	r->bucket = 0;
	return table;
}

static void step(struct timer *timer)
{
	static const struct op row = { .name = "TimeToLive" };
	struct remover *r = LIST_ENTRY(timer, struct remover, timer);
	const struct catalog_view *view;

	arena_reset(&r->mem);
	call_init(&r->call, &r->mem);
	r->call.op = &row;
	r->call.service = r->kv;
	r->call.loop = r->loop;
	r->busy = true;
	r->count = r->looked = 0;
	r->behind = (struct kv_key){ .hash.data = NULL };
	view = catalog_view(&r->call);
	if (r->prepared < OWN_TABLES) {
		prepare(r, view);
		return;
	}
	r->table = find_table(r, view);
	if (!r->table)
		end_round(r);
	else if (r->table->table.ttl.complete)
		look_for_expired(r);
	else
		fill_in_turn(r);
}

/* ---- the thread ------------------------------------------------------------
 */

static void *remover_main(void *arg)
{
	struct remover *r = arg;

	timer_set(&r->timer, 0);
	loop_run(r->loop);
	r->stopping = true;
	if (r->busy)
		loop_run(r->loop);
	timer_release(&r->timer);
	arena_release(&r->mem);
	return NULL;
}

struct remover *remover_start(struct kv *kv)
{
	struct remover *r = calloc(1, sizeof(*r));

	if (!r)
		abort(); /* lack of memory ends the process */
	r->kv = kv;
	r->limit = ROWS_MAX;
	r->loop = loop_new();
	arena_init(&r->mem, MEMORY);
	timer_init(&r->timer, r->loop, step);
	if (pthread_create(&r->thread, NULL, remover_main, r) != 0)
		abort();
	pthread_setname_np(r->thread, "remover");
	return r;
}

void remover_stop(struct remover *r)
{
	if (!r)
		return;
	loop_stop(r->loop);
	pthread_join(r->thread, NULL);
	loop_free(r->loop);
	free(r);
}
