/* services/game/rules/connect_four_computer.h - a player that looks ahead
 *
 * All levels take a win at once. Level 1 sees nothing else; level 2 looks at
 * the answer, so it also blocks what would lose at once; level 3 looks as far
 * as a fixed number of positions lets it, some milliseconds' worth.
 */
#ifndef PARLOR_GAME_CONNECT_FOUR_COMPUTER_H
#define PARLOR_GAME_CONNECT_FOUR_COMPUTER_H

#include "services/game/rules/connect_four_board.h"

/* The column in which the owner of `own`, who is to move, should play; there
 * must be one that isn't full. `level` is 1 to GAME_LEVELS; `seed` draws among
 * moves that look the same. */
size_t connect_four_choose(uint64_t own, uint64_t other, int level,
			   uint64_t seed);

#endif
