/* services/auth/store/pools.h - pools and their clients, as items of parlor.pools
 *
 * One partition a pool: its own item, and one for each client and for each
 * resource server; and one for the ids of those that were deleted, until nothing
 * of them is left. Every change counts up a number of its own in the same
 * transaction, by which replicas see that there is something new to be read.
 */
#ifndef PARLOR_AUTH_STORE_POOLS_H
#define PARLOR_AUTH_STORE_POOLS_H

#include "services/auth/model/pool.h"
#include "services/auth/store/kv.h"

/* All that there is, in no order. Prefixes of pools are not set. */
struct auth_pool_rows {
	struct auth_pool *pools;
	struct auth_client *clients;
	struct auth_resource_server *servers;
	size_t pool_count, client_count, server_count;
	/* one that has been deleted, and not all that it had; or empty */
	struct slice gone;
	int64_t gone_ms; /* when */
};

/* How many changes there have been. */
void auth_pools_count(struct call *, int64_t *out, auth_next_fn *next);

/* Reads them all. */
void auth_pools_list(struct call *, struct auth_pool_rows *out,
		     auth_next_fn *next);

/* Stores a new one, or one in place of that whose changed_at was `before`; fails
 * with E_CONCURRENT where it is not that any more. */
void auth_pools_put(struct call *, const struct auth_pool *, int64_t before,
		    auth_next_fn *next);
void auth_pools_put_client(struct call *, const struct auth_client *,
			   int64_t before, auth_next_fn *next);
void auth_pools_put_server(struct call *, const struct auth_resource_server *,
			   int64_t before, auth_next_fn *next);

/* Counts a change of the call's pool that is none of its item's: its keys are read
 * again by all replicas. Nothing where the pool has gone. */
void auth_pools_touch(struct call *, auth_next_fn *next);

void auth_pools_delete_server(struct call *,
			      const struct auth_resource_server *,
			      auth_next_fn *next);
void auth_pools_delete_client(struct call *, const struct auth_client *,
			      auth_next_fn *next);

/* Its item, as it was read; fails with E_CONCURRENT where it has changed since. A
 * client is none without its pool, and what else it has is swept up from then on
 * (pool_sweep.h). Its tokens, the last of which expires by `expires_at` (seconds),
 * all daemons refuse by their `issuer`. */
void auth_pools_delete(struct call *, const struct auth_pool *,
		       struct slice issuer, int64_t expires_at,
		       auth_next_fn *next);

/* Lets that replica sweep up after a deleted pool until `until_ms`, unless another
 * one does: *taken. */
void auth_pools_lease(struct call *, struct slice pool_id, struct slice replica,
		      int64_t until_ms, bool *taken, auth_next_fn *next);

/* Nothing of it is left. */
void auth_pools_forget(struct call *, struct slice pool_id, auth_next_fn *next);

#endif
