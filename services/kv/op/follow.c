/* services/kv/op/follow.c - a table's changes, as they become durable */
#include "services/kv/op/follow.h"
#include "services/kv/op/permit.h"

enum { BATCH = 100, BATCH_BYTES = 1 << 20, BATCH_MEMORY = 4 << 20 };

struct follow {
	struct call *call;
	const struct kv_table *table;
	kv_follow_send *send;
	struct store_follower *follower;
	struct store_changes read;
	uint8_t position[STORE_POSITION_MAX];
	size_t position_size;
	bool begun;   /* the first batch has gone out */
	bool reading; /* the store has `read` */
	bool stale;   /* there may be more than was read */
	bool crowded; /* the reader has enough for now */
	bool ended;
	/* of the batch */
	struct arena mem;
	size_t count;
	struct kv_streamed rows[BATCH];
};

static void read_more(struct follow *);

/* Nothing of it is under way any more. */
static void finish(struct follow *f)
{
	arena_release(&f->mem);
	call_end(f->call);
}

static void end(struct follow *f)
{
	if (f->ended)
		return;
	f->ended = true;
	f->call->resume = NULL;
	store_unfollow(f->follower);
	if (!f->reading)
		finish(f);
}

static void go_on(struct follow *f)
{
	if (f->stale && !f->reading && !f->crowded && !f->ended)
		read_more(f);
}

static void on_news(void *arg)
{
	struct follow *f = arg;

	f->stale = true;
	go_on(f);
}

static void on_resume(struct call *c)
{
	struct follow *f = c->state;

	if (c->draining)
		call_fail(c, E_UNAVAILABLE, "the store stops");
	f->crowded = false;
	if (c->closed || c->draining)
		end(f);
	else
		go_on(f);
}

/* ---- a batch ---------------------------------------------------------------
 */

static enum store_visit visit(struct store_changes *read,
			      const struct store_record *record)
{
	struct follow *f = read->arg;

	kv_streamed_take(&f->rows[f->count], record, &f->mem);
	if (f->mem.full) /* no record alone is so long */
		return STORE_ENOUGH;
	f->count++;
	return f->count == BATCH || f->mem.used > BATCH_BYTES ? STORE_ENOUGH
							      : STORE_NEXT;
}

static void send_batch(struct follow *f)
{
	const struct kv_follow_batch batch = {
		.table = f->table,
		.rows = f->rows,
		.count = f->count,
		.position = slice_make(f->position, f->position_size),
	};

	if (f->begun && !f->count)
		return;
	f->begun = true;
	if (f->send(f->call, &batch))
		f->crowded = true;
}

static void on_read(struct store_changes *read)
{
	struct follow *f = read->arg;
	struct call *c = f->call;

	f->reading = false;
	if (f->ended) {
		finish(f);
		return;
	}
	if (read->fault.code) {
		call_fail(c, read->fault.code, "%s", read->fault.message);
	} else {
		memcpy(f->position, read->position, read->position_size);
		f->position_size = read->position_size;
		f->stale |= read->more;
		send_batch(f);
		if (read->ended && !read->more)
			call_fail(c, E_MISSING, "the stream has ended");
	}
	if (call_failed(c))
		end(f);
	else
		go_on(f);
}

static void read_more(struct follow *f)
{
	arena_reset(&f->mem);
	f->count = 0;
	f->stale = false;
	f->reading = true;
	f->read = (struct store_changes){
		.stream = f->table->stream_number,
		.shards = UINT64_MAX,
		.latest = !f->position_size,
		.after = slice_make(f->position, f->position_size),
		.visit = visit,
		.done = on_read,
		.arg = f,
		.loop = f->call->loop,
	};
	store_changes(kv_of(f->call)->store, &f->read);
}

/* ---- beginning -------------------------------------------------------------
 */

static const struct kv_table *find(struct call *c, struct slice name,
				   struct slice position)
{
	const struct catalog_table *found = kv_find_table(c, name);

	if (!found || kv_permit(c, &(struct kv_ask){ .stream = found }) < 0)
		return NULL;
	if (found->table.stream == KV_STREAM_NONE)
		call_fail(c, E_INVALID, "TableName: '%.*s' has no stream",
			  SLICE_ARGS(found->table.name));
	else if (position.size > STORE_POSITION_MAX)
		call_fail(c, E_INVALID, "Position: has over %d bytes",
			  STORE_POSITION_MAX);
	return call_failed(c) ? NULL : &found->table;
}

void kv_follow(struct call *c, struct slice table, struct slice position,
	       kv_follow_send *send)
{
	struct follow *f = arena_zalloc(c->mem, sizeof(*f));

	if (f)
		f->table = find(c, table, position);
	if (call_status(c) != 0 || !f || !f->table) {
		call_end(c);
		return;
	}
	f->call = c;
	f->send = send;
	f->position_size = position.size;
	if (position.size)
		memcpy(f->position, position.data, position.size);
	arena_init(&f->mem, BATCH_MEMORY);
	c->state = f;
	c->resume = on_resume;
	f->follower = store_follow(kv_of(c)->store, f->table->stream_number,
				   c->loop, on_news, f);
	read_more(f);
}
