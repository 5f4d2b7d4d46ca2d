/* services/kv/store/writer.c - the one thread that changes the LMDB file */
#include "services/kv/store/writer.h"
#include "lib/base/clock.h"
#include "services/kv/store/changes.h"
#include "services/kv/store/collections.h"
#include "services/kv/store/engine.h"
#include "services/kv/store/ledger.h"
#include "services/kv/store/rollup.h"
#include "services/kv/store/row.h"
#include "services/kv/store/sizes.h"
#include "services/kv/store/token.h"

#include <assert.h>
#include <errno.h>
#include <semaphore.h>
#include <stdatomic.h>

enum {
	GROUP_MAX = 512, /* writes in one transaction */
	LOOPS_MAX = 64,	 /* woken together */
	SWEEP_STEP = 16, /* tokens, and changes, forgotten beside a group */
	DROP_STEP = 512, /* rows of dropped tables, the same */
	FOLD_EVERY_MS = 1000, /* the ledger's log */
	HOUR_MS = 3600000,
};

struct writer {
	struct lmdb *lmdb;
	pthread_t thread;
	sem_t wake;
	/* a stack that any thread pushes to and the writer takes whole */
	_Atomic(struct store_write *) submitted;
	atomic_size_t waiting;
	atomic_bool stopping, broken;
	/* the thread's own */
	struct store_write *backlog, **backlog_end; /* oldest first */
	struct lmdb_txn txn;
	struct sizes sizes;
	struct ledger ledger;
	struct changes changes;
	struct followers *followers;
	bool unfolded, dropping; /* there is something to fold, to drop */
	bool rolling;		 /* old rows of the ledger */
	int64_t folded_ms;	 /* monotonic */
	int64_t rolled_hour;	 /* none was left then */
	struct row_key keys[STORE_KEYS_MAX];
};

/* ---- one write -------------------------------------------------------------
 */

static bool same_place(const struct store_index_row *a,
		       const struct store_index_row *b)
{
	return a->index == b->index && slice_equal(a->hash_key, b->hash_key) &&
	       slice_equal(a->sort, b->sort);
}

static const struct store_index_row *find_place(
    const struct store_index_row *rows, size_t count,
    const struct store_index_row *like)
{
	for (size_t i = 0; i < count; i++)
		if (same_place(&rows[i], like))
			return &rows[i];
	return NULL;
}

/* Counts what a row's change did; the bytes of it if they are the item's
 * partition's. */
static int64_t count_row(struct writer *w, const struct store_index_row *row,
			 struct row_delta delta)
{
	sizes_add(&w->sizes, &w->txn, row->index, delta);
	return row->local ? delta.bytes : 0;
}

/* By how much the local rows have grown, in bytes. */
static int64_t apply_index(struct writer *w, const struct store_key *base,
			   const struct store_change *change)
{
	struct lmdb_txn *t = &w->txn;
	struct row_key key;
	int64_t grown = 0;

	for (size_t i = 0; i < change->before_count; i++) {
		const struct store_index_row *row = &change->before[i];

		if (find_place(change->now, change->now_count, row))
			continue;
		key_of_index(&key, row, base);
		grown += count_row(w, row, row_delete(t, &key, row->hash_key));
	}
	for (size_t i = 0; i < change->now_count; i++) {
		const struct store_index_row *row = &change->now[i];
		const struct store_index_row *was =
		    find_place(change->before, change->before_count, row);

		if (was && slice_equal(was->item, row->item))
			continue;
		key_of_index(&key, row, base);
		grown += count_row(w, row,
				   row_put(t, &key, row->hash_key, row->item));
	}
	return grown;
}

static struct row_delta apply_item(struct writer *w, const struct store_key *at,
				   const struct row_key *key,
				   const struct store_change *change)
{
	switch (change->kind) {
	case STORE_PUT:
		return row_put(&w->txn, key, at->part.hash_key, change->item);
	case STORE_DELETE:
		return row_delete(&w->txn, key, at->part.hash_key);
	case STORE_KEEP:
		break;
	}
	return (struct row_delta){ 0, 0 };
}

static void apply_change(struct writer *w, const struct store_key *at,
			 const struct row_key *key,
			 const struct store_change *change, int64_t now_ms)
{
	struct row_delta delta = apply_item(w, at, key, change);
	int64_t grown = delta.bytes + apply_index(w, at, change);

	sizes_add(&w->sizes, &w->txn, at->part.table, delta);
	if (change->counted)
		collections_add(&w->txn, &at->part, grown);
	if (change->record.data)
		changes_add(&w->changes, &w->txn, change->stream, &at->part,
			    change->record, now_ms);
}

