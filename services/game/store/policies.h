/* services/game/store/policies.h - the functions' policies, told to parlor-kv
 *
 * The host evaluates no policy: parlor-kv does, under the role function:NAME.
 * So when the daemon starts, and on each new deployment, every function's
 * policy is put there; until that has been done the daemon isn't ready. The
 * room is parlor-kv's client and nothing else.
 */
#ifndef PARLOR_GAME_STORE_POLICIES_H
#define PARLOR_GAME_STORE_POLICIES_H

#include "lib/rpc/client.h"
#include "services/game/host/deployment.h"

struct policies;

/* Lives on this loop's thread, as `kv` does. */
struct policies *policies_new(struct loop *, struct rpc_client *kv);
void policies_free(struct policies *);

/* Stores those of the deployment; what was under way is given up. Tries again
 * until parlor-kv has taken them all. */
void policies_store(struct policies *, struct host_deployment *);

/* Has everything been taken? Any thread. */
bool policies_stored(const struct policies *);

#endif
