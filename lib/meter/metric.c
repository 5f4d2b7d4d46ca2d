/* lib/meter/metric.c - counters and histograms for /metrics */
#include "lib/meter/metric.h"
#include "lib/base/map.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
	CHUNK = 512,	    /* cells */
	CHUNKS = 256,	    /* of a thread */
	METRICS_MAX = 8000, /* a label's values are bounded elsewhere too */
};

enum metric_type { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };

/* Upper bounds of the buckets, as compared and as printed. */
static const struct {
	int64_t us;
	const char *text;
} buckets[] = {
	{ 50, "5e-05" },   { 100, "0.0001" },  { 250, "0.00025" },
	{ 500, "0.0005" }, { 1000, "0.001" },  { 2500, "0.0025" },
	{ 5000, "0.005" }, { 10000, "0.01" },  { 25000, "0.025" },
	{ 50000, "0.05" }, { 100000, "0.1" },  { 250000, "0.25" },
	{ 500000, "0.5" }, { 1000000, "1" },   { 2500000, "2.5" },
	{ 5000000, "5" },  { 10000000, "10" },
};
enum { BUCKETS = sizeof(buckets) / sizeof(*buckets) };

/* A counter has one cell; a histogram one per bucket, one for what is above
 * all of them, and the sum in microseconds. A gauge has none. */
struct metric {
	struct metric *next; /* of the same name */
	size_t cell;
	enum metric_type type;
	_Atomic int64_t gauge;
	char labels[];
};

struct family {
	struct family *next;
	const char *name, *help;
	enum metric_type type;
	struct metric *first, **last;
};

/* A thread's own cells, written by it alone. When the thread ends, the next
 * new one goes on with them. */
struct shard {
	struct shard *next, *next_idle;
	_Atomic(_Atomic int64_t *) chunks[CHUNKS];
};

static struct {
	pthread_mutex_t
	    lock; /* over registering, and shards coming and going */
	pthread_once_t once;
	pthread_key_t at_thread_end;
	struct family *families, **last;
	struct map by_name; /* name{labels} */
	size_t cells;
	_Atomic(struct shard *) shards;
	struct shard *idle;
	struct metric *rest; /* what came too late */
} all = { .lock = PTHREAD_MUTEX_INITIALIZER, .once = PTHREAD_ONCE_INIT };

static _Thread_local struct shard *mine;

static void *allocate(size_t size)
{
	void *place = calloc(1, size);

	if (!place)
		abort(); /* lack of memory ends the process */
	return place;
}

static void thread_end(void *shard)
{
	pthread_mutex_lock(&all.lock);
	((struct shard *)shard)->next_idle = all.idle;
	all.idle = shard;
	pthread_mutex_unlock(&all.lock);
	mine = NULL;
}

static void set_up(void)
{
	pthread_key_create(&all.at_thread_end, thread_end);
	map_init(&all.by_name);
	all.last = &all.families;
	all.rest = allocate(sizeof(*all.rest) + 1);
	all.rest->type = METRIC_GAUGE;
}

static struct shard *shard_get(void)
{
	if (mine)
		return mine;
	pthread_once(&all.once, set_up);
	pthread_mutex_lock(&all.lock);
	mine = all.idle;
	if (mine) {
		all.idle = mine->next_idle;
	} else {
		mine = allocate(sizeof(*mine));
		mine->next = atomic_load(&all.shards);
		atomic_store(&all.shards, mine);
	}
	pthread_mutex_unlock(&all.lock);
	pthread_setspecific(all.at_thread_end, mine);
	return mine;
}

static size_t cells_of(enum metric_type type)
{
	return type == METRIC_HISTOGRAM ? BUCKETS + 2 : type == METRIC_COUNTER;
}

/* A metric's cells do not straddle two chunks. */
static bool take_cells(struct metric *m)
{
	size_t count = cells_of(m->type);

	if (all.cells % CHUNK + count > CHUNK)
		all.cells += CHUNK - all.cells % CHUNK;
	if (all.cells + count > (size_t)CHUNK * CHUNKS)
		return false;
	m->cell = all.cells;
	all.cells += count;
	return true;
}

static struct family *family_get(const char *name, const char *help,
				 enum metric_type type)
{
	struct family *f = all.families;

	while (f && strcmp(f->name, name) != 0)
		f = f->next;
	if (f)
		return f->type == type ? f : NULL;
	f = allocate(sizeof(*f));
	*f = (struct family){ .name = strdup(name),
			      .help = strdup(help),
			      .type = type };
	f->last = &f->first;
	*all.last = f;
	all.last = &f->next;
	return f;
}

static struct metric *make(const char *name, const char *help,
			   const char *labels, enum metric_type type)
{
	struct family *f = family_get(name, help, type);
	struct metric *m;

	if (!f || all.by_name.count >= METRICS_MAX)
		return all.rest;
	m = allocate(sizeof(*m) + strlen(labels) + 1);
	m->type = type;
	memcpy(m->labels, labels, strlen(labels) + 1);
	if (!take_cells(m)) {
		free(m);
		return all.rest;
	}
	*f->last = m;
	f->last = &m->next;
	return m;
}

static struct metric *get(const char *name, const char *help,
			  const char *labels, enum metric_type type)
{
	struct buffer key;
	struct metric *m;

	pthread_once(&all.once, set_up);
	buffer_init(&key, 8192);
	buffer_printf(&key, "%s{%s}", name, labels);
	if (key.failed)
		return all.rest;
	pthread_mutex_lock(&all.lock);
	m = map_find(&all.by_name, buffer_slice(&key));
	if (!m) {
		m = make(name, help, labels, type);
		if (m != all.rest)
			map_put(&all.by_name, buffer_slice(&key), m);
	}
	pthread_mutex_unlock(&all.lock);
	buffer_release(&key);
	return m->type == type ? m : all.rest;
}

