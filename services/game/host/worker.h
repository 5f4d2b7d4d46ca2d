/* services/game/host/worker.h - a function's worker, seen from the host
 *
 * The process behind one socket. The event it handles is known by the socket
 * and by nothing the worker says; a worker that speaks outside an event, or
 * breaks the frames' rules in one, is ended, and its event fails.
 */
#ifndef PARLOR_GAME_HOST_WORKER_H
#define PARLOR_GAME_HOST_WORKER_H

#include "lib/base/list.h"
#include "lib/function/frame.h"
#include "lib/net/loop.h"

#include <sys/types.h>

struct event;
struct host_invocation;
struct host_pool;

struct host_worker {
	struct list link; /* the pool's idle or busy ones */
	struct host_pool *pool;
	uint32_t number;
	pid_t process; /* 0 until the template has said so */
	int socket;
	struct event *readable, *writable;
	struct host_invocation *invocation; /* NULL while idle */
	struct frame_reader reader;
	/* the message going out; there is at most one */
	struct frame head;
	struct slice message;
	size_t sent;
	struct timer timer; /* the event's end */
	int64_t idle_since_ns;
};

/* Follows a worker that was ordered; `socket` becomes its own. */
struct host_worker *host_worker_new(struct host_pool *, uint32_t number,
				    int socket);

/* Hands it an event; host_pool_finished follows, or host_pool_failed. */
void host_worker_begin(struct host_worker *, struct host_invocation *);

/* Closes its socket, which ends an idle one. */
void host_worker_free(struct host_worker *);

#endif
