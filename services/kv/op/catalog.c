/* services/kv/op/catalog.c - which tables there are, and whose policies */
#include "services/kv/op/catalog.h"
#include "lib/base/buffer.h"
#include "lib/base/random.h"
#include "services/kv/op/table_row.h"

#include <assert.h>

enum {
	CATALOG = 0, /* the store's table */
	FIRST_NUMBER = 16,
	ENTRY_MEMORY = 4 << 20,
	REPEATS_MAX = 20, /* of a change whose outcome is unknown */
	/* A deleted row is remembered until so many changes have come behind
	 * it, more than can be under way. */
	GRAVES = 10000,
};

static const char *const folders[] = {
	[CATALOG_TABLE] = "table/",
	[CATALOG_ROLE] = "role/",
};

/* A row as of one change; counted, since many views share it. */
struct entry {
	atomic_int references;
	struct arena mem;
	enum catalog_kind kind;
	struct slice name;
	int64_t change;
	bool gone;
	union {
		struct catalog_table table;
		struct catalog_role role;
	};
};

struct catalog_view {
	struct snapshot_value shared;
	size_t count, tables;
	struct entry *entries[]; /* in order of kind and name */
};

struct catalog {
	struct store *store;
	pthread_mutex_t lock; /* of those who change it */
	struct snapshot views;
};

/* ---- views -----------------------------------------------------------------
 */

static void entry_drop(struct entry *e)
{
	if (atomic_fetch_sub(&e->references, 1) == 1) {
		arena_release(&e->mem);
		free(e);
	}
}

static void view_free(struct snapshot_value *value)
{
	struct catalog_view *view = (struct catalog_view *)value;

	for (size_t i = 0; i < view->count; i++)
		entry_drop(view->entries[i]);
	free(view);
}

static struct catalog_view *view_new(size_t room)
{
	struct catalog_view *view =
	    calloc(1, sizeof(*view) + room * sizeof(struct entry *));

	if (!view)
		abort(); /* lack of memory ends the process */
	view->shared.free = view_free;
	return view;
}

static int compare(const struct entry *e, enum catalog_kind kind,
		   struct slice name)
{
	if (e->kind != kind)
		return e->kind < kind ? -1 : 1;
	return slice_compare(e->name, name);
}

