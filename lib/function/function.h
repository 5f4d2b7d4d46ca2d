/* lib/function/function.h - what a function of the game is written against
 *
 * A function is a static executable that serves one operation: a handler given
 * to function_main, and nothing else.
 *
 *	static void get_match(struct event *e)
 *	{
 *		const Parlor__Game__V1__GetMatchRequest *request =
 *event_request( e, &parlor__game__v1__get_match_request__descriptor);
 *		...
 *		row = event_call(e, "parlor.kv.v1.KeyValue/GetItem", &get.base,
 *				 &parlor__kv__v1__get_item_response__descriptor,
 *				 NULL);
 *		...
 *		event_reply(e, &answer.base);
 *	}
 *
 *	int main(int argc, char **argv)
 *	{
 *		return function_main(argc, argv, get_match);
 *	}
 *
 * The host hands it one event at a time and takes its answer; everything else a
 * function wants from the world it asks of the host (event_call). There is no
 * network behind it, no file, no secret and no clock: time and randomness come
 * with the event, so that an event with the answers to its calls can be played
 * again and gives the same. The process may be killed between any two events,
 * and keeps nothing from one to the next.
 *
 * An event that has failed stays so: later steps on it do nothing and give
 * NULL, so straight code stays straight and looks once at the end. event_reply
 * then sends the failure instead.
 */
#ifndef PARLOR_FUNCTION_H
#define PARLOR_FUNCTION_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"

#include <protobuf-c/protobuf-c.h>

/* On whose behalf; all empty when no user's token came with the call. */
struct event_user {
	struct slice sub, username, groups; /* groups: comma-separated */
};

/* Everything the function may read. Texts end with a NUL and live in `mem`. */
struct event {
	struct arena *mem;	/* dies with the event; 32 MiB */
	const char *function;	/* its own name: "PlayMove" */
	const char *method;	/* "parlor.game.v1.Matches/PlayMove" */
	const char *request_id; /* this invocation's, in the log too */
	struct event_user user;
	int64_t time_ms;      /* wall time of the event, since 1970 */
	struct slice payload; /* the request's bytes; see event_request */
	struct fault fault;   /* why it failed, E_NONE while all is well */
};

typedef void function_handler(struct event *);

/* Serves until the host says goodbye. Returns the exit status for main. */
int function_main(int argc, char **argv, function_handler *);

/* The request as its message, in the event's memory. It was scanned first:
 * depth, counts and UTF-8 are sane, and strings hold no NUL. NULL, and failed,
 * when it is malformed. */
void *event_request(struct event *, const ProtobufCMessageDescriptor *);

/* Calls another service through the host, as this function on behalf of the
 * user, and waits for the answer: a message in the event's memory. When it is
 * refused the result is NULL and `fault` tells code, words and details; given
 * NULL for `fault`, the event itself fails with them. Calls are counted and
 * bounded; none is possible after the reply. */
void *event_call(struct event *, const char *method,
		 const ProtobufCMessage *request,
		 const ProtobufCMessageDescriptor *answer, struct fault *fault);

/* The detail of that message type among a fault's details, unpacked into the
 * event's memory; NULL when there is none. */
void *event_fault_detail(struct event *, const struct fault *,
			 const ProtobufCMessageDescriptor *);

/* Notes the first failure, with words for the caller; later ones change
 * nothing. Returns the negative code, for `return event_fail(…)`. */
#define event_fail(e, code, ...) fault_set(&(e)->fault, code, __VA_ARGS__)

/* Adds a typed message to the failure: the current match, say. */
void event_fail_detail(struct event *, const ProtobufCMessage *);

static inline bool event_failed(const struct event *e)
{
	return e->fault.code != E_NONE;
}

/* Answers, with the message or with the event's failure; the first one counts.
 * A handler that returns without it answers with the failure, or with
 * `internal` if there is none. */
void event_reply(struct event *, const ProtobufCMessage *);

/* Before the reply: no other answer will follow from what this one tells of. A
 * stream of this function's answers ends behind it. */
void event_final(struct event *);

/* A line of the host's log, under the function's name and the request's id. At
 * most 1,024 bytes a line and 100 lines an event; more is dropped. */
void event_log(struct event *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Bytes nobody can guess, drawn from the event's own seed. */
void event_random(struct event *, void *out, size_t size);

/* Milliseconds until the host ends this event, at least 0. */
int event_remaining_ms(const struct event *);

/* What this event's cost belongs to ("match#ID"), for the ledger; at most 255
 * bytes. The last one said before the reply counts; it reaches the host with the
 * next call, or with the reply. */
void event_cost_tag(struct event *, const char *tag);

#endif
