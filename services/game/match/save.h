/* services/game/match/save.h - writing what follows from what happened
 *
 * A match with more events than the table has is written in one transaction:
 * itself on condition that nothing else has happened meanwhile, each player's
 * view, whether it waits, the request by which somebody sat down, and at its
 * end results and records.
 */
#ifndef PARLOR_GAME_SAVE_H
#define PARLOR_GAME_SAVE_H

#include "services/game/match/transaction.h"

enum saved save_match(struct event *, const struct match *);

/* Of a match that begins to wait for anybody: only if nobody else has begun to
 * since the queue's guard was read so. */
enum saved save_waiting(struct event *, const struct match *, int64_t guard);

/* That this request of the user's was answered with the match. */
enum saved save_request(struct event *, const char *match_id,
			const char *request_id);

/* Both, or neither. */
enum saved save_rematch(struct event *, const struct match *over,
			const struct match *rematch);

/* Of a match that the user has just left: also deletes what is kept for the
 * user of it, and all of it when that leaves nobody. */
enum saved save_departure(struct event *, const struct match *);

#endif
