/* services/kv/store/changes.c - what writes said of their changes, for a day */
#include "services/kv/store/changes.h"
#include "services/kv/store/key.h"

enum {
	SEQUENCE = 8,
	PLACE = 4 + SEQUENCE,	 /* table and sequence */
	ROW_HEAD = 1 + SEQUENCE, /* shard, time */
	SHARD_BITS = 2,		 /* of a byte, that don't count */
};

/* The row of the next sequence stands under a table that has no stream. */
enum { NEXT = 0 };

/* Of a dropped table: numbers are not used again. */
static const uint64_t GONE = UINT64_MAX;

static void put_place(uint8_t place[PLACE], uint32_t table, uint64_t sequence)
{
	key_put_u32(place, table);
	key_put_u64(place + 4, sequence);
}

static uint64_t get_number(struct lmdb_txn *t, uint32_t table,
			   uint64_t otherwise)
{
	struct table_key key;
	struct slice row =
	    lmdb_get(t, LMDB_TABLES, key_of_table(&key, KEY_STREAM, table));

	return row.size == SEQUENCE ? key_get_u64(row.data) : otherwise;
}

static void put_number(struct lmdb_txn *t, uint32_t table, uint64_t number)
{
	struct table_key key;
	uint8_t value[SEQUENCE];

	key_put_u64(value, number);
	lmdb_put(t, LMDB_TABLES, key_of_table(&key, KEY_STREAM, table),
		 slice_make(value, sizeof(value)));
}

/* ---- a group ---------------------------------------------------------------
 */

void changes_init(struct changes *c, struct lmdb_txn *t)
{
	*c = (struct changes){ .next = get_number(t, NEXT, 1) };
	c->any = c->next > 1;
}

void changes_begin(struct changes *c)
{
	c->kept_next = c->next;
	c->touched_count = 0;
}

void changes_forget(struct changes *c)
{
	c->next = c->kept_next;
	c->any = true; /* look again */
}

static void touch(struct changes *c, uint32_t table)
{
	for (size_t i = 0; i < c->touched_count && i < CHANGES_TOUCHED; i++)
		if (c->touched[i] == table)
			return;
	if (c->touched_count < CHANGES_TOUCHED)
		c->touched[c->touched_count] = table;
	if (c->touched_count <= CHANGES_TOUCHED)
		c->touched_count++;
}

void changes_add(struct changes *c, struct lmdb_txn *t,
		 const struct store_partition *part, struct slice record,
		 int64_t now_ms)
{
	uint8_t place[PLACE], hash, *room;

	put_place(place, part->table, c->next++);
	key_hash(&part->hash_key, 1, &hash, sizeof(hash));
	room = lmdb_reserve(t, LMDB_CHANGES, slice_make(place, sizeof(place)),
			    ROW_HEAD + record.size);
	if (!room)
		return;
	room[0] = (uint8_t)(hash >> SHARD_BITS);
	key_put_u64(room + 1, (uint64_t)now_ms);
	memcpy(room + ROW_HEAD, record.data, record.size);
	c->any = true;
	touch(c, part->table);
}

void changes_end(struct changes *c, struct lmdb_txn *t, uint32_t table)
{
	if (table & STORE_INDEX)
		return;
	put_number(t, table, GONE);
	touch(c, table);
}

void changes_flush(struct changes *c, struct lmdb_txn *t)
{
	if (c->next != c->kept_next)
		put_number(t, NEXT, c->next);
}

void changes_tell(const struct changes *c, struct followers *followers)
{
	if (c->touched_count)
		followers_tell(followers,
			       c->touched_count > CHANGES_TOUCHED ? NULL
								  : c->touched,
			       c->touched_count);
}

/* ---- taking away -----------------------------------------------------------
 */

static int64_t row_time(struct slice row)
{
	return (int64_t)key_get_u64(row.data + 1);
}

/* The oldest record of the first table from `table` on that has one. */
static bool first_from(struct lmdb_txn *t, uint32_t table, uint8_t place[PLACE],
		       struct slice *row)
{
	struct slice key;
	uint8_t from[4];

	key_put_u32(from, table);
	if (!lmdb_first(t, LMDB_CHANGES, slice_make(from, sizeof(from)), &key,
			row))
		return false;
	memcpy(place, key.data, PLACE);
	return true;
}

void changes_sweep(struct changes *c, struct lmdb_txn *t, int64_t now_ms,
		   int limit)
{
	uint8_t place[PLACE];
	struct slice row;

	while (c->any && limit-- > 0) {
		if (!first_from(t, c->sweep_table, place, &row)) {
			c->any = c->sweep_table != 0;
			c->sweep_table = 0;
			return;
		}
		c->sweep_table = key_get_u32(place);
		if (row_time(row) + STORE_RETENTION_MS > now_ms) {
			c->sweep_table++;
			return;
		}
		lmdb_delete(t, LMDB_CHANGES, slice_make(place, sizeof(place)));
		put_number(t, c->sweep_table, key_get_u64(place + 4));
	}
}

bool changes_drop(struct lmdb_txn *t, uint32_t table, int limit)
{
	uint8_t place[PLACE];
	struct slice row;

	while (limit-- > 0) {
		if (!first_from(t, table, place, &row) ||
		    key_get_u32(place) != table)
			return false;
		lmdb_delete(t, LMDB_CHANGES, slice_make(place, sizeof(place)));
	}
	return true;
}

/* ---- reading ---------------------------------------------------------------
 */

static void set_position(struct store_changes *c, uint64_t sequence)
{
	key_put_u64(c->position, sequence);
	c->position_size = SEQUENCE;
}

static bool visit(struct store_changes *c, const uint8_t *place,
		  struct slice row)
{
	const struct store_record record = {
		.shard = row.data[0],
		.sequence = key_get_u64(place + 4),
		.at_ms = row_time(row),
		.bytes = slice_make(row.data + ROW_HEAD, row.size - ROW_HEAD),
	};

	if (!(c->shards >> record.shard & 1))
		return true;
	c->more = c->visit(c, &record) == STORE_ENOUGH;
	if (c->more)
		set_position(c, record.sequence);
	return !c->more;
}

static void visit_all(struct lmdb_txn *t, struct store_changes *c,
		      uint64_t after)
{
	MDB_cursor *cursor = lmdb_cursor(t, LMDB_CHANGES);
	uint8_t from[PLACE];
	struct slice key = slice_make(from, sizeof(from)), row;
	bool there;

	if (!cursor)
		return;
	put_place(from, c->table, after + 1);
	there = lmdb_move(t, cursor, MDB_SET_RANGE, &key, &row);
	while (there && key_get_u32(key.data) == c->table &&
	       visit(c, key.data, row))
		there = lmdb_move(t, cursor, MDB_NEXT, &key, &row);
	mdb_cursor_close(cursor);
}

void changes_read(struct lmdb_txn *t, struct store_changes *c)
{
	uint64_t last = get_number(t, NEXT, 1) - 1;
	uint64_t trimmed = get_number(t, c->table, 0);
	uint64_t after = trimmed;

	c->more = false;
	set_position(c, last);
	if (trimmed == GONE)
		fault_set(&c->fault, E_MISSING, "the table is gone");
	if (trimmed == GONE || c->latest)
		return;
	if (c->after.data)
		after = c->after.size == SEQUENCE ? key_get_u64(c->after.data)
						  : UINT64_MAX;
	if (after < trimmed || after > last)
		fault_set(&c->fault, E_TRIMMED,
			  "the position lies outside of what is kept");
	else
		visit_all(t, c, after);
}
