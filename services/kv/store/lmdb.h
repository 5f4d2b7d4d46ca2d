/* services/kv/store/lmdb.h - LMDB with an error that sticks
 *
 * A transaction keeps its first error and does nothing after it, so callers
 * write straight code and look once: at what lmdb_commit returns. Absence is
 * not an error. Slices that come out point into the map or into dirty pages:
 * they live until the next change in a write transaction, until lmdb_reader_end
 * in a read one.
 */
#ifndef PARLOR_KV_STORE_LMDB_H
#define PARLOR_KV_STORE_LMDB_H

#include "lib/base/fault.h"

#include <lmdb.h>
#include <pthread.h>

/* The databases within the file. */
enum lmdb_db {
	LMDB_ROWS, /* items and index rows: key.h, row.h */
	/* kind and table: rows, bytes and storage (sizes.h), the last record of
	 * a stream that was taken away (changes.h), how far the ledger is rolled
	 * up (rollup.h); beside LMDB's own rows about the other databases, in a
	 * page that every commit writes */
	LMDB_TABLES,
	LMDB_TOKENS,  /* time and hash of a token: request, answer: token.h */
	LMDB_LOG,     /* sequence: usage not yet in the ledger: ledger.h */
	LMDB_LEDGER,  /* hour and hash of a row: total and texts */
	LMDB_SPOOLS,  /* hash of an epoch, ledger key: total put so far */
	LMDB_DROPS,   /* table: to be emptied */
	LMDB_CHANGES, /* table and sequence: a record: changes.h */
	LMDB_COLLECTIONS, /* table and hash of a partition: collections.h */
	LMDB_DB_COUNT
};

struct lmdb {
	MDB_env *env;
	MDB_dbi db[LMDB_DB_COUNT];
	size_t (*measure)(struct slice item); /* of rows: row.h; or NULL */
	int folder;	      /* locked, so that no other process serves it */
	pthread_key_t reader; /* this thread's struct lmdb_reader */
	pthread_mutex_t lock; /* over `readers` */
	struct lmdb_reader *readers; /* of all threads, ended at close */
};

struct lmdb_txn {
	struct lmdb *lmdb;
	MDB_txn *txn;
	MDB_cursor *rows; /* over LMDB_ROWS */
	int error;	  /* MDB_…, errno, or 0 */
};

/* Opens or makes the folder. Returns 0 or a negative code with its fault. */
int lmdb_open(struct lmdb *, const char *dir, size_t map_bytes, struct fault *);
void lmdb_close(struct lmdb *);

/* The calling thread's read transaction, renewed; it is reset by
 * lmdb_reader_end and used again. Not to be nested. */
struct lmdb_txn *lmdb_reader(struct lmdb *);
void lmdb_reader_end(struct lmdb_txn *);

/* The write transaction. Commit or abort ends it; commit returns the error that
 * stuck, or its own, or 0 when all is durable. */
void lmdb_begin(struct lmdb *, struct lmdb_txn *);
int lmdb_commit(struct lmdb_txn *);
void lmdb_abort(struct lmdb_txn *);

/* Null data when absent or after an error. */
struct slice lmdb_get(struct lmdb_txn *, enum lmdb_db, struct slice key);
void lmdb_put(struct lmdb_txn *, enum lmdb_db, struct slice key,
	      struct slice value);
/* Room for `size` bytes of value to be written at once; NULL after an error. */
uint8_t *lmdb_reserve(struct lmdb_txn *, enum lmdb_db, struct slice key,
		      size_t size);
void lmdb_delete(struct lmdb_txn *, enum lmdb_db, struct slice key);

/* The first row at or behind `key`; false when there is none. */
bool lmdb_first(struct lmdb_txn *, enum lmdb_db, struct slice key,
		struct slice *found, struct slice *value);

/* Moves a cursor; false at the end or after an error. `key` is where MDB_SET_…
 * looks, and takes what is found. */
bool lmdb_move(struct lmdb_txn *, MDB_cursor *, MDB_cursor_op,
	       struct slice *key, struct slice *value);
MDB_cursor *lmdb_cursor(struct lmdb_txn *, enum lmdb_db);

static inline MDB_val lmdb_val(struct slice s)
{
	return (MDB_val){ .mv_size = s.size, .mv_data = (void *)s.data };
}

static inline struct slice lmdb_slice(const MDB_val *v)
{
	return slice_make(v->mv_data, v->mv_size);
}

#endif
