/* services/kv/store/engine_fault.c - an engine that does all that is allowed
 *
 * It stands over another and does what a remote one may do to us: it answers
 * late, and out of order between partitions; it decides upon items that have
 * changed meanwhile and then again; and it says "unknown" of writes that never
 * began and of writes that took place. Whatever works on it holds no hidden
 * hope about engines.
 */
#include "services/kv/store/engine.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
	LATE_MS = 4, /* the longest delay before, and behind */
	PERCENT_CONFLICT = 30,
	PERCENT_UNKNOWN = 6, /* before, and as many behind */
	BUCKETS = 32,	     /* of partitions, to keep order within one */
	STALE_MAX = 64 << 20,
};

struct engine_fault {
	struct store store;
	struct store *inner;
	uint64_t seed;
	atomic_ullong draws;
	pthread_mutex_t lock; /* over the tickets */
	uint64_t given[BUCKETS], serving[BUCKETS];
};

enum fate { FATE_KNOWN, FATE_UNKNOWN_BEFORE, FATE_UNKNOWN_BEHIND };

/* A write under way. */
struct late_write {
	struct timer timer;
	struct engine_fault *engine;
	struct store_write *outer, inner;
	int (*submit)(struct late_write *);
	const struct store_totals *totals;
	enum fate fate;
	uint64_t tickets[BUCKETS]; /* 0: not of this bucket */
	/* what its keys held when it was submitted, where it will conflict */
	struct arena stale_mem;
	struct slice *stale;
};

/* A read that has not begun. */
struct late_read {
	struct timer timer;
	struct store *inner;
	void (*begin)(struct late_read *);
	union {
		struct store_read *read;
		struct store_ledger_read *ledger;
		struct store_changes *changes;
	};
	const void *what, *range;
	struct store_size *sizes;
	size_t count;
};

static struct engine_fault *engine(struct store *s)
{
	return (struct engine_fault *)s;
}

static void *allocate(size_t size)
{
	void *place = calloc(1, size);

	if (!place)
		abort(); /* lack of memory ends the process */
	return place;
}

/* The next number that follows from the seed (SplitMix64). */
static uint64_t draw(struct engine_fault *e, uint64_t below)
{
	uint64_t z = e->seed +
		     0x9e3779b97f4a7c15u * (1 + atomic_fetch_add(&e->draws, 1));

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (z ^ (z >> 31)) % below;
}

/* ---- order within a partition ----------------------------------------------
 */

static size_t bucket(const struct store_partition *part)
{
	size_t sum = part->table;

	for (size_t i = 0; i < part->hash_key.size; i++)
		sum = sum * 31 + part->hash_key.data[i];
	return sum % BUCKETS;
}

static void take_tickets(struct late_write *late)
{
	struct engine_fault *e = late->engine;
	const struct store_write *w = late->outer;

	pthread_mutex_lock(&e->lock);
	for (size_t i = 0; i < w->key_count; i++) {
		size_t b = bucket(&w->keys[i].part);

		if (!late->tickets[b])
			late->tickets[b] = ++e->given[b];
	}
	pthread_mutex_unlock(&e->lock);
}

/* True, once, when all that was submitted before in its partitions has gone. */
static bool its_turn(struct late_write *late)
{
	struct engine_fault *e = late->engine;
	bool turn = true;

	pthread_mutex_lock(&e->lock);
	for (size_t b = 0; b < BUCKETS; b++)
		if (late->tickets[b] && late->tickets[b] != e->serving[b] + 1)
			turn = false;
	for (size_t b = 0; turn && b < BUCKETS; b++)
		e->serving[b] += late->tickets[b] != 0;
	pthread_mutex_unlock(&e->lock);
	return turn;
}

/* ---- deciding --------------------------------------------------------------
 */

static int decide_once(struct late_write *late, struct arena *mem,
		       const struct slice *have, struct store_change *out)
{
	struct store_write *outer = late->outer;
	struct store_write *inner = &late->inner;
	int result = outer->decide(outer, mem, have, out);

	inner->fault = outer->fault;
	inner->usage = outer->usage;
	inner->usage_count = outer->usage_count;
	inner->token_answer = outer->token_answer;
	inner->drops = outer->drops;
	inner->drop_count = outer->drop_count;
	inner->ends = outer->ends;
	inner->end_count = outer->end_count;
	inner->metered = outer->metered;
	inner->metered_count = outer->metered_count;
	return result;
}

