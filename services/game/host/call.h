/* services/game/host/call.h - a function's call on its way through the host
 *
 * Made as the function, on behalf of the event's user, over the host's own
 * clients. The host looks at the method's service and at nothing else: whether
 * the function may is parlor-kv's to say. Number and bytes are bounded.
 */
#ifndef PARLOR_GAME_HOST_CALL_H
#define PARLOR_GAME_HOST_CALL_H

#include "services/game/host/invocation.h"

struct host;

typedef void host_call_over_fn(struct host_invocation *, bool refused,
			       struct slice message);

/* Begins the call that the bytes of a parlor.function.v1.Call describe. `over`
 * comes once, maybe at once, unless the call is cancelled. -E_INVALID when they
 * describe none. */
int host_call_begin(struct host *, struct host_invocation *, struct slice,
		    host_call_over_fn *over);

/* Forgets the call under way, if there is one. */
void host_call_cancel(struct host_invocation *);

/* Notes what the event's cost belongs to. Returns 0, or -E_INVALID when that is
 * too long or no text. */
int host_call_tag(struct host_invocation *, struct slice tag);

#endif
