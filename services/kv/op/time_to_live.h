/* services/kv/op/time_to_live.h - items that go when their time is over
 *
 * UpdateTimeToLive names the attribute that says when. From then on each write
 * keeps an index of what expires (model/expiry.h); the remover puts the items
 * in that were there before, and takes away what has expired.
 */
#ifndef PARLOR_KV_TIME_TO_LIVE_H
#define PARLOR_KV_TIME_TO_LIVE_H

#include "services/kv/op/catalog.h"

/* What UpdateTimeToLive was asked for, nothing checked yet. */
struct ttl_request {
	struct slice name; /* or ARN */
	bool given, has_enabled, enabled;
	struct slice attribute;
};

typedef void ttl_done_fn(struct call *, const struct ttl_request *);

/* `done` comes once; if the call failed without the request. */
void kv_update_time_to_live(struct call *, const struct ttl_request *,
			    ttl_done_fn *done);

/* As it is; its attribute is empty where there is none. NULL, and the call has
 * failed, when there is no such table. */
const struct kv_ttl *kv_describe_time_to_live(struct call *, struct slice name);

/* ---- for the remover -------------------------------------------------------
 */

/* Lives in the call's memory until `done`. */
struct ttl_change {
	struct catalog_change change;
	const struct catalog_table *table; /* as it was found */
	struct slice attribute;		   /* as it will be; empty: none */
	bool complete; /* instead: the index of what expires is complete */
	void (*done)(struct call *, struct ttl_change *);
	void *arg;
};

/* `done` is always called; the call may have failed. */
void kv_ttl_change(struct call *, struct ttl_change *);

#endif