static int decide(struct store_write *inner, struct arena *mem,
		  const struct slice *have, struct store_change *out)
{
	struct late_write *late = inner->arg;
	struct arena_mark mark = arena_mark(mem);

	store_write_clear(late->outer);
	if (late->stale) {
		decide_once(late, mem, late->stale, out);
		store_write_clear(late->outer);
		arena_rewind(mem, &mark);
		memset(out, 0, inner->key_count * sizeof(*out));
	}
	return decide_once(late, mem, have, out);
}

static enum store_visit keep_stale(struct store_read *r, size_t key_index,
				   struct slice item)
{
	struct late_write *late = r->arg;

	if (item.data)
		late->stale[key_index] = arena_slice(&late->stale_mem, item);
	return STORE_NEXT;
}

static void read_stale(struct store_read *r)
{
	(void)r;
}

/* LMDB answers before it returns; what stood there is then in our hands. */
static void prepare_conflict(struct late_write *late)
{
	const struct store_write *w = late->outer;
	struct store_read read = { .visit = keep_stale,
				   .done = read_stale,
				   .arg = late };

	late->stale =
	    arena_array(&late->stale_mem, w->key_count, sizeof(*late->stale));
	store_get(late->engine->inner, w->keys, w->key_count, &read);
}

/* ---- a write's way ---------------------------------------------------------
 */

static void over(struct late_write *late)
{
	struct store_write *outer = late->outer;

	timer_release(&late->timer);
	arena_release(&late->stale_mem);
	free(late);
	outer->done(outer);
}

static void say_unknown(struct late_write *late)
{
	store_write_clear(late->outer);
	late->outer->outcome = STORE_UNKNOWN;
	over(late);
}

static void answer_late(struct timer *timer)
{
	struct late_write *late = LIST_ENTRY(timer, struct late_write, timer);
	struct store_write *outer = late->outer;

	if (late->fate == FATE_UNKNOWN_BEHIND) {
		say_unknown(late);
		return;
	}
	outer->outcome = late->inner.outcome;
	outer->fault = late->inner.fault;
	outer->token_answer = late->inner.token_answer;
	over(late);
}

static void wait(struct late_write *late, void (*then)(struct timer *))
{
	late->timer.fire = then;
	timer_set(&late->timer, (int64_t)draw(late->engine, LATE_MS + 1));
}

static void written(struct store_write *inner)
{
	wait(inner->arg, answer_late);
}

static void begin_write(struct timer *timer)
{
	struct late_write *late = LIST_ENTRY(timer, struct late_write, timer);

	if (!its_turn(late)) {
		timer_set(&late->timer, 1);
	} else if (late->fate == FATE_UNKNOWN_BEFORE) {
		say_unknown(late);
	} else if (late->submit(late) < 0) {
		late->inner.outcome = STORE_FAILED;
		answer_late(timer);
	}
}

static int submit_write(struct late_write *late)
{
	return store_write(late->engine->inner, &late->inner);
}

static int submit_transact(struct late_write *late)
{
	return store_transact(late->engine->inner, &late->inner);
}

static int submit_totals(struct late_write *late)
{
	return store_usage_put(late->engine->inner, late->totals, &late->inner);
}

static enum fate draw_fate(struct engine_fault *e)
{
	uint64_t percent = draw(e, 100);

	return percent < PERCENT_UNKNOWN       ? FATE_UNKNOWN_BEFORE
	       : percent < 2 * PERCENT_UNKNOWN ? FATE_UNKNOWN_BEHIND
					       : FATE_KNOWN;
}

static struct late_write *late_new(struct store *s, struct store_write *w,
				   int (*submit)(struct late_write *))
{
	struct late_write *late = allocate(sizeof(*late));

	late->engine = engine(s);
	late->outer = w;
	late->inner = *w;
	late->inner.own_token = false; /* we say "unknown" of our own accord */
	late->inner.decide = decide;
	late->inner.done = written;
	late->inner.arg = late;
	late->submit = submit;
	late->fate = draw_fate(late->engine);
	arena_init(&late->stale_mem, STALE_MAX);
	timer_init(&late->timer, w->loop, begin_write);
	return late;
}

