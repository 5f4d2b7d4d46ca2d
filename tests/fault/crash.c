/* tests/fault/crash.c - what was acknowledged is there after a power cut
 *
 * usage: crash LIBRARY [ROUNDS [SEED]]: 20 rounds, 200 with PARLOR_TEST_LONG=1
 * links: service_kv
 *
 * A child serves a store to 64 writers at once under tests/fault/forget.c; it
 * tells us over a pipe what it found there, then each write as it is
 * acknowledged. We kill it at a random instant and start it anew. Each write
 * puts a row, deletes an old one and counts in three places, one of them in
 * another partition: all of it must be there or nothing, and of what was
 * acknowledged all, usage included.
 */
#include "lib/base/arena.h"
#include "lib/base/buffer.h"
#include "services/kv/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	WRITERS = 64,
	KEPT = 16, /* rows of a writer */
	TABLE = 1,
	MAP = 1 << 30,
	ITEM_MAX = 24 << 10,
	HOUR = 1,
};

/* What the child tells, one write(2) each. */
struct news {
	enum { NEWS_FOUND, NEWS_READY, NEWS_ACKNOWLEDGED } kind;
	uint32_t writer, count;
};

static _Noreturn void die(const char *what, uint32_t writer, uint32_t count)
{
	fprintf(stderr, "crash: %s (writer %u, write %u)\n", what, writer,
		count);
	exit(1);
}

/* ---- the child: one writer -------------------------------------------------
 */

struct writer {
	struct store_write write;
	struct arena mem;
	struct store_key keys[4]; /* count, mirror, new row, old row */
	char name[16], mirror[16], rows[2][16];
	uint32_t number, count; /* writes that are there */
	int64_t billed;
	struct store_usage usage;
};

static struct store *store;
static struct loop *loop;
static struct writer writers[WRITERS];

static void tell(int kind, uint32_t writer, uint32_t count)
{
	struct news news = { .kind = kind, .writer = writer, .count = count };

	if (write(STDOUT_FILENO, &news, sizeof(news)) != sizeof(news))
		_exit(2);
}

/* The bytes of a row follow from whose it is. */
static struct slice make_item(struct arena *mem, uint32_t writer,
			      uint32_t count)
{
	uint32_t x = writer * 7919 + count * 104729 + 1;
	size_t size = 20 + (count % 9 ? x % 600 : x % ITEM_MAX);
	uint8_t *bytes = arena_alloc(mem, size);

	for (size_t i = 0; i < size; i++) {
		x = x * 1664525 + 1013904223;
		bytes[i] = (uint8_t)(x >> 24);
	}
	return slice_make(bytes, size);
}

static uint32_t read_count(struct slice item)
{
	uint32_t count = 0;

	if (item.size == sizeof(count))
		memcpy(&count, item.data, sizeof(count));
	return count;
}

static int decide(struct store_write *w, struct arena *mem,
		  const struct slice *have, struct store_change *out)
{
	struct writer *self = w->arg;
	uint32_t next = self->count + 1;
	void *counted = arena_copy(mem, &next, sizeof(next));

	if (read_count(have[0]) != self->count ||
	    read_count(have[1]) != self->count)
		die("an earlier write is missing", self->number, self->count);
	out[0].kind = out[1].kind = out[2].kind = STORE_PUT;
	out[0].item = out[1].item = slice_make(counted, sizeof(next));
	out[2].item = make_item(mem, self->number, next);
	out[3].kind = STORE_DELETE;
	self->usage = (struct store_usage){ .principal = slice_of(self->name),
					    .hour = HOUR,
					    .quantity = 1 };
	w->usage = &self->usage;
	w->usage_count = 1;
	return 0;
}

static struct store_key key_of(const char *hash_key, const char *sort)
{
	return (struct store_key){
		.part = { .table = TABLE, .hash_key = slice_of(hash_key) },
		.sort = slice_of(sort),
	};
}

static void write_next(struct writer *w);

static void acknowledge(struct store_write *write)
{
	struct writer *w = write->arg;

	if (write->outcome != STORE_DONE || write->fault.code)
		die(write->fault.message, w->number, w->count);
	w->count++;
	tell(NEWS_ACKNOWLEDGED, w->number, w->count);
	write_next(w);
}

