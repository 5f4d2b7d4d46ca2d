/* services/auth/op/pools.c - the pools and clients beside the settings' own */
#include "services/auth/op/pools.h"
#include "lib/crypto/identity.h"
#include "lib/crypto/keyset.h"
#include "lib/crypto/per_thread.h"
#include "lib/crypto/snapshot.h"
#include "services/auth/op/signing_keys.h"
#include "services/auth/store/keys.h"
#include "services/auth/store/pool_sweep.h"
#include "services/auth/store/pools.h"
#include "services/auth/token/uuid.h"

enum {
	FIRST_MS = 50, /* until they have been read */
	AGAIN_MS = 1000,
	VIEW_MAX = 64 << 20, /* bytes */
	STEP_MAX = 1 << 20,
	/* by then every replica knows that a pool has gone */
	SWEEP_AFTER_MS = 3000,
	/* without a word of who sweeps, another one may */
	LEASE_MS = 10 * 1000,
};

/* ---- a realm, as long as somebody needs it -------------------------------- */

struct held_realm {
	struct auth_realm realm; /* the first */
	atomic_int references;
	int64_t changed_at; /* of the pool, when its keys were read */
	char *issuer, *pool_id;
	struct identity *identity;
};

static char *keep(const char *format, struct slice a, struct slice b)
{
	char *text;

	if (asprintf(&text, format, SLICE_ARGS(a), SLICE_ARGS(b)) < 0)
		abort(); /* lack of memory ends the process */
	return text;
}

/* The settings' issuer with the pool's id in place of theirs. */
static struct held_realm *realm_new(const struct auth *auth,
				    struct slice pool_id)
{
	struct held_realm *held = calloc(1, sizeof(*held));
	struct auth_realm *realm = &held->realm;
	struct slice base = slice_of(auth->home_realm.issuer);

	if (!held)
		abort(); /* lack of memory ends the process */
	base.size -= strlen(auth->home_realm.pool_id);
	atomic_init(&held->references, 1);
	held->issuer = keep("%.*s%.*s", base, pool_id);
	held->pool_id = keep("%.*s%.*s", pool_id, slice_make("", 0));
	realm->issuer = held->issuer;
	realm->pool_id = held->pool_id;
	realm->keyring = auth_keyring_new();
	realm->verifier = keyset_new();
	held->identity = identity_new(&(struct identity_options){
	    .service = "auth",
	    .users = realm->verifier,
	    .issuer = realm->issuer,
	    .revocations = auth->revocations,
	});
	realm->identity = held->identity;
	return held;
}

static void realm_drop(struct held_realm *held)
{
	if (atomic_fetch_sub(&held->references, 1) > 1)
		return;
	identity_free(held->identity);
	keyset_free(held->realm.verifier);
	auth_keyring_free(held->realm.keyring);
	free(held->issuer);
	free(held->pool_id);
	free(held);
}

/* ---- all of them at a time ------------------------------------------------ */

struct client_row {
	const struct auth_client *client;
	const struct auth_served *served;
};

struct view {
	struct snapshot_value shared; /* the first */
	struct arena mem;
	struct auth_pool_rows read;
	struct auth_served *served;
	struct held_realm **realms; /* NULL: the settings' */
	const struct auth_served **by_id;
	struct client_row *clients;
	size_t count, client_count;
};

static void view_free(struct snapshot_value *value)
{
	struct view *v = (struct view *)value;

	for (size_t i = 0; i < v->count; i++)
		if (v->realms[i])
			realm_drop(v->realms[i]);
	arena_release(&v->mem);
	free(v);
}

static struct view *view_new(void)
{
	struct view *v = calloc(1, sizeof(*v));

	if (!v)
		abort(); /* lack of memory ends the process */
	v->shared.free = view_free;
	arena_init(&v->mem, VIEW_MAX);
	return v;
}

static int compare_served(const void *id, const void *row)
{
	return slice_compare(
	    *(const struct slice *)id,
	    (*(const struct auth_served *const *)row)->pool.id);
}

