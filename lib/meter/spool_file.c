/* lib/meter/spool_file.c - one epoch of a spool: its file, mapped, and its rows
 */
#include "lib/meter/spool_file.h"
#include "lib/base/random.h"
#include "lib/meter/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SEGMENT_FIRST = 64 * 1024,
	SEGMENTS = 22, /* 128 GB */
	TABLE_FIRST = 256,
	SPOOL_VERSION = 1,
};

struct header {
	char magic[8];
	uint32_t version, check; /* of the fields that never change */
	char epoch[SPOOL_EPOCH + 7];
	int64_t hour;
	int64_t sequence;
	uint8_t unused[56];
};
_Static_assert(sizeof(struct header) == 128, "the file's form");

/* Open addressing; replaced whole when half full, the old ones are kept for
 * whoever still reads them. */
struct table {
	struct table *older;
	size_t mask;
	_Atomic(struct spool_row *) slots[];
};

struct spool_file {
	int fd;
	char *path;
	pthread_mutex_t lock; /* over making rows, growing and the index */
	_Atomic(uint8_t *) segments[SEGMENTS];
	_Atomic size_t segment_count;
	uint64_t used; /* where the next row goes */
	size_t row_count;
	_Atomic(struct table *) table;
	uint64_t seed;
};

/* ---- places ----------------------------------------------------------------
 */

static uint64_t segment_start(size_t segment)
{
	return segment ? (uint64_t)SEGMENT_FIRST << (segment - 1) : 0;
}

static uint64_t segment_end(size_t segment)
{
	return (uint64_t)SEGMENT_FIRST << segment;
}

static size_t segment_of(uint64_t at)
{
	size_t segment = 0;

	while (at >= segment_end(segment))
		segment++;
	return segment;
}

static void *place(struct spool_file *f, uint64_t at)
{
	size_t segment = segment_of(at);

	return atomic_load_explicit(&f->segments[segment],
				    memory_order_acquire) +
	       (at - segment_start(segment));
}

static struct header *header_of(const struct spool_file *f)
{
	return (struct header *)(void *)atomic_load(&f->segments[0]);
}

/* Takes the next segment in; its blocks are on the disk afterwards, so that no
 * later write to the mapping can find the disk full. */
static int add_segment(struct spool_file *f)
{
	size_t segment = atomic_load(&f->segment_count);
	uint64_t start = segment_start(segment);
	size_t size = (size_t)(segment_end(segment) - start);
	void *at;
	int error;

	if (segment == SEGMENTS) {
		errno = EFBIG;
		return -1;
	}
	error = posix_fallocate(f->fd, (off_t)start, (off_t)size);
	if (error) {
		errno = error;
		return -1;
	}
	at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, f->fd,
		  (off_t)start);
	if (at == MAP_FAILED)
		return -1;
	atomic_store_explicit(&f->segments[segment], at, memory_order_release);
	atomic_store_explicit(&f->segment_count, segment + 1,
			      memory_order_release);
	return 0;
}

/* ---- the index -------------------------------------------------------------
 */

static struct spool_row *table_find(const struct table *t, uint64_t hash,
				    int64_t hour,
				    const struct slice texts[SPOOL_TEXTS])
{
	for (size_t i = hash & t->mask;; i = (i + 1) & t->mask) {
		struct spool_row *row =
		    atomic_load_explicit(&t->slots[i], memory_order_acquire);

		if (!row || spool_row_is(row, hour, texts))
			return row;
	}
}

static void table_put(struct table *t, uint64_t hash, struct spool_row *row)
{
	size_t i = hash & t->mask;

	while (atomic_load_explicit(&t->slots[i], memory_order_relaxed))
		i = (i + 1) & t->mask;
	atomic_store_explicit(&t->slots[i], row, memory_order_release);
}

static struct table *table_new(size_t slots, struct table *older)
{
	struct table *t = calloc(1, sizeof(*t) + slots * sizeof(t->slots[0]));

	if (!t)
		abort(); /* lack of memory ends the process */
	t->mask = slots - 1;
	t->older = older;
	return t;
}

static uint64_t hash_of(const struct spool_file *f, const struct spool_row *row)
{
	struct spool_key key = spool_row_key(row);
	struct slice texts[SPOOL_TEXTS];

	spool_row_texts(&key, texts);
	return spool_row_hash(f->seed, row->hour, texts);
}

