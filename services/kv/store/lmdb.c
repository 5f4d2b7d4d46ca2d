/* services/kv/store/lmdb.c - LMDB with an error that sticks */
#include "services/kv/store/lmdb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READERS_MAX = 256 };

struct lmdb_reader {
	struct lmdb_txn txn; /* first: a reader is its transaction */
	struct lmdb_reader *next;
};

static const char *const names[LMDB_DB_COUNT] = {
	[LMDB_ROWS] = "rows",
	[LMDB_TABLES] = NULL, /* the main one */
	[LMDB_TOKENS] = "tokens",
	[LMDB_LOG] = "log",
	[LMDB_LEDGER] = "ledger",
	[LMDB_SPOOLS] = "spools",
	[LMDB_DROPS] = "drops",
	[LMDB_CHANGES] = "changes",
	[LMDB_COLLECTIONS] = "collections",
};

static int lock_folder(struct lmdb *l, const char *dir, struct fault *why)
{
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return fault_set(why, E_UNAVAILABLE, "cannot make '%s': %s",
				 dir, strerror(errno));
	l->folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (l->folder < 0)
		return fault_set(why, E_UNAVAILABLE, "cannot open '%s': %s",
				 dir, strerror(errno));
	if (flock(l->folder, LOCK_EX | LOCK_NB) != 0)
		return fault_set(why, E_UNAVAILABLE,
				 "another process serves '%s'", dir);
	return 0;
}

static int open_databases(struct lmdb *l)
{
	MDB_txn *txn;
	int error = mdb_txn_begin(l->env, NULL, 0, &txn);

	if (error)
		return error;
	for (int i = 0; i < LMDB_DB_COUNT && !error; i++)
		error = mdb_dbi_open(txn, names[i], MDB_CREATE, &l->db[i]);
	if (!error)
		return mdb_txn_commit(txn);
	mdb_txn_abort(txn);
	return error;
}

static int open_env(struct lmdb *l, const char *dir, size_t map_bytes)
{
	int dead, error = mdb_env_create(&l->env);

	if (!error)
		error = mdb_env_set_mapsize(l->env, map_bytes);
	if (!error)
		error = mdb_env_set_maxdbs(l->env, LMDB_DB_COUNT);
	if (!error)
		error = mdb_env_set_maxreaders(l->env, READERS_MAX);
	if (!error)
		error = mdb_env_open(l->env, dir, MDB_NOTLS, 0600);
	/* readers of a process that was killed would keep old pages alive */
	if (!error)
		error = mdb_reader_check(l->env, &dead);
	return error ? error : open_databases(l);
}

int lmdb_open(struct lmdb *l, const char *dir, size_t map_bytes,
	      struct fault *why)
{
	int error;

	*l = (struct lmdb){ .folder = -1 };
	if (pthread_mutex_init(&l->lock, NULL) != 0 ||
	    pthread_key_create(&l->reader, NULL) != 0)
		abort();
	if (lock_folder(l, dir, why) == 0) {
		error = open_env(l, dir, map_bytes);
		if (!error)
			return 0;
		fault_set(why, E_UNAVAILABLE, "cannot open the store '%s': %s",
			  dir, mdb_strerror(error));
	}
	lmdb_close(l);
	return -why->code;
}

void lmdb_close(struct lmdb *l)
{
	while (l->readers) {
		struct lmdb_reader *reader = l->readers;

		l->readers = reader->next;
		mdb_cursor_close(reader->txn.rows);
		mdb_txn_abort(reader->txn.txn);
		free(reader);
	}
	if (l->env)
		mdb_env_close(l->env);
	if (l->folder >= 0)
		close(l->folder);
	pthread_key_delete(l->reader);
	pthread_mutex_destroy(&l->lock);
}

/* ---- transactions ----------------------------------------------------------
 */

static void open_txn(struct lmdb *l, struct lmdb_txn *t, unsigned flags)
{
	*t = (struct lmdb_txn){ .lmdb = l };
	t->error = mdb_txn_begin(l->env, NULL, flags, &t->txn);
	if (!t->error)
		t->error = mdb_cursor_open(t->txn, l->db[LMDB_ROWS], &t->rows);
}

static struct lmdb_reader *reader_new(struct lmdb *l)
{
	struct lmdb_reader *reader = calloc(1, sizeof(*reader));

