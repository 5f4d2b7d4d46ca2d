/* services/kv/op/index_builder.c - indexes that are being made or taken away */
#include "services/kv/op/index_builder.h"
#include "lib/net/bell.h"
#include "lib/net/loop.h"
#include "services/kv/op/change.h"
#include "services/kv/op/index_update.h"
#include "services/kv/op/table_row.h"

enum {
	/* items brought in by one write, which also notes how far it came */
	SLICE_KEYS = STORE_KEYS_MAX - 1,
	SLICE_BYTES = 1 << 20, /* and about what they have */
	READ_MEMORY = 16 << 20,
	WRITE_MEMORY = 128 << 20, /* a slice's items, at their largest */
	LATER_MS = 100,		  /* when the store had no room */
};

struct index_builder {
	struct kv *kv;
	struct loop *loop;
	pthread_t thread;
	struct bell bell;
	struct timer later;
	atomic_bool stopping;
	bool busy;	  /* something will come back */
	struct call call; /* holds the catalog's view */
	struct arena mem; /* of a step: the call's */
	/* the index at work */
	const struct kv_table *table;
	const struct kv_index *index;
	struct catalog_change change;
	uint32_t number; /* of the index that `after` is for; 0: of none */
	struct store_place after;
	uint8_t after_hash[STORE_HASH_KEY_MAX], after_sort[STORE_SORT_MAX];
	/* a slice */
	struct store_scan scan;
	struct store_read read;
	struct store_key keys[STORE_KEYS_MAX];
	size_t key_count, bytes;
	struct store_write write;
	struct arena write_mem;
};

static void look(struct index_builder *);

static void come_back(struct index_builder *b)
{
	b->busy = false;
	look(b);
}

/* ---- how far it came -------------------------------------------------------
 * A row in a table of its own, under the index's number without the bit that
 * makes it an index's: no other has it, and it is emptied with the index. */

static uint32_t progress_table(uint32_t index)
{
	return index & ~STORE_INDEX;
}

static struct store_key progress_key(const struct index_builder *b)
{
	return (struct store_key){
		.part = { .table = progress_table(b->index->number),
			  .hash_key = SLICE("progress") },
	};
}

static struct slice progress_row(const struct store_key *last,
				 struct arena *mem)
{
	struct buffer b;
	struct slice row;

	buffer_init(&b, STORE_HASH_KEY_MAX + STORE_SORT_MAX + 100);
	item_put_text(&b, "hash", ITEM_B, last->part.hash_key);
	item_put_text(&b, "sort", ITEM_B, last->sort);
	row = arena_slice(mem, buffer_slice(&b));
	buffer_release(&b);
	return row;
}

static struct slice keep(struct slice from, uint8_t *place)
{
	memcpy(place, from.data, from.size);
	return slice_make(place, from.size);
}

static enum store_visit take_progress(struct store_read *read, size_t key_index,
				      struct slice row)
{
	struct index_builder *b = read->arg;

	(void)key_index;
	if (!row.data)
		return STORE_NEXT;
	b->after.hash_key =
	    keep(item_find_text(row, ITEM_B, "hash"), b->after_hash);
	b->after.sort =
	    keep(item_find_text(row, ITEM_B, "sort"), b->after_sort);
	return STORE_NEXT;
}

static void progress_taken(struct store_read *read)
{
	struct index_builder *b = read->arg;

	if (read->fault.code) {
		timer_set(&b->later, LATER_MS);
		return;
	}
	b->number = b->index->number;
	come_back(b);
}

/* Of an index that was not at work before: what a stop has left of it. */
static void read_progress(struct index_builder *b)
{
	b->after = (struct store_place){ .hash_key = { 0 } };
	b->keys[0] = progress_key(b);
	b->read = (struct store_read){ .visit = take_progress,
				       .done = progress_taken,
				       .arg = b,
				       .loop = b->loop };
	store_get(b->kv->store, b->keys, 1, &b->read);
}

/* ---- the catalog's row -----------------------------------------------------
 */

static struct kv_index *find_index(struct catalog_table *t, uint32_t number)
{
	struct kv_index *indexes = (struct kv_index *)t->table.indexes;

