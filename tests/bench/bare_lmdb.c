/* tests/bench/bare_lmdb.c - the bare limit of kv.put_item; links: service_kv
 *
 *	bare_lmdb DIR ITEMS SECONDS
 *
 * Commits the items of items.h in their order to LMDB with its default flags in
 * groups of 64, under the keys and rows that the store would write, after all
 * ITEMS are there (DIR is filled on the first call). Prints puts per second.
 */
#include "lib/base/clock.h"
#include "services/kv/store/key.h"
#include "tests/bench/items.h"

#include <lmdb.h>
#include <sys/stat.h>

enum { GROUP = 64 };

static void check(int error, const char *what)
{
	if (!error)
		return;
	fprintf(stderr, "bare_lmdb: %s: %s\n", what, mdb_strerror(error));
	exit(1);
}

static void put(MDB_txn *txn, MDB_dbi rows, uint32_t n)
{
	char text[ITEM_KEY_SIZE + 1];
	struct store_key key = { .part = { .table = 1 } };
	struct row_key place;
	struct buffer row;
	MDB_val at, value;

	item_key_text(text, n);
	key.part.hash_key = slice_of(text);
	key_of_item(&place, &key);
	buffer_init(&row, 1024);
	buffer_put_byte(&row, ITEM_KEY_SIZE);
	buffer_put_slice(&row, key.part.hash_key);
	item_put_all(&row, n);
	at = (MDB_val){ place.size, place.bytes };
	value = (MDB_val){ buffer_size(&row), row.block };
	check(mdb_put(txn, rows, &at, &value, 0), "put");
	buffer_release(&row);
}

static void put_group(MDB_env *env, MDB_dbi rows, uint64_t first, int count,
		      uint32_t items)
{
	MDB_txn *txn;

	check(mdb_txn_begin(env, NULL, 0, &txn), "begin");
	for (int i = 0; i < count; i++)
		put(txn, rows, item_in_order(first + (uint64_t)i, items));
	check(mdb_txn_commit(txn), "commit");
}

int main(int argc, char **argv)
{
	uint32_t items = argc == 4 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
	double seconds = argc == 4 ? strtod(argv[3], NULL) : -1;
	MDB_env *env;
	MDB_txn *txn;
	MDB_dbi rows;
	MDB_stat stat;
	int64_t start, took = 0;
	uint64_t done = 0;

	if (!items || seconds < 0) {
		fputs("usage: bare_lmdb DIR ITEMS SECONDS\n", stderr);
		return 2;
	}
	mkdir(argv[1], 0700);
	check(mdb_env_create(&env), "create");
	check(mdb_env_set_mapsize(env, (size_t)64 << 30), "map size");
	check(mdb_env_open(env, argv[1], 0, 0600), "open");
	check(mdb_txn_begin(env, NULL, 0, &txn), "begin");
	check(mdb_dbi_open(txn, NULL, MDB_CREATE, &rows), "database");
	check(mdb_stat(txn, rows, &stat), "stat");
	check(mdb_txn_commit(txn), "commit");
	for (uint64_t i = stat.ms_entries; i < items; i += 5000)
		put_group(env, rows, i, 5000, items);
	start = clock_monotonic_ns();
	while ((double)took < seconds * 1e9) {
		put_group(env, rows, done, GROUP, items);
		done += GROUP;
		took = clock_monotonic_ns() - start;
	}
	printf("{\"rate\":%.1f}\n",
	       took ? (double)done * 1e9 / (double)took : 0);
	mdb_env_close(env);
	return 0;
}
