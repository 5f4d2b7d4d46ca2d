/* lib/rpc/call.h - one request while it is served
 *
 * A call has its memory, its outcome and who asks. It is made by a door (the
 * Connect one, AWS's) on the thread of its connection and ends with one of the
 * call_reply functions or call_end after a failure, exactly once. Once it has
 * failed, later steps on it do nothing. While a write or a call to another
 * daemon is under way the call belongs to that; nobody else touches it.
 */
#ifndef PARLOR_RPC_CALL_H
#define PARLOR_RPC_CALL_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"
#include "lib/crypto/principal.h"

#include <protobuf-c/protobuf-c.h>
#include <stdatomic.h>

struct call;
struct loop;
struct op;

/* How an answer goes out: a door fills this. */
struct call_door {
	/* The whole answer of a unary call, or its fault. */
	void (*answer)(struct call *, struct slice message);
	/* One message of a stream; as call_send returns. */
	size_t (*send)(struct call *, struct slice message);
};

struct call {
	struct arena *mem; /* the request's */
	struct fault fault;
	const struct op *op;
	struct slice method; /* "parlor.kv.v1.KeyValue/PutItem" */
	const struct call_door *door;
	void *door_state;
	void *service;	      /* the daemon's state */
	const void *scope;    /* which part of it the call is about, where the
				 daemon has parts: the operation's to set */
	struct loop *loop;    /* the thread it lives on */
	void *thread;	      /* the daemon's state of that thread */
	struct slice request; /* the message's protobuf bytes */
	/* Who decides: the function, service, administrator or user. When a
	 * service passes a user's token on, `principal` is the service (or
	 * function) and `user` the end user; otherwise they are the same. */
	struct principal principal;
	struct principal user;
	struct slice
	    user_token;		/* the raw access token, to pass on; or empty */
	struct slice header_id; /* x-request-id or made */
	char trace[56];		/* traceparent of this span */
	const char *peer;
	struct slice host;   /* HOST:PORT, as the client wrote it */
	int64_t started_ns;  /* monotonic, its request's first byte */
	int64_t now_ms;	     /* wall time when it came */
	int64_t deadline_ns; /* monotonic; 0: none */
	atomic_bool closed;  /* the client has gone: a stream should end; any
				thread */
	/* the answer says less than its kind does: fields that AWS's forms have
	 * even when empty stay out (Select COUNT) */
	bool brief;
	/* the daemon stops: a stream should end, with E_UNAVAILABLE, so that
	 * its client goes on elsewhere */
	bool draining;
	/* a stream's: called when call_send has room again, on close and when
	 * draining begins (look at both); from within call_send too */
	void (*resume)(struct call *);
	void *state; /* the operation's own */
	void *note;  /* what the service keeps beside it; or NULL */
	/* for the access log, set by the operation where it knows */
	const char *log_resource;
};

/* Ready for use by tests and by work without a request: no door. */
void call_init(struct call *, struct arena *);

/* Notes the first failure. Returns the negative code, for `return`. */
#define call_fail(c, code, ...) fault_set(&(c)->fault, code, __VA_ARGS__)

static inline bool call_failed(const struct call *c)
{
	return c->fault.code != E_NONE;
}

/* -code if it failed, 0 if all is well. An arena that is full fails it. */
int call_status(struct call *);

/* Adds a typed detail to the error (packed into the call's memory). */
void call_detail(struct call *, const char *type, struct slice message);
void call_detail_message(struct call *, const ProtobufCMessage *);

/* Unpacks the request into the call's memory after lib/wire/message.h's scan;
 * NULL and failed when it is malformed. */
void *call_unpack(struct call *, const ProtobufCMessageDescriptor *);

/* Ends the call: with the message, or with the fault if it failed. */
void call_reply(struct call *, const ProtobufCMessage *);
void call_reply_bytes(struct call *, struct slice message);

/* Streams: any number of messages, then the end (or the fault). A send returns
 * 0 while there is room; otherwise the bytes that wait for the reader: then
 * stop until `resume`. */
size_t call_send(struct call *, const ProtobufCMessage *);
size_t call_send_bytes(struct call *, struct slice message);
void call_end(struct call *);

/* Milliseconds until the deadline, at least 0; `otherwise` without one. */
int call_remaining_ms(const struct call *, int otherwise);

#endif
