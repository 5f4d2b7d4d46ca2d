/* services/gateway/forward/access.c - what is said and billed of a request */
#include "lib/base/clock.h"
#include "lib/meter/log.h"
#include "lib/meter/request.h"
#include "lib/meter/spool.h"
#include "services/gateway/forward/exchange.h"

#include <stdlib.h>

enum { HOUR_MS = 3600000 };

/* The row behind the last route's is for requests without one. */
struct forward_metrics {
	size_t routes;
	struct request_metrics rows[];
};

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
		request_metrics_init(&m->rows[i], operation_at(routes, i));
	return m;
}

static void count(const struct exchange *e, int64_t microseconds)
{
	struct forward_metrics *m = e->plan->metrics;
	size_t i = e->match.route ? e->match.route->index : m->routes;

	request_metrics_count(&m->rows[i], e->fault.code, microseconds);
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
	    .code = request_outcome(e->fault.code),
	    .principal = e->principal.text,
	    .request_id = e->request_id,
	    .status = status,
	    .microseconds = took,
	    .bytes_in = e->request->body.size,
	    .bytes_out = sent,
	});
}
