/* lib/net/deadline.h - many deadlines on a loop behind one timer
 *
 * A deadline that moves costs two stores: the timer stands at the earliest that
 * was ever set, looks at all when it fires, and moves on. Good for those that
 * nearly never pass. The loop's thread only.
 */
#ifndef PARLOR_NET_DEADLINE_H
#define PARLOR_NET_DEADLINE_H

#include "lib/net/loop.h"

struct deadlines {
	struct list members;
	struct timer timer;
	int64_t armed_ms; /* when the timer fires; 0: it does not */
};

/* Embedded by what waits. */
struct deadline {
	struct list members;
	int64_t at_ms; /* monotonic; 0: none */
	void (*passed)(struct deadline *);
};

void deadlines_init(struct deadlines *, struct loop *);
/* Nobody may be a member any more. */
void deadlines_release(struct deadlines *);

/* Joins, without a deadline yet. */
void deadline_join(struct deadlines *, struct deadline *,
		   void (*passed)(struct deadline *));
void deadline_leave(struct deadline *);

/* `at_ms` 0 takes it back. When it passes it is taken back and `passed` called,
 * which may set or leave this one and any other. */
void deadline_set(struct deadlines *, struct deadline *, int64_t at_ms);

#endif