static int compare_client(const void *id, const void *row)
{
	return slice_compare(*(const struct slice *)id,
			     ((const struct client_row *)row)->client->id);
}

static const struct auth_served *find(const struct view *v, struct slice id)
{
	const struct auth_served **row =
	    v && v->count ? bsearch(&id, v->by_id, v->count, sizeof(*v->by_id),
				    compare_served)
			  : NULL;

	return row ? *row : NULL;
}

static const struct client_row *find_client(const struct view *v,
					    struct slice id)
{
	return v && v->client_count
		   ? bsearch(&id, v->clients, v->client_count,
			     sizeof(*v->clients), compare_client)
		   : NULL;
}

/* ---- following ------------------------------------------------------------ */

struct auth_pools {
	struct call call; /* the first: what the store's steps are given */
	struct arena mem; /* of a step: private keys pass through it */
	struct timer timer;
	struct auth *auth;
	struct loop *loop;
	struct rpc_client *kv;
	void (*report)(const char *why);
	char reported[FAULT_TEXT]; /* last; not said again and again */
	struct snapshot current;
	struct per_thread readers; /* of struct snapshot_reader */
	atomic_bool ready;
	int64_t changes, seen; /* of the current ones; as counted just now */
	bool busy;
	struct list waiting, served; /* for the next round; for this one */
	struct view *fresh;	     /* being read */
	size_t at;		     /* whose keys are being read */
	struct auth_scope scope;     /* that one's */
	struct auth_keys keys;
	struct auth_pool_sweep sweep; /* of a deleted one */
	bool sweeps;		      /* it is ours to sweep up after it */
	char replica[UUID_TEXT];      /* who we are, for the others */
};

/* A call that waits for a round that begins after it came. */
struct waiter {
	struct task task;
	struct list waiting;
	struct auth_pools *pools;
	struct call *call;
	auth_next_fn *next;
	struct fault fault;
};

static struct auth_pools *pools_of(struct call *c)
{
	return (struct auth_pools *)c;
}

static const struct view *now(struct auth_pools *p)
{
	struct snapshot_reader *reader = per_thread_get(&p->readers);

	snapshot_read(&p->current, reader);
	return (const struct view *)reader->value;
}

static void go_on(struct task *task)
{
	struct waiter *w = (struct waiter *)task;

	if (w->fault.code)
		call_fail(w->call, w->fault.code, "%s", w->fault.message);
	w->next(w->call);
}

static void begin(struct auth_pools *);

static void finish(struct auth_pools *p)
{
	const struct fault *fault = &p->call.fault;

	if (p->fresh)
		view_free(&p->fresh->shared);
	p->fresh = NULL;
	p->busy = false;
	if (fault->code && strcmp(p->reported, fault->message) != 0)
		p->report(fault->message);
	snprintf(p->reported, sizeof(p->reported), "%s", fault->message);
	LIST_EACH (at, after, &p->served) {
		struct waiter *w = LIST_ENTRY(at, struct waiter, waiting);

		list_remove(at);
		w->fault = *fault;
		w->task.done = go_on;
		loop_post(w->call->loop, &w->task);
	}
	if (!list_empty(&p->waiting))
		begin(p);
	else
		timer_set(&p->timer,
			  atomic_load(&p->ready) ? AGAIN_MS : FIRST_MS);
}

/* ---- what was read -------------------------------------------------------- */

static int order_served(const void *a, const void *b)
{
	return slice_compare((*(const struct auth_served *const *)a)->pool.id,
			     (*(const struct auth_served *const *)b)->pool.id);
}

static int order_clients(const void *a, const void *b)
{
	return slice_compare(((const struct client_row *)a)->client->id,
			     ((const struct client_row *)b)->client->id);
}

/* The same pool's from before, or a new one. */
static struct held_realm *realm_of(struct auth_pools *p, struct slice pool_id)
{
	const struct view *before = now(p);
	const struct auth_served *served = find(before, pool_id);
	struct held_realm *held;

	if (!served)
		return realm_new(p->auth, pool_id);
	held = before->realms[served - before->served];
	atomic_fetch_add(&held->references, 1);
	return held;
}

