/* lib/function/worker.h - a process that handles one event after the other
 *
 * What stands behind a `struct event` (its first member), and the loop that
 * receives events and hands them to the handler.
 */
#ifndef PARLOR_FUNCTION_WORKER_H
#define PARLOR_FUNCTION_WORKER_H

#include "lib/function/frame.h"
#include "lib/function/function.h"
#include "lib/function/keystream.h"

struct worker {
	struct event event; /* as the handler sees it */
	int socket;
	struct arena mem;
	struct frame_reader reader;
	struct keystream random;
	int64_t deadline_ns; /* monotonic */
	uint32_t calls;	     /* made in this event */
	int log_lines;
	const char *cost_tag; /* not yet sent; NULL: none */
	bool replied, final;
};

/* Sends a message to the host; the process ends if the host has gone. */
void worker_send(struct worker *, enum frame_kind, uint32_t number,
		 struct slice message);

/* The next whole message from the host, in the event's memory; the process
 * ends if the host has gone or breaks the rules. */
struct slice worker_receive(struct worker *, struct frame *head);

/* Sends what the event comes to, unless that was done. */
void worker_reply(struct worker *, const ProtobufCMessage *);

/* Serves events from the socket until the host closes it. Does not return. */
void worker_serve(int socket, function_handler *) __attribute__((noreturn));

#endif
