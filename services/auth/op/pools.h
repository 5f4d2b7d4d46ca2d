/* services/auth/op/pools.h - the pools and clients beside the settings' own
 *
 * Read whole from the store and kept by each replica, which looks once a second
 * whether there has been a change. They are replaced whole, too; looking one up
 * takes no lock. What a call has found stays as long as the call. The pools
 * themselves are few, and each has its own signing keys.
 *
 * While there is nothing new, the time goes to keys that are to follow, and to
 * what deleted pools have left behind, a step a round; of a pool's, one replica
 * does it at a time.
 */
#ifndef PARLOR_AUTH_OP_POOLS_H
#define PARLOR_AUTH_OP_POOLS_H

#include "services/auth/op/auth.h"
#include "services/auth/store/kv.h"

struct auth_pools;

enum {
	AUTH_POOLS_MAX = 500,
	AUTH_CLIENTS_MAX = 10000, /* of all pools */
	AUTH_CLIENTS_OF_POOL = 1000,
};

/* A pool as it is served. */
struct auth_served {
	struct auth_pool pool;
	struct auth_realm *realm;
	const struct auth_client *const *clients;   /* in order of their ids */
	const struct auth_resource_server *servers; /* so are they */
	size_t client_count, server_count;
};

/* All of them, in order of their ids; the settings' own is among them where it
 * has clients of the store's. */
struct auth_served_list {
	const struct auth_served *const *rows;
	size_t count;
};

/* Looks on that loop's thread, by auth_pools_follow. */
struct auth_pools *auth_pools_new(struct auth *, struct loop *,
				  void (*report)(const char *why));
/* Once, on the loop's thread, with the loop's client of the store. */
void auth_pools_follow(struct auth_pools *, struct rpc_client *);
/* When the loop has ended. */
void auth_pools_free(struct auth_pools *);

/* Have they been read? */
bool auth_pools_ready(const struct auth_pools *);

/* Brings them up to what was stored before now; then runs `next` on the call's
 * loop. */
void auth_pools_renew(struct call *, auth_next_fn *next);

/* As they are now, held as long as the arena's contents; NULL where there is none
 * of that id, or the arena is full. */
const struct auth_served *auth_pools_find(struct auth_pools *, struct arena *,
					  struct slice id);
const struct auth_served *auth_pools_find_client(struct auth_pools *,
						 struct arena *,
						 struct slice id,
						 const struct auth_client **);
/* Is there none but the settings' own? */
bool auth_pools_are_one(struct auth_pools *);

struct auth_served_list auth_pools_all(struct auth_pools *, struct arena *);

#endif
