/* services/kv/store/store.c - from the operations to whatever engine is open */
#include "services/kv/store/store.h"
#include "services/kv/store/engine.h"
#include "services/kv/store/key.h"

#include <assert.h>

/* Callers have refused longer keys before, in words of their own. */
static void check_key(const struct store_key *key)
{
	assert(key->part.hash_key.size <= STORE_HASH_KEY_MAX);
	assert(key->sort.size <= STORE_SORT_MAX);
}

static void check_write(const struct store_write *w)
{
	assert(w->key_count && w->key_count <= STORE_KEYS_MAX);
	for (size_t i = 0; i < w->key_count; i++)
		check_key(&w->keys[i]);
}

void store_write_clear(struct store_write *w)
{
	w->outcome = STORE_DONE;
	fault_clear(&w->fault);
	w->usage = NULL;
	w->usage_count = 0;
	w->token_answer = slice_make(NULL, 0);
	w->drops = NULL;
	w->drop_count = 0;
	w->ends = NULL;
	w->end_count = 0;
	w->metered = NULL;
	w->metered_count = 0;
}

int store_write(struct store *s, struct store_write *w)
{
	check_write(w);
	for (size_t i = 1; i < w->key_count; i++)
		assert(w->keys[i].part.table == w->keys[0].part.table &&
		       slice_equal(w->keys[i].part.hash_key,
				   w->keys[0].part.hash_key));
	return s->engine->write(s, w);
}

int store_transact(struct store *s, struct store_write *w)
{
	check_write(w);
	return s->engine->transact(s, w);
}

void store_get(struct store *s, const struct store_key *keys, size_t count,
	       struct store_read *r)
{
	for (size_t i = 0; i < count; i++)
		check_key(&keys[i]);
	s->engine->get(s, keys, count, r);
}

void store_query(struct store *s, const struct store_partition *part,
		 const struct store_range *range, struct store_read *r)
{
	assert(part->hash_key.size <= STORE_HASH_KEY_MAX);
	assert(range->low.size <= STORE_SORT_MAX);
	assert(range->high.size <= STORE_SORT_MAX);
	assert(range->after.sort.size <= STORE_SORT_MAX);
	s->engine->query(s, part, range, r);
}

void store_scan(struct store *s, const struct store_scan *scan,
		struct store_read *r)
{
	assert(scan->segments && scan->segment < scan->segments);
	assert(scan->after.sort.size <= STORE_SORT_MAX);
	s->engine->scan(s, scan, r);
}

bool store_scan_has(const struct store_scan *scan, struct slice hash_key)
{
	const struct store_partition part = { .table = scan->table,
					      .hash_key = hash_key };
	struct row_key first, key, end;

	key_of_segment(&first, scan->table, scan->segment, scan->segments);
	key_of_segment(&end, scan->table, scan->segment + 1, scan->segments);
	key_of_partition(&key, &part, false);
	return slice_compare(key_whole(&first), key_whole(&key)) <= 0 &&
	       slice_compare(key_whole(&key), key_whole(&end)) < 0;
}

void store_sizes(struct store *s, struct store_size *sizes, size_t count,
		 struct store_read *r)
{
	s->engine->sizes(s, sizes, count, r);
}

void store_changes(struct store *s, struct store_changes *changes)
{
	s->engine->changes(s, changes);
}

struct store_follower *store_follow(struct store *s, uint32_t stream,
				    struct loop *loop, void (*news)(void *arg),
				    void *arg)
{
	return s->engine->follow(s, stream, loop, news, arg);
}

int store_usage_put(struct store *s, const struct store_totals *totals,
		    struct store_write *w)
{
	return s->engine->usage_put(s, totals, w);
}

int store_usage_read(struct store *s, struct store_ledger_read *r)
{
	assert(!r->after.size || r->after.size == STORE_LEDGER_KEY);
	return s->engine->usage_read(s, r);
}

bool store_healthy(struct store *s)
{
	return s->engine->healthy(s);
}

void store_close(struct store *s)
{
	if (s)
		s->engine->close(s);
}
