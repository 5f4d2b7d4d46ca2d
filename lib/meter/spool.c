/* lib/meter/spool.c - what is billed, in files that SIGKILL cannot lose */
#include "lib/meter/spool.h"
#include "lib/base/clock.h"
#include "lib/meter/log.h"
#include "lib/meter/spool_file.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	GATES = 16,	    /* threads spread over them */
	OLD_FILES = 256,    /* of dead processes; the rest waits its turn */
	STALE_S = 60,	    /* a file half made for so long is nobody's */
	KEEP_BYTES = 65536, /* a file no larger goes on for ever */
};

/* Who is adding right now, counted apart so that threads do not share a cache
 * line. */
struct gate {
	_Alignas(64) _Atomic int64_t inside;
};

/* Changing the file while others add without a lock: the new one is put up,
 * then the side changes; the old file is at rest once nobody is left inside on
 * the old side. */
struct spool {
	char *dir, *daemon;
	_Atomic(struct spool_file *) current;
	_Atomic unsigned side;
	struct gate gates[2][GATES];
	/* the sender's: files that only wait to be acknowledged */
	struct spool_file *old[OLD_FILES];
	size_t old_count;
	struct spool_file *leaving; /* others may still be adding to it */
};

/* ---- adding ----------------------------------------------------------------
 */

static size_t my_gate(void)
{
	static _Atomic size_t threads;
	static _Thread_local size_t gate = SIZE_MAX;

	if (gate == SIZE_MAX)
		gate = atomic_fetch_add(&threads, 1) % GATES;
	return gate;
}

static struct gate *enter(struct spool *s)
{
	size_t mine = my_gate();

	for (;;) {
		unsigned side = atomic_load(&s->side);
		struct gate *gate = &s->gates[side][mine];

		atomic_fetch_add(&gate->inside, 1);
		if (atomic_load(&s->side) == side)
			return gate;
		atomic_fetch_sub(&gate->inside, 1);
	}
}

void spool_add(struct spool *s, const struct spool_key *key, int64_t quantity)
{
	struct gate *gate = enter(s);
	struct spool_row *row = spool_file_get(atomic_load(&s->current), key);

	atomic_fetch_add_explicit(&row->total, quantity, memory_order_relaxed);
	atomic_fetch_sub_explicit(&gate->inside, 1, memory_order_release);
}

/* ---- changing the file -----------------------------------------------------
 */

static bool side_is_empty(struct spool *s, unsigned side)
{
	for (size_t i = 0; i < GATES; i++)
		if (atomic_load(&s->gates[side][i].inside))
			return false;
	return true;
}

static void settle(struct spool *s)
{
	if (s->leaving && side_is_empty(s, !atomic_load(&s->side)) &&
	    s->old_count < OLD_FILES) {
		s->old[s->old_count++] = s->leaving;
		s->leaving = NULL;
	}
}

static void rotate(struct spool *s, int64_t hour)
{
	struct spool_file *now = atomic_load(&s->current), *next;
	struct fault fault = { 0 };

	settle(s);
	if (s->leaving || hour <= spool_file_hour(now) ||
	    spool_file_size(now) <= KEEP_BYTES)
		return;
	next = spool_file_new(s->dir, s->daemon, hour, &fault);
	if (!next) {
		log_warn("the spool goes on as it is: %s", fault.message);
		return;
	}
	atomic_store(&s->current, next);
	s->leaving = now;
	atomic_fetch_xor(&s->side, 1);
}

/* ---- sending ---------------------------------------------------------------
 */

static bool row_is_unsent(const struct spool_row *row, int64_t *total)
{
	*total = atomic_load_explicit(&row->total, memory_order_relaxed);
	return *total != row->acknowledged;
}

static bool gather(struct spool_file *f, struct arena *mem, size_t max,
		   struct spool_batch *batch)
{
	struct spool_row *row;
	uint64_t at = 0;
	int64_t total;

