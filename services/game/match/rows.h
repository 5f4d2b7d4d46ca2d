/* services/game/match/rows.h - a match's items in the table
 *
 *   pk               sk                what
 *   match#ID         state             the match: match_version, state (bytes)
 *   view#SUB         match#ID          what that player may see of it
 *   open#GAME        TIME#ID           it waits for a player: match_id, sub
 *   player#SUB       request#REQUEST   that request made or joined match_id
 *   player#SUB       record#GAME       name, wins, losses, draws, board, score
 *   results#SUB      TIME#ID           how it ended for that player
 *
 * TIME is thirteen digits of milliseconds. Views and results carry what players
 * read, as plain attributes. Items and keys are bytes of parlor.kv.v1.Item.
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

/* For a day; `expires_at` is in seconds. */
struct slice row_request_key(struct arena *, const char *sub,
			     const char *request_id);
struct slice row_request(const struct match *, const char *sub,
			 const char *request_id, int64_t at);

struct slice row_result(struct arena *, const Parlor__Game__V1__Match *,
			int seat);

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
