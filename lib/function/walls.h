/* lib/function/walls.h - what a process can no longer do
 *
 * The floor needs no privilege, and without any of it no function is started:
 * no new privileges, landlock (no file, no TCP port, no signal to anybody
 * outside), seccomp (an allow-list that the host wrote) and resource limits.
 * What the template raises its workers inherit; they add a filter of their own,
 * since they need not fork. Nothing here can be taken back.
 */
#ifndef PARLOR_FUNCTION_WALLS_H
#define PARLOR_FUNCTION_WALLS_H

#include "lib/base/slice.h"

struct walls {
	struct slice template_filter, worker_filter; /* struct sock_filter */
	int64_t memory_bytes;			     /* of address space */
};

struct walls_report {
	int landlock;	  /* its interface number, of those that hold */
	const char *open; /* the wall that doesn't hold, or NULL */
	int error;	  /* errno, why */
};

/* Raises all of the template's: 0, or -E_UNAVAILABLE. */
int walls_raise(const struct walls *, struct walls_report *);

/* Adds the worker's filter; 0 or -E_UNAVAILABLE. */
int walls_raise_worker(const struct walls *);

#endif
