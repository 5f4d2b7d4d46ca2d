/* services/kv/store/row.c - items and index rows in LMDB */
#include "services/kv/store/row.h"

/* A list is entries one behind the other: the entry's size (4 bytes), size of
 * the whole key (2), the whole key, then what a row by itself holds: size of
 * the partition key (2), the partition key, the item; and the entry's size
 * again, for reading backward. Numbers are in the machine's order, as all of
 * LMDB's file. */
enum {
	ROW_HEAD = 2,
	ENTRY_SIZE = 4,
	ENTRY_EXTRA = ENTRY_SIZE + 2 + ENTRY_SIZE
};

struct row {
	struct slice whole; /* key */
	struct slice hash_key, item;
	struct slice entry; /* all its bytes, in a list */
};

static bool is_list(size_t lmdb_key_size)
{
	return lmdb_key_size == KEY_LMDB_MAX;
}

static size_t get_u16(const uint8_t *from)
{
	uint16_t n;

	memcpy(&n, from, sizeof(n));
	return n;
}

static uint8_t *put_u16(uint8_t *to, size_t n)
{
	uint16_t narrow = (uint16_t)n;

	memcpy(to, &narrow, sizeof(narrow));
	return to + sizeof(narrow);
}

static uint8_t *put_bytes(uint8_t *to, struct slice s)
{
	if (s.size)
		memcpy(to, s.data, s.size);
	return to + s.size;
}

static struct slice cut(struct slice *rest, size_t size)
{
	struct slice head = slice_make(rest->data, size);

	*rest = slice_make(rest->data + size, rest->size - size);
	return head;
}

static void read_row(struct slice bytes, struct row *out)
{
	out->hash_key.size = get_u16(cut(&bytes, ROW_HEAD).data);
	out->hash_key = cut(&bytes, out->hash_key.size);
	out->item = bytes;
}

static size_t get_size(const uint8_t *from)
{
	uint32_t n;

	memcpy(&n, from, sizeof(n));
	return n;
}

static void read_entry(struct slice entry, struct row *out)
{
	struct slice rest =
	    slice_make(entry.data + ENTRY_SIZE, entry.size - 2 * ENTRY_SIZE);

	out->entry = entry;
	out->whole.size = get_u16(cut(&rest, 2).data);
	out->whole = cut(&rest, out->whole.size);
	read_row(rest, out);
}

static bool next_entry(struct slice *list, struct row *out)
{
	if (!list->size)
		return false;
	read_entry(cut(list, get_size(list->data)), out);
	return true;
}

static bool last_entry(struct slice *list, struct row *out)
{
	size_t size;

	if (!list->size)
		return false;
	size = get_size(list->data + list->size - ENTRY_SIZE);
	list->size -= size;
	read_entry(slice_make(list->data + list->size, size), out);
	return true;
}

/* The entry with this key: true and it, or false and where it would stand. */
static bool find_entry(struct slice list, const struct row_key *k,
		       struct row *out, size_t *at)
{
	struct slice rest = list;

	*at = list.size;
	while (next_entry(&rest, out)) {
		int order = slice_compare(out->whole, key_whole(k));

		if (order < 0)
			continue;
		*at = (size_t)(out->entry.data - list.data);
		return order == 0;
	}
	return false;
}

/* ---- one row ---------------------------------------------------------------
 */

/* Of what stands under an LMDB key. */
static bool pick(struct slice value, const struct row_key *k, struct row *out,
		 size_t *at)
{
	if (is_list(key_lmdb(k).size))
		return find_entry(value, k, out, at);
	read_row(value, out);
	return true;
}

static bool find(struct lmdb_txn *t, const struct row_key *k,
		 struct slice *list, struct row *out, size_t *at)
{
	struct slice key = key_lmdb(k);

	*list = slice_make(NULL, 0);
	return lmdb_move(t, t->rows, MDB_SET_KEY, &key, list) &&
	       pick(*list, k, out, at);
}

struct slice row_find(struct lmdb_txn *t, const struct row_key *k,
		      struct slice hash_key)
{
	struct slice list = { 0 };
	struct row row = { 0 };
	size_t at;

	if (!find(t, k, &list, &row, &at) ||
	    !slice_equal(row.hash_key, hash_key))
		return slice_make(NULL, 0);
	return row.item;
}

struct slice row_find_beside(struct lmdb_txn *t, const struct row_key *k,
			     struct slice hash_key)
{
	struct slice value = lmdb_get(t, LMDB_ROWS, key_lmdb(k));
	struct row row = { 0 };
	size_t at;

	if (!value.data || !pick(value, k, &row, &at) ||
	    !slice_equal(row.hash_key, hash_key))
		return slice_make(NULL, 0);
	return row.item;
}

/* Puts `size` bytes of room (0: none) where `was` bytes stand at `at`. */
static uint8_t *splice(struct lmdb_txn *t, const struct row_key *k,
		       struct slice list, size_t at, size_t was, size_t size)
{
	/* the list stands in the page that is about to be written */
	uint8_t *copy = malloc(list.size + 1), *to;

	if (!copy)
		abort(); /* lack of memory ends the process */
	put_bytes(copy, list);
	to = lmdb_reserve(t, LMDB_ROWS, key_lmdb(k), list.size - was + size);
	if (to) {
		to = put_bytes(to, slice_make(copy, at));
		put_bytes(to + size,
			  slice_make(copy + at + was, list.size - at - was));
	}
	free(copy);
	return to;
}

static void write_row(uint8_t *to, struct slice hash_key, struct slice item)
{
	to = put_u16(to, hash_key.size);
	to = put_bytes(to, hash_key);
	put_bytes(to, item);
}

static size_t entry_size(const struct row_key *k, size_t row_size)
{
	return ENTRY_EXTRA + k->size + row_size;
}

