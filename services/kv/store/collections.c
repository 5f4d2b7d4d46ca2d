/* services/kv/store/collections.c - bytes of each partition of a table */
#include "services/kv/store/collections.h"
#include "services/kv/store/key.h"

int64_t collections_read(struct lmdb_txn *t, const struct store_partition *part)
{
	struct row_key key;
	struct slice row;
	int64_t bytes = 0;

	key_of_partition(&key, part, false);
	row = lmdb_get(t, LMDB_COLLECTIONS, key_whole(&key));
	if (row.size == sizeof(bytes))
		memcpy(&bytes, row.data, sizeof(bytes));
	return bytes;
}

void collections_add(struct lmdb_txn *t, const struct store_partition *part,
		     int64_t bytes)
{
	struct row_key key;

	if (!bytes)
		return;
	bytes += collections_read(t, part);
	key_of_partition(&key, part, false);
	if (bytes)
		lmdb_put(t, LMDB_COLLECTIONS, key_whole(&key),
			 slice_make(&bytes, sizeof(bytes)));
	else
		lmdb_delete(t, LMDB_COLLECTIONS, key_whole(&key));
}

bool collections_drop(struct lmdb_txn *t, uint32_t table, int limit)
{
	uint8_t prefix[4], copy[KEY_PREFIX];
	struct slice key, value;

	key_put_u32(prefix, table);
	while (limit-- > 0) {
		if (!lmdb_first(t, LMDB_COLLECTIONS,
				slice_make(prefix, sizeof(prefix)), &key,
				&value) ||
		    key.size != sizeof(copy) ||
		    memcmp(key.data, prefix, sizeof(prefix)) != 0)
			return false;
		memcpy(copy, key.data, sizeof(copy));
		lmdb_delete(t, LMDB_COLLECTIONS,
			    slice_make(copy, sizeof(copy)));
	}
	return !t->error;
}
