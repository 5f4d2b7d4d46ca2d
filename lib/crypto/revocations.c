/* lib/crypto/revocations.c - tokens that are refused before they expire
 *
 * The set is a hash table that only grows: an entry is published by one store
 * and never moves, so readers walk it while a writer adds. When it is crowded,
 * or has much that is needless, a new set takes its place.
 */
#include "lib/crypto/revocations.h"

#include <stdlib.h>

enum { BUCKETS_FIRST = 256 };

struct entry {
	struct entry *next; /* never changes once it can be seen */
	uint64_t hash;
	enum revocation_kind kind;
	_Atomic int64_t before, expires_at; /* only grow */
	size_t size;
	uint8_t value[];
};

struct set {
	struct snapshot_value shared;
	size_t count, buckets; /* a power of two */
	_Atomic(struct entry *) bucket[];
};

struct revocations {
	struct snapshot current;
	pthread_mutex_t writer;
	_Atomic uint64_t version;
};

static const char *const names[] = {
	[REVOKE_SUB] = "sub",
	[REVOKE_ORIGIN] = "origin_jti",
	[REVOKE_TOKEN] = "jti",
	[REVOKE_ISSUER] = "iss",
};

enum revocation_kind revocation_kind(struct slice name)
{
	for (int kind = REVOKE_SUB; kind < REVOKE_KINDS; kind++)
		if (slice_is(name, names[kind]))
			return (enum revocation_kind)kind;
	return 0;
}

const char *revocation_kind_name(enum revocation_kind kind)
{
	return names[kind];
}

static void set_free(struct snapshot_value *value)
{
	struct set *set = (struct set *)value;

	for (size_t i = 0; i < set->buckets; i++)
		for (struct entry *at = atomic_load(&set->bucket[i]), *next; at;
		     at = next) {
			next = at->next;
			free(at);
		}
	free(set);
}

static struct set *set_new(size_t buckets)
{
	struct set *set =
	    calloc(1, sizeof(*set) + buckets * sizeof(*set->bucket));

	if (!set)
		abort(); /* lack of memory ends the process */
	set->shared.free = set_free;
	set->buckets = buckets;
	return set;
}

struct revocations *revocations_new(void)
{
	struct revocations *r = calloc(1, sizeof(*r));

	if (!r)
		abort(); /* lack of memory ends the process */
	snapshot_init(&r->current);
	pthread_mutex_init(&r->writer, NULL);
	snapshot_replace(&r->current, &set_new(BUCKETS_FIRST)->shared);
	return r;
}

void revocations_free(struct revocations *r)
{
	if (!r)
		return;
	snapshot_release(&r->current);
	pthread_mutex_destroy(&r->writer);
	free(r);
}

/* FNV-1a: the values are ids that we made ourselves. */
static uint64_t hash_of(enum revocation_kind kind, struct slice value)
{
	uint64_t hash = (14695981039346656037u ^ kind) * 1099511628211u;

	for (size_t i = 0; i < value.size; i++)
		hash = (hash ^ value.data[i]) * 1099511628211u;
	return hash;
}

static struct entry *set_find(struct set *set, enum revocation_kind kind,
			      struct slice value)
{
	uint64_t hash = hash_of(kind, value);
	struct entry *at =
	    atomic_load_explicit(&set->bucket[hash & (set->buckets - 1)],
				 memory_order_acquire);

	for (; at; at = at->next)
		if (at->hash == hash && at->kind == kind &&
		    slice_equal(slice_make(at->value, at->size), value))
			return at;
	return NULL;
}

static void set_add(struct set *set, enum revocation_kind kind,
		    struct slice value, int64_t before, int64_t expires_at)
{
	struct entry *entry = malloc(sizeof(*entry) + value.size);
	uint64_t hash = hash_of(kind, value);
	_Atomic(struct entry *) *bucket =
	    &set->bucket[hash & (set->buckets - 1)];

	if (!entry)
		abort(); /* lack of memory ends the process */
	entry->next = atomic_load(bucket);
	entry->hash = hash;
	entry->kind = kind;
	atomic_init(&entry->before, before);
	atomic_init(&entry->expires_at, expires_at);
	entry->size = value.size;
	memcpy(entry->value, value.data, value.size);
	atomic_store_explicit(bucket, entry, memory_order_release);
	set->count++;
}

/* Puts a set in place of the current one that holds what is of use at `now`. */
static void renew(struct revocations *r, struct set *old, int64_t now)
{
	size_t buckets = BUCKETS_FIRST;
	struct set *set;

	while (buckets < 2 * old->count)
		buckets *= 2;
	set = set_new(buckets);
	for (size_t i = 0; i < old->buckets; i++)
		for (struct entry *at = atomic_load(&old->bucket[i]); at;
		     at = at->next)
			if (atomic_load(&at->expires_at) > now)
				set_add(set, at->kind,
					slice_make(at->value, at->size),
					atomic_load(&at->before),
					atomic_load(&at->expires_at));
	snapshot_replace(&r->current, &set->shared);
}

static void raise(_Atomic int64_t *value, int64_t to)
{
	if (atomic_load(value) < to)
		atomic_store(value, to);
}

void revocations_add(struct revocations *r, enum revocation_kind kind,
		     struct slice value, int64_t before, int64_t expires_at)
{
	struct set *set;
	struct entry *entry;

	if (!kind || !value.size)
		return;
	pthread_mutex_lock(&r->writer);
	set = (struct set *)r->current.value;
	if (set->count >= set->buckets) {
		renew(r, set, INT64_MIN);
		set = (struct set *)r->current.value;
	}
	entry = set_find(set, kind, value);
	if (!entry)
		set_add(set, kind, value, before, expires_at);
	if (!entry || atomic_load(&entry->before) < before)
		atomic_fetch_add(&r->version, 1);
	if (entry) {
		raise(&entry->before, before);
		raise(&entry->expires_at, expires_at);
	}
	pthread_mutex_unlock(&r->writer);
}

void revocations_sweep(struct revocations *r, int64_t now)
{
	struct set *set;
	size_t needless = 0;

	pthread_mutex_lock(&r->writer);
	set = (struct set *)r->current.value;
	for (size_t i = 0; i < set->buckets; i++)
		for (struct entry *at = atomic_load(&set->bucket[i]); at;
		     at = at->next)
			needless += atomic_load(&at->expires_at) <= now;
	if (needless)
		renew(r, set, now);
	pthread_mutex_unlock(&r->writer);
}

uint64_t revocations_version(const struct revocations *r)
{
	return atomic_load_explicit(&r->version, memory_order_acquire);
}

/* Without "NAME|" in front, where the pool is not the issuer. */
static struct slice own_sub(struct slice sub)
{
	struct slice behind = sub;

	slice_cut(&behind, '|');
	return behind.size ? behind : sub;
}

bool revocations_match(struct revocations *r, struct snapshot_reader *reader,
		       const struct principal *who)
{
	struct entry *by_user;
	struct set *set;

	snapshot_read(&r->current, reader);
	set = (struct set *)reader->value;
	by_user = set_find(set, REVOKE_SUB, own_sub(who->sub));
	return (by_user && who->issued_at < atomic_load(&by_user->before)) ||
	       set_find(set, REVOKE_ORIGIN, who->origin_jti) ||
	       set_find(set, REVOKE_TOKEN, who->jti) ||
	       set_find(set, REVOKE_ISSUER, who->issuer);
}

size_t revocations_count(struct revocations *r)
{
	size_t count;

	pthread_mutex_lock(&r->writer);
	count = ((struct set *)r->current.value)->count;
	pthread_mutex_unlock(&r->writer);
	return count;
}
