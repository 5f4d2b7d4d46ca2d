/* services/kv/store/sizes.c - rows and bytes of each table */
#include "services/kv/store/sizes.h"
#include "services/kv/store/key.h"

void sizes_read(struct lmdb_txn *t, struct store_size *size)
{
	struct table_key key;
	struct row_delta now = { 0, 0 };
	struct slice row;

	row =
	    lmdb_get(t, LMDB_TABLES, key_of_table(&key, KEY_SIZE, size->table));
	if (row.size == sizeof(now))
		memcpy(&now, row.data, sizeof(now));
	size->rows = now.rows;
	size->bytes = now.bytes;
}

void sizes_forget(struct lmdb_txn *t, uint32_t table)
{
	struct table_key key;

	lmdb_delete(t, LMDB_TABLES, key_of_table(&key, KEY_SIZE, table));
}

void sizes_flush(struct sizes *s, struct lmdb_txn *t)
{
	for (size_t i = 0; i < s->count; i++) {
		struct store_size size = { .table = s->rows[i].table };
		struct row_delta now = s->rows[i].delta;
		struct table_key key;

		sizes_read(t, &size);
		now.rows += size.rows;
		now.bytes += size.bytes;
		lmdb_put(t, LMDB_TABLES,
			 key_of_table(&key, KEY_SIZE, size.table),
			 slice_make(&now, sizeof(now)));
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