static void apply_drops(struct writer *w, const struct store_write *write)
{
	uint8_t key[4];

	for (size_t i = 0; i < write->drop_count; i++) {
		key_put_u32(key, write->drops[i]);
		lmdb_put(&w->txn, LMDB_DROPS, slice_make(key, sizeof(key)),
			 slice_make("", 0));
		sizes_forget(&w->sizes, &w->txn, write->drops[i]);
		w->dropping = true;
	}
}

static void apply_ends(struct writer *w, const struct store_write *write)
{
	for (size_t i = 0; i < write->end_count; i++)
		changes_end(&w->changes, &w->txn, write->ends[i]);
}

/* True when the token says that there is nothing to decide. */
static bool repeated(struct writer *w, struct store_write *write)
{
	struct slice answer;

	switch (token_find(&w->txn, write, &answer)) {
	case TOKEN_SAME:
		write->outcome = STORE_REPEATED;
		write->token_answer = arena_slice(write->mem, answer);
		return true;
	case TOKEN_OTHER_REQUEST:
		fault_set(&write->fault, E_IDEMPOTENT_MISMATCH,
			  "DynamoDB rejected the request because you retried "
			  "a request with a different payload but with an "
			  "idempotent token that was already used.");
		return true;
	case TOKEN_NEW:
		break;
	}
	return false;
}

static struct slice *read_keys(struct writer *w,
			       const struct store_write *write)
{
	struct slice *have =
	    arena_array(write->mem, write->key_count, sizeof(*have));

	for (size_t i = 0; have && i < write->key_count; i++) {
		key_of_item(&w->keys[i], &write->keys[i]);
		have[i] = row_find(&w->txn, &w->keys[i],
				   write->keys[i].part.hash_key);
		if (have[i].data)
			have[i] = arena_slice(write->mem, have[i]);
	}
	return have;
}

/* Runs the decider; its changes, or NULL when it refused. */
static struct store_change *decide(struct store_write *write,
				   const struct slice *have)
{
	struct store_change *changes =
	    arena_array(write->mem, write->key_count, sizeof(*changes));
	int result = write->mem->full
			 ? 0
			 : write->decide(write, write->mem, have, changes);

	if (write->mem->full)
		fault_set(&write->fault, E_HTTP_TOO_LARGE,
			  "the request needs more than %zu bytes of memory",
			  write->mem->max);
	else if (result < 0)
		fault_set(&write->fault, result, "refused");
	return write->fault.code ? NULL : changes;
}

/* When a commit fails, either its last page was not written or LMDB writes
 * nothing more until it is opened anew: a repeat finds nothing of its first. */
static bool has_token(const struct store_write *write)
{
	return write->token.size && !write->own_token;
}

static void apply_items(struct writer *w, struct store_write *write)
{
	struct store_change *changes;

	if (has_token(write) && repeated(w, write))
		return;
	changes = decide(write, read_keys(w, write));
	if (!changes || w->txn.error)
		return;
	for (size_t i = 0; i < write->key_count; i++)
		apply_change(w, &write->keys[i], &w->keys[i], &changes[i],
			     write->now_ms);
	if (has_token(write))
		token_keep(&w->txn, write);
	ledger_add(&w->ledger, write->usage, write->usage_count);
	apply_ends(w, write);
	for (size_t i = 0; i < write->metered_count; i++)
		sizes_meter(&w->sizes, &w->txn, &write->metered[i]);
	apply_drops(w, write);
}

/* A write may be applied more than once: each time from its beginning. */
static void reset(struct store_write *write)
{
	if (write->mem)
		arena_rewind(write->mem, &write->mark);
	store_write_clear(write);
}

static void apply(struct writer *w, struct store_write *write)
{
	reset(write);
	switch ((enum writer_kind)write->kind) {
	case WRITER_ITEMS:
		apply_items(w, write);
		break;
	case WRITER_TOTALS:
		ledger_add_totals(&w->ledger, &w->txn, write->state);
		break;
	case WRITER_FOLD:
		sizes_settle(&w->sizes, &w->txn);
		ledger_flush(&w->ledger, &w->txn);
		while (ledger_fold(&w->txn))
			;
		break;
	}
}

/* ---- what is done beside the writes ----------------------------------------
 */

