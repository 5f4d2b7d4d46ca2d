/* tests/unit/services/game/rules/connect_four_computer.c - what it plays */
#include "services/game/rules/connect_four.h"

#include <setjmp.h>
#include <stdarg.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static void play(struct game_state *state, const char *move)
{
	struct fault fault = { 0 };

	if (game_play(&connect_four, state, state->turn, slice_of(move),
		      &fault) != 0)
		fail_msg("move %s: %s", move, fault.message);
}

static void play_all(struct game_state *state, const char *moves)
{
	game_start(&connect_four, state);
	for (; *moves; moves++)
		play(state, (char[]){ *moves, '\0' });
}

/* Who is to move takes one of `wanted`, whatever the seed. */
static void test_choices(void **unused)
{
	static const struct {
		const char *name, *moves;
		int from, to; /* levels */
		const char *wanted;
	} cases[] = {
		{ "completes a column", "303030", 1, 3, "3" },
		{ "completes a row, on either side", "223344", 1, 3, "15" },
		{ "completes a row in its middle", "001133", 1, 3, "2" },
		{ "completes a rising diagonal", "0112232336", 1, 3, "3" },
		{ "completes a falling diagonal", "6554434330", 1, 3, "3" },
		{ "wins rather than blocks", "010101", 1, 3, "0" },
		{ "blocks a column", "30303", 2, 3, "3" },
		{ "blocks a row", "001122", 2, 3, "3" },
		{ "does not let three in a row stand open", "2233", 2, 3,
		  "14" },
		{ "closes two in the middle", "232", 3, 3, "12345" },
		{ "plays what is left",
		  "54506245504110456531122626636203033431421", 1, 3, "0" },
		{ "begins in the middle", "", 3, 3, "3" },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT(cases); i++)
		for (int level = cases[i].from; level <= cases[i].to; level++)
			for (uint64_t seed = 0; seed < 20; seed++) {
				struct game_state state;
				char got[GAME_MOVE_MAX + 1];

				play_all(&state, cases[i].moves);
				connect_four.choose(&state, level, seed * 997,
						    got);
				if (!strstr(cases[i].wanted, got))
					fail_msg("%s: level %d plays %s",
						 cases[i].name, level, got);
			}
}

static uint64_t next_seed(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1;
	return *seed >> 16;
}

/* A match between two levels: in halves of a point for the first. */
static int match(const int levels[2], uint64_t *seed)
{
	struct game_state state;

	game_start(&connect_four, &state);
	while (state.result == GAME_ON) {
		char move[GAME_MOVE_MAX + 1];

		connect_four.choose(&state, levels[state.turn], next_seed(seed),
				    move);
		play(&state, move);
	}
	return state.result == GAME_DRAWN ? 1 : state.winner == 0 ? 2 : 0;
}

/* Each begins half of the matches. */
static void test_strength(void **unused)
{
	static const struct {
		int stronger, weaker, pairs; /* of matches */
		int points;		     /* at least, of 2 a pair */
	} cases[] = {
		{ 3, 1, 50, 98 },
		{ 2, 1, 50, 90 },
		{ 3, 2, 5, 7 },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int first[] = { cases[i].stronger, cases[i].weaker };
		int second[] = { cases[i].weaker, cases[i].stronger };
		uint64_t seed = 1;
		int halves = 0;

		for (int n = 0; n < cases[i].pairs; n++) {
			halves += match(first, &seed);
			halves += 2 - match(second, &seed);
		}
		if (halves < 2 * cases[i].points)
			fail_msg("level %d against %d: only %d.%d points",
				 first[0], first[1], halves / 2,
				 halves % 2 * 5);
	}
}

/* The worst position of whole matches takes far less than a function has. */
static void test_time(void **unused)
{
	uint64_t seed = 7;
	clock_t worst = 0;

	(void)unused;
	for (int n = 0; n < 2; n++) {
		struct game_state state;

		game_start(&connect_four, &state);
		while (state.result == GAME_ON) {
			char move[GAME_MOVE_MAX + 1];
			clock_t began = clock(), took;

			connect_four.choose(&state, 3, next_seed(&seed), move);
			took = clock() - began;
			worst = took > worst ? took : worst;
			play(&state, move);
		}
	}
	print_message("at most %ld ms a move\n",
		      (long)worst * 1000 / CLOCKS_PER_SEC);
	assert_in_range(worst, 0, CLOCKS_PER_SEC / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_strength),
		cmocka_unit_test(test_time),
	};

	return cmocka_run_group_tests_name("connect_four_computer", tests, NULL,
					   NULL);
}