	*batch = (struct spool_batch){ .epoch = spool_file_epoch(f) };
	while (batch->count < max && (row = spool_file_next(f, &at))) {
		if (!row_is_unsent(row, &total))
			continue;
		if (!batch->rows)
			batch->rows =
			    arena_array(mem, max, sizeof(*batch->rows));
		if (!batch->rows)
			return false; /* a full arena: nothing, this time */
		batch->rows[batch->count++] = (struct spool_total){
			.key = spool_row_key(row), .total = total, .row = row
		};
	}
	if (!batch->count)
		return false;
	batch->sequence = spool_file_next_sequence(f);
	if (spool_file_sync(f) < 0) {
		log_warn("cannot sync the spool: %s", strerror(errno));
		return false;
	}
	return true;
}

bool spool_batch(struct spool *s, struct arena *mem, size_t max, int64_t hour,
		 struct spool_batch *batch)
{
	rotate(s, hour);
	while (s->old_count) {
		struct spool_file **last = &s->old[s->old_count - 1];

		if (gather(*last, mem, max, batch))
			return true;
		if (mem->full || batch->count)
			return false;
		spool_file_free(*last, true);
		s->old_count--;
	}
	return gather(atomic_load(&s->current), mem, max, batch);
}

void spool_acknowledge(struct spool *s, const struct spool_batch *batch)
{
	(void)s;
	for (size_t i = 0; i < batch->count; i++)
		batch->rows[i].row->acknowledged = batch->rows[i].total;
}

/* ---- opening ---------------------------------------------------------------
 */

static bool ends(const char *name, const char *end)
{
	size_t size = strlen(name), tail = strlen(end);

	return size >= tail && strcmp(name + size - tail, end) == 0;
}

/* A process was killed while it made this one; it holds no count. */
static void remove_stale(const char *path)
{
	struct stat status;

	if (stat(path, &status) == 0 &&
	    status.st_mtime + STALE_S < clock_wall_ms() / 1000)
		unlink(path);
}

static int take_file(struct spool *s, const char *name, struct fault *fault)
{
	size_t prefix = strlen(s->daemon);
	char path[PATH_MAX];
	struct spool_file *f;

	if (strncmp(name, s->daemon, prefix) != 0 || name[prefix] != '.' ||
	    snprintf(path, sizeof(path), "%s/%s", s->dir, name) >=
		(int)sizeof(path))
		return 0;
	if (ends(name, ".new"))
		remove_stale(path);
	if (!ends(name, ".spool") || s->old_count == OLD_FILES)
		return 0;
	f = spool_file_adopt(path, fault);
	if (f)
		s->old[s->old_count++] = f;
	return -fault->code;
}

static int take_files(struct spool *s, struct fault *fault)
{
	DIR *dir = opendir(s->dir);
	struct dirent *entry;
	int result = 0;

	if (!dir)
		return fault_set(fault, E_UNAVAILABLE, "cannot open '%s': %s",
				 s->dir, strerror(errno));
	while (result == 0 && (entry = readdir(dir)))
		result = take_file(s, entry->d_name, fault);
	closedir(dir);
	return result;
}

struct spool *spool_open(const char *dir, const char *daemon,
			 struct fault *fault)
{
	struct spool *s = aligned_alloc(64, sizeof(*s));
	struct spool_file *current = NULL;

	if (!s)
		abort(); /* lack of memory ends the process */
	memset(s, 0, sizeof(*s));
	s->dir = strdup(dir);
	s->daemon = strdup(daemon);
	mkdir(dir, 0700);
	if (take_files(s, fault) == 0)
		current =
		    s->old_count
			? s->old[--s->old_count]
			: spool_file_new(dir, daemon, clock_wall_ms() / 3600000,
					 fault);
	if (!current) {
		spool_close(s);
		return NULL;
	}
	atomic_store(&s->current, current);
	return s;
}

void spool_close(struct spool *s)
{
	struct spool_file *current = atomic_load(&s->current);

	if (current)
		spool_file_free(current, false);
	if (s->leaving)
		spool_file_free(s->leaving, false);
	for (size_t i = 0; i < s->old_count; i++)
		spool_file_free(s->old[i], false);
	free(s->dir);
	free(s->daemon);
	free(s);
}
