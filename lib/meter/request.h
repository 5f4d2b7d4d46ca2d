/* lib/meter/request.h - the two metrics of an operation's requests
 *
 * How many came to which end, and how long they took. They are found by name
 * once and kept by the operation's place, so that a request looks nothing up.
 */
#ifndef PARLOR_METER_REQUEST_H
#define PARLOR_METER_REQUEST_H

#include "lib/base/fault.h"
#include "lib/meter/metric.h"

#include <stdatomic.h>

struct request_metrics {
	const char *operation;	/* stays with its owner */
	struct metric *seconds; /* NULL: nobody asks how long */
	_Atomic(struct metric *) outcomes[E_COUNT]; /* made when first needed */
};

/* Of zeroed memory. */
void request_metrics_init(struct request_metrics *, const char *operation);

/* A request is over; `code` is its fault's, 0 when it went well. Any thread. */
void request_metrics_count(struct request_metrics *, int code,
			   int64_t microseconds);

/* "ok", or the code's name in Connect. */
const char *request_outcome(int code);

#endif
