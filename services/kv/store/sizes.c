/* services/kv/store/sizes.c - rows and bytes of each table */
#include "services/kv/store/sizes.h"

void sizes_read(struct lmdb_txn *t, struct store_size *size)
{
	uint8_t key[4];
	struct row_delta now = { 0, 0 };
	struct slice row;

	key_put_u32(key, size->table);
	row = lmdb_get(t, LMDB_SIZES, slice_make(key, sizeof(key)));
	if (row.size == sizeof(now))
		memcpy(&now, row.data, sizeof(now));
	size->rows = now.rows;
	size->bytes = now.bytes;
}

void sizes_forget(struct lmdb_txn *t, uint32_t table)
{
	uint8_t key[4];

	key_put_u32(key, table);
	lmdb_delete(t, LMDB_SIZES, slice_make(key, sizeof(key)));
}

void sizes_flush(struct sizes *s, struct lmdb_txn *t)
{
	for (size_t i = 0; i < s->count; i++) {
		struct store_size size = { .table = s->rows[i].table };
		struct row_delta now = s->rows[i].delta;
		uint8_t key[4];

		sizes_read(t, &size);
		now.rows += size.rows;
		now.bytes += size.bytes;
		key_put_u32(key, size.table);
		lmdb_put(t, LMDB_SIZES, slice_make(key, sizeof(key)),
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