static int order_servers(const void *a, const void *b)
{
	const struct auth_resource_server *one = a, *other = b;
	int order = slice_compare(one->pool_id, other->pool_id);

	return order ? order : slice_compare(one->id, other->id);
}

static void add_pool(struct auth_pools *p, struct view *v,
		     const struct auth_pool *pool)
{
	struct auth_served *served = &v->served[v->count];
	bool home = slice_equal(pool->id, p->auth->home_pool.id);

	served->pool = *pool;
	served->realm = &p->auth->home_realm;
	if (!home) {
		served->pool.prefix = slice_of(
		    arena_printf(&v->mem, "%.*s/", SLICE_ARGS(pool->id)));
		v->realms[v->count] = realm_of(p, pool->id);
		served->realm = &v->realms[v->count]->realm;
	}
	v->by_id[v->count++] = served;
}

static void add_clients(struct view *v)
{
	const struct auth_client **rows =
	    arena_array(&v->mem, v->read.client_count, sizeof(void *));
	size_t next = 0;

	for (size_t i = 0; rows && i < v->read.client_count; i++) {
		const struct auth_client *client = &v->read.clients[i];
		const struct auth_served *served = find(v, client->pool_id);

		if (served)
			v->clients[v->client_count++] =
			    (struct client_row){ client, served };
	}
	if (v->client_count)
		qsort(v->clients, v->client_count, sizeof(*v->clients),
		      order_clients);
	for (size_t i = 0; rows && i < v->count; i++) {
		struct auth_served *served = &v->served[i];

		served->clients = &rows[next];
		for (size_t k = 0; k < v->client_count; k++) {
			const struct auth_client *client = v->clients[k].client;

			if (v->clients[k].served != served)
				continue;
			rows[next++] = client;
			served->client_count++;
			served->pool.srp |=
			    auth_client_allows(client, "USER_SRP_AUTH") ||
			    auth_client_allows(client, "USER_AUTH");
		}
	}
}

/* A pool's stand side by side. */
static void add_servers(struct view *v)
{
	struct auth_resource_server *rows = v->read.servers;

	if (v->read.server_count)
		qsort(rows, v->read.server_count, sizeof(*rows), order_servers);
	for (size_t i = 0; i < v->read.server_count; i++) {
		struct auth_served *served =
		    (struct auth_served *)find(v, rows[i].pool_id);

		if (served && !served->server_count++)
			served->servers = &rows[i];
	}
}

/* The settings' pool is there, too, for clients of the store. */
static void assemble(struct auth_pools *p, struct view *v)
{
	size_t room = v->read.pool_count + 1;
	bool home = false;

	v->served = arena_array(&v->mem, room, sizeof(*v->served));
	v->realms = arena_array(&v->mem, room, sizeof(*v->realms));
	v->by_id = arena_array(&v->mem, room, sizeof(*v->by_id));
	v->clients =
	    arena_array(&v->mem, v->read.client_count, sizeof(*v->clients));
	if (v->mem.full)
		return;
	for (size_t i = 0; i < v->read.pool_count; i++) {
		home |= slice_equal(v->read.pools[i].id, p->auth->home_pool.id);
		add_pool(p, v, &v->read.pools[i]);
	}
	if (!home)
		add_pool(p, v, &p->auth->home_pool);
	qsort(v->by_id, v->count, sizeof(*v->by_id), order_served);
	add_clients(v);
	add_servers(v);
}

/* The steps are about that pool from here on. */
static void enter(struct auth_pools *p, const struct view *v, size_t at)
{
	p->scope = (struct auth_scope){ .realm = &v->realms[at]->realm,
					.pool = &v->served[at].pool };
	p->call.scope = &p->scope;
}

static void read_keys(struct auth_pools *);

static void keys_read(struct call *c)
{
	struct auth_pools *p = pools_of(c);
	struct view *v = p->fresh;

	auth_signing_keys_use(c, &v->realms[p->at]->realm, &p->keys);
	if (call_failed(c)) {
		finish(p);
		return;
	}
	v->realms[p->at]->changed_at = v->served[p->at].pool.changed_at;
	p->at++;
	read_keys(p);
}

