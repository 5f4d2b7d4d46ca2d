/* services/game/rules/connect_four.c - four in a row on seven columns of six */
#include "services/game/rules/connect_four.h"

enum { COLUMNS = 7, ROWS = 6, STRIDE = ROWS + 1 };

/* A player's discs are bits: column i's from the bottom are bits i * STRIDE and
 * up. The bit above each column stays clear, so that no line runs from the top
 * of one column into the bottom of the next. */
struct board {
	uint64_t discs[2];
	uint8_t height[COLUMNS];
	uint8_t count;
};

_Static_assert(sizeof(struct board) <= GAME_STATE_SIZE, "a board fits");

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
	static const int steps[] = { 1, STRIDE, STRIDE - 1, STRIDE + 1 };

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
	size_t column;

	if (move.size != 1 || move.data[0] < '0' ||
	    move.data[0] >= '0' + COLUMNS)
		return fault_set(fault, E_INVALID,
				 "move must be a column, 0 to 6");
	column = (size_t)(move.data[0] - '0');
	if (board->height[column] == ROWS)
		return fault_set(fault, E_INVALID, "column %zu is full",
				 column);
	board->discs[player] |= UINT64_C(1)
				<< (column * STRIDE + board->height[column]++);
	board->count++;
	state->turn = 1 - player;
	if (has_four(board->discs[player])) {
		state->result = GAME_WON;
		state->winner = player;
	} else if (board->count == COLUMNS * ROWS) {
		state->result = GAME_DRAWN;
	}
	return 0;
}

static void column(const struct game_state *state, size_t i, struct buffer *out)
{
	const struct board *board = (const void *)state->own;

	for (size_t row = 0; row < board->height[i]; row++)
		buffer_put_byte(out, board->discs[1] >> (i * STRIDE + row) & 1
					 ? '1'
					 : '0');
}

const struct game connect_four = {
	.name = "connect-four",
	.players = 2,
	.columns = COLUMNS,
	.start = start,
	.play = play,
	.column = column,
};
