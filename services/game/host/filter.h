/* services/game/host/filter.h - the system calls a function may make
 *
 * Two seccomp programs, written once when the daemon starts; templates only
 * load them. The template's is an allow-list: memory, its open socket, time,
 * randomness, fork. The worker's lies on top of it and takes away what only a
 * template needs. What isn't allowed fails with EPERM.
 */
#ifndef PARLOR_GAME_HOST_FILTER_H
#define PARLOR_GAME_HOST_FILTER_H

#include "lib/base/fault.h"

enum { FILTER_MAX = 8192 }; /* bytes of a program */

struct host_filters {
	uint8_t template_bytes[FILTER_MAX], worker_bytes[FILTER_MAX];
	struct slice template_program, worker_program;
};

/* 0, or -E_UNAVAILABLE with words. */
int host_filters_init(struct host_filters *, struct fault *);

enum { HOST_WALLS_MAX = 2 * FILTER_MAX + 64 };

/* The message of FRAME_WALLS, in `out`. */
struct slice host_filters_walls(const struct host_filters *, int64_t memory_mb,
				uint8_t out[HOST_WALLS_MAX]);

#endif
