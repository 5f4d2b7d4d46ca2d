/* services/game/parts.h - how parlor-game is put together, and taken apart
 *
 * The callbacks of its row in main.c. What is deployed stands in functions.yaml
 * and may be replaced while the daemon runs: SIGHUP reads it again, all threads
 * switch to it, and what the old functions had begun they finish.
 */
#ifndef PARLOR_GAME_PARTS_H
#define PARLOR_GAME_PARTS_H

#include "lib/daemon/daemon.h"

struct game_settings {
	struct daemon_settings common;
	const char *functions, *functions_dir;
	int64_t watches, watches_per_user;
};

int parts_check(const void *settings, struct fault *);
void *parts_start(struct daemon_state *, struct fault *);
void *parts_thread_start(struct daemon_state *, void *game, struct loop *);
void parts_thread_stop(void *game, void *thread);
int parts_reload(struct daemon_state *, void *game, struct fault *);
bool parts_ready(void *game);
void parts_stop(void *game);

#endif
