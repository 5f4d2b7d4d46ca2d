/* services/game/op/game.h - what parlor-game is while it runs
 *
 * The room tells what happens when a function is invoked: who it is for, what
 * it costs. It knows no wire types; processes are host's affair.
 */
#ifndef PARLOR_GAME_OP_GAME_H
#define PARLOR_GAME_OP_GAME_H

#include "services/game/host/host.h"

struct spool;
struct watches;

/* call.service: shared by all threads, fixed once they run. */
struct game {
	struct spool *spool;
	struct watches *watches;
	struct host **hosts; /* by thread */
	size_t threads;
};

/* call.thread */
struct game_thread {
	struct loop *loop;
	struct host *host;
	struct host_route routes[2];
};

#endif
