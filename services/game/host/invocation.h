/* services/game/host/invocation.h - one event for a function, and its outcome
 *
 * Made by the operation, which owns it and all it points to until `done`; that
 * comes exactly once, on the thread that asked.
 */
#ifndef PARLOR_GAME_HOST_INVOCATION_H
#define PARLOR_GAME_HOST_INVOCATION_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"
#include "lib/base/list.h"
#include "lib/function/frame.h"
#include "lib/net/loop.h"
#include "lib/rpc/client.h"

struct host;
struct host_pool;
struct host_worker;

enum {
	/* A function has no effects but those of its calls: an event whose
	 * worker died before any of these is given to another one. */
	HOST_ATTEMPTS_MAX = 4, /* also to workers that never began */
	HOST_CRASHES_MAX = 2,
	HOST_CALLS_MAX = 100,		       /* an event */
	HOST_CALL_BYTES_MAX = 16 * 1024 * 1024 /* there and back, an event */
};

struct host_invocation {
	/* in */
	struct slice function; /* its name */
	struct slice request_id, payload;
	struct slice sub, username, groups; /* of the end user, or empty */
	struct slice user_token;	    /* to pass on, or empty */
	const char *traceparent;	    /* may be NULL */
	int64_t now_ms;			    /* wall time of the event */
	int remaining_ms;  /* the caller's patience; 0: no end */
	struct arena *mem; /* for the answer and all between */
	void (*done)(struct host_invocation *);
	void *user;
	/* out: bytes that live until `done` returns */
	struct fault fault;
	struct slice answer;
	char cost_tag[FRAME_COST_TAG_MAX + 1];
	int64_t duration_ms; /* it had a worker; rounded up */
	int64_t memory_bytes;
	bool handled; /* the fault is the function's own */
	bool final;   /* the function calls this answer its last one */
	/* the host's */
	bool hurried;	   /* the caller's end comes before timeout_ms */
	bool wrote;	   /* a call that may have had effects was begun */
	struct list queue; /* of those that wait for a worker */
	struct host_pool *pool;
	struct host_worker *worker; /* NULL while it waits */
	/* monotonic: its worker's beginning, the caller's end, its own end */
	int64_t started_ns, deadline_ns, call_until_ns;
	int64_t ran_ns;		   /* in attempts before this one */
	struct timer patience;	   /* while it waits */
	struct rpc_call call;	   /* the function's */
	struct rpc_client *called; /* NULL: no call under way */
	void (*call_over)(struct host_invocation *, bool refused, struct slice);
	size_t call_bytes;
	uint32_t calls;
	int log_lines, attempts, crashes;
	/* a thread without a share of the function hands it to another */
	struct host *home, *guest;
	struct task hop;
	void (*hop_done)(struct host_invocation *);
};

#endif
