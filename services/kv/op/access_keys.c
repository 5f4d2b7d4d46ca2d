/* services/kv/op/access_keys.c - who may sign requests, and with what */
#include "services/kv/op/access_keys.h"
#include "lib/base/clock.h"
#include "lib/crypto/per_thread.h"
#include "lib/crypto/seal.h"
#include "lib/crypto/sigv4.h"
#include "lib/crypto/snapshot.h"
#include "lib/item/item.h"
#include "services/kv/op/kv.h"

enum {
	ACCESS_TABLE = 4,
	VIEW_MEMORY = 16 << 20,
	ITEM_MAX = 4096,
	SIGNING_KEYS = 16, /* remembered per thread */
	DAY = 8,	   /* 20261126 */
};

#define HASH_KEY SLICE("access-key")
#define ADMIN SLICE("admin")

/* All keys, in order of their ids. */
struct view {
	struct snapshot_value shared;
	struct arena mem;
	size_t count;
	struct access_key *keys;
};

struct access_keys {
	struct store *store;
	struct seal *seal;
	struct snapshot views;
	pthread_mutex_t changing; /* held by who replaces the view */
	struct per_thread threads;
};

/* A key's of a day, as long as the view it was derived from is the thread's. */
struct signing_key {
	uint64_t version; /* of the view; 0: none */
	const struct access_key *of;
	char day[DAY];
	uint8_t key[HASH_SIZE];
};

struct thread {
	struct snapshot_reader view;
	struct signing_key signing[SIGNING_KEYS];
};

static void thread_stop(void *value)
{
	struct thread *t = value;

	snapshot_reader_release(&t->view);
	explicit_bzero(t->signing, sizeof(t->signing));
}

/* ---- views -----------------------------------------------------------------
 */

static void view_free(struct snapshot_value *value)
{
	struct view *v = (struct view *)value;

	arena_release(&v->mem);
	free(v);
}

