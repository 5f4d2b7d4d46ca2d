/* lib/meter/metric.h - counters and histograms for /metrics
 *
 * Registered once by name and labels, counted per thread without a lock, summed
 * when asked. Prometheus text format 0.0.4.
 */
#ifndef PARLOR_METER_METRIC_H
#define PARLOR_METER_METRIC_H

#include "lib/base/buffer.h"

struct metric;

/* `labels` as 'operation="GetItem",code="ok"' or "". The same name and labels
 * give the same metric. Any thread; keep the pointer. */
struct metric *metric_counter(const char *name, const char *help,
			      const char *labels);
struct metric *metric_gauge(const char *name, const char *help,
			    const char *labels);
/* Seconds, buckets from 50 µs to 10 s. */
struct metric *metric_histogram(const char *name, const char *help,
				const char *labels);

void metric_add(struct metric *, int64_t);
void metric_set(struct metric *, int64_t);
void metric_observe_us(struct metric *, int64_t microseconds);

void metric_print(struct buffer *);

#endif
