/* services/game/match/change.h - the story that all changes of a match share
 *
 * Load it; if this request was served before, answer as then; let the operation
 * decide what happens; save that on condition that nothing else has happened
 * meanwhile, and begin again if it has.
 */
#ifndef PARLOR_GAME_CHANGE_H
#define PARLOR_GAME_CHANGE_H

#include "services/game/match/save.h"

struct change {
	const char *match_id;
	const char *request_id;
	Parlor__Game__V1__MatchEventKind kind;
	const char *move; /* of MOVED */
	int64_t version;  /* that the player saw; 0: any */
	bool newcomer;	  /* is made by who has no seat yet */
	bool before;	  /* while the match waits, not while it is played */
	/* Refuses the change by change_refuse, or returns 0. May be NULL. */
	int (*check)(struct event *, const struct change *,
		     const struct match *, int seat);
};

/* Makes the change. The match after it, or NULL when the event has failed. */
Parlor__Game__V1__Match *change_make(struct event *, const struct change *);

/* What the request was answered before, or else the match as it stands: for who
 * has a seat in it. */
Parlor__Game__V1__Match *change_answer(struct event *, const struct match *,
				       const char *request_id);

/* Fails the event with these words and the match as it stands for detail. */
int change_refuse(struct event *, const struct match *, int code,
		  const char *why);

/* Fails the event unless a signed-in user is behind it. */
int change_needs_user(struct event *);

/* What was given, or a fresh one; NULL and failed when it can't be one. */
const char *change_request_id(struct event *, const char *given);

/* The user as a player; a computer. NULL when the arena is full. */
Parlor__Game__V1__Player *change_player(struct event *);
Parlor__Game__V1__Player *change_computer(struct event *, int level);

/* Lets a computer move if it has the turn. */
void change_reply(struct event *, struct match *);

#endif
