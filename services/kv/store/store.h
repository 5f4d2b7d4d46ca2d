/* services/kv/store/store.h - the engine, seen from the operations
 *
 * One small asynchronous interface shaped by what every engine can do. A
 * partition is all items of one table under one partition key, in order of the
 * sort key. A write names its partition, the keys it reads, a token that makes
 * a repeat harmless, its usage, and a pure function that decides: it sees just
 * those items and may run more than once. Completion comes exactly once, on the
 * loop that asked; it may be "unknown", and then a repeat with the same token
 * tells what happened.
 *
 * Only this room includes an engine's header. Nothing above may assume one
 * machine. Slices an engine hands to a visitor or a decider live until that
 * function returns.
 */
#ifndef PARLOR_KV_STORE_H
#define PARLOR_KV_STORE_H

#include "lib/base/fault.h"
#include "lib/base/list.h"
#include "lib/base/slice.h"
#include "lib/rpc/call.h"

struct store;

enum { STORE_INDEX_MAX = 25, STORE_KEYS_MAX = 100, STORE_SORT_MAX = 1100 };

/* A partition: `sort` keys below are in model's order-preserving form. */
struct store_partition {
	uint32_t table;	       /* the table's number */
	struct slice hash_key; /* the partition key's value, order-preserving */
};

struct store_key {
	struct store_partition part;
	struct slice sort; /* empty where the table has no sort key */
};

/* A row to be kept in an index beside the item. */
struct store_index_row {
	uint32_t index; /* the index's own number, as if a table */
	struct slice hash_key, sort;
	struct slice item; /* what the index projects */
};

enum store_change_kind { STORE_KEEP, STORE_PUT, STORE_DELETE };

/* What a decider wants done to one of its keys. */
struct store_change {
	enum store_change_kind kind;
	struct slice item; /* canonical bytes */
	/* index rows as they must be after the change, and as they were before
	 * it; the engine applies the difference */
	const struct store_index_row *now, *before;
	size_t now_count, before_count;
};

/* A unit count, committed with the write, in halves of a capacity unit. */
struct store_usage {
	struct slice principal, resource, user;
	const char *operation, *unit;
	int64_t hour, quantity;
};

struct store_write;

/* Reads have[i] (item bytes, empty data when absent) for keys[i], fills out[i]
 * (cleared before) and write->usage. Memory comes from `mem`, which the engine
 * empties before it runs the decider again. No side effects beyond these.
 * Returns 0 to commit, or a negative code with its fault set: nothing is
 * written. Runs on the engine's thread. */
typedef int store_decide_fn(struct store_write *, struct arena *mem,
			    const struct slice *have, struct store_change *out);

enum store_outcome {
	STORE_DONE,	/* decided and durable, or refused by the decider */
	STORE_REPEATED, /* the token was seen: `token_answer` is the first's */
	STORE_UNKNOWN,	/* ask again with the same token */
	STORE_FAILED,	/* the engine could not: fault says why */
};

/* Owned by the caller, valid until `done`. A write over one partition, or a
 * transaction over several: store_transact. */
struct store_write {
	/* in */
	const struct store_key *keys;
	size_t key_count;
	struct slice token; /* up to 64 bytes; empty: none */
	/* a hash of the request, kept with the token: a repeat with another
	 * one is refused with -E_IDEMPOTENT_MISMATCH */
	uint8_t token_hash[32];
	int64_t now_ms; /* tokens are forgotten ten minutes after */
	store_decide_fn *decide;
	void *arg;
	struct loop *loop;
	struct arena
	    *mem; /* for what `done` needs; decider's results live here */
	void (*done)(struct store_write *);
	/* set by the decider */
	struct store_usage usage[8];
	size_t usage_count;
	struct slice token_answer; /* kept with the token, given to a repeat */
	/* out */
	enum store_outcome outcome;
	struct fault fault;
	/* the engine's */
	struct list queue;
	void *state;
};

/* All keys in one partition. -E_EXHAUSTED when the engine's queue is full (then
 * `done` is not called). */
int store_write(struct store *, struct store_write *);
/* Keys anywhere: all or nothing. */
int store_transact(struct store *, struct store_write *);

/* ---- reads ------------------------------------------------------------------
 * LMDB answers before the call returns, a remote engine later: `done` in both
 * cases. A visitor sees rows in order and says whether to go on. */

enum store_visit { STORE_NEXT, STORE_ENOUGH };

struct store_read {
	struct store_key *keys; /* get: these */
	size_t key_count;
	/* item is empty with null data when absent */
	enum store_visit (*visit)(struct store_read *, size_t key_index,
				  struct slice sort, struct slice item);
	void (*done)(struct store_read *);
	struct loop *loop;
	void *arg;
	struct fault fault;
	void *state;
};

/* A point read of each key, all seen at one instant. */
void store_get(struct store *, struct store_read *);

/* Bounds in the order-preserving form; empty data: none. */
struct store_range {
	struct slice low, high;
	bool low_inclusive, high_inclusive;
	bool backward;
	/* continue strictly behind this row; for indexes with the base key's
	 * hash, as the visitor saw it; null data: from the start */
	struct slice after;
};

/* Rows of one partition (of a table or an index), in order. key_index is 0. */
void store_query(struct store *, const struct store_partition *,
		 const struct store_range *, struct store_read *);

/* Rows of a table or index in order of the hash of their partition key:
 * `segment` of `segments`, strictly after the row (hash16, key) of `after`. */
struct store_scan {
	uint32_t table;
	uint32_t segment, segments;
	struct slice after_hash_key, after_sort; /* null data: from the start */
};
void store_scan(struct store *, const struct store_scan *, struct store_read *);

/* ---- tables and small system rows ------------------------------------------
 */

/* The catalog: a few small rows under text names, read at start and on change,
 * written through the one writer. */
int store_catalog_put(struct store *, struct slice name, struct slice value,
		      struct store_write *done);
void store_catalog_each(struct store *,
			void (*visit)(void *arg, struct slice name,
				      struct slice value),
			void *arg);
/* Drops all rows of a table number in bounded steps, in the background. */
void store_drop(struct store *, uint32_t table);
/* Rows and bytes of a table or index, as of the last commit. */
void store_size(struct store *, uint32_t table, int64_t *rows, int64_t *bytes);

/* ---- the ledger -------------------------------------------------------------
 */

/* Adds the totals of a spool, once per (daemon, epoch, sequence). */
struct store_totals {
	struct slice daemon, epoch;
	int64_t sequence;
	const struct store_usage *rows; /* totals since the epoch began */
	const struct slice *cost_tags;
	size_t count;
};
int store_usage_put(struct store *, const struct store_totals *,
		    struct store_write *done);
void store_usage_each(struct store *, int64_t from_hour, int64_t to_hour,
		      struct slice after,
		      enum store_visit (*visit)(void *arg, struct slice row_key,
						const struct store_usage *,
						struct slice cost_tag),
		      void *arg);

/* ---- engines ----------------------------------------------------------------
 */

struct store_engine; /* engine.h: the table of functions each engine fills */

struct store *store_open_lmdb(const char *dir, size_t map_bytes,
			      struct fault *);
/* The fault engine over another: answers late, out of order between partitions,
 * with conflicts, and unknown before and after the write. Seeded. */
struct store *store_open_fault(struct store *, uint64_t seed);
void store_close(struct store *);

#endif
