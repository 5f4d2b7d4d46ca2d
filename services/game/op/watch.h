/* services/game/op/watch.h - a function's answer, again whenever it changes
 *
 * The function runs at once, and again after each change of the watched item;
 * its answer goes out when it says something new. So no process is held while
 * nothing happens, each run is an invocation like any other and is billed so,
 * and changes that come faster than the reader takes them are one. The stream
 * ends with the answer that the function called its last one, or with the
 * function's failure.
 */
#ifndef PARLOR_GAME_WATCH_H
#define PARLOR_GAME_WATCH_H

#include "lib/rpc/call.h"
#include "services/game/event/watches.h"

/* The function's request is the call's own. Ends the call. */
void game_watch(struct call *, const char *function, const struct watch_item *);

#endif