static void drop_some(struct writer *w)
{
	struct slice key, value;
	uint8_t table[4];

	w->dropping =
	    lmdb_first(&w->txn, LMDB_DROPS, slice_make(NULL, 0), &key, &value);
	if (!w->dropping)
		return;
	memcpy(table, key.data, sizeof(table));
	if (row_drop(&w->txn, key_get_u32(table), DROP_STEP) ||
	    changes_drop(&w->txn, key_get_u32(table), DROP_STEP) ||
	    collections_drop(&w->txn, key_get_u32(table), DROP_STEP))
		return;
	sizes_forget(&w->sizes, &w->txn, key_get_u32(table));
	lmdb_delete(&w->txn, LMDB_DROPS, slice_make(table, sizeof(table)));
}

static int64_t fold_in_ms(const struct writer *w)
{
	int64_t left = w->folded_ms + FOLD_EVERY_MS - clock_monotonic_ms();

	return left > 0 ? left : 0;
}

/* Once an hour there are rows that have become old. */
static void roll(struct writer *w, int64_t now_ms)
{
	int64_t hour = now_ms / HOUR_MS;

	if (!w->rolling && hour == w->rolled_hour)
		return;
	w->rolling = rollup_step(&w->txn, now_ms);
	w->rolled_hour = hour;
}

static void tidy(struct writer *w, int64_t now_ms)
{
	sizes_flush(&w->sizes, &w->txn);
	ledger_flush(&w->ledger, &w->txn);
	if (w->unfolded && fold_in_ms(w) == 0) {
		w->unfolded = ledger_fold(&w->txn);
		w->folded_ms = clock_monotonic_ms();
	}
	if (w->dropping)
		drop_some(w);
	token_sweep(&w->txn, now_ms, SWEEP_STEP);
	changes_flush(&w->changes, &w->txn);
	changes_sweep(&w->changes, &w->txn, now_ms, SWEEP_STEP);
	roll(w, w->sizes.now_ms);
}

/* ---- groups ----------------------------------------------------------------
 */

/* What the error of a transaction says to those who were in it. */
static void fail(struct writer *w, struct store_write *write, int error,
		 bool committing)
{
	struct fault *why = &write->fault;

	reset(write);
	write->outcome = STORE_FAILED;
	if (error == MDB_MAP_FULL) {
		fault_set(why, E_EXHAUSTED,
			  "the store has reached its greatest size");
	} else if (error == ENOSPC) {
		fault_set(why, E_EXHAUSTED, "the store's disk is full");
	} else {
		fault_set(why, E_UNAVAILABLE, "the store cannot write: %s",
			  mdb_strerror(error));
		if (committing) {
			/* its last page may be on disk or not */
			write->outcome = STORE_UNKNOWN;
			atomic_store(&w->broken, true);
		}
	}
}

/* The latest of a group's writes; 0 without one. */
static int64_t latest(const struct store_write *at,
		      const struct store_write *end)
{
	int64_t now_ms = 0;

	for (; at != end; at = at->next)
		if (at->now_ms > now_ms)
			now_ms = at->now_ms;
	return now_ms;
}

/* The writes from `first` up to `end` as one transaction. Returns 0 or LMDB's
 * error, with *committing true when that came from the commit. */
static int run(struct writer *w, struct store_write *first,
	       const struct store_write *end, bool *committing)
{
	int64_t now_ms = latest(first, end);
	uint64_t sequence = w->ledger.next;
	int error;

	*committing = false;
	w->sizes.count = 0;
	if (now_ms > w->sizes.now_ms)
		w->sizes.now_ms = now_ms;
	changes_begin(&w->changes);
	lmdb_begin(w->lmdb, &w->txn);
	for (struct store_write *at = first; at != end && !w->txn.error;
	     at = at->next)
		apply(w, at);
	tidy(w, now_ms);
	*committing = !w->txn.error;
	error = lmdb_commit(&w->txn);
	if (error) {
		ledger_forget(&w->ledger);
		w->ledger.next = sequence;
		changes_forget(&w->changes);
		w->unfolded = w->dropping = w->rolling = true; /* look again */
	} else if (w->ledger.next != sequence) {
		w->unfolded = true;
	}
	if (!error)
		changes_tell(&w->changes, w->followers);
	return error;
}

static void answer(struct task *task)
{
	struct store_write *write = LIST_ENTRY(task, struct store_write, task);

	write->done(write);
}

/* Each loop wakes when all of its writes are there: one that woke for the first
 * of them would take the processor from us before the next group is under way.
 */
static void finish(struct writer *w, struct store_write *first,
		   const struct store_write *end)
{
	struct loop *woken[LOOPS_MAX];
	size_t count = 0;

	while (first != end) {
		struct store_write *next = first->next;
		struct loop *loop = first->loop;

		first->task.done = answer;
		atomic_fetch_sub(&w->waiting, 1);
		if (!loop_push(loop, &first->task))
			;
		else if (count < LOOPS_MAX)
			woken[count++] = loop;
		else
			loop_wake(loop);
		first = next;
	}
	while (count)
		loop_wake(woken[--count]);
}