static int begin_late(struct store *s, struct store_write *w,
		      int (*submit)(struct late_write *))
{
	struct late_write *late = late_new(s, w, submit);

	if (draw(late->engine, 100) < PERCENT_CONFLICT)
		prepare_conflict(late);
	take_tickets(late);
	wait(late, begin_write);
	return 0;
}

static int write_late(struct store *s, struct store_write *w)
{
	return begin_late(s, w, submit_write);
}

static int transact_late(struct store *s, struct store_write *w)
{
	return begin_late(s, w, submit_transact);
}

static int usage_put(struct store *s, const struct store_totals *totals,
		     struct store_write *w)
{
	struct late_write *late = late_new(s, w, submit_totals);

	late->totals = totals;
	wait(late, begin_write);
	return 0;
}

/* ---- reads -----------------------------------------------------------------
 */

static void begin_read(struct timer *timer)
{
	struct late_read *late = LIST_ENTRY(timer, struct late_read, timer);

	timer_release(timer);
	late->begin(late);
	free(late);
}

static struct late_read *read_late(struct store *s, struct loop *loop,
				   void (*begin)(struct late_read *))
{
	struct late_read *late = allocate(sizeof(*late));

	late->inner = engine(s)->inner;
	late->begin = begin;
	timer_init(&late->timer, loop, begin_read);
	timer_set(&late->timer, (int64_t)draw(engine(s), LATE_MS + 1));
	return late;
}

static void begin_get(struct late_read *late)
{
	store_get(late->inner, late->what, late->count, late->read);
}

static void begin_query(struct late_read *late)
{
	store_query(late->inner, late->what, late->range, late->read);
}

static void begin_scan(struct late_read *late)
{
	store_scan(late->inner, late->what, late->read);
}

static void begin_sizes(struct late_read *late)
{
	store_sizes(late->inner, late->sizes, late->count, late->read);
}

static void begin_usage(struct late_read *late)
{
	if (store_usage_read(late->inner, late->ledger) < 0)
		late->ledger->done(late->ledger);
}

static void get(struct store *s, const struct store_key *keys, size_t count,
		struct store_read *r)
{
	struct late_read *late = read_late(s, r->loop, begin_get);

	late->read = r;
	late->what = keys;
	late->count = count;
}

static void query(struct store *s, const struct store_partition *part,
		  const struct store_range *range, struct store_read *r)
{
	struct late_read *late = read_late(s, r->loop, begin_query);

	late->read = r;
	late->what = part;
	late->range = range;
}

static void scan(struct store *s, const struct store_scan *what,
		 struct store_read *r)
{
	struct late_read *late = read_late(s, r->loop, begin_scan);

	late->read = r;
	late->what = what;
}

static void sizes(struct store *s, struct store_size *rows, size_t count,
		  struct store_read *r)
{
	struct late_read *late = read_late(s, r->loop, begin_sizes);

	late->read = r;
	late->sizes = rows;
	late->count = count;
}

static void begin_changes(struct late_read *late)
{
	store_changes(late->inner, late->changes);
}

static void changes(struct store *s, struct store_changes *c)
{
	read_late(s, c->loop, begin_changes)->changes = c;
}

/* News may be none: who follows must look. */
static struct store_follower *follow(struct store *s, uint32_t stream,
				     struct loop *loop, void (*news)(void *arg),
				     void *arg)
{
	return store_follow(engine(s)->inner, stream, loop, news, arg);
}

static int usage_read(struct store *s, struct store_ledger_read *r)
{
	read_late(s, r->loop, begin_usage)->ledger = r;
	return 0;
}

/* ---- the engine ------------------------------------------------------------
 */

static bool healthy(struct store *s)
{
	return store_healthy(engine(s)->inner);
}

static void close_engine(struct store *s)
{
	struct engine_fault *e = engine(s);

	store_close(e->inner);
	pthread_mutex_destroy(&e->lock);
	free(e);
}

struct store *store_open_fault(struct store *inner, uint64_t seed)
{
	static const struct store_engine table = {
		.name = "fault",
		.write = write_late,
		.transact = transact_late,
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
	struct engine_fault *e = allocate(sizeof(*e));

	e->store.engine = &table;
	e->inner = inner;
	e->seed = seed;
	if (pthread_mutex_init(&e->lock, NULL) != 0)
		abort();
	return &e->store;
}
