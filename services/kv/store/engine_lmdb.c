/* services/kv/store/engine_lmdb.c - the engine on LMDB
 *
 * Reads run where they are asked, in the thread's own read transaction, and are
 * answered before they return. Writes go to the writer.
 */
#include "services/kv/store/changes.h"
#include "services/kv/store/collections.h"
#include "services/kv/store/engine.h"
#include "services/kv/store/ledger.h"
#include "services/kv/store/row.h"
#include "services/kv/store/sizes.h"
#include "services/kv/store/writer.h"

#include <stdlib.h>

struct engine_lmdb {
	struct store store;
	struct lmdb lmdb;
	struct followers followers;
	struct writer *writer;
};

static struct engine_lmdb *engine(struct store *s)
{
	return (struct engine_lmdb *)s;
}

/* ---- reads -----------------------------------------------------------------
 */

static void begin(struct store *s, struct store_read *r, struct lmdb_txn **t)
{
	fault_clear(&r->fault);
	*t = lmdb_reader(&engine(s)->lmdb);
}

static void end(struct store_read *r, struct lmdb_txn *t)
{
	if (t->error)
		fault_set(&r->fault, E_UNAVAILABLE, "the store cannot read: %s",
			  mdb_strerror(t->error));
	lmdb_reader_end(t);
	r->done(r);
}

static void get(struct store *s, const struct store_key *keys, size_t count,
		struct store_read *r)
{
	struct lmdb_txn *t;
	struct row_key key;
	enum store_visit next = STORE_NEXT;

	begin(s, r, &t);
	for (size_t i = 0; i < count && next == STORE_NEXT; i++) {
		struct slice item;

		key_of_item(&key, &keys[i]);
		item = row_find(t, &key, keys[i].part.hash_key);
		if (!t->error)
			next = r->visit(r, i, item);
	}
	end(r, t);
}

struct walk {
	struct store_read *read;
	struct lmdb_txn *txn;
};

static enum store_visit visit_row(void *arg, struct slice row)
{
	const struct walk *walk = arg;
	struct store_read *r = walk->read;
	enum store_visit next = r->visit(r, STORE_ROW, row);
	struct row_key key;

	if (next != STORE_FETCH)
		return next;
	key_of_item(&key, &r->fetch);
	return r->visit(r, STORE_FETCHED,
			row_find_beside(walk->txn, &key,
					r->fetch.part.hash_key));
}

static void visit_rows(struct store *s, struct store_read *r,
		       const struct row_key *first, const struct row_key *last,
		       struct slice hash_key, bool backward)
{
	struct walk walk = { .read = r };

	begin(s, r, &walk.txn);
	row_each(walk.txn, first, last, hash_key, backward, visit_row, &walk);
	end(r, walk.txn);
}

static void query(struct store *s, const struct store_partition *part,
		  const struct store_range *range, struct store_read *r)
{
	struct row_key first, last;
	struct store_place after = range->after;

	if (range->low.data)
		key_of_bound(&first, part, range->low, !range->low_inclusive);
	else
		key_of_partition(&first, part, false);
	if (range->high.data)
		key_of_bound(&last, part, range->high, range->high_inclusive);
	else
		key_of_partition(&last, part, true);
	if (after.hash_key.data)
		key_of_place(range->backward ? &last : &first, part->table,
			     &after, !range->backward);
	visit_rows(s, r, &first, &last, part->hash_key, range->backward);
}

static void scan(struct store *s, const struct store_scan *scan,
		 struct store_read *r)
{
	struct row_key first, last;

	if (scan->after.hash_key.data)
		key_of_place(&first, scan->table, &scan->after, true);
	else
		key_of_segment(&first, scan->table, scan->segment,
			       scan->segments);
	key_of_segment(&last, scan->table, scan->segment + 1, scan->segments);
	visit_rows(s, r, &first, &last, slice_make(NULL, 0), false);
}

static void sizes(struct store *s, struct store_size *rows, size_t count,
		  struct store_read *r)
{
	struct lmdb_txn *t;

	begin(s, r, &t);
	for (size_t i = 0; i < count; i++) {
		const struct store_partition part = { rows[i].table,
						      rows[i].hash_key };

		if (part.hash_key.data)
			rows[i].bytes = collections_read(t, &part);
		else
			sizes_read(t, &rows[i]);
	}
	end(r, t);
}

static void changes(struct store *s, struct store_changes *c)
{
	struct lmdb_txn *t;

	fault_clear(&c->fault);
	t = lmdb_reader(&engine(s)->lmdb);
	changes_read(t, c);
	if (t->error)
		fault_set(&c->fault, E_UNAVAILABLE, "the store cannot read: %s",
			  mdb_strerror(t->error));
	lmdb_reader_end(t);
	c->done(c);
}

static struct store_follower *follow(struct store *s, uint32_t stream,
				     struct loop *loop, void (*news)(void *arg),
				     void *arg)
{
	return followers_add(&engine(s)->followers, stream, loop, news, arg);
}

/* ---- writes ----------------------------------------------------------------
 */

static int write_items(struct store *s, struct store_write *w)
{
	return writer_submit(engine(s)->writer, w, WRITER_ITEMS);
}

static int usage_put(struct store *s, const struct store_totals *totals,
		     struct store_write *w)
{
	w->state = (void *)totals;
	return writer_submit(engine(s)->writer, w, WRITER_TOTALS);
}

static void read_folded(struct store_write *fold)
{
	struct store_ledger_read *r = fold->arg;
	struct lmdb_txn *t;

	r->fault = fold->fault;
	if (!r->fault.code) {
		t = lmdb_reader(&engine(r->store)->lmdb);
		ledger_each(t, r);
		if (t->error)
			fault_set(&r->fault, E_UNAVAILABLE,
				  "the store cannot read: %s",
				  mdb_strerror(t->error));
		lmdb_reader_end(t);
	}
	r->done(r);
}

static int usage_read(struct store *s, struct store_ledger_read *r)
{
	r->store = s;
	r->fold = (struct store_write){
		.now_ms = r->now_ms,
		.loop = r->loop,
		.done = read_folded,
		.arg = r,
	};
	if (writer_submit(engine(s)->writer, &r->fold, WRITER_FOLD) == 0)
		return 0;
	r->fault = r->fold.fault;
	return -r->fault.code;
}

static bool healthy(struct store *s)
{
	return writer_healthy(engine(s)->writer);
}

static void close_engine(struct store *s)
{
	struct engine_lmdb *e = engine(s);

	writer_free(e->writer);
	followers_release(&e->followers);
	lmdb_close(&e->lmdb);
	free(e);
}

struct store *store_open_lmdb(const char *dir, size_t map_bytes,
			      store_measure_fn *measure, struct fault *why)
{
	static const struct store_engine table = {
		.name = "lmdb",
		.write = write_items,
		.transact = write_items,
		.get = get,
		.query = query,
		.scan = scan,
		.sizes = sizes,
		.changes = changes,
		.follow = follow,
		.usage_put = usage_put,
		.usage_read = usage_read,
		.healthy = healthy,
		.close = close_engine,
	};
	struct engine_lmdb *e = calloc(1, sizeof(*e));

	if (!e)
		abort(); /* lack of memory ends the process */
	e->store.engine = &table;
	if (lmdb_open(&e->lmdb, dir, map_bytes, why) < 0) {
		free(e);
		return NULL;
	}
	e->lmdb.measure = measure;
	followers_init(&e->followers);
	e->writer = writer_new(&e->lmdb, &e->followers);
	return &e->store;
}
