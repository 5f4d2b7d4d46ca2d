/* services/game/host/spawn.h - starting a function's executable
 *
 * By posix_spawn, so that the daemon's own memory is never copied. The process
 * gets an empty environment, no signal blocked or ignored, a process group of
 * its own (a terminal's Ctrl-C is the daemon's affair), nowhere as standard
 * streams, and one socket.
 */
#ifndef PARLOR_GAME_HOST_SPAWN_H
#define PARLOR_GAME_HOST_SPAWN_H

#include "lib/base/fault.h"

#include <sys/types.h>

/* A pair of sockets for frames, close-on-exec. 0 or -E_UNAVAILABLE. */
int host_socket_pair(int pair[2], struct fault *);

/* Starts it in `mode` ("--template") with that socket, which stays the caller's
 * to close. What was sent to the other end before finds it the sooner. Its
 * process id, or -E_UNAVAILABLE with words. */
pid_t host_spawn(const char *executable, const char *mode, int socket,
		 struct fault *);

#endif
