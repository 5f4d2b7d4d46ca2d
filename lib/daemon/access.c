/* lib/daemon/access.c - a log line and two metrics for each request
 *
 * What is said of an operation comes from its row. The metrics of a row are
 * found once and kept by its place, so that a request looks nothing up by name.
 */
#include "lib/base/clock.h"
#include "lib/daemon/state.h"
#include "lib/meter/log.h"
#include "lib/meter/metric.h"

enum { SERVICES_MAX = 8 };

struct row_metrics {
	struct metric *seconds;
	_Atomic(struct metric *) outcomes[E_COUNT];
};

static struct {
	const struct op *first;
	size_t count;
	struct row_metrics *rows;
} services[SERVICES_MAX];

static struct metric *outcome(const char *operation, const char *code)
{
	struct buffer labels;
	struct metric *m;

	buffer_init(&labels, 1024);
	metric_label(&labels, "operation", slice_of(operation));
	metric_label(&labels, "code", slice_of(code));
	buffer_put_byte(&labels, 0);
	m = metric_counter("parlor_requests_total", "Requests by outcome.",
			   (const char *)buffer_slice(&labels).data);
	buffer_release(&labels);
	return m;
}

static struct metric *duration(const char *operation)
{
	struct buffer labels;
	struct metric *m;

	buffer_init(&labels, 1024);
	metric_label(&labels, "operation", slice_of(operation));
	buffer_put_byte(&labels, 0);
	m = metric_histogram("parlor_request_seconds",
			     "From a request's first byte to its answer.",
			     (const char *)buffer_slice(&labels).data);
	buffer_release(&labels);
	return m;
}

void access_init(const struct op_service *all)
{
	for (size_t i = 0; all && all[i].name && i < SERVICES_MAX; i++) {
		size_t count = 0;

		while (all[i].ops[count].name)
			count++;
		free(services[i].rows);
		services[i].first = all[i].ops;
		services[i].count = count;
		services[i].rows =
		    calloc(count + 1, sizeof(struct row_metrics));
		if (!services[i].rows)
			abort(); /* lack of memory ends the process */
		for (size_t j = 0; j < count; j++)
			services[i].rows[j].seconds =
			    duration(all[i].ops[j].name);
	}
}

static struct row_metrics *metrics_of(const struct op *op)
{
	for (size_t i = 0; i < SERVICES_MAX && services[i].rows; i++)
		if (op >= services[i].first &&
		    op < services[i].first + services[i].count)
			return &services[i].rows[op - services[i].first];
	return NULL;
}

static void count(const struct op *op, int code, const char *name,
		  int64_t microseconds)
{
	struct row_metrics *row = op ? metrics_of(op) : NULL;
	struct metric *m;

	if (!row) {
		metric_add(outcome("", name), 1);
		return;
	}
	m = atomic_load_explicit(&row->outcomes[code], memory_order_acquire);
	if (!m) {
		m = outcome(op->name, name);
		atomic_store_explicit(&row->outcomes[code], m,
				      memory_order_release);
	}
	metric_add(m, 1);
	metric_observe_us(row->seconds, microseconds);
}

void access_over(const struct call *c, int status, uint64_t sent, void *state)
{
	const char *code =
	    c->fault.code ? fault_row(c->fault.code)->connect : "ok";
	int64_t took = (clock_monotonic_ns() - c->started_ns) / 1000;

	(void)state;
	count(c->op, c->fault.code, code, took);
	log_request(&(struct log_request){
	    .operation = c->op ? c->op->name : NULL,
	    .resource = c->log_resource,
	    .peer = c->peer,
	    .trace = c->trace,
	    .code = code,
	    .principal = c->principal.text,
	    .request_id = c->header_id,
	    .status = status,
	    .microseconds = took,
	    .bytes_in = c->request.size,
	    .bytes_out = sent,
	});
}
