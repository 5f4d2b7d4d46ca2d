/* tests/fault/forget.c - preloaded: a disk that forgets what was not synced
 *
 * SIGKILL alone takes nothing from a file: what was written stays in the
 * kernel. Here each write to FORGET_FILE is noted with the bytes it replaces in
 * FORGET_LOG, a shared mapping that outlives the process, until a sync of the
 * file has succeeded. The next process to be started with this library takes
 * the noted writes back, newest first, before it does anything else: so the
 * file is what a power cut would have left. Writes through a descriptor opened
 * with O_DSYNC or O_SYNC stay. Each sync, and each such write, takes
 * FORGET_DELAY_MS longer, so that kills fall inside.
 */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the names
 * of the C library's own declarations are reserved. */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FDS = 1024, LOG_BYTES = 512 << 20, FAILED = 99 };

enum how { HOW_OTHER, HOW_PLAIN, HOW_SYNC };

/* The log: this, then entries one behind the other. */
struct log {
	_Atomic uint64_t used; /* bytes of entries */
	uint8_t entries[];
};

struct entry {
	uint64_t offset;
	uint64_t size_before; /* of the whole file */
	uint64_t kept;	      /* bytes of the file that were there */
	uint64_t previous;    /* 1 + place of the entry before; 0: none */
	uint8_t bytes[];
};

static const char *file;
static struct log *noted;
static uint64_t newest; /* 1 + its place; 0: none */
static useconds_t delay;
static enum how fds[FDS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_msync)(void *, size_t, int);

static struct entry *entry_at(uint64_t place)
{
	return (struct entry *)(void *)(noted->entries + place);
}

static uint64_t entry_size(uint64_t kept)
{
	return sizeof(struct entry) + ((kept + 7) & ~(uint64_t)7);
}

/* ---- taking back -----------------------------------------------------------
 */

static void take_back(void)
{
	uint64_t used = atomic_load(&noted->used), last = 0;
	int fd = used ? real_open(file, O_RDWR) : -1;

	if (fd < 0)
		return;
	for (uint64_t at = 0; at < used; at += entry_size(entry_at(at)->kept))
		last = at + 1;
	while (last) {
		const struct entry *e = entry_at(last - 1);

		if (real_pwrite(fd, e->bytes, e->kept, (off_t)e->offset) !=
			(ssize_t)e->kept ||
		    ftruncate(fd, (off_t)e->size_before) != 0)
			_exit(FAILED);
		last = e->previous;
	}
	real_close(fd);
	atomic_store(&noted->used, 0);
}

/* Other libraries' constructors may come before ours. */
static void find_real(void)
{
	if (real_msync)
		return;
	*(void **)&real_open = dlsym(RTLD_NEXT, "open");
	*(void **)&real_close = dlsym(RTLD_NEXT, "close");
	*(void **)&real_write = dlsym(RTLD_NEXT, "write");
	*(void **)&real_pwrite = dlsym(RTLD_NEXT, "pwrite");
	*(void **)&real_writev = dlsym(RTLD_NEXT, "writev");
	*(void **)&real_fsync = dlsym(RTLD_NEXT, "fsync");
	*(void **)&real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
	*(void **)&real_msync = dlsym(RTLD_NEXT, "msync");
}

__attribute__((constructor)) static void start(void)
{
	const char *log_file = getenv("FORGET_LOG");
	const char *delay_ms = getenv("FORGET_DELAY_MS");
	int fd;

	find_real();
	file = getenv("FORGET_FILE");
	if (!file || !log_file)
		return;
	if (delay_ms)
		delay = (useconds_t)strtoul(delay_ms, NULL, 10) * 1000;
	fd = real_open(log_file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, LOG_BYTES) != 0)
		_exit(FAILED);
	noted =
	    mmap(NULL, LOG_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (noted == MAP_FAILED)
		_exit(FAILED);
	real_close(fd);
	take_back();
}

/* ---- noting ----------------------------------------------------------------
 */

/* Before the write, so that there is no instant without it. */
static void note(int fd, size_t size, off_t offset)
{
	uint64_t place = atomic_load(&noted->used);
	struct entry *e = entry_at(place);
	struct stat now;
	ssize_t kept;

	if (sizeof(*noted) + place + entry_size(size) > LOG_BYTES)
		_exit(FAILED); /* such groups need a longer log */
	kept = pread(fd, e->bytes, size, offset);
	if (kept < 0 || fstat(fd, &now) != 0)
		_exit(FAILED);
	e->offset = (uint64_t)offset;
	e->size_before = (uint64_t)now.st_size;
	e->kept = (uint64_t)kept;
	e->previous = newest;
	newest = place + 1;
	atomic_store(&noted->used, place + entry_size(e->kept));
}

