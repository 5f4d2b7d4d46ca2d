/* services/game/host/host.h - where functions run
 *
 * This room starts the processes of functions, hands them events and carries
 * their calls; it knows no function by name and no message by type. Who may
 * invoke what, and what it costs, is decided in op; the policies of functions
 * are evaluated by parlor-kv alone.
 *
 *	deployment  functions.yaml
 *	host        one a thread: its functions' pools, its ways to services
 *	pool        one function: its template, workers, and who waits
 *	template    the process that forks    (lib/function/template.h)
 *	worker      the process that handles  (lib/function/worker.h)
 *	filter, spawn   what a process may do, and how it begins
 *
 * Each I/O thread owns a host with processes of its own, so nothing here takes
 * a lock. A function's max_concurrency is divided among the threads; a thread
 * that gets none of it hands its events to one that does.
 */
#ifndef PARLOR_GAME_HOST_H
#define PARLOR_GAME_HOST_H

#include "services/game/host/deployment.h"
#include "services/game/host/invocation.h"

struct descriptor_set;
struct host;
struct host_filters;

/* Where the calls of functions go: a service and the way to it. */
struct host_route {
	const char *service; /* "parlor.kv.v1.KeyValue"; NULL ends the table */
	struct rpc_client *client;
};

struct host_options {
	struct loop *loop;
	size_t thread, threads;
	/* the hosts of all threads, by number; NULL where there is none yet */
	struct host **peers;
	const struct host_filters *filters;
	const struct descriptor_set *descriptors;
	const struct host_route *routes;
};

/* On the thread of its loop. Nothing is started before the first event. */
struct host *host_new(const struct host_options *);

/* Ends every process. Events that are not over are forgotten: `done` is not
 * called any more. */
void host_free(struct host *);

/* The functions from now on: what runs and what waits of the old ones is
 * finished by the old ones. */
void host_deploy(struct host *, struct host_deployment *);

/* What is deployed on this thread. */
struct host_deployment *host_deployment(const struct host *);

/* A function of it by its name, or by the rpc that it serves; NULL. */
const struct host_function *host_find(const struct host *, struct slice name);
const struct host_function *host_find_rpc(const struct host *,
					  struct slice rpc);

/* Hands an event to its function. */
void host_invoke(struct host *, struct host_invocation *);

/* ---- within the room ------------------------------------------------------
 */

const struct host_options *host_options(const struct host *);
uint8_t *host_buffer(struct host *); /* FRAME_MAX bytes */

#endif
