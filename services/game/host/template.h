/* services/game/host/template.h - a function's template, seen from the host
 *
 * The process that forks the function's workers (lib/function/template.h).
 * Orders go out without waiting for their answers: a fork's socket can carry
 * its first event at once. A template that does not take orders is killed; with
 * it, by the kernel, its workers.
 */
#ifndef PARLOR_GAME_HOST_TEMPLATE_H
#define PARLOR_GAME_HOST_TEMPLATE_H

#include "lib/base/fault.h"

#include <sys/types.h>

struct host_pool;
struct host_template;

/* Starts the pool's executable, with the order of its first worker. NULL with
 * -E_UNAVAILABLE in the fault. The pool hears its end: host_pool_template_gone.
 */
struct host_template *host_template_start(struct host_pool *, uint32_t number,
					  int socket, struct fault *);

/* Has the walls been raised? */
bool host_template_ready(const struct host_template *);

/* Orders a worker that will find `socket` as its own; it stays the caller's to
 * close. The pool hears its process id: host_pool_forked. -E_UNAVAILABLE when
 * the template takes no orders: it has gone or goes. */
int host_template_fork(struct host_template *, uint32_t number, int socket);

/* Orders a worker's end. */
void host_template_end(struct host_template *, pid_t worker);

/* Ends it now, and with it its workers; the pool hears nothing. */
void host_template_free(struct host_template *);

#endif
