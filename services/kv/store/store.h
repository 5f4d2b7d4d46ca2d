/* services/kv/store/store.h - the engine, seen from the operations
 *
 * One small asynchronous interface shaped by what every engine can do. A
 * partition is all items of one table under one partition key, in order of the
 * sort key. A write names its partition, the keys it reads, a token that makes
 * a repeat harmless, and a pure function that decides: it sees just those
 * items, says what becomes of them and what that costs, and may run more than
 * once. What it decides is one: items, index rows, usage and token are there
 * together or not at all. Completion comes exactly once, on the loop that
 * asked; it may be "unknown", and then a repeat with the same token tells what
 * happened.
 *
 * Only this room includes an engine's header. Nothing above may assume one
 * machine. The room calls lib/base and lib/net and knows neither items nor
 * expressions: to it an item is bytes.
 *
 * What is promised, and tested on every engine (tests/unit/.../contract.c): an
 * answered write is durable; reads begun after the answer see it; writes to one
 * partition submitted one after the other from one loop are decided in that
 * order.
 */
#ifndef PARLOR_KV_STORE_H
#define PARLOR_KV_STORE_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"
#include "lib/net/loop.h"

struct store;

enum {
	STORE_HASH_KEY_MAX = 4200, /* bytes of a partition key */
	STORE_SORT_MAX = 2200,	   /* bytes of a sort key */
	STORE_KEYS_MAX = 100,	   /* keys of a write */
	STORE_USAGE_TEXT_MAX = 255 /* bytes of each text of a usage row */
};

/* Tables, indexes and streams share one space of numbers; an index's has this
 * bit. */
#define STORE_INDEX (UINT32_C(1) << 31)

/* Keys are in model's form, whose byte order is the order of their values. */
struct store_partition {
	uint32_t table;	       /* the table's number */
	struct slice hash_key; /* the partition key's value */
};

struct store_key {
	struct store_partition part;
	struct slice sort; /* empty where the table has no sort key */
};

/* A row to be kept in an index beside the item. */
struct store_index_row {
	uint32_t index; /* the index's own number, with STORE_INDEX */
	struct slice hash_key, sort;
	struct slice item; /* what the index projects */
	bool local;	   /* it lies in its item's partition */
};

enum store_change_kind { STORE_KEEP, STORE_PUT, STORE_DELETE };

/* What a decider wants done to one of its keys. */
struct store_change {
	enum store_change_kind kind;
	struct slice item; /* of STORE_PUT */
	/* Index rows as they must be after the change, and as they were before
	 * it (its items too); the engine applies the difference, also where the
	 * item is kept. */
	const struct store_index_row *now, *before;
	size_t now_count, before_count;
	/* The partition's size is kept, local rows and all: store_sizes. The
	 * same in every change of a table. */
	bool counted;
	/* To be kept among the changes of this stream, below; null data:
	 * nothing. */
	uint32_t stream;
	struct slice record;
};

/* A count under all that it is counted by; capacity units in halves. */
struct store_usage {
	struct slice principal, resource, operation, unit, user, cost_tag;
	int64_t hour, quantity; /* hours since 1970 */
	/* as read: how many hours from `hour` on are in it, more than one where
	 * old rows were rolled up */
	int64_t hours;
};

/* A table or an index whose storage is counted from this write on, a row of
 * the ledger an hour under this resource: operation Storage, unit ByteHours in
 * 3600ths, nobody's. */
struct store_metered {
	uint32_t table;
	struct slice resource;
};

struct store_write;

/* Reads have[i] (the item of keys[i], null data when absent), fills out[i]
 * (cleared before), and sets usage and what follows it in the write. What
 * it makes, and the items of `have`, live in `mem`, the write's arena, until
 * its owner resets that; before another run the arena is taken back to where it
 * stood. No other side effects: a fault goes to write->fault, never to a call.
 * Returns 0 to commit, or a negative code with its fault set: then nothing is
 * written. Runs on any thread, one at a time for one write. */
typedef int store_decide_fn(struct store_write *, struct arena *mem,
			    const struct slice *have, struct store_change *out);

enum store_outcome {
	STORE_DONE,	/* decided and durable; or refused: fault says why */
	STORE_REPEATED, /* the token was seen: token_answer is the first's */
	STORE_UNKNOWN,	/* ask again with the same token */
	STORE_FAILED,	/* nothing was written: fault says why */
};

/* Owned by the caller and not touched by it from the submission until `done`.
 */
