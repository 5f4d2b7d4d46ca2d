/* lib/rpc/trace.h - W3C trace context: one id along a request's whole way
 *
 * A traceparent that comes in keeps its trace id and flags and gets a span id of
 * ours; without one, or with a malformed one, a trace begins here.
 */
#ifndef PARLOR_RPC_TRACE_H
#define PARLOR_RPC_TRACE_H

#include "lib/base/slice.h"

enum {
	TRACE_SIZE = 56,     /* "00-TRACE-SPAN-FLAGS" and a NUL */
	TRACE_SPAN = 36,     /* where the span id begins, */
	TRACE_SPAN_SIZE = 16 /* and its length */
};

/* `from` is the header's value; empty without one. Any thread. */
void trace_continue(struct slice from, char out[TRACE_SIZE]);

#endif