static void run_alone(struct writer *w, struct store_write *write)
{
	bool committing;
	int error = run(w, write, write->next, &committing);

	if (error)
		fail(w, write, error, committing);
}

static void run_group(struct writer *w, struct store_write *first,
		      struct store_write *end)
{
	bool committing;
	int error = run(w, first, end, &committing);

	if (error && committing)
		for (struct store_write *at = first; at != end; at = at->next)
			fail(w, at, error, true);
	else if (error)
		for (struct store_write *at = first; at != end; at = at->next)
			run_alone(w, at);
	finish(w, first, end);
}

/* ---- the queue -------------------------------------------------------------
 */

/* Puts what was submitted behind the backlog, oldest first. */
static void take(struct writer *w)
{
	struct store_write *newest = atomic_exchange(&w->submitted, NULL);
	struct store_write *oldest = NULL;

	while (newest) {
		struct store_write *below = newest->next;

		newest->next = oldest;
		oldest = newest;
		newest = below;
	}
	*w->backlog_end = oldest;
	while (*w->backlog_end)
		w->backlog_end = &(*w->backlog_end)->next;
}

static struct store_write *cut_group(struct writer *w)
{
	struct store_write *end = w->backlog;

	for (int i = 0; i < GROUP_MAX && end; i++)
		end = end->next;
	return end;
}

/* Sleeps until something is submitted or there is something to tidy. */
static void wait_for_work(struct writer *w)
{
	struct timespec until;
	int64_t ms;

	if (!w->unfolded) {
		while (sem_wait(&w->wake) != 0)
			;
		return;
	}
	ms = fold_in_ms(w);
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	sem_clockwait(&w->wake, CLOCK_MONOTONIC, &until);
}

static bool has_work(const struct writer *w)
{
	return w->backlog || w->dropping || w->rolling ||
	       (w->unfolded && fold_in_ms(w) == 0);
}

/* What is left to tidy goes on after the next start. */
static bool is_over(const struct writer *w)
{
	return atomic_load(&w->stopping) && !w->backlog &&
	       !atomic_load(&w->submitted);
}

static void *writer_main(void *arg)
{
	struct writer *w = arg;

	for (take(w); !is_over(w); take(w)) {
		struct store_write *first = w->backlog;
		struct store_write *end = cut_group(w);

		if (!has_work(w)) {
			wait_for_work(w);
			continue;
		}
		w->backlog = end;
		if (!end)
			w->backlog_end = &w->backlog;
		run_group(w, first, end);
	}
	return NULL;
}

int writer_submit(struct writer *w, struct store_write *write,
		  enum writer_kind kind)
{
	struct store_write *below;

	fault_clear(&write->fault);
	if (atomic_fetch_add(&w->waiting, 1) >= WRITER_QUEUE_MAX) {
		atomic_fetch_sub(&w->waiting, 1);
		write->fault.retry_after_ms = 100;
		return fault_set(&write->fault, E_EXHAUSTED,
				 "%d writes wait already", WRITER_QUEUE_MAX);
	}
	write->kind = (int)kind;
	if (write->mem)
		write->mark = arena_mark(write->mem);
	below = atomic_load(&w->submitted);
	do
		write->next = below;
	while (!atomic_compare_exchange_weak(&w->submitted, &below, write));
	if (!below)
		sem_post(&w->wake);
	return 0;
}

struct writer *writer_new(struct lmdb *lmdb, struct followers *followers)
{
	struct writer *w = calloc(1, sizeof(*w));

	if (!w || sem_init(&w->wake, 0, 0) != 0)
		abort(); /* lack of memory ends the process */
	w->lmdb = lmdb;
	w->followers = followers;
	w->backlog_end = &w->backlog;
	w->sizes.ledger = &w->ledger;
	w->unfolded = w->dropping = true; /* what a last run may have left */
	lmdb_begin(lmdb, &w->txn);
	ledger_init(&w->ledger, &w->txn);
	changes_init(&w->changes, &w->txn);
	lmdb_abort(&w->txn);
	if (pthread_create(&w->thread, NULL, writer_main, w) != 0)
		abort();
	pthread_setname_np(w->thread, "writer");
	return w;
}

void writer_free(struct writer *w)
{
	atomic_store(&w->stopping, true);
	sem_post(&w->wake);
	pthread_join(w->thread, NULL);
	sem_destroy(&w->wake);
	ledger_release(&w->ledger);
	free(w);
}

bool writer_healthy(const struct writer *w)
{
	return !atomic_load(&w->broken);
}
