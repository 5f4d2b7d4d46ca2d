/* tests/unit/services/game/rules/connect_four.c - the rules, and their counts
 */
#include "services/game/rules/connect_four.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

#define DRAWN "545062455041104565311226266362030334314210"

static const struct {
	const char *name, *moves;
	enum game_result result;
	unsigned winner, turn;
	const char *columns; /* blank-separated */
} matches[] = {
	{ "the first player begins", "", GAME_ON, 0, 0, "      " },
	{ "then it is the second's turn", "3", GAME_ON, 0, 1, "   0   " },
	{ "discs pile up", "3303", GAME_ON, 0, 0, "0   011   " },
	{ "four upwards", "0101010", GAME_WON, 0, 1, "0000 111     " },
	{ "four to the right", "0011223", GAME_WON, 0, 1, "01 01 01 0   " },
	{ "at the right edge too", "6655443", GAME_WON, 0, 1, "   0 01 01 01" },
	{ "four in the middle, closed by its inner disc", "0066554", GAME_ON, 0,
	  1, "01    0 01 01" },
	{ "the second player wins", "01010161", GAME_WON, 1, 0,
	  "000 1111     0" },
	{ "a rising diagonal", "01122323363", GAME_WON, 0, 1,
	  "0 10 100 1100   1" },
	{ "a falling diagonal", "65544343303", GAME_WON, 0, 1,
	  "1   1100 100 10 0" },
	{ "three are not four", "00112", GAME_ON, 0, 1, "01 01 0    " },
	{ "no line runs over a column's top", "101000060", GAME_ON, 0, 1,
	  "110100 00     1" },
	{ "a full board without four is a draw", DRAWN, GAME_DRAWN, 0, 0,
	  "111001 101010 110011 011100 100010 001011 001100" },
};

static void play_all(struct game_state *state, const char *name,
		     const char *moves)
{
	game_start(&connect_four, state);
	for (size_t i = 0; moves[i]; i++) {
		struct fault fault = { 0 };

		if (game_play(&connect_four, state, i % 2,
			      slice_make(moves + i, 1), &fault) != 0)
			fail_msg("%s: move %zu: %s", name, i, fault.message);
	}
}

static void test_matches(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < COUNT(matches); i++) {
		struct game_state state;
		struct buffer picture;

		play_all(&state, matches[i].name, matches[i].moves);
		if (state.result != matches[i].result ||
		    state.winner != matches[i].winner ||
		    state.turn != matches[i].turn)
			fail_msg("%s: got result %d, winner %u, turn %u",
				 matches[i].name, state.result, state.winner,
				 state.turn);
		buffer_init(&picture, 1024);
		for (size_t c = 0; c < connect_four.columns; c++) {
			if (c)
				buffer_put_byte(&picture, ' ');
			connect_four.column(&state, c, &picture);
		}
		if (*matches[i].columns &&
		    !slice_is(buffer_slice(&picture), matches[i].columns))
			fail_msg("%s: got '%.*s'", matches[i].name,
				 SLICE_ARGS(buffer_slice(&picture)));
		buffer_release(&picture);
	}
}

static void test_refusals(void **unused)
{
	static const struct {
		const char *name, *moves;
		unsigned player;
		const char *move;
		int result;
		const char *why;
	} cases[] = {
		{ "not before the other", "", 1, "0", -E_PRECONDITION,
		  "it is not your turn" },
		{ "not twice", "0", 0, "0", -E_PRECONDITION,
		  "it is not your turn" },
		{ "nobody else", "0", 2, "0", -E_PRECONDITION,
		  "it is not your turn" },
		{ "no column 7", "", 0, "7", -E_INVALID,
		  "move must be a column, 0 to 6" },
		{ "no word", "", 0, "left", -E_INVALID,
		  "move must be a column, 0 to 6" },
		{ "no move at all", "", 0, "", -E_INVALID,
		  "move must be a column, 0 to 6" },
		{ "a column holds six", "333333", 0, "3", -E_INVALID,
		  "column 3 is full" },
		{ "not after the end", "0101010", 1, "3", -E_PRECONDITION,
		  "the match is over" },
		{ "not after a draw", DRAWN, 0, "0", -E_PRECONDITION,
		  "the match is over" },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct game_state state, before;
		struct fault fault = { 0 };
		int result;

		play_all(&state, cases[i].name, cases[i].moves);
		before = state;
		result = game_play(&connect_four, &state, cases[i].player,
				   slice_of(cases[i].move), &fault);
		if (result != cases[i].result ||
		    strcmp(fault.message, cases[i].why) != 0)
			fail_msg("%s: got %d \"%s\"", cases[i].name, result,
				 fault.message);
		assert_memory_equal(&state, &before, sizeof(state));
	}
}

/* How many sequences of exactly `depth` moves there are. */
static int64_t sequences(const struct game_state *state, int depth)
{
	int64_t count = 0;

	if (depth == 0)
		return 1;
	for (const char *move = "0123456"; *move; move++) {
		struct game_state next = *state;
		struct fault fault = { 0 };

		if (game_play(&connect_four, &next, next.turn,
			      slice_make(move, 1), &fault) == 0)
			count += sequences(&next, depth - 1);
	}
	return count;
}

static void test_counts(void **unused)
{
	static const int64_t known[] = { 7,	49,	343,	2401,
					 16807, 117649, 823536, 5673234 };

	(void)unused;
	for (size_t i = 0; i < COUNT(known); i++) {
		struct game_state state;

		game_start(&connect_four, &state);
		assert_int_equal(sequences(&state, (int)i + 1), known[i]);
	}
}

static void test_table(void **unused)
{
	(void)unused;
	assert_ptr_equal(game_find(SLICE("connect-four")), &connect_four);
	assert_null(game_find(SLICE("go")));
	assert_null(game_find(SLICE("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests_name("connect_four", tests, NULL, NULL);
}