/* Of the pools that are new or have changed, one by one; then all is known. */
static void read_keys(struct auth_pools *p)
{
	struct view *v = p->fresh;

	while (p->at < v->count &&
	       (!v->realms[p->at] || v->realms[p->at]->changed_at ==
					 v->served[p->at].pool.changed_at))
		p->at++;
	if (p->at == v->count) {
		p->changes = p->seen;
		p->fresh = NULL;
		snapshot_replace(&p->current, &v->shared);
		atomic_store(&p->ready, true);
		finish(p);
		return;
	}
	arena_reset(&p->mem);
	p->call.mem = &p->mem;
	enter(p, v, p->at);
	auth_keys_list(&p->call, p->auth->seal, &p->keys, keys_read);
}

static void listed(struct call *c)
{
	struct auth_pools *p = pools_of(c);

	if (!call_failed(c))
		assemble(p, p->fresh);
	if (call_status(c)) {
		finish(p);
		return;
	}
	p->at = 0;
	read_keys(p);
}

/* ---- keys whose time has come ---------------------------------------------- */

static void stepped(struct call *c)
{
	struct auth_pools *p = pools_of(c);

	if (call_failed(c))
		finish(p);
	else
		begin(p);
}

/* Also where another replica was faster: what it did may not have been told. */
static void tended(struct call *c)
{
	if (call_failed(c))
		finish(pools_of(c));
	else
		auth_pools_touch(c, stepped);
}

static void due_read(struct call *c)
{
	struct auth_pools *p = pools_of(c);

	if (call_failed(c) || !auth_keys_tend(c, &p->keys, tended))
		tended(c);
}

/* Of one pool; false where none is due. The settings' pool sees to its own. */
static bool tend(struct auth_pools *p)
{
	const struct view *v = now(p);
	int64_t life = auth_rules_of(&p->call)->key_ms / 1000;
	int64_t second = auth_now(&p->call);
	size_t at = 0;

	while (at < v->count &&
	       (!v->realms[at] ||
		auth_keyring_due(v->realms[at]->realm.keyring, life) > second))
		at++;
	if (at == v->count)
		return false;
	enter(p, v, at);
	auth_keys_list(&p->call, p->auth->seal, &p->keys, due_read);
	return true;
}

/* ---- what deleted pools have left behind ----------------------------------- */

static void swept(struct call *c)
{
	struct auth_pools *p = pools_of(c);

	if (!call_failed(c) && p->sweep.done)
		auth_pools_forget(c, slice_of(p->sweep.pool_id), stepped);
	else
		stepped(c);
}

static void leased(struct call *c)
{
	struct auth_pools *p = pools_of(c);

	if (call_failed(c) || !p->sweeps)
		finish(p);
	else
		auth_pool_sweep(c, &p->sweep, swept);
}

/* A page of it, by one replica; false where there is none, or not yet. */
static bool sweep(struct auth_pools *p)
{
	const struct auth_pool_rows *rows = &now(p)->read;

	if (!rows->gone.size || rows->gone_ms + SWEEP_AFTER_MS > p->call.now_ms)
		return false;
	if (!slice_is(rows->gone, p->sweep.pool_id) || p->sweep.done) {
		p->sweep = (struct auth_pool_sweep){ 0 };
		snprintf(p->sweep.pool_id, sizeof(p->sweep.pool_id), "%.*s",
			 SLICE_ARGS(rows->gone));
	}
	auth_pools_lease(&p->call, rows->gone, slice_of(p->replica),
			 p->call.now_ms + LEASE_MS, &p->sweeps, leased);
	return true;
}

/* ---- a round --------------------------------------------------------------- */

static void counted(struct call *c)
{
	struct auth_pools *p = pools_of(c);

	if (call_failed(c)) {
		finish(p);
		return;
	}
	if (atomic_load(&p->ready) && p->seen == p->changes) {
		if (!list_empty(&p->served) || (!tend(p) && !sweep(p)))
			finish(p);
		return;
	}
	p->fresh = view_new();
	c->mem = &p->fresh->mem;
	auth_pools_list(c, &p->fresh->read, listed);
}