/* What is written durably over noted bytes is not to be taken back. */
static void keep_durable(const uint8_t *data, uint64_t size, uint64_t offset)
{
	for (uint64_t at = newest; at; at = entry_at(at - 1)->previous) {
		struct entry *e = entry_at(at - 1);
		uint64_t end = offset + size, noted_end = e->offset + e->kept;
		uint64_t from = offset > e->offset ? offset : e->offset;
		uint64_t to = end < noted_end ? end : noted_end;

		if (from < to)
			memcpy(e->bytes + (from - e->offset),
			       data + (from - offset), to - from);
	}
}

static enum how how_of(int fd)
{
	find_real();
	return noted && fd >= 0 && fd < FDS ? fds[fd] : HOW_OTHER;
}

static ssize_t write_noted(int fd, const void *data, size_t size, off_t offset)
{
	ssize_t result;

	if (how_of(fd) == HOW_SYNC)
		usleep(delay);
	pthread_mutex_lock(&lock);
	if (how_of(fd) == HOW_PLAIN)
		note(fd, size, offset);
	result = real_pwrite(fd, data, size, offset);
	if (how_of(fd) == HOW_SYNC && result > 0)
		keep_durable(data, (uint64_t)result, (uint64_t)offset);
	pthread_mutex_unlock(&lock);
	return result;
}

static int sync_noted(int fd, int (*real)(int))
{
	uint64_t before;
	int result;

	if (how_of(fd) == HOW_OTHER)
		return real(fd);
	before = atomic_load(&noted->used);
	usleep(delay);
	result = real(fd);
	pthread_mutex_lock(&lock);
	/* if more was noted meanwhile all of it stays noted */
	if (result == 0 && atomic_load(&noted->used) == before) {
		newest = 0;
		atomic_store(&noted->used, 0);
	}
	pthread_mutex_unlock(&lock);
	return result;
}

/* ---- what the process calls ------------------------------------------------
 */

static bool is_file(const char *path)
{
	struct stat a, b;

	return file && stat(path, &a) == 0 && stat(file, &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static int open_noted(const char *path, int flags, mode_t mode)
{
	int fd;

	find_real();
	fd = real_open(path, flags, mode);
	if (fd >= 0 && fd < FDS && is_file(path))
		fds[fd] = flags & (O_DSYNC | O_SYNC) ? HOW_SYNC : HOW_PLAIN;
	return fd;
}

int open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode = 0;

	va_start(args, flags);
	if (flags & (O_CREAT | O_TMPFILE))
		mode = va_arg(args, mode_t);
	va_end(args);
	return open_noted(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode = 0;

	va_start(args, flags);
	if (flags & (O_CREAT | O_TMPFILE))
		mode = va_arg(args, mode_t);
	va_end(args);
	return open_noted(path, flags, mode);
}

int close(int fd)
{
	find_real();
	if (fd >= 0 && fd < FDS)
		fds[fd] = HOW_OTHER;
	return real_close(fd);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
	return how_of(fd) == HOW_OTHER ? real_pwrite(fd, data, size, offset)
				       : write_noted(fd, data, size, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset)
{
	return pwrite(fd, data, size, offset);
}

ssize_t write(int fd, const void *data, size_t size)
{
	ssize_t result;

	if (how_of(fd) == HOW_OTHER)
		return real_write(fd, data, size);
	result = write_noted(fd, data, size, lseek(fd, 0, SEEK_CUR));
	if (result > 0)
		lseek(fd, result, SEEK_CUR);
	return result;
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	ssize_t total = 0;

	if (how_of(fd) == HOW_OTHER)
		return real_writev(fd, parts, count);
	for (int i = 0; i < count; i++) {
		ssize_t result = write(fd, parts[i].iov_base, parts[i].iov_len);

		if (result < 0)
			return total ? total : result;
		total += result;
		if ((size_t)result < parts[i].iov_len)
			break;
	}
	return total;
}

int fsync(int fd)
{
	return sync_noted(fd, real_fsync);
}

int fdatasync(int fd)
{
	return sync_noted(fd, real_fdatasync);
}

/* The file that is noted is the only one that is mapped to be written. */
int msync(void *at, size_t size, int flags)
{
	for (int fd = 0; fd < FDS && flags & MS_SYNC; fd++)
		if (how_of(fd) == HOW_PLAIN)
			return sync_noted(fd, real_fdatasync);
	return real_msync(at, size, flags);
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
