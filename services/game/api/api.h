/* services/game/api/api.h - the operations of parlor-game
 *
 * Two kinds: those of parlor.function.v1.Functions, which are ours, and those
 * of the services that the deployed functions serve, whose rows are made from
 * the descriptors when the daemon starts. A row of the second kind is the same
 * for every function (another one for every watch, which streams); which
 * function serves it is looked up when it is called,
 * so that a new deployment needs no new rows.
 */
#ifndef PARLOR_GAME_API_H
#define PARLOR_GAME_API_H

#include "lib/base/arena.h"
#include "lib/rpc/call.h"
#include "lib/rpc/descriptor.h"
#include "lib/rpc/op.h"
#include "services/game/host/deployment.h"

enum { API_SERVICES_MAX = 32 };

/* All services, ended by an empty row; the first is Functions. Filled by
 * api_services_init before any request is served. */
extern struct op_service api_services[API_SERVICES_MAX];

/* Can the deployment's functions serve their rpcs, and its watches theirs? */
int api_deployment_check(const struct host_deployment *,
			 const struct descriptor_set *, struct fault *);

/* Checks so, and adds the services of the deployment's functions. */
int api_services_init(const struct host_deployment *,
		      const struct descriptor_set *, struct arena *,
		      struct fault *);

/* Are all the deployment's services among those that are served? */
int api_services_check(const struct host_deployment *,
		       const struct descriptor_set *, struct fault *);

void api_invoke(struct call *);
void api_list_functions(struct call *);
void api_operation(struct call *);
void api_watch(struct call *);

/* Does the row of functions.yaml fit its rpc and its function? */
int api_watch_check(const struct host_deployment *, const struct host_watch *,
		    const struct descriptor_set *, struct fault *);

#endif