/* The first place whose id is not before `id`. */
static size_t place(const struct view *v, struct slice id)
{
	size_t low = 0, high = v->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (slice_compare(v->keys[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct access_key *find(const struct view *v, struct slice id)
{
	size_t at = place(v, id);

	return at < v->count && slice_equal(v->keys[at].id, id) ? &v->keys[at]
								: NULL;
}

static void add(struct view *v, const struct access_key *key)
{
	v->keys[v->count++] = (struct access_key){
		.id = arena_slice(&v->mem, key->id),
		.principal = arena_slice(&v->mem, key->principal),
		.sealed = arena_slice(&v->mem, key->sealed),
		.created_s = key->created_s,
	};
}

/* Another view: `old` (or NULL) without the key of that id, and with the key. */
static struct view *view_with(const struct view *old, struct slice without,
			      const struct access_key *key)
{
	struct view *v = calloc(1, sizeof(*v));
	size_t count = old ? old->count : 0;

	if (!v)
		abort(); /* lack of memory ends the process */
	v->shared.free = view_free;
	arena_init(&v->mem, VIEW_MEMORY);
	v->keys = arena_array(&v->mem, count + 1, sizeof(*v->keys));
	for (size_t i = 0; i < count; i++) {
		if (key && slice_compare(key->id, old->keys[i].id) < 0) {
			add(v, key);
			key = NULL;
		}
		if (!slice_equal(old->keys[i].id, without))
			add(v, &old->keys[i]);
	}
	if (key)
		add(v, key);
	if (v->mem.full)
		abort(); /* the number of keys is bounded, and their size */
	return v;
}

static void replace(struct access_keys *k, struct slice without,
		    const struct access_key *key)
{
	struct snapshot_value *old;

	pthread_mutex_lock(&k->changing);
	old = snapshot_hold(&k->views);
	snapshot_replace(&k->views,
			 &view_with((struct view *)old, without, key)->shared);
	snapshot_drop(old);
	pthread_mutex_unlock(&k->changing);
}

/* The calling thread's, with the view as it is now. */
static struct thread *look(struct access_keys *k)
{
	struct thread *t = per_thread_get(&k->threads);

	snapshot_read(&k->views, &t->view);
	return t;
}

static const struct view *view_of(const struct thread *t)
{
	return (const struct view *)t->view.value;
}

/* ---- rows ------------------------------------------------------------------
 */

static struct access_key read_row(struct slice item)
{
	struct access_key key = {
		.id = item_find_text(item, ITEM_S, "sk"),
		.principal = item_find_text(item, ITEM_S, "principal"),
		.sealed = item_find_text(item, ITEM_B, "sealed"),
		.created_s = item_find_i64(item, "created", 0),
	};

	if (!key.principal.size)
		key.principal = ADMIN;
	return key;
}

static void put_row(struct buffer *out, const struct access_key *key)
{
	item_put_i64(out, "created", key->created_s);
	item_put_text(out, "pk", ITEM_S, HASH_KEY);
	item_put_text(out, "principal", ITEM_S, key->principal);
	item_put_text(out, "sealed", ITEM_B, key->sealed);
	item_put_text(out, "sk", ITEM_S, key->id);
}

static enum store_visit visit(struct store_read *r, size_t i, struct slice item)
{
	const struct access_key key = read_row(item);

	(void)i;
	replace(r->arg, key.id, &key);
	return STORE_NEXT;
}

static void visited(struct store_read *r)
{
	loop_stop(r->loop);
}

static int load(struct access_keys *k, struct fault *why)
{
	const struct store_partition part = { ACCESS_TABLE, HASH_KEY };
	const struct store_range all = { 0 };
	struct store_read read = {
		.visit = visit, .done = visited, .arg = k, .loop = loop_new()
	};

	replace(k, SLICE(""), NULL);
	store_query(k->store, &part, &all, &read);
	loop_run(read.loop);
	loop_free(read.loop);
	if (read.fault.code)
		*why = read.fault;
	return -read.fault.code;
}

struct access_keys *access_keys_open(struct store *store, struct seal *seal,
				     struct fault *why)
{
	struct access_keys *k = calloc(1, sizeof(*k));

	if (!k)
		abort(); /* lack of memory ends the process */
	k->store = store;
	k->seal = seal;
	snapshot_init(&k->views);
	pthread_mutex_init(&k->changing, NULL);
	per_thread_init(&k->threads, sizeof(struct thread), NULL, thread_stop);
	if (load(k, why) == 0)
		return k;
	access_keys_free(k);
	return NULL;
}

void access_keys_free(struct access_keys *k)
{
	if (!k)
		return;
	per_thread_release(&k->threads);
	pthread_mutex_destroy(&k->changing);
	snapshot_release(&k->views);
	seal_free(k->seal);
	free(k);
}

/* ---- signing ---------------------------------------------------------------
 */

bool access_keys_has(struct access_keys *k, struct slice id)
{
	return find(view_of(look(k)), id) != NULL;
}

static int derive(const struct access_keys *k, const struct access_key *of,
		  const struct sigv4_credential *c, struct arena *mem,
		  uint8_t key[HASH_SIZE])
{
	struct slice secret;

	if (seal_open(k->seal, of->sealed, of->id, mem, &secret) < 0)
		return -E_LOSS;
	sigv4_day_key(secret, c->day, c->region, c->service, key);
	explicit_bzero((void *)secret.data, secret.size);
	return 0;
}

static int find_signing(const struct access_keys *k, struct thread *t,
			const struct access_key *of,
			const struct sigv4_credential *c, struct arena *mem,
			uint8_t key[HASH_SIZE])
{
	size_t at = (size_t)(of - view_of(t)->keys) % SIGNING_KEYS;
	struct signing_key *slot = &t->signing[at];

	if (slot->version != t->view.version || slot->of != of ||
	    memcmp(slot->day, c->day.data, DAY) != 0) {
		slot->version = 0;
		if (derive(k, of, c, mem, slot->key))
			return -E_LOSS;
		slot->version = t->view.version;
		slot->of = of;
		memcpy(slot->day, c->day.data, DAY);
	}
	memcpy(key, slot->key, HASH_SIZE);
	return 0;
}

/* The region and the service are ours, and the day has its form: that has been
 * checked, so key and day say it all. */
int access_keys_signing(struct access_keys *k, const struct sigv4_credential *c,
			uint8_t key[HASH_SIZE], struct arena *mem,
			struct principal *principal)
{
	struct thread *t = look(k);
	const struct access_key *of = find(view_of(t), c->access_key_id);

	if (!of)
		return -E_ACCESS_KEY;
	*principal = principal_of_access_key(of->principal, of->id, mem);
	return find_signing(k, t, of, c, mem, key);
}

int access_keys_principal(struct access_keys *k, struct slice id,
			  struct arena *mem, struct principal *principal)
{
	const struct access_key *of = find(view_of(look(k)), id);

	if (!of)
		return -E_ACCESS_KEY;
	*principal = principal_of_access_key(of->principal, of->id, mem);
	return 0;
}

int access_keys_derive(struct access_keys *k, const struct sigv4_credential *c,
		       uint8_t key[HASH_SIZE], struct arena *mem,
		       struct slice *principal)
{
	const struct access_key *of = find(view_of(look(k)), c->access_key_id);

	if (!of)
		return -E_ACCESS_KEY;
	*principal = arena_slice(mem, of->principal);
	return derive(k, of, c, mem, key);
}

/* ---- writing ---------------------------------------------------------------
 */

struct slice access_keys_row(struct access_keys *k, const struct access_key *of,
			     struct slice secret, struct arena *mem)
{
	struct access_key key = *of;
	struct buffer item;
	struct slice row;

	key.sealed = seal_close(k->seal, secret, key.id, mem);
	buffer_init(&item, ITEM_MAX);
	put_row(&item, &key);
	row = arena_slice(mem, buffer_slice(&item));
	buffer_release(&item);
	return row;
}

static int decide_import(struct store_write *w, struct arena *mem,
			 const struct slice *have, struct store_change *out)
{
	(void)mem;
	if (have[0].data)
		return 0;
	out[0].kind = STORE_PUT;
	out[0].item = *(const struct slice *)w->arg;
	return 0;
}

static void imported(struct store_write *w)
{
	loop_stop(w->loop);
}

/* Waits; only the beginning may do so. */
static int put(struct access_keys *k, struct slice id, struct slice item,
	       struct fault *why)
{
	const struct store_key key = { .part = { ACCESS_TABLE, HASH_KEY },
				       .sort = id };
	struct arena mem;
	struct store_write w = { .keys = &key,
				 .key_count = 1,
				 .now_ms = clock_wall_ms(),
				 .decide = decide_import,
				 .done = imported,
				 .arg = &item,
				 .loop = loop_new(),
				 .mem = &mem };

	arena_init(&mem, 1 << 20);
	do { /* deciding twice puts it once */
		if (store_write(k->store, &w) == 0)
			loop_run(w.loop);
	} while (w.outcome == STORE_UNKNOWN && !w.fault.code);
	arena_release(&mem);
	loop_free(w.loop);
	if (w.fault.code)
		*why = w.fault;
	return -w.fault.code;
}

int access_keys_import(struct access_keys *k, struct slice id,
		       struct slice secret, struct fault *why)
{
	const struct access_key admin = { .id = id,
					  .principal = ADMIN,
					  .created_s = clock_wall_ms() / 1000 };
	struct access_key key;
	struct arena mem;
	struct slice row;

	if (access_keys_has(k, id))
		return 0;
	arena_init(&mem, 1 << 20);
	row = access_keys_row(k, &admin, secret, &mem);
	key = read_row(row);
	if (!key.id.size || id.size > ACCESS_KEY_ID_MAX)
		fault_set(why, E_INVALID, "the access key is too long");
	else if (put(k, id, row, why) == 0)
		replace(k, id, &key);
	arena_release(&mem);
	return -why->code;
}

/* ---- for the operations ----------------------------------------------------
 */

static int decide(struct store_write *w, struct arena *mem,
		  const struct slice *have, struct store_change *out)
{
	const struct access_key_change *k = w->arg;

	(void)mem;
	if (!k->item.size && !have[0].data)
		return fault_set(&w->fault, E_MISSING,
				 "The Access Key with id %.*s cannot be found.",
				 SLICE_ARGS(k->id));
	out[0].kind = k->item.size ? STORE_PUT : STORE_DELETE;
	out[0].item = k->item;
	return 0;
}

static void written(struct store_write *w)
{
	struct access_key_change *k = w->arg;
	struct access_key key;

	if (w->outcome == STORE_UNKNOWN && !w->fault.code) {
		/* a repeat decides the same */
		if (store_write(kv_of(k->call)->store, w) == 0)
			return;
	}
	if (w->fault.code) {
		k->call->fault = w->fault;
	} else {
		key = read_row(k->item);
		replace(kv_of(k->call)->access_keys, k->id,
			k->item.size ? &key : NULL);
	}
	k->done(k->call, k);
}

void access_keys_submit(struct call *c, struct access_key_change *k)
{
	k->call = c;
	k->key = (struct store_key){ .part = { ACCESS_TABLE, HASH_KEY },
				     .sort = k->id };
	k->write = (struct store_write){ .keys = &k->key,
					 .key_count = 1,
					 .now_ms = c->now_ms,
					 .decide = decide,
					 .done = written,
					 .arg = k,
					 .loop = c->loop,
					 .mem = c->mem };
	if (call_failed(c) || store_write(kv_of(c)->store, &k->write)) {
		if (!call_failed(c))
			c->fault = k->write.fault;
		k->done(c, k);
	}
}

size_t access_keys_count(struct access_keys *k)
{
	return view_of(look(k))->count;
}

const struct access_key *access_keys_after(struct access_keys *k,
					   struct slice after, size_t *count,
					   bool *more, struct arena *mem)
{
	const struct view *v = view_of(look(k));
	size_t at = after.size ? place(v, after) : 0;
	struct access_key *out;

	if (at < v->count && slice_equal(v->keys[at].id, after))
		at++;
	*more = v->count - at > *count;
	if (!*more)
		*count = v->count - at;
	out = arena_array(mem, *count + 1, sizeof(*out));
	for (size_t i = 0; out && i < *count; i++)
		out[i] = (struct access_key){
			.id = arena_slice(mem, v->keys[at + i].id),
			.principal =
			    arena_slice(mem, v->keys[at + i].principal),
			.created_s = v->keys[at + i].created_s,
		};
	return out;
}
