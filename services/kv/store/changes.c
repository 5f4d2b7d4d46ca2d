/* services/kv/store/changes.c - what writes said of their changes, for a day */
#include "services/kv/store/changes.h"
#include "services/kv/store/key.h"

enum {
	SEQUENCE = 8,
	PLACE = 4 + SEQUENCE,	 /* stream and sequence */
	ROW_HEAD = 1 + SEQUENCE, /* shard, time */
	SHARD_BITS = 2,		 /* of a byte, that don't count */
	LOOK_MAX = 10000,	 /* records that one read looks at */
};

/* The row of the next sequence stands under a number that is no stream's. */
enum { NEXT = 0 };

static const uint64_t GOES_ON = UINT64_MAX;

/* Of a stream, by sequences: what is kept is behind `trimmed`, and nothing is
 * behind `end`. */
struct bounds {
	uint64_t trimmed, end;
};

static void put_place(uint8_t place[PLACE], uint32_t stream, uint64_t sequence)
{
	key_put_u32(place, stream);
	key_put_u64(place + 4, sequence);
}

/* A row is one number, or two where the second is known. */
static struct bounds get_bounds(struct lmdb_txn *t, uint32_t stream)
{
	struct table_key key;
	struct slice row =
	    lmdb_get(t, LMDB_TABLES, key_of_table(&key, KEY_STREAM, stream));

	return (struct bounds){
		.trimmed = row.size >= SEQUENCE ? key_get_u64(row.data) : 0,
		.end = row.size > SEQUENCE ? key_get_u64(row.data + SEQUENCE)
					   : GOES_ON,
	};
}

static void put_bounds(struct lmdb_txn *t, uint32_t stream, struct bounds b)
{
	struct table_key key;
	uint8_t row[2 * SEQUENCE];

	key_put_u64(row, b.trimmed);
	key_put_u64(row + SEQUENCE, b.end);
	lmdb_put(t, LMDB_TABLES, key_of_table(&key, KEY_STREAM, stream),
		 slice_make(row, b.end == GOES_ON ? SEQUENCE : sizeof(row)));
}

static uint64_t get_next(struct lmdb_txn *t)
{
	uint64_t next = get_bounds(t, NEXT).trimmed;

	return next ? next : 1;
}

/* ---- a group ---------------------------------------------------------------
 */

void changes_init(struct changes *c, struct lmdb_txn *t)
{
	*c = (struct changes){ .next = get_next(t) };
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

static void touch(struct changes *c, uint32_t stream)
{
	for (size_t i = 0; i < c->touched_count && i < CHANGES_TOUCHED; i++)
		if (c->touched[i] == stream)
			return;
	if (c->touched_count < CHANGES_TOUCHED)
		c->touched[c->touched_count] = stream;
	if (c->touched_count <= CHANGES_TOUCHED)
		c->touched_count++;
}

void changes_add(struct changes *c, struct lmdb_txn *t, uint32_t stream,
		 const struct store_partition *part, struct slice record,
		 int64_t now_ms)
{
	uint8_t place[PLACE], hash, *room;

	put_place(place, stream, c->next++);
	key_hash(&part->hash_key, 1, &hash, sizeof(hash));
	room = lmdb_reserve(t, LMDB_CHANGES, slice_make(place, sizeof(place)),
			    ROW_HEAD + record.size);
	if (!room)
		return;
	room[0] = (uint8_t)(hash >> SHARD_BITS);
	key_put_u64(room + 1, (uint64_t)now_ms);
	memcpy(room + ROW_HEAD, record.data, record.size);
	c->any = true;
	touch(c, stream);
}

void changes_end(struct changes *c, struct lmdb_txn *t, uint32_t stream)
{
	struct bounds b = get_bounds(t, stream);

	b.end = c->next - 1;
	put_bounds(t, stream, b);
	touch(c, stream);
}

void changes_flush(struct changes *c, struct lmdb_txn *t)
{
	if (c->next != c->kept_next)
		put_bounds(t, NEXT,
			   (struct bounds){ .trimmed = c->next,
					    .end = GOES_ON });
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

/* The oldest record of the first stream from `stream` on that has one. */
static bool first_from(struct lmdb_txn *t, uint32_t stream,
		       uint8_t place[PLACE], struct slice *row)
{
	struct slice key;
	uint8_t from[4];

	key_put_u32(from, stream);
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
	struct bounds b;
	struct slice row;

	while (c->any && limit-- > 0) {
		if (!first_from(t, c->sweep_stream, place, &row)) {
			c->any = c->sweep_stream != 0;
			c->sweep_stream = 0;
			return;
		}
		c->sweep_stream = key_get_u32(place);
		if (row_time(row) + STORE_RETENTION_MS > now_ms) {
			c->sweep_stream++;
			return;
		}
		lmdb_delete(t, LMDB_CHANGES, slice_make(place, sizeof(place)));
		b = get_bounds(t, c->sweep_stream);
		b.trimmed = key_get_u64(place + 4);
		put_bounds(t, c->sweep_stream, b);
	}
}

bool changes_drop(struct lmdb_txn *t, uint32_t stream, int limit)
{
	uint8_t place[PLACE];
	struct table_key key;
	struct slice row;

	while (limit-- > 0) {
		if (!first_from(t, stream, place, &row) ||
		    key_get_u32(place) != stream) {
			lmdb_delete(t, LMDB_TABLES,
				    key_of_table(&key, KEY_STREAM, stream));
			return false;
		}
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

/* False when this read ends with it. */
static bool visit(struct store_changes *c, const uint8_t *place,
		  struct slice row, int looked)
{
	const struct store_record record = {
		.shard = row.data[0],
		.sequence = key_get_u64(place + 4),
		.at_ms = row_time(row),
		.bytes = slice_make(row.data + ROW_HEAD, row.size - ROW_HEAD),
	};
	bool wanted = c->shards >> record.shard & 1;

	c->more = (wanted && c->visit(c, &record) == STORE_ENOUGH) ||
		  looked == LOOK_MAX;
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
	int looked = 0;
	bool there;

	if (!cursor)
		return;
	put_place(from, c->stream, after + 1);
	there = lmdb_move(t, cursor, MDB_SET_RANGE, &key, &row);
	while (there && key_get_u32(key.data) == c->stream &&
	       visit(c, key.data, row, ++looked))
		there = lmdb_move(t, cursor, MDB_NEXT, &key, &row);
	mdb_cursor_close(cursor);
}

static uint64_t start_of(const struct store_changes *c)
{
	if (c->from)
		return c->from - 1;
	if (!c->after.data)
		return c->oldest - 1;
	return c->after.size == SEQUENCE ? key_get_u64(c->after.data)
					 : UINT64_MAX;
}

void changes_read(struct lmdb_txn *t, struct store_changes *c)
{
	struct bounds b = get_bounds(t, c->stream);
	uint64_t last = get_next(t) - 1, after;

	c->more = false;
	c->ended = b.end != GOES_ON;
	c->oldest = b.trimmed + 1;
	c->newest = c->ended ? b.end : last;
	set_position(c, c->newest);
	if (c->latest)
		return;
	after = start_of(c);
	if (after < b.trimmed || after > c->newest)
		fault_set(&c->fault, E_TRIMMED,
			  "the position lies outside of what is kept");
	else
		visit_all(t, c, after);
}
