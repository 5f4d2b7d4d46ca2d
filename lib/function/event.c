/* lib/function/event.c - what a function may do with its event */
#include "lib/base/clock.h"
#include "lib/function/failure.h"
#include "lib/function/worker.h"
#include "lib/wire/message.h"

#include "parlor/function/v1/event.pb-c.h"

#include <limits.h>
#include <stdarg.h>

/* The event is the first member of its worker. */
static struct worker *worker_of(struct event *e)
{
	return (struct worker *)(void *)e;
}

void *event_request(struct event *e, const ProtobufCMessageDescriptor *type)
{
	if (event_failed(e))
		return NULL;
	return message_unpack(type, e->payload, e->mem, &e->fault);
}

/* May a call be made now? */
static bool may_call(struct event *e, struct fault *fault)
{
	if (worker_of(e)->replied)
		fault_set(fault, E_PRECONDITION,
			  "calls after the reply are refused");
	else if (event_failed(e))
		fault_set(fault, e->fault.code, "%s", e->fault.message);
	return fault->code == E_NONE;
}

static void send_call(struct worker *w, const char *method,
		      const ProtobufCMessage *request, struct fault *fault)
{
	Parlor__Function__V1__Call call = PARLOR__FUNCTION__V1__CALL__INIT;
	struct slice payload = message_pack(request, &w->mem), bytes;

	call.method = (char *)(uintptr_t)method;
	call.has_payload = true;
	call.payload.data = (uint8_t *)(uintptr_t)payload.data;
	call.payload.len = payload.size;
	call.cost_tag = (char *)(uintptr_t)w->cost_tag;
	w->cost_tag = NULL;
	bytes = message_pack(&call.base, &w->mem);
	if (w->mem.full)
		fault_set(fault, E_EXHAUSTED,
			  "the event takes over %zu bytes of memory",
			  w->mem.max);
	else
		worker_send(w, FRAME_CALL, ++w->calls, bytes);
}

void *event_call(struct event *e, const char *method,
		 const ProtobufCMessage *request,
		 const ProtobufCMessageDescriptor *answer, struct fault *fault)
{
	struct worker *w = worker_of(e);
	struct frame head;
	struct slice result;

	if (fault)
		fault_clear(fault);
	else
		fault = &e->fault;
	if (!may_call(e, fault))
		return NULL;
	send_call(w, method, request, fault);
	if (fault->code != E_NONE)
		return NULL;
	do
		result = worker_receive(w, &head);
	while (head.number != w->calls);
	if (head.kind == FRAME_RESULT)
		return message_unpack(answer, result, e->mem, fault);
	failure_unpack(result, e->mem, fault);
	return NULL;
}

void *event_fault_detail(struct event *e, const struct fault *fault,
			 const ProtobufCMessageDescriptor *type)
{
	struct fault malformed = { 0 };

	for (const struct fault_detail *d = fault->details; d; d = d->next)
		if (strcmp(d->type, type->name) == 0)
			return message_unpack(type, d->value, e->mem,
					      &malformed);
	return NULL;
}

void event_fail_detail(struct event *e, const ProtobufCMessage *message)
{
	struct fault_detail *detail = arena_zalloc(e->mem, sizeof(*detail));

	if (!detail)
		return;
	detail->type = message->descriptor->name;
	detail->value = message_pack(message, e->mem);
	detail->next = e->fault.details;
	e->fault.details = detail;
}

void event_reply(struct event *e, const ProtobufCMessage *message)
{
	worker_reply(worker_of(e), message);
}

void event_final(struct event *e)
{
	worker_of(e)->final = true;
}

void event_log(struct event *e, const char *format, ...)
{
	struct worker *w = worker_of(e);
	char line[FRAME_LOG_MAX + 1];
	va_list args;
	int size;

	va_start(args, format);
	size = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (size > FRAME_LOG_MAX)
		size = FRAME_LOG_MAX;
	if (size > 0 && !w->replied && w->log_lines++ < FRAME_LOG_LINES)
		worker_send(w, FRAME_LOG, 0, slice_make(line, (size_t)size));
}

void event_random(struct event *e, void *out, size_t size)
{
	keystream_read(&worker_of(e)->random, out, size);
}

int event_remaining_ms(const struct event *e)
{
	const struct worker *w = (const struct worker *)(const void *)e;
	int64_t left = (w->deadline_ns - clock_monotonic_ns()) / 1000000;

	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

void event_cost_tag(struct event *e, const char *tag)
{
	struct worker *w = worker_of(e);
	size_t size = strlen(tag);

	/* it goes with the next call: a frame of its own would wake the host */
	if (!w->replied && size <= FRAME_COST_TAG_MAX)
		w->cost_tag = arena_copy(e->mem, tag, size);
}