/* Under the lock. */
static void index_row(struct spool_file *f, struct spool_row *row)
{
	struct table *t = atomic_load(&f->table);

	if (2 * ++f->row_count > t->mask) {
		struct table *wider = table_new(2 * (t->mask + 1), t);

		for (size_t i = 0; i <= t->mask; i++) {
			struct spool_row *other = atomic_load(&t->slots[i]);

			if (other)
				table_put(wider, hash_of(f, other), other);
		}
		t = wider;
		atomic_store_explicit(&f->table, t, memory_order_release);
	}
	table_put(t, hash_of(f, row), row);
}

/* ---- finding and making ----------------------------------------------------
 */

struct spool_row *spool_file_find(struct spool_file *f,
				  const struct spool_key *key)
{
	struct slice texts[SPOOL_TEXTS];

	spool_row_texts(key, texts);
	return table_find(atomic_load_explicit(&f->table, memory_order_acquire),
			  spool_row_hash(f->seed, key->hour, texts), key->hour,
			  texts);
}

/* A place for `size` bytes, in the next segment if this one has not so many. */
static struct spool_row *take(struct spool_file *f, uint32_t size)
{
	size_t segment = segment_of(f->used);

	if (f->used + size > segment_end(segment))
		f->used = segment_end(segment++);
	if (segment >= atomic_load(&f->segment_count) && add_segment(f) < 0) {
		log_error("cannot grow '%s': %s; nothing may go uncounted",
			  f->path, strerror(errno));
		abort();
	}
	f->used += size;
	return place(f, f->used - size);
}

static struct spool_row *make(struct spool_file *f, int64_t hour,
			      const struct slice texts[SPOOL_TEXTS])
{
	struct spool_row *row = take(f, spool_row_size(texts));

	spool_row_make(row, hour, texts);
	index_row(f, row);
	return row;
}

struct spool_row *spool_file_get(struct spool_file *f,
				 const struct spool_key *key)
{
	struct spool_row *row = spool_file_find(f, key);
	struct slice texts[SPOOL_TEXTS];

	if (row)
		return row;
	spool_row_texts(key, texts);
	pthread_mutex_lock(&f->lock);
	row = spool_file_find(f, key);
	if (!row)
		row = make(f, key->hour, texts);
	pthread_mutex_unlock(&f->lock);
	return row;
}

struct spool_row *spool_file_next(struct spool_file *f, uint64_t *at)
{
	if (*at == 0)
		*at = sizeof(struct header);
	for (size_t segment = segment_of(*at);
	     segment < atomic_load(&f->segment_count); segment++) {
		struct spool_row *row;
		uint32_t size;

		if (*at < segment_start(segment))
			*at = segment_start(segment);
		if (*at + sizeof(*row) > segment_end(segment))
			continue;
		row = place(f, *at);
		size = atomic_load_explicit(&row->size, memory_order_acquire);
		if (size) {
			*at += size;
			return row;
		}
	}
	return NULL;
}

/* ---- opening ---------------------------------------------------------------
 */

static uint32_t header_check(const struct header *h)
{
	uint64_t hash = spool_mix(SPOOL_VERSION, h->epoch, sizeof(h->epoch));

	return (uint32_t)spool_mix(hash, &h->hour, sizeof(h->hour));
}

static struct spool_file *file_of(int fd, const char *path)
{
	struct spool_file *f = calloc(1, sizeof(*f));

	if (!f)
		abort();
	f->fd = fd;
	f->path = strdup(path);
	pthread_mutex_init(&f->lock, NULL);
	random_bytes(&f->seed, sizeof(f->seed));
	atomic_store(&f->table, table_new(TABLE_FIRST, NULL));
	f->used = sizeof(struct header);
	return f;
}

void spool_file_free(struct spool_file *f, bool remove)
{
	struct table *t = atomic_load(&f->table);

	if (remove)
		unlink(f->path);
	for (size_t i = 0; i < atomic_load(&f->segment_count); i++)
		munmap(atomic_load(&f->segments[i]),
		       (size_t)(segment_end(i) - segment_start(i)));
	while (t) {
		struct table *older = t->older;

		free(t);
		t = older;
	}
	close(f->fd); /* and with it the lock */
	pthread_mutex_destroy(&f->lock);
	free(f->path);
	free(f);
}

static void *refuse(struct fault *fault, const char *verb, const char *path)
{
	fault_set(fault, E_UNAVAILABLE, "cannot %s '%s': %s", verb, path,
		  strerror(errno));
	return NULL;
}

