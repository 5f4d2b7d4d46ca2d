/* services/game/rules/connect_four_computer.c - a player that looks ahead
 *
 * Negamax with alpha and beta, one move deeper at a time until the level's
 * depth is reached or its positions are used up. A score is of who is to move:
 * a win counts WIN less the discs on the board, so that the sooner one is
 * better, and a loss is best when it is late.
 */
#include "services/game/rules/connect_four_computer.h"

enum { WIN = 10000, OF_A_FOUR = 8 };

static const struct skill {
	int depth;     /* moves ahead */
	int positions; /* that it may look at */
} skills[GAME_LEVELS + 1] = {
	[1] = { 0, 0 },
	[2] = { 1, 1000 },
	[3] = { BOARD_PLACES, 100000 },
};

/* ---- one position ------------------------------------------------------------- */

/* The free places where a disc would complete a four of `discs`. */
static uint64_t completing(uint64_t discs, uint64_t taken)
{
	static const int steps[] = { BOARD_STRIDE, BOARD_STRIDE - 1,
				     BOARD_STRIDE + 1 };
	uint64_t places = discs << 1 & discs << 2 & discs << 3;

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		int one = steps[i], two = 2 * one, three = 3 * one;
		uint64_t below = discs << one & discs << two;
		uint64_t above = discs >> one & discs >> two;

		places |= below & (discs << three | discs >> one);
		places |= above & (discs >> three | discs << one);
	}
	return places & BOARD_ALL & ~taken;
}

/* Of a position that nobody wins at once: who has more places left that
 * complete a four, and more discs in the middle, where most lines run. */
static int judge(uint64_t own, uint64_t other)
{
	uint64_t taken = own | other;
	uint64_t middle = board_column(BOARD_COLUMNS / 2);

	return OF_A_FOUR * (board_count(completing(own, taken)) -
			    board_count(completing(other, taken))) +
	       board_count(own & middle) - board_count(other & middle);
}

/* ---- what could follow ---------------------------------------------------------- */

/* From the middle outwards: good moves first make the search short. */
static const uint8_t outwards[BOARD_COLUMNS] = { 3, 2, 4, 1, 5, 0, 6 };

/* The score, as far as it lies between alpha and beta. Counts *positions down;
 * below 0 they are used up and the score means nothing. */
static int look(int *positions, uint64_t own, uint64_t other, int depth,
		int alpha, int beta)
{
	uint64_t taken = own | other, moves = board_open(taken);
	uint64_t threats = completing(other, taken), forced = moves & threats;
	int soon = WIN - board_count(taken);

	if (!moves || --*positions < 0)
		return 0;
	if (moves & completing(own, taken))
		return soon;
	if (forced)
		moves = forced;
	moves &= ~(threats >> 1); /* on top of which the other would win */
	if (!moves || forced & (forced - 1))
		return 1 - soon;
	if (depth == 0)
		return judge(own, other);
	for (size_t i = 0; i < BOARD_COLUMNS && alpha < beta; i++) {
		uint64_t place = moves & board_column(outwards[i]);
		int score;

		if (!place)
			continue;
		score = -look(positions, other, own | place, depth - 1, -beta,
			      -alpha);
		if (score > alpha)
			alpha = score;
	}
	return alpha;
}

/* The best of the columns, the first one among equals. */
static size_t best_of(int *positions, uint64_t own, uint64_t other, int depth,
		      const uint8_t columns[], size_t count)
{
	uint64_t open = board_open(own | other);
	size_t best = columns[0];
	int alpha = -WIN;

	for (size_t i = 0; i < count; i++) {
		uint64_t place = open & board_column(columns[i]);
		int score = -look(positions, other, own | place, depth - 1,
				  -WIN, -alpha);

		if (score > alpha) {
			alpha = score;
			best = columns[i];
		}
	}
	return best;
}

/* ---- the choice ----------------------------------------------------------------- */

/* The columns of these places in an order drawn by the seed: their number. */
static size_t shuffle(uint64_t places, uint64_t seed,
		      uint8_t columns[BOARD_COLUMNS])
{
	size_t count = 0;

	for (size_t column = 0; column < BOARD_COLUMNS; column++) {
		size_t at;

		if (!(places & board_column(column)))
			continue;
		at = seed % (count + 1);
		seed /= count + 1;
		columns[count++] = columns[at];
		columns[at] = (uint8_t)column;
	}
	return count;
}

size_t connect_four_choose(uint64_t own, uint64_t other, int level,
			   uint64_t seed)
{
	const struct skill *skill = &skills[level];
	uint64_t taken = own | other, open = board_open(taken);
	uint64_t winning = open & completing(own, taken);
	int left = BOARD_PLACES - board_count(taken);
	int positions = skill->positions;
	uint8_t columns[BOARD_COLUMNS] = { 0 };
	size_t count = shuffle(winning ? winning : open, seed, columns);
	size_t best = columns[0];

	for (int depth = 1; !winning && depth <= skill->depth && depth <= left;
	     depth++) {
		size_t deeper =
		    best_of(&positions, own, other, depth, columns, count);

		if (positions < 0)
			break;
		best = deeper;
	}
	return best;
}
