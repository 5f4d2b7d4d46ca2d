/* services/game/rules/game.h - what the functions know of any game
 *
 * This room holds the games, pure: no clock, no store, no memory of their own.
 * A game is a row of the table below: how it starts, how a move changes its
 * state, how it looks. Adding one is a row, a file and a test; the functions,
 * the store's layout and the clients' protocol stay as they are. A state is a
 * value that may be copied; whoever keeps a match keeps its moves, and plays
 * them again to have the state.
 */
#ifndef PARLOR_GAME_GAME_H
#define PARLOR_GAME_GAME_H

#include "lib/base/buffer.h"
#include "lib/base/fault.h"

enum {
	GAME_STATE_SIZE = 256,
	GAME_MOVE_MAX = 16,
	GAME_MOVES_MAX = 1024,
	GAME_LEVELS = 3, /* of a computer, from 1 */
};

enum game_result {
	GAME_ON,
	GAME_WON, /* by `winner` */
	GAME_DRAWN,
};

struct game_state {
	unsigned turn; /* who is to move, or would be: 0 is the first player */
	enum game_result result;
	unsigned winner;
	_Alignas(8) uint8_t own[GAME_STATE_SIZE]; /* the game's */
};

struct game {
	const char *name; /* "connect-four" */
	unsigned players;
	size_t columns; /* of its picture */
	void (*start)(struct game_state *);
	/* A move by whose turn it is, in a game that is on: changes the state
	 * or refuses it with words, and then changes nothing. */
	int (*play)(struct game_state *, struct slice move, struct fault *);
	/* Appends column `i` of the picture, as the protocol has it. */
	void (*column)(const struct game_state *, size_t i, struct buffer *);
	/* What a computer of that level would play, in a game that is on; the
	 * same for the same seed, within some milliseconds. */
	void (*choose)(const struct game_state *, int level, uint64_t seed,
		       char move[GAME_MOVE_MAX + 1]);
};

/* NULL when there is no such game. */
const struct game *game_find(struct slice name);

/* The state before the first move. */
void game_start(const struct game *, struct game_state *);

/* A move by `player`. Returns 0 and the new state, or, with the state as it
 * was, -E_PRECONDITION when the game is over or it is another's turn, and
 * -E_INVALID when the rules forbid the move. */
int game_play(const struct game *, struct game_state *, unsigned player,
	      struct slice move, struct fault *);

#endif
