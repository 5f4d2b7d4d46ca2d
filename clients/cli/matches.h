/* clients/cli/matches.h - the game's operations, and matches as text */
#ifndef PARLOR_CLI_MATCHES_H
#define PARLOR_CLI_MATCHES_H

#include "clients/cli/ask.h"

#include "parlor/game/v1/matches.pb-c.h"

#define MATCHES_STATUS(status) \
	PARLOR__GAME__V1__MATCH_STATUS__MATCH_STATUS_##status

/* Asks parlor.game.v1.Matches/`method` of the gateway as the player. */
void *matches_ask(struct cli *, const char *method, int patience_ms,
		  const ProtobufCMessage *request,
		  const ProtobufCMessageDescriptor *answer);

/* "ada against bob", "ada waits for a player". */
const char *matches_names(struct cli *, const Parlor__Game__V1__Match *);

/* One line: the state of things, for `sub` ("" for nobody). */
const char *matches_status(struct cli *, const Parlor__Game__V1__Match *,
			   const char *sub);

/* The player's index in the match, or -1. */
int matches_seat(const Parlor__Game__V1__Match *, const char *sub);

bool matches_over(const Parlor__Game__V1__Match *);

/* The board to standard output, with colours and frames on a terminal. */
void matches_draw(const Parlor__Game__V1__Match *);

#endif
