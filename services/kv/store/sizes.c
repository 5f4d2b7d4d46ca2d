/* services/kv/store/sizes.c - rows, bytes and storage of each table */
#include "services/kv/store/sizes.h"
#include "services/kv/store/key.h"

enum { HOUR_S = 3600 };

/* A stored row. */
struct size {
	struct counts {
		int64_t rows, bytes;
		int64_t since; /* second up to which `held` counts */
		int64_t held;  /* byte-seconds of the hour, not in the ledger */
	} now;
	size_t name_size; /* of its resource; 0: storage is not counted */
	uint8_t name[STORE_USAGE_TEXT_MAX];
};

/* Rows of a time when storage was not counted are shorter. */
enum { COUNTS = sizeof(struct counts) };

static void read_size(struct lmdb_txn *t, uint32_t table, struct size *size)
{
	struct table_key key;
	struct slice row =
	    lmdb_get(t, LMDB_TABLES, key_of_table(&key, KEY_SIZE, table));

	size_t counts = row.size < COUNTS ? row.size : COUNTS;

	*size = (struct size){ .name_size = row.size - counts };
	if (!row.size)
		return;
	memcpy(&size->now, row.data, counts);
	memcpy(size->name, row.data + counts, size->name_size);
}

static void write_size(struct lmdb_txn *t, uint32_t table,
		       const struct size *size)
{
	struct table_key key;
	uint8_t *to =
	    lmdb_reserve(t, LMDB_TABLES, key_of_table(&key, KEY_SIZE, table),
			 COUNTS + size->name_size);

	if (!to)
		return;
	memcpy(to, &size->now, COUNTS);
	memcpy(to + COUNTS, size->name, size->name_size);
}

void sizes_read(struct lmdb_txn *t, struct store_size *out)
{
	struct size size;

	read_size(t, out->table, &size);
	out->rows = size.now.rows;
	out->bytes = size.now.bytes;
}

/* ---- storage ---------------------------------------------------------------
 */

/* What is held goes to the ledger, under the hour of the second before. */
static void tell(struct sizes *s, struct size *size)
{
	ledger_add(s->ledger,
		   &(struct store_usage){
		       .resource = slice_make(size->name, size->name_size),
		       .operation = SLICE("Storage"),
		       .unit = SLICE("ByteHours"),
		       .hour = (size->now.since - 1) / HOUR_S,
		       .quantity = size->now.held },
		   1);
	size->now.held = 0;
}

/* Counts what stood there up to now, an hour at a time. */
static void hold(struct sizes *s, struct size *size)
{
	struct counts *now = &size->now;
	int64_t end = s->now_ms / 1000;

	while (size->name_size && now->since < end) {
		int64_t turn = (now->since / HOUR_S + 1) * HOUR_S;
		int64_t until = turn < end ? turn : end;

		now->held += now->bytes * (until - now->since);
		now->since = until;
		if (until == turn)
			tell(s, size);
	}
}

void sizes_meter(struct sizes *s, struct lmdb_txn *t,
		 const struct store_metered *metered)
{
	struct size size;

	read_size(t, metered->table, &size);
	if (size.name_size || !metered->resource.size)
		return;
	size.now.since = s->now_ms / 1000;
	size.name_size = metered->resource.size;
	memcpy(size.name, metered->resource.data, size.name_size);
	write_size(t, metered->table, &size);
}

static void settle(struct sizes *s, struct lmdb_txn *t, uint32_t table)
{
	struct size size;
	int64_t since;

	read_size(t, table, &size);
	since = size.now.since;
	hold(s, &size);
	tell(s, &size);
	if (size.now.since != since)
		write_size(t, table, &size);
}

void sizes_settle(struct sizes *s, struct lmdb_txn *t)
{
	MDB_cursor *cursor = lmdb_cursor(t, LMDB_TABLES);
	struct table_key first;
	struct slice key = key_of_table(&first, KEY_SIZE, 0), value;
	bool there;

	if (!cursor)
		return;
	sizes_flush(s, t);
	there = lmdb_move(t, cursor, MDB_SET_RANGE, &key, &value);
	for (; there && key_is_of(key, KEY_SIZE);
	     there = lmdb_move(t, cursor, MDB_NEXT, &key, &value))
		settle(s, t, key_table(key));
	mdb_cursor_close(cursor);
}

void sizes_forget(struct sizes *s, struct lmdb_txn *t, uint32_t table)
{
	struct table_key key;

	sizes_flush(s, t);
	settle(s, t, table);
	lmdb_delete(t, LMDB_TABLES, key_of_table(&key, KEY_SIZE, table));
}

/* ---- what a group changes --------------------------------------------------
 */

void sizes_flush(struct sizes *s, struct lmdb_txn *t)
{
	for (size_t i = 0; i < s->count; i++) {
		struct size size;

		read_size(t, s->rows[i].table, &size);
		hold(s, &size);
		size.now.rows += s->rows[i].delta.rows;
		size.now.bytes += s->rows[i].delta.bytes;
		write_size(t, s->rows[i].table, &size);
	}
	s->count = 0;
}

void sizes_add(struct sizes *s, struct lmdb_txn *t, uint32_t table,
	       struct row_delta delta)
{
	size_t i = 0;

	if (!delta.rows && !delta.bytes)
		return;
	while (i < s->count && s->rows[i].table != table)
		i++;
	if (i == SIZES_GATHERED) {
		sizes_flush(s, t);
		i = 0;
	}
	if (i == s->count) {
		s->rows[i].table = table;
		s->rows[i].delta = (struct row_delta){ 0, 0 };
		s->count++;
	}
	s->rows[i].delta.rows += delta.rows;
	s->rows[i].delta.bytes += delta.bytes;
}
