/* services/kv/op/catalog.c - which tables there are, and whose policies */
#include "services/kv/op/catalog.h"
#include "lib/base/buffer.h"
#include "lib/base/random.h"
#include "services/kv/op/bill.h"
#include "services/kv/op/table_row.h"

#include <assert.h>

enum {
	CATALOG = 0, /* the store's table */
	FIRST_NUMBER = 16,
	STREAM_NAME = KV_TABLE_NAME_MAX + 1 + KV_STREAM_LABEL,
	ENTRY_MEMORY = 4 << 20,
	ANSWER_MAX = 4 << 20, /* of a change, kept with its token */
	REPEATS_MAX = 20,     /* of a change whose outcome is unknown */
	/* A deleted row is remembered until so many changes have come behind
	 * it, more than can be under way. */
	GRAVES = 10000,
};

static const char *const folders[] = {
	[CATALOG_TABLE] = "table/",
	[CATALOG_ROLE] = "role/",
	[CATALOG_STREAM] = "stream/",
};

/* A row as of one change; counted, since many views share it. */
struct entry {
	atomic_int references;
	struct arena mem;
	enum catalog_kind kind;
	struct slice name;
	int64_t change;
	bool gone;
	atomic_bool superseded; /* a newer one is in the view */
	union {
		struct catalog_table table; /* of a stream, too */
		struct catalog_role role;
	};
};

/* How streams that have ended are named: in order of tables' names, since no
 * name has a byte below '!', then of time. */
struct stream_name {
	char text[STREAM_NAME];
};

static struct slice name_stream(struct stream_name *name, struct slice table,
				struct slice label)
{
	assert(table.size <= KV_TABLE_NAME_MAX && label.size < KV_STREAM_LABEL);
	return slice_make(name->text,
			  (size_t)snprintf(name->text, sizeof(name->text),
					   "%.*s!%.*s", SLICE_ARGS(table),
					   SLICE_ARGS(label)));
}

static struct slice name_stream_of(struct stream_name *name,
				   const struct kv_table *table)
{
	char label[KV_STREAM_LABEL];

	kv_stream_label(table, label);
	return name_stream(name, table->name, slice_of(label));
}

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

bool catalog_is_current(const struct kv_table *table)
{
	struct entry *e = LIST_ENTRY(table, struct entry, table.table);

	return !atomic_load_explicit(&e->superseded, memory_order_acquire);
}

static bool is_listed(const struct entry *e)
{
	return e->kind == CATALOG_TABLE && !e->gone && !e->table.system;
}

const struct catalog_table *catalog_any_after(const struct catalog_view *view,
					      struct slice name)
{
	size_t at = place(view, CATALOG_TABLE, name);

	for (; at < view->count; at++) {
		const struct entry *e = view->entries[at];

		if (e->kind == CATALOG_TABLE && !e->gone &&
		    !slice_equal(e->name, name))
			return &e->table;
	}
	return NULL;
}

const struct catalog_table *catalog_table_after(const struct catalog_view *view,
						struct slice name)
{
	const struct catalog_table *table = catalog_any_after(view, name);

	while (table && table->system)
		table = catalog_any_after(view, table->table.name);
	return table;
}

/* ---- streams ---------------------------------------------------------------
 */

static bool is_readable(const struct entry *e, int64_t now_ms)
{
	return !e->gone &&
	       e->table.stream_ended_ms + STORE_RETENTION_MS > now_ms;
}

/* The first former stream from `name` on that is, or is not, readable. */
static const struct entry *former_stream(const struct catalog_view *view,
					 struct slice name, int64_t now_ms,
					 bool readable)
{
	for (size_t at = place(view, CATALOG_STREAM, name); at < view->count;
	     at++) {
		const struct entry *e = view->entries[at];

		if (e->kind != CATALOG_STREAM)
			break;
		if (!e->gone && is_readable(e, now_ms) == readable)
			return e;
	}
	return NULL;
}

const struct catalog_table *catalog_stream(const struct catalog_view *view,
					   struct slice table,
					   struct slice label, int64_t now_ms)
{
	const struct catalog_table *live = catalog_table(view, table);
	struct stream_name name, lives;
	struct slice wanted = name_stream(&name, table, label);
	const struct entry *e;

	if (live && live->table.stream &&
	    slice_equal(wanted, name_stream_of(&lives, &live->table)))
		return live;
	e = find(view, CATALOG_STREAM, wanted);
	return e && is_readable(e, now_ms) ? &e->table : NULL;
}

/* The first table from `name` on whose stream goes on and comes after. */
static const struct catalog_table *live_stream(const struct catalog_view *view,
					       struct slice name,
					       struct slice after)
{
	const struct catalog_table *table = catalog_table(view, name);
	struct stream_name lives;

