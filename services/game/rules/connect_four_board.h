/* services/game/rules/connect_four_board.h - the board of connect-four as bits
 *
 * Column i's places from the bottom are bits i * BOARD_STRIDE and up. The bit
 * above each column stays clear, so that no line runs from the top of one
 * column into the bottom of the next.
 */
#ifndef PARLOR_GAME_CONNECT_FOUR_BOARD_H
#define PARLOR_GAME_CONNECT_FOUR_BOARD_H

#include "services/game/rules/game.h"

enum {
	BOARD_COLUMNS = 7,
	BOARD_ROWS = 6,
	BOARD_STRIDE = BOARD_ROWS + 1,
	BOARD_PLACES = BOARD_COLUMNS * BOARD_ROWS,
};

/* The lowest place of each column, and all places. */
#define BOARD_BOTTOM UINT64_C(0x40810204081)
#define BOARD_ALL (BOARD_BOTTOM * ((1 << BOARD_ROWS) - 1))

struct board {
	uint64_t discs[2]; /* each player's */
};

_Static_assert(sizeof(struct board) <= GAME_STATE_SIZE, "a board fits");

static inline uint64_t board_taken(const struct board *board)
{
	return board->discs[0] | board->discs[1];
}

static inline uint64_t board_column(size_t column)
{
	return (BOARD_ALL & ((1 << BOARD_ROWS) - 1)) << column * BOARD_STRIDE;
}

/* Where a disc would come to lie: a place in each column that isn't full. */
static inline uint64_t board_open(uint64_t taken)
{
	return (taken + BOARD_BOTTOM) & BOARD_ALL;
}

static inline int board_count(uint64_t places)
{
	return __builtin_popcountll(places);
}

#endif