struct metric *metric_counter(const char *name, const char *help,
			      const char *labels)
{
	return get(name, help, labels, METRIC_COUNTER);
}

struct metric *metric_gauge(const char *name, const char *help,
			    const char *labels)
{
	return get(name, help, labels, METRIC_GAUGE);
}

struct metric *metric_histogram(const char *name, const char *help,
				const char *labels)
{
	return get(name, help, labels, METRIC_HISTOGRAM);
}

static _Atomic int64_t *chunk_get(struct shard *s, size_t index)
{
	_Atomic int64_t *chunk =
	    atomic_load_explicit(&s->chunks[index], memory_order_relaxed);

	if (!chunk) {
		chunk = allocate(CHUNK * sizeof(*chunk));
		atomic_store_explicit(&s->chunks[index], chunk,
				      memory_order_release);
	}
	return chunk;
}

/* Only its own thread writes a cell: no locked instruction is needed. */
static void cell_add(size_t cell, int64_t value)
{
	_Atomic int64_t *at =
	    chunk_get(shard_get(), cell / CHUNK) + cell % CHUNK;

	atomic_store_explicit(at,
			      atomic_load_explicit(at, memory_order_relaxed) +
				  value,
			      memory_order_relaxed);
}

static int64_t cell_sum(size_t cell)
{
	int64_t sum = 0;

	for (struct shard *s = atomic_load(&all.shards); s; s = s->next) {
		_Atomic int64_t *chunk =
		    atomic_load_explicit(&s->chunks[cell / CHUNK],
					 memory_order_acquire);

		if (chunk)
			sum += atomic_load_explicit(chunk + cell % CHUNK,
						    memory_order_relaxed);
	}
	return sum;
}

void metric_add(struct metric *m, int64_t value)
{
	if (m->type == METRIC_GAUGE)
		atomic_fetch_add_explicit(&m->gauge, value,
					  memory_order_relaxed);
	else
		cell_add(m->cell, value);
}

void metric_set(struct metric *m, int64_t value)
{
	atomic_store_explicit(&m->gauge, value, memory_order_relaxed);
}

void metric_observe_us(struct metric *m, int64_t microseconds)
{
	size_t bucket = 0;

	if (m->type != METRIC_HISTOGRAM)
		return;
	while (bucket < BUCKETS && microseconds > buckets[bucket].us)
		bucket++;
	cell_add(m->cell + bucket, 1);
	cell_add(m->cell + BUCKETS + 1, microseconds);
}

int64_t metric_value(const struct metric *m)
{
	int64_t sum = 0;

	if (m->type == METRIC_GAUGE)
		return atomic_load(&m->gauge);
	if (m->type == METRIC_COUNTER)
		return cell_sum(m->cell);
	for (size_t i = 0; i <= BUCKETS; i++)
		sum += cell_sum(m->cell + i);
	return sum;
}

/* Prometheus escapes a help text's backslash and newline, and a label's quote
 * too. */
static void put_escaped(struct buffer *b, struct slice text, bool quote)
{
	for (size_t i = 0; i < text.size; i++) {
		uint8_t byte = text.data[i];

		if (byte == '\n')
			buffer_put_text(b, "\\n");
		else if (byte == '\\' || (quote && byte == '"'))
			buffer_printf(b, "\\%c", byte);
		else
			buffer_put_byte(b, byte);
	}
}

void metric_label(struct buffer *labels, const char *name, struct slice value)
{
	buffer_printf(labels, "%s%s=\"", buffer_size(labels) ? "," : "", name);
	put_escaped(labels, value, true);
	buffer_put_byte(labels, '"');
}

static void print_histogram(struct buffer *b, const char *name,
			    const struct metric *m)
{
	const char *comma = m->labels[0] ? "," : "";
	const char *open = m->labels[0] ? "{" : "";
	const char *close = m->labels[0] ? "}" : "";
	int64_t count = 0;

	for (size_t i = 0; i <= BUCKETS; i++) {
		count += cell_sum(m->cell + i);
		buffer_printf(b, "%s_bucket{%s%sle=\"%s\"} %lld\n", name,
			      m->labels, comma,
			      i < BUCKETS ? buckets[i].text : "+Inf",
			      (long long)count);
	}
	buffer_printf(b, "%s_sum%s%s%s %.6f\n", name, open, m->labels, close,
		      (double)cell_sum(m->cell + BUCKETS + 1) / 1e6);
	buffer_printf(b, "%s_count%s%s%s %lld\n", name, open, m->labels, close,
		      (long long)count);
}

static void print_one(struct buffer *b, const char *name,
		      const struct metric *m)
{
	if (m->type == METRIC_HISTOGRAM)
		print_histogram(b, name, m);
	else
		buffer_printf(b, "%s%s%s%s %lld\n", name,
			      m->labels[0] ? "{" : "", m->labels,
			      m->labels[0] ? "}" : "",
			      (long long)metric_value(m));
}

static void print_family(struct buffer *b, const struct family *f)
{
	static const char *const types[] = { "counter", "gauge", "histogram" };

	buffer_printf(b, "# HELP %s ", f->name);
	put_escaped(b, slice_of(f->help), false);
	buffer_printf(b, "\n# TYPE %s %s\n", f->name, types[f->type]);
	for (const struct metric *m = f->first; m; m = m->next)
		print_one(b, f->name, m);
}

void metric_print(struct buffer *b)
{
	pthread_once(&all.once, set_up);
	pthread_mutex_lock(&all.lock);
	for (const struct family *f = all.families; f; f = f->next)
		print_family(b, f);
	pthread_mutex_unlock(&all.lock);
	metric_print_process(b);
}