static void write_entry(uint8_t *to, const struct row_key *k,
			struct slice hash_key, struct slice item)
{
	size_t row_size = ROW_HEAD + hash_key.size + item.size;
	uint32_t size = (uint32_t)entry_size(k, row_size);

	memcpy(to, &size, sizeof(size));
	to = put_u16(to + sizeof(size), k->size);
	to = put_bytes(to, key_whole(k));
	write_row(to, hash_key, item);
	memcpy(to + row_size, &size, sizeof(size));
}

/* True when the row is there and is of this partition key. */
static bool find_own(struct lmdb_txn *t, const struct row_key *k,
		     struct slice hash_key, struct slice *list, struct row *row,
		     size_t *at)
{
	if (!find(t, k, list, row, at))
		return false;
	if (!slice_equal(row->hash_key, hash_key) && !t->error)
		t->error = MDB_CORRUPTED;
	return !t->error;
}

/* What an item counts as. */
static int64_t measure(const struct lmdb_txn *t, struct slice item)
{
	return (int64_t)(t->lmdb->measure ? t->lmdb->measure(item) : item.size);
}

struct row_delta row_put(struct lmdb_txn *t, const struct row_key *k,
			 struct slice hash_key, struct slice item)
{
	struct row_delta delta = { 1, measure(t, item) };
	struct slice list = { 0 };
	struct row row = { 0 };
	size_t at = 0, was = 0, size = ROW_HEAD + hash_key.size + item.size;
	uint8_t *room;

	if (find_own(t, k, hash_key, &list, &row, &at)) {
		delta.rows = 0;
		delta.bytes -= measure(t, row.item);
		was = row.entry.size;
	}
	if (!is_list(key_lmdb(k).size)) {
		room = lmdb_reserve(t, LMDB_ROWS, key_lmdb(k), size);
		if (room)
			write_row(room, hash_key, item);
		return delta;
	}
	room = splice(t, k, list, at, was, entry_size(k, size));
	if (room)
		write_entry(room, k, hash_key, item);
	return delta;
}

struct row_delta row_delete(struct lmdb_txn *t, const struct row_key *k,
			    struct slice hash_key)
{
	struct row_delta delta = { 0, 0 };
	struct slice list = { 0 };
	struct row row = { 0 };
	size_t at = 0;

	if (!find_own(t, k, hash_key, &list, &row, &at))
		return delta;
	delta = (struct row_delta){ -1, -measure(t, row.item) };
	if (is_list(key_lmdb(k).size) && row.entry.size < list.size)
		splice(t, k, list, at, row.entry.size, 0);
	else
		lmdb_delete(t, LMDB_ROWS, key_lmdb(k));
	return delta;
}

/* ---- many rows -------------------------------------------------------------
 */

struct walk {
	struct slice first, end; /* whole keys: [first, end) */
	struct slice hash_key;
	bool backward;
	enum store_visit (*visit)(void *arg, struct slice item);
	void *arg;
};

/* Visits the row if it is within the range; STORE_ENOUGH behind the range. */
static enum store_visit visit_row(const struct walk *w, const struct row *row)
{
	bool before = slice_compare(row->whole, w->first) < 0;
	bool behind = slice_compare(row->whole, w->end) >= 0;

	if (before || behind)
		return before == w->backward ? STORE_ENOUGH : STORE_NEXT;
	if (w->hash_key.data && !slice_equal(row->hash_key, w->hash_key))
		return STORE_NEXT;
	return w->visit(w->arg, row->item);
}

static enum store_visit visit_value(const struct walk *w, struct slice key,
				    struct slice value)
{
	struct row row = { .whole = key };

	if (!is_list(key.size)) {
		read_row(value, &row);
		return visit_row(w, &row);
	}
	while (w->backward ? last_entry(&value, &row)
			   : next_entry(&value, &row))
		if (visit_row(w, &row) == STORE_ENOUGH)
			return STORE_ENOUGH;
	return STORE_NEXT;
}

/* To the row where the walk begins; a list that may hold it counts. */
static bool seek(struct lmdb_txn *t, const struct row_key *from, bool backward,
		 struct slice *key, struct slice *value)
{
	*key = key_lmdb(from);
	if (lmdb_move(t, t->rows, MDB_SET_RANGE, key, value))
		return !backward || slice_equal(*key, key_lmdb(from)) ||
		       lmdb_move(t, t->rows, MDB_PREV, key, value);
	return backward && lmdb_move(t, t->rows, MDB_LAST, key, value);
}

void row_each(struct lmdb_txn *t, const struct row_key *first,
	      const struct row_key *end, struct slice hash_key, bool backward,
	      enum store_visit (*visit)(void *arg, struct slice item),
	      void *arg)
{
	struct walk w = { .first = key_whole(first),
			  .end = key_whole(end),
			  .hash_key = hash_key,
			  .backward = backward,
			  .visit = visit,
			  .arg = arg };
	struct slice key, value;
	bool there = seek(t, backward ? end : first, backward, &key, &value);

	while (there && visit_value(&w, key, value) == STORE_NEXT)
		there = lmdb_move(t, t->rows, backward ? MDB_PREV : MDB_NEXT,
				  &key, &value);
}

bool row_drop(struct lmdb_txn *t, uint32_t table, int limit)
{
	uint8_t prefix[4];
	struct slice key, value;

	key_put_u32(prefix, table);
	while (limit-- > 0) {
		key = slice_make(prefix, sizeof(prefix));
		if (!lmdb_move(t, t->rows, MDB_SET_RANGE, &key, &value) ||
		    memcmp(key.data, prefix, sizeof(prefix)) != 0)
			return false;
		t->error = mdb_cursor_del(t->rows, 0);
	}
	return !t->error;
}