static void begin(struct auth_pools *p)
{
	p->busy = true;
	timer_cancel(&p->timer);
	LIST_EACH (at, after, &p->waiting) {
		list_remove(at);
		list_append(&p->served, at);
	}
	arena_reset(&p->mem);
	call_init(&p->call, &p->mem);
	p->call.service = p->auth;
	p->call.loop = p->loop;
	p->call.thread = p->kv;
	auth_pools_count(&p->call, &p->seen, counted);
}

static void tick(struct timer *timer)
{
	begin(LIST_ENTRY(timer, struct auth_pools, timer));
}

/* ---- its life ------------------------------------------------------------- */

static void reader_stop(void *value)
{
	snapshot_reader_release(value);
}

struct auth_pools *auth_pools_new(struct auth *auth, struct loop *loop,
				  void (*report)(const char *why))
{
	struct auth_pools *p = calloc(1, sizeof(*p));

	if (!p)
		abort(); /* lack of memory ends the process */
	arena_init(&p->mem, STEP_MAX);
	p->mem.wipes = true;
	snapshot_init(&p->current);
	per_thread_init(&p->readers, sizeof(struct snapshot_reader), NULL,
			reader_stop);
	list_init(&p->waiting);
	list_init(&p->served);
	p->auth = auth;
	p->loop = loop;
	p->report = report;
	uuid_text(p->replica);
	timer_init(&p->timer, loop, tick);
	return p;
}

void auth_pools_follow(struct auth_pools *p, struct rpc_client *kv)
{
	p->kv = kv;
	begin(p);
}

void auth_pools_free(struct auth_pools *p)
{
	if (!p)
		return;
	timer_release(&p->timer);
	if (p->fresh)
		view_free(&p->fresh->shared);
	per_thread_release(&p->readers);
	snapshot_release(&p->current);
	arena_release(&p->mem);
	free(p);
}

bool auth_pools_ready(const struct auth_pools *p)
{
	return atomic_load(&p->ready);
}

static void arrive(struct task *task)
{
	struct waiter *w = (struct waiter *)task;
	struct auth_pools *p = w->pools;

	list_append(&p->waiting, &w->waiting);
	if (p->kv && !p->busy)
		begin(p);
}

void auth_pools_renew(struct call *c, auth_next_fn *next)
{
	struct waiter *w = arena_zalloc(c->mem, sizeof(*w));

	if (call_status(c)) {
		next(c);
		return;
	}
	w->pools = auth_of(c)->pools;
	w->call = c;
	w->next = next;
	w->task.done = arrive;
	loop_post(w->pools->loop, &w->task);
}

/* ---- looking -------------------------------------------------------------- */

static void drop(void *view)
{
	snapshot_drop(view);
}

static const struct view *hold(struct auth_pools *p, struct arena *mem)
{
	struct view *v = (struct view *)now(p);

	if (!v)
		return NULL;
	atomic_fetch_add(&v->shared.references, 1);
	if (arena_at_end(mem, drop, v))
		return v;
	snapshot_drop(&v->shared);
	return NULL;
}

const struct auth_served *auth_pools_find(struct auth_pools *p,
					  struct arena *mem, struct slice id)
{
	return find(hold(p, mem), id);
}

const struct auth_served *auth_pools_find_client(
    struct auth_pools *p, struct arena *mem, struct slice id,
    const struct auth_client **client)
{
	const struct client_row *row = find_client(hold(p, mem), id);

	if (!row)
		return NULL;
	*client = row->client;
	return row->served;
}

bool auth_pools_are_one(struct auth_pools *p)
{
	const struct view *v = now(p);

	return !v || v->count == 1;
}

struct auth_served_list auth_pools_all(struct auth_pools *p, struct arena *mem)
{
	const struct view *v = hold(p, mem);

	return v ? (struct auth_served_list){ v->by_id, v->count }
		 : (struct auth_served_list){ NULL, 0 };
}
