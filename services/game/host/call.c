/* services/game/host/call.c - a function's call on its way through the host */
#include "services/game/host/call.h"
#include "lib/base/clock.h"
#include "lib/function/failure.h"
#include "lib/rpc/descriptor.h"
#include "lib/wire/message.h"
#include "services/game/host/host.h"
#include "services/game/host/pool.h"

#include "parlor/function/v1/event.pb-c.h"

#include <limits.h>

static void refuse(struct host_invocation *i, const struct fault *fault)
{
	i->call_over(i, true, failure_pack(fault, i->mem));
}

static void on_done(struct rpc_call *c)
{
	struct host_invocation *i = LIST_ENTRY(c, struct host_invocation, call);

	i->called = NULL;
	i->call_bytes += c->answer.size;
	if (c->fault.code != E_NONE)
		refuse(i, &c->fault);
	else
		i->call_over(i, false, c->answer);
}

static struct rpc_client *route(const struct host *h, struct slice method)
{
	struct slice service = slice_cut(&method, '/');

	for (const struct host_route *r = host_options(h)->routes; r->service;
	     r++)
		if (slice_is(service, r->service))
			return r->client;
	return NULL;
}

/* Why the call can't be made at all; E_NONE if it can. */
static void check(const struct host_invocation *i, const char *method,
		  struct slice payload, const struct rpc_client *client,
		  struct fault *fault)
{
	if (i->calls > HOST_CALLS_MAX)
		fault_set(fault, E_EXHAUSTED, "more than %d calls in one event",
			  HOST_CALLS_MAX);
	else if (i->call_bytes + payload.size > HOST_CALL_BYTES_MAX)
		fault_set(fault, E_EXHAUSTED,
			  "calls of more than %d bytes in one event",
			  HOST_CALL_BYTES_MAX);
	else if (!client)
		fault_set(fault, E_DENIED, "functions may not call '%s'",
			  method);
}

static int left_ms(const struct host_invocation *i)
{
	int64_t left = (i->call_until_ns - clock_monotonic_ns()) / 1000000;

	return left < 1 ? 1 : left < INT_MAX ? (int)left : INT_MAX;
}

static void start(struct host *h, struct host_invocation *i, const char *method,
		  struct slice payload)
{
	const struct descriptor_method *row =
	    descriptor_method_find(host_options(h)->descriptors,
				   slice_of(method));

	i->call_bytes += payload.size;
	i->wrote |= !row || !row->no_side_effects;
	i->call = (struct rpc_call){
		.method = method,
		.request_bytes = payload,
		.user_token = i->user_token,
		.on_behalf = slice_of(i->pool->principal),
		.traceparent = i->traceparent,
		.timeout_ms = left_ms(i),
		.idempotent = row && row->no_side_effects,
		.mem = i->mem,
		.done = on_done,
	};
	rpc_client_call(i->called, &i->call);
}

int host_call_tag(struct host_invocation *i, struct slice tag)
{
	if (tag.size > FRAME_COST_TAG_MAX || !slice_is_utf8(tag) ||
	    memchr(tag.data, 0, tag.size))
		return -E_INVALID;
	memcpy(i->cost_tag, tag.data, tag.size);
	i->cost_tag[tag.size] = '\0';
	return 0;
}

int host_call_begin(struct host *h, struct host_invocation *i,
		    struct slice bytes, host_call_over_fn *over)
{
	const Parlor__Function__V1__Call *m;
	struct fault fault = { 0 };
	struct slice payload;

	m = message_unpack(&parlor__function__v1__call__descriptor, bytes,
			   i->mem, &fault);
	if (!m || !m->method)
		return -E_INVALID;
	if (m->cost_tag && host_call_tag(i, slice_of(m->cost_tag)) < 0)
		return -E_INVALID;
	i->call_over = over;
	i->called = route(h, slice_of(m->method));
	payload = slice_make(m->payload.data, m->payload.len);
	check(i, m->method, payload, i->called, &fault);
	if (fault.code == E_NONE) {
		start(h, i, m->method, payload);
		return 0;
	}
	i->called = NULL;
	refuse(i, &fault);
	return 0;
}

void host_call_cancel(struct host_invocation *i)
{
	if (i->called)
		rpc_client_cancel(i->called, &i->call);
	i->called = NULL;
}
