/* services/game/match/opening.h - how a match begins
 *
 * Somebody takes a seat and waits for another player: anybody, or one who was
 * told of it; or the computer takes the other seat at once.
 */
#ifndef PARLOR_GAME_OPENING_H
#define PARLOR_GAME_OPENING_H

#include "lib/function/function.h"
#include "services/game/match/match.h"

/* How long a match waits, for anybody and for who was told. */
enum {
	OPENING_WAITS_MS = 10 * 60 * 1000,
	OPENING_LINK_WAITS_MS = 24 * 60 * 60 * 1000,
};

struct opening {
	const struct game *game;
	Parlor__Game__V1__Opponent opponent;
	int level;	     /* of a computer */
	int seat;	     /* of who opens it */
	const char *invited; /* sub of the only one who may join, or NULL */
	const char *request_id;
};

/* A new match of the user's, which nobody has saved yet; its cost is this
 * event's. */
void opening_make(struct event *, const struct opening *, struct match *);

#endif
