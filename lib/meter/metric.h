/* lib/meter/metric.h - counters and histograms for /metrics
 *
 * Registered once by name and labels, counted per thread without a lock, summed
 * when asked. Prometheus text format 0.0.4. A daemon has as many as its tables
 * say; past 8,000 all further ones are one that nobody prints, so that no
 * stranger's label grows the memory.
 */
#ifndef PARLOR_METER_METRIC_H
#define PARLOR_METER_METRIC_H

#include "lib/base/buffer.h"

struct metric;

/* `labels` as metric_label writes them, or "". The same name and labels give
 * the same metric; a name has one type. Any thread; keep the pointer. */
struct metric *metric_counter(const char *name, const char *help,
			      const char *labels);
struct metric *metric_gauge(const char *name, const char *help,
			    const char *labels);
/* Seconds, buckets from 50 µs to 10 s. */
struct metric *metric_histogram(const char *name, const char *help,
				const char *labels);

/* Appends `name="value"`, with a comma in front of all but the first. */
void metric_label(struct buffer *labels, const char *name, struct slice value);

void metric_add(struct metric *, int64_t);
void metric_set(struct metric *, int64_t);
void metric_observe_us(struct metric *, int64_t microseconds);

/* The value of a counter or gauge, the count of a histogram. */
int64_t metric_value(const struct metric *);

/* All of them, and what the kernel knows of the process. */
void metric_print(struct buffer *);

/* The second part alone: memory, descriptors, processor time (process.c). */
void metric_print_process(struct buffer *);

#endif