	if (!table || table->system)
		table = catalog_table_after(view, name);
	while (table && (!table->table.stream ||
			 slice_compare(name_stream_of(&lives, &table->table),
				       after) <= 0))
		table = catalog_table_after(view, table->table.name);
	return table;
}

const struct catalog_table *catalog_stream_after(
    const struct catalog_view *view, struct slice table, struct slice label,
    int64_t now_ms)
{
	struct stream_name name, lives;
	struct slice after = name_stream(&name, table, label);
	const struct catalog_table *live = live_stream(view, table, after);
	/* with its NUL: the next name that there can be */
	const struct entry *former =
	    former_stream(view, slice_make(after.data, after.size + 1), now_ms,
			  true);

	if (!former)
		return live;
	if (live && slice_compare(name_stream_of(&lives, &live->table),
				  former->name) < 0)
		return live;
	return &former->table;
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
	if (!e->gone && kind == CATALOG_ROLE)
		result = role_row_read(row, &e->mem, &e->role, why);
	else if (!e->gone)
		result = table_row_read(row, &e->mem, &e->table, why);
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
	struct entry *was = NULL;
	size_t at;

	pthread_mutex_lock(&catalog->lock);
	old = (struct catalog_view *)snapshot_hold(&catalog->views);
	at = place(old, e->kind, e->name);
	if (at < old->count && !compare(old->entries[at], e->kind, e->name))
		was = old->entries[at];
	if (was && was->change > e->change) {
		entry_drop(e);
	} else {
		snapshot_replace(&catalog->views, &view_with(old, e)->shared);
		if (was)
			atomic_store(&was->superseded, true);
	}
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

/* What a repeat must know: the change's number, and of each part that is
 * touched its number, the size of its row and this; no size: it has gone. */
static struct slice write_answer(struct arena *mem, int64_t number,
				 const struct store_change *parts, size_t count)
{
	struct buffer b;
	struct slice answer;

	buffer_init(&b, ANSWER_MAX);
	buffer_put(&b, &number, sizeof(number));
	for (uint32_t part = 0; part < count; part++) {
		uint32_t head[] = { part, (uint32_t)parts[part].item.size };

		if (parts[part].kind == STORE_KEEP)
			continue;
		buffer_put(&b, head, sizeof(head));
		buffer_put(&b, parts[part].item.data, head[1]);
	}
	answer = arena_slice(mem, buffer_slice(&b));
	buffer_release(&b);
	return answer;
}

static void set_row(struct store_change *out, struct slice row)
{
	out->kind = row.data ? STORE_PUT : STORE_DELETE;
	out->item = row;
}

/* A stream that could be read for a day goes for good. */
static void take_old(struct store_write *w, struct arena *mem, struct slice row,
		     struct store_change *out)
{
	uint32_t *drops = arena_array(mem, w->drop_count + 1, sizeof(*drops));

	if (!drops || !row.data)
		return;
	for (size_t i = 0; i < w->drop_count; i++)
		drops[i] = w->drops[i];
	drops[w->drop_count++] = table_row_stream(row);
	w->drops = drops;
	set_row(out, slice_make(NULL, 0));
}

/* What becomes of the stream that the row had. The view said which that is,
 * when the change was submitted. */
static int decide_stream(struct store_write *w, struct arena *mem,
			 const struct slice *have, struct store_change *out)
{
	struct catalog_change *change = w->arg;
	uint32_t before = table_row_stream(have[CATALOG_ROW]);

	if (!before || before == table_row_stream(change->row))
		return 0;
	if (before != change->ends)
		return fault_set(&w->fault, E_EXISTS,
				 "Attempt to change a resource which is still "
				 "in use: Table is being updated: %.*s",
				 SLICE_ARGS(change->name));
	w->ends = &change->ends;
	w->end_count = 1;
	set_row(&out[CATALOG_ENDED],
		table_row_end(have[CATALOG_ROW], w->now_ms, mem));
	if (change->names[CATALOG_OLD].size)
		take_old(w, mem, have[CATALOG_OLD], &out[CATALOG_OLD]);
	return 0;
}

/* The storage of a table and its indexes is counted from when they are. */
static int meter(struct store_write *w, struct arena *mem, struct slice row)
{
	struct store_metered *metered;
	struct catalog_table made;
	const struct kv_table *table = &made.table;

	if (table_row_read(row, mem, &made, &w->fault) < 0)
		return -w->fault.code;
	metered = arena_array(mem, 1 + table->index_count, sizeof(*metered));
	for (size_t i = 0; metered && i <= table->index_count; i++) {
		const struct kv_index *index =
		    i ? &table->indexes[i - 1] : NULL;

		metered[i].table = index ? index->number : table->number;
		metered[i].resource = kv_usage_resource(mem, table, index);
	}
	w->metered = metered;
	w->metered_count = metered ? 1 + table->index_count : 0;
	return 0;
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
	if (result == 0 && change->kind == CATALOG_TABLE && change->row.data)
		result = meter(w, mem, change->row);
	if (result < 0)
		return result;
	set_row(&out[0], write_sequence(mem, change->next_number, number));
	set_row(&out[1 + CATALOG_ROW], change->row);
	w->drops = change->drops;
	w->drop_count = change->drop_count;
	if (change->kind == CATALOG_TABLE &&
	    decide_stream(w, mem, have + 1, out + 1) < 0)
		return -w->fault.code;
	w->token_answer = write_answer(mem, number, out + 1, w->key_count - 1);
	return 0;
}

static void take_part(struct catalog_change *change, enum catalog_part part,
		      struct slice row, int64_t number)
{
	struct entry *e =
	    entry_new(part == CATALOG_ROW ? change->kind : CATALOG_STREAM,
		      change->names[part], row, number, &change->call->fault);

	if (e)
		publish(kv_of(change->call)->catalog, e);
}

static void take_answer(struct catalog_change *change)
{
	struct slice answer = change->write.token_answer;
	int64_t number;
	uint32_t head[2];

	memcpy(&number, answer.data, sizeof(number));
	for (size_t at = sizeof(number); at < answer.size; at += head[1]) {
		memcpy(head, answer.data + at, sizeof(head));
		at += sizeof(head);
		take_part(change, (enum catalog_part)head[0],
			  slice_make(head[1] ? answer.data + at : NULL,
				     head[1]),
			  number);
	}
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

static void add_part(struct catalog_change *change, enum catalog_part part,
		     enum catalog_kind kind, struct slice name)
{
	struct arena *mem = change->call->mem;

	change->names[part] = name;
	change->keys[1 + part] = key_of(slice_of(
	    arena_printf(mem, "%s%.*s", folders[kind], SLICE_ARGS(name))));
	change->write.key_count = 2 + part;
}

/* The change may end the table's stream, and then takes away an old one. */
static void add_streams(struct catalog_change *change)
{
	struct call *c = change->call;
	const struct catalog_view *view = catalog_view(c);
	const struct catalog_table *table = catalog_table(view, change->name);
	const struct entry *old =
	    former_stream(view, SLICE(""), c->now_ms, false);
	struct stream_name name;

	if (!table || !table->table.stream)
		return;
	change->ends = table->table.stream_number;
	add_part(change, CATALOG_ENDED, CATALOG_STREAM,
		 arena_slice(c->mem, name_stream_of(&name, &table->table)));
	if (old)
		add_part(change, CATALOG_OLD, CATALOG_STREAM, old->name);
}

void catalog_change(struct call *c, struct catalog_change *change)
{
	enum { TOKEN = 16 };
	uint8_t *token = arena_alloc(c->mem, TOKEN);

	if (token)
		random_bytes(token, TOKEN);
	change->call = c;
	change->repeats = 0;
	change->write = (struct store_write){
		.keys = change->keys,
		.token = slice_make(token, TOKEN),
		.own_token = true,
		.now_ms = c->now_ms,
		.decide = decide,
		.done = changed,
		.arg = change,
		.loop = c->loop,
		.mem = c->mem,
	};
	change->keys[0] = key_of(SLICE("next"));
	add_part(change, CATALOG_ROW, change->kind, change->name);
	if (change->kind == CATALOG_TABLE)
		add_streams(change);
	if (call_status(c) < 0)
		change->done(c, change);
	else
		submit(change);
}

/* ---- the beginning ---------------------------------------------------------
 */

/* The suite's own tables, in order of their names; never renumber. */
static const struct system_table {
	const char *name;
	uint32_t number;
} system_tables[] = {
	{ "parlor.access", 4 },	  { "parlor.audit", 9 },
	{ "parlor.keys", 3 },	  { "parlor.mail", 8 },
	{ "parlor.pools", 6 },	  { "parlor.revocations", 5 },
	{ "parlor.sessions", 2 }, { "parlor.users", 1 },
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
			   .key = { .parts = { attributes[0], attributes[1] },
				    .hashes = 1,
				    .count = 2 },
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
	struct stream_name name;

	(void)i;
	if (!e)
		return STORE_ENOUGH;
	if (loading->kind == CATALOG_STREAM)
		e->name = arena_slice(&e->mem,
				      name_stream_of(&name, &e->table.table));
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
	for (; loading.kind < CATALOG_KINDS && !why->code; loading.kind++)
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
