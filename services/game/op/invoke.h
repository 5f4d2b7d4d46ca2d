/* services/game/op/invoke.h - a function is invoked for a caller
 *
 * The event carries the end user's identity; the function's calls carry the
 * user's token on. What it ran is counted for function:NAME, its user and its
 * cost tag: one invocation, and its milliseconds times the memory it may have,
 * as Lambda counts. An event that never reached a worker costs nothing.
 */
#ifndef PARLOR_GAME_OP_INVOKE_H
#define PARLOR_GAME_OP_INVOKE_H

#include "lib/rpc/call.h"
#include "services/game/host/host.h"

/* Comes once, with the outcome; the call may end in it. */
typedef void game_invoked_fn(struct call *, const struct host_invocation *);

/* All of it lives in `mem`, which is the call's own or lasts until `done`; there
 * it may be reset already. */
void game_invoke(struct call *, struct arena *mem, const struct host_function *,
		 struct slice payload, game_invoked_fn *done);

#endif
