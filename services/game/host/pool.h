/* services/game/host/pool.h - the processes of one function on one thread
 *
 * The first event starts the template and orders a worker; an event that finds
 * no idle worker orders another, up to the cap; beyond it events wait in a
 * queue with an end (and the template of a busy function keeps a worker parked).
 * Workers that were idle for keep_warm_s go, the template after the last of
 * them: what nobody plays costs nothing.
 */
#ifndef PARLOR_GAME_HOST_POOL_H
#define PARLOR_GAME_HOST_POOL_H

#include "services/game/host/host.h"

#include <sys/types.h>

struct event_base;
struct host_template;
struct host_worker;

struct host_pool {
	struct list link; /* of the host's */
	struct host *host;
	struct host_deployment *deployment; /* held */
	const struct host_function *function;
	struct host_gauge *gauge;
	char *principal; /* "function:NAME" */
	struct host_template *template;
	struct list idle, busy; /* workers; idle: the latest used last */
	struct list waiting;	/* invocations */
	size_t workers, waiters, cap;
	uint32_t last_number;
	struct timer warm;
	bool warm_set;
	int64_t refuse_until_ns; /* a template that can't start is not tried
				    again for a moment */
	bool retired;		 /* of an old deployment: goes when empty */
};

/* `cap`: this thread's share of max_concurrency. */
struct host_pool *host_pool_new(struct host *, struct host_deployment *,
				size_t index, size_t cap);
/* Ends its processes now and forgets its events. */
void host_pool_free(struct host_pool *);
/* Finishes what it has and frees itself then. */
void host_pool_retire(struct host_pool *);

void host_pool_invoke(struct host_pool *, struct host_invocation *);

/* ---- for its template and workers -----------------------------------------
 */

struct event_base *host_pool_base(const struct host_pool *);
struct loop *host_pool_loop(const struct host_pool *);
const struct host_filters *host_pool_filters(const struct host_pool *);
uint8_t *host_pool_buffer(const struct host_pool *); /* FRAME_MAX bytes */

/* The worker's event is over: its outcome stands in the invocation. */
void host_pool_finished(struct host_pool *, struct host_worker *);
/* The worker has gone or must go; if it had an event that failed. */
void host_pool_failed(struct host_pool *, struct host_worker *);
void host_pool_forked(struct host_pool *, uint32_t number, pid_t process);
/* `ready`: it had raised its walls. */
void host_pool_template_gone(struct host_pool *, bool ready);

#endif
