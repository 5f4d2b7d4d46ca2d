/* services/kv/store/ledger.c - what everything cost, kept with the writes */
#include "services/kv/store/ledger.h"
#include "lib/base/map.h"
#include "services/kv/store/key.h"
#include "services/kv/store/rollup.h"

#include <assert.h>

enum {
	FOLD_ENTRIES = 8192, /* summed in one step, about */
	FOLD_MEMORY = 64 << 20,
	GATHERED_MAX = 256 << 20,
	HOUR = 4,
	SAME_WITHIN = 16, /* entries of a group, searched for the same row */
};

/* In the log a row is entries: quantity, size of the rest, hour, texts (each a
 * byte of length and its bytes). In the ledger the key is the hour and a hash
 * of the texts, the value the total and the texts. */
struct entry {
	int64_t quantity;
	struct slice hour_and_texts;
};

/* ---- one row's bytes -------------------------------------------------------
 */

static void put_text(struct buffer *b, struct slice text)
{
	assert(text.size <= STORE_USAGE_TEXT_MAX);
	buffer_put_byte(b, (uint8_t)text.size);
	buffer_put_slice(b, text);
}

static void put_texts(struct buffer *b, const struct store_usage *u)
{
	put_text(b, u->principal);
	put_text(b, u->resource);
	put_text(b, u->operation);
	put_text(b, u->unit);
	put_text(b, u->user);
	put_text(b, u->cost_tag);
}

static struct slice get_text(struct slice *rest)
{
	struct slice text = slice_make(rest->data + 1, rest->data[0]);

	*rest = slice_make(text.data + text.size, rest->size - 1 - text.size);
	return text;
}

static void get_texts(struct slice rest, struct store_usage *u)
{
	u->principal = get_text(&rest);
	u->resource = get_text(&rest);
	u->operation = get_text(&rest);
	u->unit = get_text(&rest);
	u->user = get_text(&rest);
	u->cost_tag = get_text(&rest);
}

static struct slice ledger_key(uint32_t hour, struct slice texts,
			       uint8_t out[STORE_LEDGER_KEY])
{
	key_put_u32(out, hour);
	key_hash(&texts, 1, out + HOUR, STORE_LEDGER_KEY - HOUR);
	return slice_make(out, STORE_LEDGER_KEY);
}

static int64_t get_total(struct slice value)
{
	int64_t total = 0;

	if (value.size >= sizeof(total))
		memcpy(&total, value.data, sizeof(total));
	return total;
}

static struct entry next_entry(struct slice *rest)
{
	struct entry e;
	uint16_t size;

	memcpy(&e.quantity, rest->data, sizeof(e.quantity));
	memcpy(&size, rest->data + sizeof(e.quantity), sizeof(size));
	e.hour_and_texts =
	    slice_make(rest->data + sizeof(e.quantity) + sizeof(size), size);
	*rest =
	    slice_make(e.hour_and_texts.data + size,
		       rest->size - sizeof(e.quantity) - sizeof(size) - size);
	return e;
}

/* ---- into the log ----------------------------------------------------------
 */

void ledger_init(struct ledger *l, struct lmdb_txn *t)
{
	struct slice key = slice_make(NULL, 0), value;
	MDB_cursor *cursor = lmdb_cursor(t, LMDB_LOG);

	buffer_init(&l->gathered, GATHERED_MAX);
	l->next = 0;
	if (!cursor)
		return;
	if (lmdb_move(t, cursor, MDB_LAST, &key, &value))
		l->next = key_get_u64(key.data) + 1;
	mdb_cursor_close(cursor);
}

void ledger_release(struct ledger *l)
{
	buffer_release(&l->gathered);
}

/* Adds the entry at the end, whose row is `row`, to one with the same row near
 * the beginning; false when there is none. */
static bool add_to_same(struct slice before, struct slice row, int64_t quantity)
{
	for (int i = 0; i < SAME_WITHIN && before.size; i++) {
		uint8_t *at = (uint8_t *)(uintptr_t)before.data;
		struct entry e = next_entry(&before);

		if (!slice_equal(e.hour_and_texts, row))
			continue;
		quantity += e.quantity;
		memcpy(at, &quantity, sizeof(quantity));
		return true;
	}
	return false;
}

static void add(struct ledger *l, const struct store_usage *u)
{
	size_t before = buffer_size(&l->gathered);
	uint16_t size =
	    (uint16_t)(HOUR + 6 + u->principal.size + u->resource.size +
		       u->operation.size + u->unit.size + u->user.size +
		       u->cost_tag.size);
	uint8_t hour[HOUR];
	struct slice all;

	key_put_u32(hour, (uint32_t)u->hour);
	buffer_put(&l->gathered, &u->quantity, sizeof(u->quantity));
	buffer_put(&l->gathered, &size, sizeof(size));
	buffer_put(&l->gathered, hour, sizeof(hour));
	put_texts(&l->gathered, u);
	all = buffer_slice(&l->gathered);
	if (!l->gathered.failed &&
	    add_to_same(slice_make(all.data, before),
			slice_make(all.data + all.size - size, size),
			u->quantity))
		buffer_truncate(&l->gathered, before);
}

void ledger_add(struct ledger *l, const struct store_usage *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].quantity)
			add(l, &rows[i]);
}

void ledger_forget(struct ledger *l)
{
	buffer_reset(&l->gathered);
}

void ledger_flush(struct ledger *l, struct lmdb_txn *t)
{
	uint8_t sequence[8];

	if (!buffer_size(&l->gathered))
		return;
	if (l->gathered.failed && !t->error)
		t->error = MDB_TXN_FULL;
	key_put_u64(sequence, l->next++);
	lmdb_put(t, LMDB_LOG, slice_make(sequence, sizeof(sequence)),
		 buffer_slice(&l->gathered));
	buffer_reset(&l->gathered);
}

