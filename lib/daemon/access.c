/* lib/daemon/access.c - a log line and two metrics for each request
 *
 * What is said of an operation comes from its row. The metrics of a row are
 * found once and kept by its place, so that a request looks nothing up by name.
 */
#include "lib/base/clock.h"
#include "lib/daemon/state.h"
#include "lib/meter/log.h"
#include "lib/meter/request.h"

enum { SERVICES_MAX = 8 };

static struct {
	const struct op *first;
	size_t count;
	struct request_metrics *rows;
} services[SERVICES_MAX];

/* Requests for no operation of ours. */
static struct request_metrics strangers = { .operation = "" };

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
		    calloc(count + 1, sizeof(struct request_metrics));
		if (!services[i].rows)
			abort(); /* lack of memory ends the process */
		for (size_t j = 0; j < count; j++)
			request_metrics_init(&services[i].rows[j],
					     all[i].ops[j].name);
	}
}

static struct request_metrics *metrics_of(const struct op *op)
{
	for (size_t i = 0; op && i < SERVICES_MAX && services[i].rows; i++)
		if (op >= services[i].first &&
		    op < services[i].first + services[i].count)
			return &services[i].rows[op - services[i].first];
	return &strangers;
}

void access_over(const struct call *c, int status, uint64_t sent, void *state)
{
	int64_t took = (clock_monotonic_ns() - c->started_ns) / 1000;

	(void)state;
	request_metrics_count(metrics_of(c->op), c->fault.code, took);
	log_request(&(struct log_request){
	    .operation = c->op ? c->op->name : NULL,
	    .resource = c->log_resource,
	    .peer = c->peer,
	    .trace = c->trace,
	    .code = request_outcome(c->fault.code),
	    .principal = c->principal.text,
	    .request_id = c->header_id,
	    .status = status,
	    .microseconds = took,
	    .bytes_in = c->request.size,
	    .bytes_out = sent,
	});
}
