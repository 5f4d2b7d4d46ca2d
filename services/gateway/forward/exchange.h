/* services/gateway/forward/exchange.h - a request while it is forwarded
 *
 * It lives in the request's arena.
 */
#ifndef PARLOR_GATEWAY_EXCHANGE_H
#define PARLOR_GATEWAY_EXCHANGE_H

#include "lib/base/list.h"
#include "lib/crypto/principal.h"
#include "lib/rpc/connect.h"
#include "lib/rpc/trace.h"
#include "services/gateway/forward/forward.h"
#include "services/gateway/map/headers.h"
#include "services/gateway/site/site.h"

/* Where one is in a stream's envelopes: at the head of one, or within. */
struct envelopes {
	uint8_t head[ENVELOPE_SIZE];
	size_t head_size;
	uint64_t left;
	bool ended; /* the last one has begun */
};

struct exchange {
	struct http_request *request;
	struct forward *forward;
	struct forward_thread *thread;
	const struct plan *plan;
	const struct site *site; /* NULL: none */
	struct route_match match;
	struct headers_found headers;
	struct fault fault;
	struct principal principal;
	struct slice request_id;
	int64_t now_ms;
	int64_t deadline_ns;	    /* monotonic */
	bool answered;		    /* by one of the checks */
	bool under_way;		    /* the call is */
	struct list place;	    /* in its thread's, while it is */
	bool begun;		    /* a streamed answer is */
	bool draining;		    /* it ends behind the envelope under way */
	struct envelopes envelopes; /* that have passed */
	struct buffer message;	    /* of a REST request */
	struct http_call call;
	char trace[TRACE_SIZE];
	char token[1024]; /* parlor-caller */
	char timeout[16];
};

/* ---- answer.c */

/* Answers with the fault; `status` 0 is its own. */
void exchange_refuse(struct exchange *, int status);
/* Hands the back end's answer on. */
void exchange_answer(struct exchange *);
/* Hands a piece of a streamed answer on. */
void exchange_piece(struct exchange *, struct slice piece);
/* Is it between two envelopes, so that it can end? */
bool exchange_is_between(const struct exchange *);

/* Answers with a page of the site. */
void exchange_page(struct exchange *, const struct site_page *);

/* ---- access.c */

/* The metrics of a plan's routes. */
struct forward_metrics *forward_metrics_new(const struct route_table *);

/* Counts a call that is forwarded, for the bill. */
void exchange_bill(const struct exchange *);
/* It is over: a line in the log, and two metrics. */
void exchange_over(const struct exchange *, int status, uint64_t sent);

#endif
