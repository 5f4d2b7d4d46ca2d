/* lib/net/throttle.h - so many in a second or an hour, each
 *
 * A token bucket for each user or address, kept as one number: the instant when
 * its bucket is full again (the generic cell rate algorithm). They stand in a
 * table of fixed size that all threads share without a lock: a full bucket needs
 * no place, and when there are more busy ones than places the one nearest to
 * full is forgotten, which can only let more through.
 */
#ifndef PARLOR_NET_THROTTLE_H
#define PARLOR_NET_THROTTLE_H

#include "lib/base/slice.h"

struct throttle;

/* `rate` requests in each `period_ms` on average, `burst` at once. NULL, which
 * lets all through, when `rate` is 0. */
struct throttle *throttle_new(int64_t rate, int64_t period_ms, int64_t burst);
void throttle_free(struct throttle *);

/* Takes a token of `who`'s bucket. Returns 0, or the milliseconds, at least 1,
 * until there is one. Any thread. */
int64_t throttle_take(struct throttle *, struct slice who, int64_t now_ns);

/* For what costs more or less, which is known only when it is done: is there
 * anything in the bucket, beside what costs `besides_ns` and is not taken yet?
 * Returns as above, and takes nothing. Then what it cost is taken, as the time
 * that it takes to come; there may be less than that, and the bucket stays empty
 * for the longer. */
int64_t throttle_wait(struct throttle *, struct slice who, int64_t besides_ns,
		      int64_t now_ns);
void throttle_spend(struct throttle *, struct slice who, int64_t cost_ns,
		    int64_t now_ns);

#endif
