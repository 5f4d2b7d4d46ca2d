/* lib/function/worker.c - a process that handles one event after the other */
#include "lib/function/worker.h"
#include "lib/base/clock.h"
#include "lib/function/failure.h"
#include "lib/wire/message.h"

#include "parlor/function/v1/event.pb-c.h"

#include <unistd.h>

enum { WORKER_MEMORY = 32 * 1024 * 1024 };

void worker_send(struct worker *w, enum frame_kind kind, uint32_t number,
		 struct slice message)
{
	if (frame_send(w->socket, kind, number, message) != 0)
		_exit(0);
}

struct slice worker_receive(struct worker *w, struct frame *head)
{
	static uint8_t buffer[FRAME_MAX];
	struct slice message;
	int more = 0;

	while (more == 0) {
		int size = frame_receive(w->socket, buffer, 0);

		if (size == 0)
			_exit(0);
		if (size > 0)
			more = frame_take(&w->reader, &w->mem,
					  slice_make(buffer, (size_t)size),
					  head, &message);
		if (size < 0 || more < 0)
			_exit(1);
	}
	/* the buffer is needed again before the event is over */
	return message.data >= buffer && message.data <= buffer + FRAME_MAX
		   ? arena_slice(&w->mem, message)
		   : message;
}

void worker_reply(struct worker *w, const ProtobufCMessage *message)
{
	struct fault *fault = &w->event.fault;
	struct slice bytes = { 0 };

	if (w->replied)
		return;
	w->replied = true;
	if (w->cost_tag)
		worker_send(w, FRAME_COST_TAG, 0, slice_of(w->cost_tag));
	if (fault->code == E_NONE && message)
		bytes = message_pack(message, &w->mem);
	if (w->mem.full)
		fault_set(fault, E_EXHAUSTED,
			  "the event takes over %zu bytes of memory",
			  w->mem.max);
	else if (!message)
		fault_set(fault, E_INTERNAL, "the function gave no answer");
	if (fault->code == E_NONE) {
		worker_send(w, FRAME_ANSWER, w->final, bytes);
		return;
	}
	/* a full arena has no room for the words: begin a new one */
	if (w->mem.full) {
		fault->details = NULL;
		arena_reset(&w->mem);
	}
	worker_send(w, FRAME_FAILURE, 0, failure_pack(fault, &w->mem));
}

static struct slice text_of(const char *text)
{
	return slice_of(text ? text : "");
}

/* Fills what the handler sees; false when the message is no Event. */
static bool read_event(struct worker *w, struct slice bytes)
{
	struct event *e = &w->event;
	struct fault fault = { 0 };
	const Parlor__Function__V1__Event *m =
	    message_unpack(&parlor__function__v1__event__descriptor, bytes,
			   &w->mem, &fault);

	if (!m || !m->has_seed || m->seed.len != KEYSTREAM_SEED)
		return false;
	e->function = (const char *)text_of(m->function_name).data;
	e->method = (const char *)text_of(m->method).data;
	e->request_id = (const char *)text_of(m->request_id).data;
	e->user.sub = text_of(m->sub);
	e->user.username = text_of(m->username);
	e->user.groups = text_of(m->groups);
	e->time_ms = m->time_ms;
	e->payload = slice_make(m->payload.data, m->payload.len);
	keystream_init(&w->random, m->seed.data);
	w->deadline_ns =
	    clock_monotonic_ns() + (int64_t)m->remaining_ms * 1000000;
	return true;
}

static void serve_one(struct worker *w, function_handler *handle)
{
	struct frame head;
	struct slice message = worker_receive(w, &head);

	w->event = (struct event){ .mem = &w->mem };
	w->calls = 0;
	w->log_lines = 0;
	w->cost_tag = NULL;
	w->replied = w->final = false;
	if (head.kind != FRAME_EVENT || !read_event(w, message))
		_exit(1);
	handle(&w->event);
	worker_reply(w, NULL);
	arena_reset(&w->mem);
}

void worker_serve(int socket, function_handler *handle)
{
	static struct worker worker;

	worker.socket = socket;
	arena_init(&worker.mem, WORKER_MEMORY);
	for (;;)
		serve_one(&worker, handle);
}
