/* services/game/match/match.h - a match is what happened in it
 *
 * A match is a list of events, and its version their number. What players see
 * of version N is the first N events played from the start, so an answer given
 * once can be given again. All of it lives in the arena it was made in.
 *
 * This room is what the functions share: a match as a value (match.h), how one
 * begins (opening.h) and goes on (change.h), its rows in the table (rows.h),
 * reading these through the host (table.h) and writing them (save.h). It knows
 * no operation; those are the functions, a file each.
 */
#ifndef PARLOR_GAME_MATCH_H
#define PARLOR_GAME_MATCH_H

#include "lib/base/arena.h"
#include "services/game/rules/game.h"

#include "parlor/game/v1/matches.pb-c.h"
#include "parlor/game/v1/state.pb-c.h"

/* Generated names, short enough to read. */
#define MATCH_EVENT(kind) \
	PARLOR__GAME__V1__MATCH_EVENT_KIND__MATCH_EVENT_KIND_##kind
#define MATCH_STATUS(status) \
	PARLOR__GAME__V1__MATCH_STATUS__MATCH_STATUS_##status
#define MATCH_OPPONENT(opponent) PARLOR__GAME__V1__OPPONENT__OPPONENT_##opponent

struct match {
	struct arena *mem;
	const struct game *game;
	Parlor__Game__V1__MatchState *state;
	size_t stored; /* how many of its events the table has */
};

/* With its NUL: nine characters of time and ten drawn. */
enum { MATCH_ID_SIZE = 20, MATCH_ID_RANDOM = 10 };

/* A new match's id; in order of time. */
void match_id_make(int64_t time_ms, const uint8_t random[MATCH_ID_RANDOM],
		   char out[MATCH_ID_SIZE]);
/* Could it be one? */
bool match_id_valid(const char *);

/* A match in which nothing happened yet. */
void match_init(struct match *, struct arena *, const char *id,
		const struct game *);

/* Reads stored bytes; -E_LOSS when they are no match that the rules allow. */
int match_read(struct match *, struct arena *, struct slice bytes,
	       struct fault *);

static inline size_t match_version(const struct match *m)
{
	return m->state->n_events;
}

/* The seat of that user, or -1. */
int match_seat(const struct match *, struct slice sub);
/* Who sits there; NULL while nobody does. */
const Parlor__Game__V1__Player *match_player(const struct match *, int seat);
/* A seat where nobody sits; there must be one. */
int match_free_seat(const struct match *);
/* May whoever comes take it? Not when it was opened for somebody. */
bool match_is_open(const struct match *);

/* Appends a copy of the event; its texts are kept by pointer. Nothing is
 * checked: that was the caller's. */
void match_append(struct match *, const Parlor__Game__V1__MatchEvent *);

/* Lets the computer move if it has the turn. `seed` draws among its moves. */
void match_reply(struct match *, int64_t at, uint64_t seed);

/* Takes the name from the seat, and says so by an event. */
void match_leave(struct match *, int seat, int64_t at);

/* What a request of that seat's has done before, and the version after it; NULL
 * if nothing. */
const Parlor__Game__V1__MatchEvent *match_done(const struct match *, int seat,
					       const char *request_id,
					       size_t *version);

/* The version that its answer showed, which has what a computer did at once. */
size_t match_answered(const struct match *, size_t version);

/* What players see of a version, up to the latest. */
Parlor__Game__V1__Match *match_at(const struct match *, size_t version);

/* What they see of the latest at that time, in milliseconds. */
Parlor__Game__V1__Match *match_now(const struct match *, int64_t time_ms);

/* Has it waited for too long? Then it is cancelled. */
void match_expire(Parlor__Game__V1__Match *, int64_t time_ms);

/* Only how it stood at a version. */
Parlor__Game__V1__MatchStatus match_status(const struct match *,
					   size_t version);

/* The version with which it was won, drawn or resigned; 0 if it is not. */
size_t match_end(const struct match *);

/* The position at a version. 0, or -E_LOSS when a move is not allowed. */
int match_position(const struct match *, size_t version, struct game_state *);

#endif