static void write_next(struct writer *w)
{
	uint32_t next = w->count + 1;

	arena_reset(&w->mem);
	snprintf(w->rows[0], sizeof(w->rows[0]), "row %010u", next);
	snprintf(w->rows[1], sizeof(w->rows[1]), "row %010u",
		 next > KEPT ? next - KEPT : 0);
	w->keys[2] = key_of(w->name, w->rows[0]);
	w->keys[3] = key_of(w->name, w->rows[1]);
	w->write = (struct store_write){ .keys = w->keys,
					 .key_count = 4,
					 .now_ms = 1,
					 .decide = decide,
					 .done = acknowledge,
					 .arg = w,
					 .loop = loop,
					 .mem = &w->mem };
	if (store_transact(store, &w->write) < 0)
		die(w->write.fault.message, w->number, next);
}

/* ---- the child: what it finds ----------------------------------------------
 */

static enum store_visit read_counts(struct store_read *r, size_t i,
				    struct slice item)
{
	struct writer *w = r->arg;

	if (i == 0)
		w->count = read_count(item);
	else if (read_count(item) != w->count)
		die("its mirror differs", w->number, w->count);
	return STORE_NEXT;
}

/* Rows in order: the newest is `count`, none is missing or torn. */
struct rows {
	struct writer *writer;
	uint32_t seen;
};

static enum store_visit check_row(struct store_read *r, size_t i,
				  struct slice item)
{
	struct rows *rows = r->arg;
	const struct writer *w = rows->writer;
	uint32_t want = w->count - rows->seen++;
	struct arena mem;

	(void)i;
	arena_init(&mem, 1 << 20);
	if (!slice_equal(item, make_item(&mem, w->number, want)))
		die("a row is missing or torn", w->number, want);
	arena_release(&mem);
	return STORE_NEXT;
}

static void read_done(struct store_read *r)
{
	if (r->fault.code)
		die(r->fault.message, 0, 0);
}

static enum store_visit bill(struct store_ledger_read *r, struct slice key,
			     const struct store_usage *usage)
{
	(void)key;
	(void)r;
	for (uint32_t i = 0; i < WRITERS; i++)
		if (slice_is(usage->principal, writers[i].name))
			writers[i].billed += usage->quantity;
	return STORE_NEXT;
}

static void bill_done(struct store_ledger_read *r)
{
	loop_stop(r->loop);
}

static void find_writer(struct writer *w, uint32_t number)
{
	struct store_range rows_only = { .low = SLICE("row "),
					 .backward = true };
	struct rows rows = { .writer = w };
	struct store_read read = {
		.visit = read_counts, .done = read_done, .arg = w, .loop = loop
	};

	w->number = number;
	snprintf(w->name, sizeof(w->name), "writer %u", number);
	snprintf(w->mirror, sizeof(w->mirror), "mirror %u", number);
	arena_init(&w->mem, 1 << 20);
	w->keys[0] = key_of(w->name, "count");
	w->keys[1] = key_of(w->mirror, "count");
	store_get(store, w->keys, 2, &read);
	read.visit = check_row;
	read.arg = &rows;
	store_query(store, &w->keys[0].part, &rows_only, &read);
	if (rows.seen != (w->count < KEPT ? w->count : KEPT))
		die("rows are missing", number, w->count);
}

static int serve(const char *dir)
{
	struct fault why;
	struct store_ledger_read ledger = { .to_hour = HOUR + 1,
					    .visit = bill,
					    .done = bill_done };

	fault_clear(&why);
	loop = ledger.loop = loop_new();
	store = store_open_lmdb(dir, MAP, NULL, &why);
	if (!store)
		die(why.message, 0, 0);
	for (uint32_t i = 0; i < WRITERS; i++)
		find_writer(&writers[i], i);
	if (store_usage_read(store, &ledger) < 0)
		die(ledger.fault.message, 0, 0);
	loop_run(loop);
	for (uint32_t i = 0; i < WRITERS; i++) {
		if (writers[i].billed != writers[i].count)
			die("its usage differs", i, writers[i].count);
		tell(NEWS_FOUND, i, writers[i].count);
	}
	tell(NEWS_READY, 0, 0);
	for (uint32_t i = 0; i < WRITERS; i++)
		write_next(&writers[i]);
	loop_run(loop);
	return 0;
}

/* ---- the parent ------------------------------------------------------------
 */

