/* lib/net/bell.h - rung by any thread, heard on a loop's
 *
 * However often it is rung until it has been heard, it is heard once. It lies
 * in what its owner allocated, which must stay until `gone`.
 */
#ifndef PARLOR_NET_BELL_H
#define PARLOR_NET_BELL_H

#include "lib/net/loop.h"

#include <stdatomic.h>

struct bell {
	struct task task;
	void (*heard)(struct bell *); /* on the loop's thread */
	void (*gone)(struct bell *);  /* the same; frees it */
	atomic_bool ringing;	      /* the task is on its way */
	bool closed;
};

void bell_init(struct bell *, struct loop *, void (*heard)(struct bell *),
	       void (*gone)(struct bell *));

/* Any thread; not once bell_close may have begun. */
void bell_ring(struct bell *);

/* On the loop's thread, also in `heard`, when nobody can ring any more: it is
 * not heard again; `gone` runs before this returns or, if it was just rung,
 * later. */
void bell_close(struct bell *);

#endif