/* ---- from the log into the ledger ------------------------------------------
 */

/* Adds a log row's entries to the sums; how many they were. */
static int sum_row(struct map *sums, struct arena *mem, struct slice row)
{
	int entries = 0;

	for (; row.size; entries++) {
		struct entry e = next_entry(&row);
		int64_t *sum = map_find(sums, e.hour_and_texts);

		if (!sum) {
			sum = arena_zalloc(mem, sizeof(*sum));
			assert(sum);
			map_put(sums, e.hour_and_texts, sum);
		}
		*sum += e.quantity;
	}
	return entries;
}

void ledger_put(struct lmdb_txn *t, int64_t hour, struct slice texts,
		int64_t quantity)
{
	uint8_t bytes[STORE_LEDGER_KEY], *room;
	struct slice key = ledger_key((uint32_t)hour, texts, bytes);
	int64_t total = get_total(lmdb_get(t, LMDB_LEDGER, key)) + quantity;

	room = lmdb_reserve(t, LMDB_LEDGER, key, sizeof(total) + texts.size);
	if (!room)
		return;
	memcpy(room, &total, sizeof(total));
	memcpy(room + sizeof(total), texts.data, texts.size);
}

bool ledger_fold(struct lmdb_txn *t)
{
	struct arena mem;
	struct map sums;
	struct rollup rollup;
	struct slice key = slice_make(NULL, 0), value;
	MDB_cursor *cursor = lmdb_cursor(t, LMDB_LOG);
	int entries = 0;
	void *sum;

	if (!cursor)
		return false;
	arena_init(&mem, FOLD_MEMORY);
	map_init(&sums);
	while (entries < FOLD_ENTRIES &&
	       lmdb_move(t, cursor, MDB_FIRST, &key, &value)) {
		entries += sum_row(&sums, &mem, value);
		t->error = mdb_cursor_del(cursor, 0);
	}
	mdb_cursor_close(cursor);
	rollup_read(t, &rollup);
	for (size_t at = 0; map_next(&sums, &at, &key, &sum);)
		ledger_put(t, rollup_hour(&rollup, key_get_u32(key.data)),
			   slice_make(key.data + HOUR, key.size - HOUR),
			   *(int64_t *)sum);
	map_release(&sums);
	arena_release(&mem);
	return entries >= FOLD_ENTRIES && !t->error;
}

/* ---- spools ----------------------------------------------------------------
 */

void ledger_add_totals(struct ledger *l, struct lmdb_txn *t,
		       const struct store_totals *totals)
{
	const struct slice epoch[] = { totals->daemon, totals->epoch };
	uint8_t key[KEY_HASH + STORE_LEDGER_KEY] = { 0 };
	struct slice whole = slice_make(key, sizeof(key));
	struct buffer row;

	buffer_init(&row, 6 * (1 + STORE_USAGE_TEXT_MAX));
	key_hash(epoch, 2, key, KEY_HASH);
	for (size_t i = 0; i < totals->count; i++) {
		struct store_usage growth = totals->rows[i];

		buffer_reset(&row);
		put_texts(&row, &growth);
		ledger_key((uint32_t)growth.hour, buffer_slice(&row),
			   key + KEY_HASH);
		growth.quantity -= get_total(lmdb_get(t, LMDB_SPOOLS, whole));
		if (growth.quantity <= 0)
			continue;
		add(l, &growth);
		lmdb_put(t, LMDB_SPOOLS, whole,
			 slice_make(&totals->rows[i].quantity,
				    sizeof(int64_t)));
	}
	buffer_release(&row);
}

/* ---- reading ---------------------------------------------------------------
 */

static bool first_row(struct lmdb_txn *t, MDB_cursor *cursor,
		      const struct store_ledger_read *r, struct slice *key,
		      struct slice *value)
{
	uint8_t from[HOUR];

	if (r->after.size) {
		*key = r->after;
		return lmdb_move(t, cursor, MDB_SET_RANGE, key, value) &&
		       (!slice_equal(*key, r->after) ||
			lmdb_move(t, cursor, MDB_NEXT, key, value));
	}
	key_put_u32(from, (uint32_t)r->from_hour);
	*key = slice_make(from, sizeof(from));
	return lmdb_move(t, cursor, MDB_SET_RANGE, key, value);
}

int64_t ledger_hour(struct slice key)
{
	return key_get_u32(key.data);
}

int64_t ledger_quantity(struct slice value)
{
	return get_total(value);
}

struct slice ledger_texts(struct slice value)
{
	return slice_make(value.data + sizeof(int64_t),
			  value.size - sizeof(int64_t));
}

static void read_row(const struct rollup *rollup, struct slice key,
		     struct slice value, struct store_usage *u)
{
	u->hour = ledger_hour(key);
	u->hours = rollup_hours(rollup, u->hour);
	u->quantity = ledger_quantity(value);
	get_texts(ledger_texts(value), u);
}

void ledger_each(struct lmdb_txn *t, struct store_ledger_read *r)
{
	MDB_cursor *cursor = lmdb_cursor(t, LMDB_LEDGER);
	struct slice key, value;
	struct store_usage u;
	struct rollup rollup;
	bool there;

	if (!cursor)
		return;
	rollup_read(t, &rollup);
	r->moved = rollup.moved;
	there = first_row(t, cursor, r, &key, &value);
	while (there && key_get_u32(key.data) < r->to_hour) {
		read_row(&rollup, key, value, &u);
		if (r->visit(r, key, &u) == STORE_ENOUGH)
			break;
		there = lmdb_move(t, cursor, MDB_NEXT, &key, &value);
	}
	mdb_cursor_close(cursor);
}