struct store_write {
	/* in */
	const struct store_key *keys; /* no key twice */
	size_t key_count;
	struct slice token; /* any bytes, empty: none */
	/* The token is of this write alone, for its repeats after "unknown". So
	 * an engine needs none that knows after its next start only. */
	bool own_token;
	/* A hash of the request, kept with the token: a repeat with another
	 * one is refused with E_IDEMPOTENT_MISMATCH. */
	uint8_t token_hash[32];
	int64_t now_ms; /* wall time; tokens are kept for ten minutes */
	store_decide_fn *decide;
	void (*done)(struct store_write *);
	void *arg;
	struct loop *loop; /* of the calling thread, where `done` runs */
	/* The decider's; the engine's alone until `done`, so of no other write
	 * at the time. */
	struct arena *mem;
	/* set by the decider, cleared before it */
	const struct store_usage *usage;
	size_t usage_count;
	struct slice token_answer; /* kept with the token, given to a repeat */
	/* tables, indexes and streams to be emptied; storage is counted no
	 * more */
	const uint32_t *drops;
	size_t drop_count;
	const struct store_metered *metered; /* whose is, if it was not yet */
	size_t metered_count;
	const uint32_t
	    *ends; /* streams that get no records behind this one's */
	size_t end_count;
	/* out */
	enum store_outcome outcome;
	struct fault fault;
	/* the engine's */
	struct task task;
	struct store_write *next;
	struct arena_mark mark;
	int kind;
	void *state;
};

/* All keys in one partition. Returns 0 and calls `done` later; or returns
 * -E_EXHAUSTED with its fault, and `done` is not called, when the engine's
 * queue is full. */
int store_write(struct store *, struct store_write *);

/* Keys anywhere: all or nothing. */
int store_transact(struct store *, struct store_write *);

/* ---- reads ------------------------------------------------------------------
 * LMDB answers before the call returns, a remote engine later: `done` comes in
 * both cases, exactly once and last. A visitor asks nothing of the store; the
 * item it sees lives until it returns. */

enum store_visit {
	STORE_NEXT,
	STORE_ENOUGH,
	/* Of an index's row: its item is wanted too, which lies at `fetch`. It
	 * is the next visit, as it was at the same instant; the row lives until
	 * that returns. */
	STORE_FETCH,
};

enum { STORE_ROW, STORE_FETCHED }; /* key_index of a query or scan */

struct store_read {
	/* item: null data when it is not there; key_index: of store_get's keys
	 */
	enum store_visit (*visit)(struct store_read *, size_t key_index,
				  struct slice item);
	struct store_key fetch;		   /* the visitor's, with STORE_FETCH */
	void (*done)(struct store_read *); /* looks at `fault` first */
	void *arg;
	struct loop *loop; /* of the calling thread */
	struct fault fault;
	void *state; /* the engine's */
};

/* A point read of each key, all seen at one instant. The keys stay until
 * `done`, as do all arguments of reads. */
void store_get(struct store *, const struct store_key *keys, size_t count,
	       struct store_read *);

/* A row to go on behind: of an index the base item's key too. */
struct store_place {
	struct slice hash_key, sort; /* null hash_key: from the start */
	struct slice base_hash_key, base_sort; /* of an index row's item */
};

/* Bounds of sort keys; null data: none. */
struct store_range {
	struct slice low, high;
	bool low_inclusive, high_inclusive;
	bool backward;
	struct store_place after; /* in the direction of reading */
};

/* Rows of one partition of a table or an index, in order. */
void store_query(struct store *, const struct store_partition *,
		 const struct store_range *, struct store_read *);

/* Rows of a table or index in order of the hash of their partition key, of the
 * part `segment` of `segments`. */
struct store_scan {
	uint32_t table;
	uint32_t segment, segments; /* segments at least 1 */
	struct store_place after;
};
void store_scan(struct store *, const struct store_scan *, struct store_read *);

/* Does the partition under this key lie in the part that is scanned? Pure. */
bool store_scan_has(const struct store_scan *, struct slice hash_key);

/* Rows and their items' bytes of tables and indexes, as of the last commit. Of
 * a counted partition the bytes alone, with those of its local indexes. */
struct store_size {
	uint32_t table;
	struct slice hash_key; /* the partition; null data: the whole table */
	int64_t rows, bytes;   /* out, when `done` runs */
};
void store_sizes(struct store *, struct store_size *, size_t count,
		 struct store_read *);