struct round {
	pid_t child;
	int pipe;
	bool ready;
	uint32_t acknowledged; /* in this round */
};

static uint32_t promised[WRITERS]; /* acknowledged before */
static char dir[64], library[512], self[512];

static void start_child(struct round *r)
{
	int ends[2];

	if (pipe(ends) != 0)
		die(strerror(errno), 0, 0);
	r->child = fork();
	if (r->child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		setenv("LD_PRELOAD", library, 1);
		execl(self, self, "--serve", dir, (char *)NULL);
		_exit(3);
	}
	close(ends[1]);
	r->pipe = ends[0];
}

static void hear(struct round *r, const struct news *news)
{
	switch (news->kind) {
	case NEWS_FOUND:
		if (news->count < promised[news->writer])
			die("an acknowledged write is lost", news->writer,
			    promised[news->writer]);
		break;
	case NEWS_READY:
		r->ready = true;
		break;
	case NEWS_ACKNOWLEDGED:
		promised[news->writer] = news->count;
		r->acknowledged++;
		break;
	}
}

/* Hears news until `ms` have passed, or for ever (-1) until the pipe ends.
 * False when it has ended. */
static bool listen_for(struct round *r, int ms)
{
	struct news news;
	struct timespec now;
	int64_t end, left = -1;

	clock_gettime(CLOCK_MONOTONIC, &now);
	end = now.tv_sec * 1000 + now.tv_nsec / 1000000 + ms;
	for (;;) {
		struct pollfd p = { .fd = r->pipe, .events = POLLIN };

		clock_gettime(CLOCK_MONOTONIC, &now);
		if (ms >= 0)
			left = end - now.tv_sec * 1000 - now.tv_nsec / 1000000;
		if (ms >= 0 && left <= 0)
			return true;
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		if (read(r->pipe, &news, sizeof(news)) != sizeof(news))
			return false;
		hear(r, &news);
		if (ms == 0 || (news.kind == NEWS_READY && ms < 0))
			return true;
	}
}

/* Kills it `ms` after it has begun to write, or after its start. */
static void run_round(struct round *r, int ms, bool early)
{
	int status;

	*r = (struct round){ 0 };
	start_child(r);
	if ((early || listen_for(r, -1)) && listen_for(r, ms))
		kill(r->child, SIGKILL);
	while (listen_for(r, -1))
		;
	close(r->pipe);
	waitpid(r->child, &status, 0);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		die("the child ended by itself", 0, 0);
}

static void clean(void)
{
	static const char *const files[] = { "data.mdb", "lock.mdb",
					     "forget.log" };
	char path[128];

	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		unlink(path);
	}
	rmdir(dir);
}

static void prepare(const char *library_path)
{
	char path[128];

	snprintf(library, sizeof(library), "%s", library_path);
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		die(strerror(errno), 0, 0);
	snprintf(dir, sizeof(dir), "/tmp/parlor-crash-XXXXXX");
	if (!mkdtemp(dir))
		die(strerror(errno), 0, 0);
	snprintf(path, sizeof(path), "%s/data.mdb", dir);
	setenv("FORGET_FILE", path, 1);
	snprintf(path, sizeof(path), "%s/forget.log", dir);
	setenv("FORGET_LOG", path, 1);
	setenv("FORGET_DELAY_MS", "20", 1);
}

int main(int argc, char **argv)
{
	struct round r;
	int rounds = argc > 2 ? (int)strtol(argv[2], NULL, 10)
		     : getenv("PARLOR_TEST_LONG") ? 200
						  : 20;
	unsigned seed = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10)
				 : (unsigned)getpid();
	uint32_t acknowledged = 0;

	if (argc == 3 && strcmp(argv[1], "--serve") == 0)
		return serve(argv[2]);
	if (argc < 2)
		die("usage: crash LIBRARY [ROUNDS [SEED]]", 0, 0);
	prepare(argv[1]);
	printf("crash: %d rounds, seed %u\n", rounds, seed);
	fflush(stdout);
	srandom(seed);
	for (int i = 0; i < rounds; i++) {
		run_round(&r, (int)(random() % 200), random() % 8 == 0);
		acknowledged += r.acknowledged;
	}
	run_round(&r, 1, false); /* what the last one left */
	printf("crash: %u writes acknowledged, none lost, none torn\n",
	       acknowledged);
	clean();
	return acknowledged == 0;
}
