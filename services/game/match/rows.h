/* services/game/match/rows.h - a match's items in the table
 *
 *   pk               sk                what
 *   match#ID         state             the match: match_version, state (bytes)
 *   view#SUB         match#ID          what that player may see of it
 *   open#GAME        TIME#ID           it waits for anybody: match_id, sub
 *   open#GAME        guard             guard_version: how many have begun to
 *   player#SUB       request#REQUEST   that request made or joined match_id
 *   player#SUB       record#GAME       name, wins, losses, draws, board, score
 *   results#SUB      TIME#ID           how it ended for that player
 *
 * TIME is thirteen digits of milliseconds. Views and results carry what players
 * read, as plain attributes. What waits and what a request did have expires_at,
 * in seconds since 1970: the store may drop them then. Items and keys are bytes
 * of parlor.kv.v1.Item.
 *
 * The guard makes two who look for an opponent at once find each other: who
 * found the queue empty joins it on condition that nobody else has meanwhile.
 */
#ifndef PARLOR_GAME_ROWS_H
#define PARLOR_GAME_ROWS_H

#include "services/game/match/match.h"

#define ROWS_TABLE "game"
#define ROWS_SEASON "1"

/* Points for the leaderboard. */
enum { SCORE_WIN = 3, SCORE_DRAW = 1 };

/* Empty slices when the arena is full. A key is the two first attributes of its
 * item. */
struct slice row_key(struct arena *, const char *pk, const char *sk);

struct slice row_match_key(struct arena *, const char *match_id);
struct slice row_match(const struct match *);

struct slice row_view_key(struct arena *, const char *sub,
			  const char *match_id);
struct slice row_view(struct arena *, const char *sub,
		      const Parlor__Game__V1__Match *);
/* Reads a view, or a result. */
Parlor__Game__V1__Match *row_view_read(struct arena *, struct slice item);

struct slice row_open_key(const struct match *);
struct slice row_open(const struct match *);
/* Behind the matches of the queue that were opened before that time. */
struct slice row_open_after(struct arena *, const char *game, int64_t time_ms);

/* Counts one that begins to wait, on condition that as many have as when the
 * guard was read. The values of both expressions. */
#define ROW_GUARD_UPDATE "ADD guard_version :one"
#define ROW_GUARD_CONDITION \
	"guard_version = :read OR attribute_not_exists(guard_version)"
struct slice row_guard_key(struct arena *, const char *game);
struct slice row_guard_values(struct arena *, int64_t read);

/* For a day. */
struct slice row_request_key(struct arena *, const char *sub,
			     const char *request_id);
struct slice row_request(struct arena *, const char *match_id, const char *sub,
			 const char *request_id, int64_t at);

struct slice row_result(struct arena *, const Parlor__Game__V1__Match *,
			int seat);
/* `at`: when the match ended. */
struct slice row_result_key(struct arena *, const char *sub, int64_t at,
			    const char *match_id);

/* What a record's update adds and sets for that player: the values of
 * ROW_RECORD_UPDATE. */
#define ROW_RECORD_UPDATE                    \
	"SET #name = :name, board = :board " \
	"ADD wins :win, losses :loss, draws :draw, score :score"
struct slice row_record_key(struct arena *, const Parlor__Game__V1__Match *,
			    int seat);
struct slice row_record_values(struct arena *, const Parlor__Game__V1__Match *,
			       int seat);

#endif