static void fill_header(struct header *h, const char *epoch, int64_t hour)
{
	memcpy(h->magic, "PRLSPOOL", 8);
	h->version = SPOOL_VERSION;
	snprintf(h->epoch, sizeof(h->epoch), "%s", epoch);
	h->hour = hour;
	h->check = header_check(h);
}

/* Made under another name, so that a file that is there has its header. */
struct spool_file *spool_file_new(const char *dir, const char *daemon,
				  int64_t hour, struct fault *fault)
{
	char path[PATH_MAX], early[PATH_MAX], epoch[SPOOL_EPOCH];
	uint64_t random[2];
	struct spool_file *f;
	int fd;

	random_bytes(random, sizeof(random));
	snprintf(epoch, sizeof(epoch), "%016llx%016llx",
		 (unsigned long long)random[0], (unsigned long long)random[1]);
	if (snprintf(path, sizeof(path), "%s/%s.%s.spool", dir, daemon,
		     epoch) >= (int)sizeof(path) ||
	    snprintf(early, sizeof(early), "%s/%s.%s.new", dir, daemon,
		     epoch) >= (int)sizeof(early)) {
		errno = ENAMETOOLONG;
		return refuse(fault, "open", dir);
	}
	fd = open(early, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return refuse(fault, "make", early);
	flock(fd, LOCK_EX | LOCK_NB);
	f = file_of(fd, path);
	if (add_segment(f) == 0) {
		fill_header(header_of(f), epoch, hour);
		if (fsync(fd) == 0 && rename(early, path) == 0)
			return f;
	}
	refuse(fault, "make", path);
	unlink(early);
	spool_file_free(f, false);
	return NULL;
}

/* Indexes a segment's rows. A row that is not whole was never on the disk when
 * the power went: it and what follows it in the segment are cleared. */
static void read_segment(struct spool_file *f, size_t segment)
{
	uint64_t end = segment_end(segment), at = segment_start(segment);

	if (segment == 0)
		at = sizeof(struct header);
	while (at + sizeof(struct spool_row) <= end) {
		struct spool_row *row = place(f, at);

		if (!spool_row_is_whole(row, end - at)) {
			memset(row, 0, (size_t)(end - at));
			break;
		}
		index_row(f, row);
		at += atomic_load(&row->size);
	}
	if (at > segment_start(segment))
		f->used = at;
}

static bool header_is_sound(const struct spool_file *f, struct fault *fault)
{
	const struct header *h = header_of(f);

	if (memcmp(h->magic, "PRLSPOOL", 8) != 0) {
		fault_set(fault, E_LOSS, "'%s' is not a spool", f->path);
		return false;
	}
	if (h->version != SPOOL_VERSION) {
		fault_set(fault, E_LOSS, "'%s' is of version %u, not %u",
			  f->path, h->version, SPOOL_VERSION);
		return false;
	}
	if (h->check != header_check(h) || h->epoch[SPOOL_EPOCH - 1] != '\0') {
		fault_set(fault, E_LOSS, "'%s' is damaged", f->path);
		return false;
	}
	return true;
}

/* Another process may hold it, or have removed it since it was listed. */
static bool lock_is_ours(int fd, struct stat *status)
{
	return flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, status) == 0 &&
	       status->st_nlink > 0;
}

struct spool_file *spool_file_adopt(const char *path, struct fault *fault)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	struct spool_file *f;
	struct stat status;

	if (fd < 0)
		return errno == ENOENT ? NULL : refuse(fault, "open", path);
	if (!lock_is_ours(fd, &status)) {
		close(fd);
		return NULL;
	}
	f = file_of(fd, path);
	do {
		if (add_segment(f) < 0) {
			refuse(fault, "read", path);
			spool_file_free(f, false);
			return NULL;
		}
	} while (segment_end(f->segment_count - 1) < (uint64_t)status.st_size);
	if (!header_is_sound(f, fault)) {
		spool_file_free(f, false);
		return NULL;
	}
	for (size_t i = 0; i < f->segment_count; i++)
		read_segment(f, i);
	return f;
}

/* ---- the header's fields ---------------------------------------------------
 */

int spool_file_sync(struct spool_file *f)
{
	return fdatasync(f->fd);
}

const char *spool_file_epoch(const struct spool_file *f)
{
	return header_of(f)->epoch;
}

int64_t spool_file_hour(const struct spool_file *f)
{
	return header_of(f)->hour;
}

uint64_t spool_file_size(const struct spool_file *f)
{
	return segment_end(atomic_load(&f->segment_count) - 1);
}

int64_t spool_file_next_sequence(struct spool_file *f)
{
	return ++header_of(f)->sequence;
}