/* The first entry that is not before it. */
static size_t place(const struct catalog_view *view, enum catalog_kind kind,
		    struct slice name)
{
	size_t low = 0, high = view->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(view->entries[middle], kind, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct entry *find(const struct catalog_view *view,
				enum catalog_kind kind, struct slice name)
{
	size_t at = place(view, kind, name);

	if (at == view->count || view->entries[at]->gone ||
	    compare(view->entries[at], kind, name) != 0)
		return NULL;
	return view->entries[at];
}

const struct catalog_table *catalog_table(const struct catalog_view *view,
					  struct slice name)
{
	const struct entry *e = find(view, CATALOG_TABLE, name);

	return e ? &e->table : NULL;
}

const struct catalog_role *catalog_role(const struct catalog_view *view,
					struct slice name)
{
	const struct entry *e = find(view, CATALOG_ROLE, name);

	return e ? &e->role : NULL;
}

static bool is_listed(const struct entry *e)
{
	return e->kind == CATALOG_TABLE && !e->gone && !e->table.system;
}

const struct catalog_table *catalog_table_after(const struct catalog_view *view,
						struct slice name)
{
	size_t at = place(view, CATALOG_TABLE, name);

	for (; at < view->count; at++) {
		const struct entry *e = view->entries[at];

		if (is_listed(e) && !slice_equal(e->name, name))
			return &e->table;
	}
	return NULL;
}

size_t catalog_table_count(const struct catalog_view *view)
{
	return view->tables;
}

static void drop_view(void *value)
{
	snapshot_drop(value);
}

const struct catalog_view *catalog_view(struct call *c)
{
	static const struct catalog_view none;
	struct catalog *catalog = kv_of(c)->catalog;
	struct kv_thread *thread = c->thread;
	struct snapshot_value *value;

	if (thread) {
		snapshot_read(&catalog->views, &thread->catalog);
		value = thread->catalog.value;
		atomic_fetch_add(&value->references, 1);
	} else {
		value = snapshot_hold(&catalog->views);
	}
	if (!arena_at_end(c->mem, drop_view, value)) {
		snapshot_drop(value);
		call_status(c); /* fails it: its memory is full */
		return &none;
	}
	return (const struct catalog_view *)value;
}

/* ---- replacing rows --------------------------------------------------------
 */

/* NULL with words when the row cannot be read. */
static struct entry *entry_new(enum catalog_kind kind, struct slice name,
			       struct slice row, int64_t change,
			       struct fault *why)
{
	struct entry *e = calloc(1, sizeof(*e));
	int result = 0;

	if (!e)
		abort(); /* lack of memory ends the process */
	atomic_init(&e->references, 1);
	arena_init(&e->mem, ENTRY_MEMORY);
	e->kind = kind;
	e->name = arena_slice(&e->mem, name);
	e->change = change;
	e->gone = !row.data;
	if (!e->gone && kind == CATALOG_TABLE)
		result = table_row_read(row, &e->mem, &e->table, why);
	else if (!e->gone)
		result = role_row_read(row, &e->mem, &e->role, why);
	if (result < 0) {
		entry_drop(e);
		return NULL;
	}
	return e;
}

static void view_add(struct catalog_view *view, struct entry *e)
{
	view->entries[view->count++] = e;
	view->tables += is_listed(e);
}

/* A copy of the view with the entry at its place, without old graves. */
static struct catalog_view *view_with(const struct catalog_view *old,
				      struct entry *added)
{
	struct catalog_view *view = view_new(old->count + 1);
	size_t at = place(old, added->kind, added->name);

	for (size_t i = 0; i <= old->count; i++) {
		struct entry *e = i < old->count ? old->entries[i] : NULL;

		if (i == at)
			view_add(view, added);
		if (!e || (i == at && !compare(e, added->kind, added->name)) ||
		    (e->gone && e->change + GRAVES < added->change))
			continue;
		atomic_fetch_add(&e->references, 1);
		view_add(view, e);
	}
	return view;
}

/* Puts the entry into the view unless a newer one is there. */
static void publish(struct catalog *catalog, struct entry *e)
{
	struct catalog_view *old;
	size_t at;

	pthread_mutex_lock(&catalog->lock);
	old = (struct catalog_view *)snapshot_hold(&catalog->views);
	at = place(old, e->kind, e->name);
	if (at < old->count && !compare(old->entries[at], e->kind, e->name) &&
	    old->entries[at]->change > e->change)
		entry_drop(e);
	else
		snapshot_replace(&catalog->views, &view_with(old, e)->shared);
	pthread_mutex_unlock(&catalog->lock);
	snapshot_drop(&old->shared);
}

/* ---- changing --------------------------------------------------------------
 */

static struct store_key key_of(struct slice sort)
{
	return (struct store_key){
		.part = { .table = CATALOG, .hash_key = SLICE("catalog") },
		.sort = sort,
	};
}

static struct slice write_sequence(struct arena *mem, uint32_t number,
				   int64_t change)
{
	struct buffer b;
	struct slice row;

	buffer_init(&b, 256);
	item_put_i64(&b, "number", number);
	item_put_i64(&b, "change", change);
	row = arena_slice(mem, buffer_slice(&b));
	buffer_release(&b);
	return row;
}

/* What a repeat must know: the change's number, and the row. */
static struct slice write_answer(struct arena *mem, int64_t change,
				 struct slice row)
{
	uint8_t *bytes = arena_alloc(mem, sizeof(change) + 1 + row.size);

	if (!bytes)
		return slice_make(NULL, 0);
	memcpy(bytes, &change, sizeof(change));
	bytes[sizeof(change)] = row.data != NULL;
	if (row.data)
		memcpy(bytes + sizeof(change) + 1, row.data, row.size);
	return slice_make(bytes, sizeof(change) + 1 + row.size);
}

static int decide(struct store_write *w, struct arena *mem,
		  const struct slice *have, struct store_change *out)
{
	struct catalog_change *change = w->arg;
	int64_t number = item_find_i64(have[0], "change", 0) + 1;
	int result;

	change->next_number =
	    (uint32_t)item_find_i64(have[0], "number", FIRST_NUMBER);
	change->row = slice_make(NULL, 0);
	change->drop_count = 0;
	result = change->decide(change, mem, have[1], &w->fault);
	if (result < 0)
		return result;
	out[0].kind = STORE_PUT;
	out[0].item = write_sequence(mem, change->next_number, number);
	out[1].kind = change->row.data ? STORE_PUT : STORE_DELETE;
	out[1].item = change->row;
	w->drops = change->drops;
	w->drop_count = change->drop_count;
	w->token_answer = write_answer(mem, number, change->row);
	return 0;
}

static void take_answer(struct catalog_change *change)
{
	struct slice answer = change->write.token_answer;
	struct slice row = { 0 };
	struct entry *e;
	int64_t number;

	memcpy(&number, answer.data, sizeof(number));
	if (answer.data[sizeof(number)])
		row = slice_make(answer.data + sizeof(number) + 1,
				 answer.size - sizeof(number) - 1);
	e = entry_new(change->kind, change->name, row, number,
		      &change->call->fault);
	if (e)
		publish(kv_of(change->call)->catalog, e);
}

static void submit(struct catalog_change *change);

static void changed(struct store_write *w)
{
	struct catalog_change *change = w->arg;
	struct call *c = change->call;

	if (w->outcome == STORE_UNKNOWN && change->repeats++ < REPEATS_MAX) {
		submit(change);
		return;
	}
	if (w->outcome == STORE_UNKNOWN)
		call_fail(c, E_UNAVAILABLE, "the outcome is not known yet");
	else if (w->fault.code)
		call_fail(c, w->fault.code, "%s", w->fault.message);
	else
		take_answer(change);
	change->done(c, change);
}

static void submit(struct catalog_change *change)
{
	struct call *c = change->call;
	struct store_write *w = &change->write;

	if (store_write(kv_of(c)->store, w) == 0)
		return;
	call_fail(c, w->fault.code, "%s", w->fault.message);
	change->done(c, change);
}

void catalog_change(struct call *c, struct catalog_change *change)
{
	enum { TOKEN = 16 };
	const char *sort = arena_printf(c->mem, "%s%.*s", folders[change->kind],
					SLICE_ARGS(change->name));
	uint8_t *token = arena_alloc(c->mem, TOKEN);

	if (call_status(c) < 0 || !token) {
		change->done(c, change);
		return;
	}
	random_bytes(token, TOKEN);
	change->call = c;
	change->repeats = 0;
	change->keys[0] = key_of(SLICE("next"));
	change->keys[1] = key_of(slice_of(sort));
	change->write = (struct store_write){
		.keys = change->keys,
		.key_count = 2,
		.token = slice_make(token, TOKEN),
		.own_token = true,
		.now_ms = c->now_ms,
		.decide = decide,
		.done = changed,
		.arg = change,
		.loop = c->loop,
		.mem = c->mem,
	};
	submit(change);
}

/* ---- the beginning ---------------------------------------------------------
 */

/* The suite's own tables, in order of their names; never renumber. */
static const struct system_table {
	const char *name;
	uint32_t number;
} system_tables[] = {
	{ "parlor.access", 4 },	     { "parlor.keys", 3 },
	{ "parlor.revocations", 5 }, { "parlor.sessions", 2 },
	{ "parlor.users", 1 },
};

static struct entry *system_entry(const struct system_table *row)
{
	static const struct kv_key_part attributes[] = {
		{ { (const uint8_t *)"pk", 2 }, ITEM_S },
		{ { (const uint8_t *)"sk", 2 }, ITEM_S },
	};
	struct entry *e = entry_new(CATALOG_TABLE, slice_of(row->name),
				    slice_make(NULL, 0), 0, NULL);

	e->gone = false;
	e->table = (struct catalog_table){
		.table = { .name = e->name,
			   .number = row->number,
			   .key = { attributes[0], attributes[1] },
			   .attributes = attributes,
			   .attribute_count = 2 },
		.system = true,
	};
	return e;
}

struct loading {
	struct catalog *catalog;
	enum catalog_kind kind;
	struct fault *why;
};

static enum store_visit load_row(struct store_read *r, size_t i,
				 struct slice row)
{
	struct loading *loading = r->arg;
	struct entry *e =
	    entry_new(loading->kind, table_row_name(row), row, 0, loading->why);

	(void)i;
	if (!e)
		return STORE_ENOUGH;
	publish(loading->catalog, e);
	return STORE_NEXT;
}

static void loaded(struct store_read *r)
{
	struct loading *loading = r->arg;

	if (r->fault.code)
		fault_set(loading->why, r->fault.code, "%s", r->fault.message);
	loop_stop(r->loop);
}

static void load(struct loading *loading, struct loop *loop)
{
	struct store_read read = {
		.visit = load_row, .done = loaded, .arg = loading, .loop = loop
	};
	const struct store_key key = key_of(slice_make(NULL, 0));
	char end[8];
	struct store_range range = { .low = slice_of(folders[loading->kind]) };

	snprintf(end, sizeof(end), "%s", folders[loading->kind]);
	end[range.low.size - 1]++;
	range.high = slice_of(end);
	store_query(loading->catalog->store, &key.part, &range, &read);
	loop_run(loop);
}

struct catalog *catalog_open(struct store *store, struct fault *why)
{
	static const size_t systems =
	    sizeof(system_tables) / sizeof(*system_tables);
	struct catalog *catalog = calloc(1, sizeof(*catalog));
	struct loop *loop = loop_new();
	struct loading loading = { .catalog = catalog, .why = why };

	if (!catalog || pthread_mutex_init(&catalog->lock, NULL) != 0)
		abort(); /* lack of memory ends the process */
	catalog->store = store;
	snapshot_init(&catalog->views);
	snapshot_replace(&catalog->views, &view_new(0)->shared);
	for (size_t i = 0; i < systems; i++)
		publish(catalog, system_entry(&system_tables[i]));
	for (; loading.kind <= CATALOG_ROLE && !why->code; loading.kind++)
		load(&loading, loop);
	loop_free(loop);
	if (!why->code)
		return catalog;
	catalog_free(catalog);
	return NULL;
}

void catalog_free(struct catalog *catalog)
{
	if (!catalog)
		return;
	snapshot_release(&catalog->views);
	pthread_mutex_destroy(&catalog->lock);
	free(catalog);
}
