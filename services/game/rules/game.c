/* services/game/rules/game.c - the table of games */
#include "services/game/rules/game.h"
#include "services/game/rules/connect_four.h"

static const struct game *const games[] = { &connect_four, NULL };

const struct game *game_find(struct slice name)
{
	for (const struct game *const *game = games; *game; game++)
		if (slice_is(name, (*game)->name))
			return *game;
	return NULL;
}

void game_start(const struct game *game, struct game_state *state)
{
	memset(state, 0, sizeof(*state));
	game->start(state);
}

int game_play(const struct game *game, struct game_state *state,
	      unsigned player, struct slice move, struct fault *fault)
{
	if (state->result != GAME_ON)
		return fault_set(fault, E_PRECONDITION, "the match is over");
	if (state->turn != player)
		return fault_set(fault, E_PRECONDITION, "it is not your turn");
	return game->play(state, move, fault);
}
