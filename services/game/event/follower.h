/* services/game/event/follower.h - a table's changes, for the watches
 *
 * One stream from parlor-kv a table and process. When it breaks it goes on from
 * its last position, so nothing is missed; where that is not to be had any more,
 * and at the beginning, every watch of the table is told. While parlor-kv says
 * that the table has no stream, or is not there, watches are refused.
 */
#ifndef PARLOR_GAME_FOLLOWER_H
#define PARLOR_GAME_FOLLOWER_H

#include "services/game/event/watches.h"

struct follower;
struct rpc_client;

/* On the loop's thread, at once and until it is freed. */
struct follower *follower_new(struct loop *, struct rpc_client *kv,
			      struct watches *, const char *table);
void follower_free(struct follower *);
const char *follower_table(const struct follower *);

#endif
