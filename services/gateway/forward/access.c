/* services/gateway/forward/access.c - what is said and billed of a request */
#include "lib/base/clock.h"
#include "lib/meter/log.h"
#include "lib/meter/metric.h"
#include "lib/meter/spool.h"
#include "services/gateway/forward/exchange.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { HOUR_MS = 3600000, LABELS_MAX = 1024 };

/* The row behind the last route's is for requests without one. */
struct forward_metrics {
	size_t routes;
	struct {
		struct metric *seconds;
		_Atomic(struct metric *) outcomes[E_COUNT];
	} rows[];
};

static const char *code_name(int code)
{
	return code ? fault_row(code)->connect : "ok";
}

/* `code` -1: it is of the operation alone. */
static struct metric *make_metric(const char *operation, int code)
{
	struct buffer labels;
	struct metric *m;
	const char *text;

	buffer_init(&labels, LABELS_MAX);
	metric_label(&labels, "operation", slice_of(operation));
	if (code >= 0)
		metric_label(&labels, "code", slice_of(code_name(code)));
	buffer_put_byte(&labels, 0);
	text = (const char *)buffer_slice(&labels).data;
	m = code >= 0
		? metric_counter("parlor_requests_total",
				 "Requests by outcome.", text)
		: metric_histogram("parlor_request_seconds",
				   "From a request's first byte to its answer.",
				   text);
	buffer_release(&labels);
	return m;
}

static const char *operation_at(const struct route_table *routes, size_t i)
{
	return i < route_table_count(routes)
		   ? route_table_at(routes, i)->operation
		   : "";
}

struct forward_metrics *forward_metrics_new(const struct route_table *routes)
{
	size_t count = route_table_count(routes);
	struct forward_metrics *m =
	    calloc(1, sizeof(*m) + (count + 1) * sizeof(m->rows[0]));

	if (!m)
		abort();
	m->routes = count;
	for (size_t i = 0; i <= count; i++)
		m->rows[i].seconds = make_metric(operation_at(routes, i), -1);
	return m;
}

static void count(const struct exchange *e, int64_t microseconds)
{
	struct forward_metrics *m = e->plan->metrics;
	size_t i = e->match.route ? e->match.route->index : m->routes;
	int code = e->fault.code;
	struct metric *outcome =
	    atomic_load_explicit(&m->rows[i].outcomes[code],
				 memory_order_acquire);

	if (!outcome) {
		outcome = make_metric(operation_at(e->plan->routes, i), code);
		atomic_store_explicit(&m->rows[i].outcomes[code], outcome,
				      memory_order_release);
	}
	metric_add(outcome, 1);
	metric_observe_us(m->rows[i].seconds, microseconds);
}

void exchange_bill(const struct exchange *e)
{
	const struct route *route = e->match.route;

	spool_add(e->forward->spool,
		  &(struct spool_key){
		      .principal = e->principal.text,
		      .resource = slice_of(route->key),
		      .operation = route->operation,
		      .unit = "Calls",
		      .hour = e->now_ms / HOUR_MS,
		  },
		  1);
}

void exchange_over(const struct exchange *e, int status, uint64_t sent)
{
	const struct route *route = e->match.route;
	int64_t took = (clock_monotonic_ns() - e->request->started_ns) / 1000;

	count(e, took);
	log_request(&(struct log_request){
	    .operation = route ? route->operation : NULL,
	    .resource = route ? route->key : NULL,
	    .peer = e->request->peer,
	    .trace = e->trace,
	    .code = code_name(e->fault.code),
	    .principal = e->principal.text,
	    .request_id = e->request_id,
	    .status = status,
	    .microseconds = took,
	    .bytes_in = e->request->body.size,
	    .bytes_out = sent,
	});
}
