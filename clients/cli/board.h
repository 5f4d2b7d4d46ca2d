/* clients/cli/board.h - a match as text */
#ifndef PARLOR_CLI_BOARD_H
#define PARLOR_CLI_BOARD_H

#include "clients/cli/matches.h"

/* The player's index in the match, or -1. */
int board_seat(const Parlor__Game__V1__Match *, const char *sub);

bool board_is_over(const Parlor__Game__V1__Match *);

/* "ada against bob", or "ada" while she waits. */
const char *board_names(struct cli *, const Parlor__Game__V1__Match *);

/* How things stand, as that player sees it. */
const char *board_status(struct cli *, const Parlor__Game__V1__Match *,
			 const char *sub);

/* Draws it to standard output, in colours on a terminal, with names above and
 * the status below. */
void board_draw(struct cli *, const Parlor__Game__V1__Match *, const char *sub);

#endif