	for (size_t i = 0; i < t->table.index_count; i++)
		if (indexes[i].number == number)
			return &indexes[i];
	return NULL;
}

/* The index goes, with what it has. */
static void take_out(struct catalog_change *change, struct catalog_table *t,
		     struct kv_index *index)
{
	size_t behind =
	    (size_t)(t->table.indexes + t->table.index_count - (index + 1));

	change->drops[change->drop_count++] = index->number;
	memmove(index, index + 1, behind * sizeof(*index));
	t->table.index_count--;
	table_forget_attributes(&t->table);
}

/* One state further, if it is still as it was seen. */
static int decide_state(struct catalog_change *change, struct arena *mem,
			struct slice have, struct fault *why)
{
	static const enum kv_index_state next[] = {
		[KV_INDEX_ACTIVE] = KV_INDEX_ACTIVE,
		[KV_INDEX_CREATING] = KV_INDEX_BACKFILLING,
		[KV_INDEX_BACKFILLING] = KV_INDEX_ACTIVE,
	};
	const struct index_builder *b = change->arg;
	struct catalog_table table;
	struct kv_index *index;

	if (!have.data)
		return 0; /* the table is gone, and stays so */
	if (table_row_read(have, mem, &table, why) < 0)
		return -why->code;
	change->drops = arena_array(mem, 2, sizeof(*change->drops));
	if (!change->drops)
		return 0; /* the engine sees that the arena is full */
	index = find_index(&table, b->index->number);
	if (index && index->state != KV_INDEX_CREATING)
		change->drops[change->drop_count++] =
		    progress_table(index->number);
	if (index && index->state == KV_INDEX_DELETING)
		take_out(change, &table, index);
	else if (index)
		index->state = next[index->state];
	change->row = table_row_write(&table, mem);
	return 0;
}

static void state_changed(struct call *c, struct catalog_change *change)
{
	struct index_builder *b = change->arg;

	if (!call_failed(c)) {
		come_back(b);
		return;
	}
	timer_set(&b->later, LATER_MS);
}

static void change_state(struct index_builder *b)
{
	b->change = (struct catalog_change){ .kind = CATALOG_TABLE,
					     .name = b->table->name,
					     .decide = decide_state,
					     .done = state_changed,
					     .arg = b };
	catalog_change(&b->call, &b->change);
}

/* ---- a slice ---------------------------------------------------------------
 */

static int decide_slice(struct store_write *write, struct arena *mem,
			const struct slice *have, struct store_change *out)
{
	const struct index_builder *b = write->arg;

	for (size_t i = 0; i < b->key_count; i++) {
		struct fault none = { 0 };
		struct kv_index_row row;

		/* what has no place in the index stays out of it */
		if (!have[i].data || kv_index_row(b->table, b->index, have[i],
						  false, mem, &row, &none) <= 0)
			continue;
		out[i].now = kv_store_rows(b->table, &row, 1, mem);
		out[i].now_count = out[i].now ? 1 : 0;
	}
	out[b->key_count].kind = STORE_PUT;
	out[b->key_count].item = progress_row(&b->keys[b->key_count - 1], mem);
	return 0;
}

static void slice_written(struct store_write *write)
{
	struct index_builder *b = write->arg;
	const struct store_key *last = &b->keys[b->key_count - 1];

	arena_reset(&b->write_mem);
	if (write->outcome != STORE_DONE || write->fault.code) {
		timer_set(&b->later, LATER_MS); /* the same once more */
		return;
	}
	b->after.hash_key = keep(last->part.hash_key, b->after_hash);
	b->after.sort = keep(last->sort, b->after_sort);
	come_back(b);
}

static void write_slice(struct index_builder *b)
{
	b->keys[b->key_count] = progress_key(b);
	b->write = (struct store_write){
		.keys = b->keys,
		.key_count = b->key_count + 1,
		.now_ms = b->call.now_ms,
		.decide = decide_slice,
		.done = slice_written,
		.arg = b,
		.loop = b->loop,
		.mem = &b->write_mem,
	};
	if (store_transact(b->kv->store, &b->write) < 0)
		timer_set(&b->later, LATER_MS);
}