/* ---- changes ----------------------------------------------------------------
 * What writes gave as records is kept, with them, for a day: a stream has 64
 * shards by the hash of the partition key, and is in order within each shard. A
 * position in it is the engine's own bytes. Streams are their own: they have a
 * table's changes, and outlive it. */

enum {
	STORE_SHARDS = 64,
	STORE_POSITION_MAX = 1024,
	STORE_RETENTION_MS = 24 * 60 * 60 * 1000
};

struct store_record {
	uint32_t shard;
	uint64_t sequence; /* grows within the shard */
	int64_t at_ms;	   /* the write's now_ms */
	struct slice bytes;
};

struct store_changes {
	uint32_t stream;
	uint64_t shards;    /* those that are wanted: bit n is shard n */
	bool latest;	    /* visits none: where it stands, alone */
	struct slice after; /* a position; null data: the oldest kept */
	uint64_t from; /* instead: a sequence, of one wanted shard; 0: none */
	enum store_visit (*visit)(struct store_changes *,
				  const struct store_record *);
	void (*done)(struct store_changes *);
	void *arg;
	struct loop *loop;
	/* out; -E_TRIMMED: what follows the position is not all kept any more,
	 * or it is none of this store's */
	struct fault fault;
	uint8_t position[STORE_POSITION_MAX]; /* behind the last one visited */
	size_t position_size;
	/* Not all was read: the visitor had enough, or the engine, which may
	 * have looked at much that was not wanted. */
	bool more;
	bool ended; /* no record will come behind those that are there */
	/* Sequences that records may have: from, and up to; behind the last one
	 * there will be others unless it has ended. */
	uint64_t oldest, newest;
};
void store_changes(struct store *, struct store_changes *);

/* Calls `news` on the loop when the stream may have further changes, or has
 * ended: once, however many they are, until it has been called. */
struct store_follower;
struct store_follower *store_follow(struct store *, uint32_t stream,
				    struct loop *, void (*news)(void *arg),
				    void *arg);
/* On its loop's thread: `news` is not called any more. */
void store_unfollow(struct store_follower *);

/* ---- the ledger -------------------------------------------------------------
 */

/* Running totals of a spool since its epoch began; rows that have not changed
 * may be absent. Only growth over what was put before is added, so a repeat
 * adds nothing, nor does a message that a newer one has overtaken. */
struct store_totals {
	struct slice daemon, epoch;
	const struct store_usage *rows;
	size_t count;
};

/* Uses of the write: now_ms, done, arg, loop, and what comes out. */
int store_usage_put(struct store *, const struct store_totals *,
		    struct store_write *);

enum { STORE_LEDGER_KEY = 20 };

/* Rows of the ledger in order of hour, then in an order that stays. What is
 * older than 40 days stands under the first hour of its day, and what is older
 * than 400 days under the first of its month. */
struct store_ledger_read {
	int64_t now_ms;		    /* storage is counted until then */
	int64_t from_hour, to_hour; /* [from, to) */
	struct slice after; /* STORE_LEDGER_KEY bytes as seen; or empty */
	enum store_visit (*visit)(struct store_ledger_read *, struct slice key,
				  const struct store_usage *);
	void (*done)(struct store_ledger_read *);
	void *arg;
	struct loop *loop;
	/* out */
	struct fault fault;
	int64_t moved; /* grows when old rows came together under others */
	/* the engine's */
	struct store_write fold;
	struct store *store;
};

/* As store_write: -E_EXHAUSTED, or `done` later. All usage answered before is
 * seen. */
int store_usage_read(struct store *, struct store_ledger_read *);

/* ---- engines ----------------------------------------------------------------
 */

/* What a row counts as in sizes and in storage, of its item; pure. */
typedef size_t store_measure_fn(struct slice item);

/* LMDB in the folder `dir`, which is made if need be and must be ours alone.
 * `map_bytes` is the most its file may grow to: address space, not memory or
 * disk. `measure` may be NULL: the item's bytes. NULL, with the fault, when it
 * cannot be opened. */
struct store *store_open_lmdb(const char *dir, size_t map_bytes,
			      store_measure_fn *measure, struct fault *);

/* The fault engine over another, which it owns: answers late, out of order
 * between partitions, with conflicts, and unknown before and after the write
 * took place. What it does follows from the seed. */
struct store *store_open_fault(struct store *, uint64_t seed);

/* Finishes what was submitted, then frees. The loops that asked must run until
 * all completions have come. */
void store_close(struct store *);

/* False once the engine can take no more writes (a disk failed). */
bool store_healthy(struct store *);

#endif
