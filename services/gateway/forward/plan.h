/* services/gateway/forward/plan.h - what the settings say, ready to be used
 *
 * All threads share a plan and never change it. New settings make a new one;
 * the old ones stay until the end, since requests under way point into them: a
 * reload costs its few kilobytes.
 */
#ifndef PARLOR_GATEWAY_PLAN_H
#define PARLOR_GATEWAY_PLAN_H

#include "lib/net/throttle.h"
#include "services/gateway/route/route.h"

struct forward_metrics;

struct plan {
	struct plan *before;
	struct arena mem;	      /* of texts */
	struct descriptor_set **sets; /* read from files, NULL-ended */
	struct route_table *routes;
	struct throttle *per_user, *per_address;
	size_t body_max, body_max_anonymous;
	size_t concurrency, streams; /* under way at once, of each thread */
	struct forward_metrics *metrics;
};

/* An empty one, to be filled. */
struct plan *plan_new(void);
/* This one alone, not those before it. */
void plan_free(struct plan *);

#endif