static enum store_visit gather(struct store_read *read, size_t key_index,
			       struct slice item)
{
	struct index_builder *b = read->arg;
	struct fault none = { 0 };
	struct kv_key key;

	(void)key_index;
	kv_key_of_item(&b->table->key, item, &b->mem, &key, &none);
	b->bytes += item.size;
	b->keys[b->key_count++] = (struct store_key){
		.part = { .table = b->table->number,
			  .hash_key = arena_slice(&b->mem, key.hash) },
		.sort = arena_slice(&b->mem, key.sort),
	};
	return b->key_count < SLICE_KEYS && b->bytes < SLICE_BYTES
		   ? STORE_NEXT
		   : STORE_ENOUGH;
}

static void gathered(struct store_read *read)
{
	struct index_builder *b = read->arg;

	if (read->fault.code || b->mem.full)
		timer_set(&b->later, LATER_MS);
	else if (b->key_count)
		write_slice(b);
	else
		change_state(b); /* all are in */
}

static void read_slice(struct index_builder *b)
{
	b->key_count = b->bytes = 0;
	b->scan = (struct store_scan){ .table = b->table->number,
				       .segments = 1,
				       .after = b->after };
	b->read = (struct store_read){
		.visit = gather, .done = gathered, .arg = b, .loop = b->loop
	};
	store_scan(b->kv->store, &b->scan, &b->read);
}

/* ---- what there is to do ---------------------------------------------------
 */

static bool find_work(struct index_builder *b)
{
	const struct catalog_view *view = catalog_view(&b->call);
	const struct catalog_table *t = NULL;
	struct slice name = SLICE("");

	while (!b->mem.full && (t = catalog_table_after(view, name))) {
		name = t->table.name;
		for (size_t i = 0; i < t->table.index_count; i++) {
			b->table = &t->table;
			b->index = &t->table.indexes[i];
			if (b->index->state != KV_INDEX_ACTIVE)
				return true;
		}
	}
	return false;
}

/* The next step of the first index that is not as it shall be. */
static void look(struct index_builder *b)
{
	if (b->busy)
		return;
	if (atomic_load(&b->stopping)) {
		loop_stop(b->loop);
		return;
	}
	arena_reset(&b->mem);
	call_init(&b->call, &b->mem);
	b->call.service = b->kv;
	b->call.loop = b->loop;
	b->busy = find_work(b);
	if (!b->busy)
		return;
	if (b->index->state != KV_INDEX_BACKFILLING)
		change_state(b);
	else if (b->number != b->index->number)
		read_progress(b);
	else
		read_slice(b);
}

static void look_later(struct timer *timer)
{
	come_back(LIST_ENTRY(timer, struct index_builder, later));
}

static void heard(struct bell *bell)
{
	look(LIST_ENTRY(bell, struct index_builder, bell));
}

static void *builder_main(void *arg)
{
	struct index_builder *b = arg;

	look(b);
	loop_run(b->loop);
	return NULL;
}

static void gone(struct bell *bell)
{
	free(LIST_ENTRY(bell, struct index_builder, bell));
}

struct index_builder *index_builder_new(struct kv *kv)
{
	struct index_builder *b = calloc(1, sizeof(*b));

	if (!b)
		abort(); /* lack of memory ends the process */
	b->kv = kv;
	b->loop = loop_new();
	bell_init(&b->bell, b->loop, heard, gone);
	timer_init(&b->later, b->loop, look_later);
	arena_init(&b->mem, READ_MEMORY);
	arena_init(&b->write_mem, WRITE_MEMORY);
	if (pthread_create(&b->thread, NULL, builder_main, b) != 0)
		abort();
	pthread_setname_np(b->thread, "indexes");
	return b;
}

void index_builder_wake(struct index_builder *b)
{
	if (b)
		bell_ring(&b->bell);
}

void index_builder_free(struct index_builder *b)
{
	struct loop *loop;

	if (!b)
		return;
	atomic_store(&b->stopping, true);
	bell_ring(&b->bell);
	pthread_join(b->thread, NULL);
	loop = b->loop;
	timer_release(&b->later);
	arena_release(&b->mem);
	arena_release(&b->write_mem);
	bell_close(&b->bell); /* frees it, or leaves that to the loop */
	loop_free(loop);
}