	if (!reader)
		abort(); /* lack of memory ends the process */
	open_txn(l, &reader->txn, MDB_RDONLY);
	if (reader->txn.error || pthread_setspecific(l->reader, reader) != 0)
		abort(); /* more threads than READERS_MAX */
	pthread_mutex_lock(&l->lock);
	reader->next = l->readers;
	l->readers = reader;
	pthread_mutex_unlock(&l->lock);
	return reader;
}

struct lmdb_txn *lmdb_reader(struct lmdb *l)
{
	struct lmdb_reader *reader = pthread_getspecific(l->reader);

	if (!reader)
		return &reader_new(l)->txn;
	reader->txn.error = mdb_txn_renew(reader->txn.txn);
	if (!reader->txn.error)
		reader->txn.error =
		    mdb_cursor_renew(reader->txn.txn, reader->txn.rows);
	return &reader->txn;
}

void lmdb_reader_end(struct lmdb_txn *t)
{
	mdb_txn_reset(t->txn);
}

void lmdb_begin(struct lmdb *l, struct lmdb_txn *t)
{
	open_txn(l, t, 0);
}

int lmdb_commit(struct lmdb_txn *t)
{
	if (t->error) {
		lmdb_abort(t);
		return t->error;
	}
	mdb_cursor_close(t->rows);
	t->error = mdb_txn_commit(t->txn);
	t->txn = NULL;
	return t->error;
}

void lmdb_abort(struct lmdb_txn *t)
{
	if (t->rows)
		mdb_cursor_close(t->rows);
	if (t->txn)
		mdb_txn_abort(t->txn);
	t->rows = NULL;
	t->txn = NULL;
}

/* ---- rows ------------------------------------------------------------------
 */

/* Notes an error other than absence; true when all went well. */
static bool went(struct lmdb_txn *t, int error)
{
	if (error && error != MDB_NOTFOUND)
		t->error = error;
	return !error;
}

struct slice lmdb_get(struct lmdb_txn *t, enum lmdb_db db, struct slice key)
{
	MDB_val k = lmdb_val(key), v;

	if (t->error || !went(t, mdb_get(t->txn, t->lmdb->db[db], &k, &v)))
		return slice_make(NULL, 0);
	return lmdb_slice(&v);
}

void lmdb_put(struct lmdb_txn *t, enum lmdb_db db, struct slice key,
	      struct slice value)
{
	MDB_val k = lmdb_val(key), v = lmdb_val(value);

	if (!t->error)
		went(t, mdb_put(t->txn, t->lmdb->db[db], &k, &v, 0));
}

uint8_t *lmdb_reserve(struct lmdb_txn *t, enum lmdb_db db, struct slice key,
		      size_t size)
{
	MDB_val k = lmdb_val(key), v = { .mv_size = size };

	if (t->error)
		return NULL;
	if (db == LMDB_ROWS)
		t->error = mdb_cursor_put(t->rows, &k, &v, MDB_RESERVE);
	else
		t->error =
		    mdb_put(t->txn, t->lmdb->db[db], &k, &v, MDB_RESERVE);
	return t->error ? NULL : v.mv_data;
}

void lmdb_delete(struct lmdb_txn *t, enum lmdb_db db, struct slice key)
{
	MDB_val k = lmdb_val(key);

	if (!t->error)
		went(t, mdb_del(t->txn, t->lmdb->db[db], &k, NULL));
}

bool lmdb_move(struct lmdb_txn *t, MDB_cursor *cursor, MDB_cursor_op op,
	       struct slice *key, struct slice *value)
{
	MDB_val k = lmdb_val(*key), v;

	if (t->error || !went(t, mdb_cursor_get(cursor, &k, &v, op)))
		return false;
	*key = lmdb_slice(&k);
	*value = lmdb_slice(&v);
	return true;
}

MDB_cursor *lmdb_cursor(struct lmdb_txn *t, enum lmdb_db db)
{
	MDB_cursor *cursor;

	if (t->error ||
	    !went(t, mdb_cursor_open(t->txn, t->lmdb->db[db], &cursor)))
		return NULL;
	return cursor;
}

bool lmdb_first(struct lmdb_txn *t, enum lmdb_db db, struct slice key,
		struct slice *found, struct slice *value)
{
	MDB_cursor *cursor = lmdb_cursor(t, db);
	bool there;

	if (!cursor)
		return false;
	*found = key;
	there = lmdb_move(t, cursor, key.size ? MDB_SET_RANGE : MDB_FIRST,
			  found, value);
	mdb_cursor_close(cursor);
	return there;
}
