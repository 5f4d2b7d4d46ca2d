/* services/game/rules/connect_four.c - four in a row on seven columns of six */
#include "services/game/rules/connect_four.h"
#include "services/game/rules/connect_four_board.h"
#include "services/game/rules/connect_four_computer.h"

static struct board *board_of(struct game_state *state)
{
	return (struct board *)(void *)state->own;
}

static void start(struct game_state *state)
{
	*board_of(state) = (struct board){ 0 };
}

static bool has_four(uint64_t discs)
{
	/* up, right, and the two diagonals */
	static const int steps[] = { 1, BOARD_STRIDE, BOARD_STRIDE - 1,
				     BOARD_STRIDE + 1 };

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		uint64_t pairs = discs & (discs >> steps[i]);

		if (pairs & (pairs >> (2 * steps[i])))
			return true;
	}
	return false;
}

static int play(struct game_state *state, struct slice move,
		struct fault *fault)
{
	struct board *board = board_of(state);
	unsigned player = state->turn;
	uint64_t place;
	size_t column;

	if (move.size != 1 || move.data[0] < '0' ||
	    move.data[0] >= '0' + BOARD_COLUMNS)
		return fault_set(fault, E_INVALID,
				 "move must be a column, 0 to 6");
	column = (size_t)(move.data[0] - '0');
	place = board_open(board_taken(board)) & board_column(column);
	if (!place)
		return fault_set(fault, E_INVALID, "column %zu is full",
				 column);
	board->discs[player] |= place;
	state->turn = 1 - player;
	if (has_four(board->discs[player])) {
		state->result = GAME_WON;
		state->winner = player;
	} else if (board_taken(board) == BOARD_ALL) {
		state->result = GAME_DRAWN;
	}
	return 0;
}

static void column(const struct game_state *state, size_t i, struct buffer *out)
{
	const struct board *board = (const void *)state->own;
	size_t bit = i * BOARD_STRIDE;

	for (; board_taken(board) >> bit & 1; bit++)
		buffer_put_byte(out, board->discs[1] >> bit & 1 ? '1' : '0');
}

static void choose(const struct game_state *state, int level, uint64_t seed,
		   char move[GAME_MOVE_MAX + 1])
{
	const struct board *board = (const void *)state->own;
	size_t column =
	    connect_four_choose(board->discs[state->turn],
				board->discs[1 - state->turn], level, seed);

	move[0] = (char)('0' + column);
	move[1] = '\0';
}

const struct game connect_four = {
	.name = "connect-four",
	.players = 2,
	.columns = BOARD_COLUMNS,
	.start = start,
	.play = play,
	.column = column,
	.choose = choose,
};
