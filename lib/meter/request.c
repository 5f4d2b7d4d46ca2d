/* lib/meter/request.c - the two metrics of an operation's requests */
#include "lib/meter/request.h"

enum { LABELS_MAX = 1024 };

const char *request_outcome(int code)
{
	return code ? fault_row(code)->connect : "ok";
}

static void begin_labels(struct buffer *labels, const char *operation)
{
	buffer_init(labels, LABELS_MAX);
	metric_label(labels, "operation", slice_of(operation));
}

static const char *end_labels(struct buffer *labels)
{
	buffer_put_byte(labels, 0);
	return (const char *)buffer_slice(labels).data;
}

static struct metric *make_outcome(const char *operation, int code)
{
	struct buffer labels;
	struct metric *m;

	begin_labels(&labels, operation);
	metric_label(&labels, "code", slice_of(request_outcome(code)));
	m = metric_counter("parlor_requests_total", "Requests by outcome.",
			   end_labels(&labels));
	buffer_release(&labels);
	return m;
}

void request_metrics_init(struct request_metrics *r, const char *operation)
{
	struct buffer labels;

	r->operation = operation;
	begin_labels(&labels, operation);
	r->seconds =
	    metric_histogram("parlor_request_seconds",
			     "From a request's first byte to its answer.",
			     end_labels(&labels));
	buffer_release(&labels);
}

void request_metrics_count(struct request_metrics *r, int code,
			   int64_t microseconds)
{
	struct metric *outcome =
	    atomic_load_explicit(&r->outcomes[code], memory_order_acquire);

	if (!outcome) {
		outcome = make_outcome(r->operation, code);
		atomic_store_explicit(&r->outcomes[code], outcome,
				      memory_order_release);
	}
	metric_add(outcome, 1);
	if (r->seconds)
		metric_observe_us(r->seconds, microseconds);
}
