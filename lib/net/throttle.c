/* lib/net/throttle.c - so many in a second or an hour, each */
#include "lib/net/throttle.h"
#include "lib/base/map.h"
#include "lib/base/random.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { SETS = 16384, WAYS = 4 };

struct bucket {
	atomic_uint_fast64_t who; /* a hash */
	atomic_int_fast64_t full; /* when, monotonic ns */
};

struct throttle {
	int64_t interval; /* ns a token takes to come */
	int64_t depth;	  /* ns the whole bucket takes */
	uint64_t key[2];
	struct bucket buckets[SETS][WAYS];
};

struct throttle *throttle_new(int64_t rate, int64_t period_ms, int64_t burst)
{
	struct throttle *t;

	if (rate <= 0)
		return NULL;
	t = calloc(1, sizeof(*t)); /* places nobody used cost no memory */
	if (!t)
		abort();
	t->interval = period_ms * 1000000 / rate;
	t->interval = t->interval ? t->interval : 1;
	t->depth = t->interval * (burst > 0 ? burst : 1);
	random_bytes(t->key, sizeof(t->key));
	return t;
}

void throttle_free(struct throttle *t)
{
	free(t);
}

/* The bucket of `who`, or the place of the one nearest to full, made its own. A
 * thread that takes the same place at the same time does no harm: one of them
 * counts in the other's bucket, once. */
static struct bucket *find_bucket(struct throttle *t, uint64_t who)
{
	struct bucket *set = t->buckets[who % SETS], *place = &set[0];

	for (size_t i = 0; i < WAYS; i++) {
		if (atomic_load_explicit(&set[i].who, memory_order_relaxed) ==
		    who)
			return &set[i];
		if (atomic_load_explicit(&set[i].full, memory_order_relaxed) <
		    atomic_load_explicit(&place->full, memory_order_relaxed))
			place = &set[i];
	}
	atomic_store_explicit(&place->who, who, memory_order_relaxed);
	atomic_store_explicit(&place->full, 0, memory_order_relaxed);
	return place;
}

int64_t throttle_take(struct throttle *t, struct slice who, int64_t now_ns)
{
	struct bucket *bucket;
	int64_t full, next, over;

	if (!t)
		return 0;
	bucket = find_bucket(t, map_hash(t->key, who));
	full = atomic_load_explicit(&bucket->full, memory_order_relaxed);
	do {
		next = (full > now_ns ? full : now_ns) + t->interval;
		over = next - now_ns - t->depth;
		if (over > 0)
			return (over + 999999) / 1000000;
	} while (!atomic_compare_exchange_weak_explicit(&bucket->full, &full,
							next,
							memory_order_relaxed,
							memory_order_relaxed));
	return 0;
}

int64_t throttle_wait(struct throttle *t, struct slice who, int64_t besides_ns,
		      int64_t now_ns)
{
	struct bucket *bucket;
	int64_t full, over;

	if (!t)
		return 0;
	bucket = find_bucket(t, map_hash(t->key, who));
	full = atomic_load_explicit(&bucket->full, memory_order_relaxed);
	over = (full > now_ns ? full : now_ns) + besides_ns - now_ns - t->depth;
	return over < 0 ? 0 : over / 1000000 + 1;
}

void throttle_spend(struct throttle *t, struct slice who, int64_t cost_ns,
		    int64_t now_ns)
{
	struct bucket *bucket;
	int64_t full, next;

	if (!t)
		return;
	bucket = find_bucket(t, map_hash(t->key, who));
	full = atomic_load_explicit(&bucket->full, memory_order_relaxed);
	do
		next = (full > now_ns ? full : now_ns) + cost_ns;
	while (!atomic_compare_exchange_weak_explicit(&bucket->full, &full,
						      next,
						      memory_order_relaxed,
						      memory_order_relaxed));
}
