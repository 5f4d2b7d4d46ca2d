/* services/game/rules/connect_four.h - four in a row on seven columns of six
 *
 * A move is the number of a column, "0" to "6" from the left. A picture's
 * column is its discs from the bottom, '0' for the first player's and '1' for
 * the second's.
 */
#ifndef PARLOR_GAME_CONNECT_FOUR_H
#define PARLOR_GAME_CONNECT_FOUR_H

#include "services/game/rules/game.h"

extern const struct game connect_four;

#endif
