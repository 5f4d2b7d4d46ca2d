/* tests/unit/services/game/match/match.c - a match is what happened in it */
#include "services/game/match/match.h"
#include "lib/wire/message.h"
#include "services/game/rules/connect_four.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))

static Parlor__Game__V1__Player ada, bob;

/* "o" opens and "j" joins ("O" and "J" from each other's seat), a digit is a
 * move; "c" cancels, "r" resigns, "m" asks for a rematch and "l" leaves for the
 * first player, in capitals for the second; each by a request named after its
 * place. */
static Parlor__Game__V1__MatchEventKind kind_of(char letter)
{
	switch (letter | 32) {
	case 'o':
		return MATCH_EVENT(OPENED);
	case 'j':
		return MATCH_EVENT(JOINED);
	case 'c':
		return MATCH_EVENT(CANCELLED);
	case 'r':
		return MATCH_EVENT(RESIGNED);
	case 'm':
		return MATCH_EVENT(REMATCHED);
	default:
		return MATCH_EVENT(MOVED);
	}
}

static void play(struct match *m, struct arena *mem, const char *script)
{
	unsigned moves = 0;

	match_init(m, mem, "00000000000000000a0", &connect_four);
	for (size_t i = 0; script[i]; i++) {
		bool capital = script[i] >= 'A' && script[i] <= 'Z';
		Parlor__Game__V1__MatchEvent event =
		    PARLOR__GAME__V1__MATCH_EVENT__INIT;

		event.has_kind = event.has_seat = event.has_at = true;
		event.at = 1000 + (int64_t)i;
		event.request_id = arena_printf(mem, "r%zu", i);
		event.kind = kind_of(script[i]);
		event.seat = capital != (event.kind == MATCH_EVENT(JOINED));
		if (event.kind == MATCH_EVENT(OPENED))
			event.player = &ada;
		if (event.kind == MATCH_EVENT(JOINED))
			event.player = &bob;
		if (event.kind == MATCH_EVENT(REMATCHED))
			event.rematch_id = arena_printf(mem, "again");
		if ((script[i] | 32) == 'l') {
			match_leave(m, capital, event.at);
			continue;
		}
		if (event.kind == MATCH_EVENT(MOVED)) {
			event.seat = (int32_t)(moves++ % 2);
			event.move = arena_copy(mem, &script[i], 1);
		}
		match_append(m, &event);
	}
}

static void test_versions(void **state)
{
	static const struct {
		const char *name, *script;
		size_t version;
		int status, turn, winner; /* -1: absent */
		size_t players, moves;
	} cases[] = {
		{ "opened", "o", 1, MATCH_STATUS(WAITING), -1, -1, 1, 0 },
		{ "joined", "oj", 2, MATCH_STATUS(PLAYING), 0, -1, 2, 0 },
		{ "a move", "oj3", 3, MATCH_STATUS(PLAYING), 1, -1, 2, 1 },
		{ "as it was before it", "oj34", 3, MATCH_STATUS(PLAYING), 1,
		  -1, 2, 1 },
		{ "as it was at first", "oj34", 1, MATCH_STATUS(WAITING), -1,
		  -1, 1, 0 },
		{ "won", "oj0101010", 9, MATCH_STATUS(WON), -1, 0, 2, 7 },
		{ "not yet won", "oj0101010", 8, MATCH_STATUS(PLAYING), 0, -1,
		  2, 6 },
		{ "resigned by the first", "ojr", 3, MATCH_STATUS(RESIGNED), -1,
		  1, 2, 0 },
		{ "resigned by the second", "oj3R", 4, MATCH_STATUS(RESIGNED),
		  -1, 0, 2, 1 },
		{ "cancelled", "oc", 2, MATCH_STATUS(CANCELLED), -1, -1, 1, 0 },
		{ "the first to come moves second", "OJ3", 3,
		  MATCH_STATUS(PLAYING), 1, -1, 2, 1 },
		{ "won, and a rematch asked for", "oj0101010m", 10,
		  MATCH_STATUS(WON), -1, 0, 2, 7 },
		{ "resigned, and the winner left", "oj3RL", 5,
		  MATCH_STATUS(RESIGNED), -1, 0, 2, 1 },
		{ "drawn", "oj545062455041104565311226266362030334314210", 44,
		  MATCH_STATUS(DRAWN), -1, -1, 2, 42 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena mem;
		struct match m;
		const Parlor__Game__V1__Match *got;

		arena_init(&mem, 1 << 20);
		play(&m, &mem, cases[i].script);
		got = match_at(&m, cases[i].version);
		if (got->status != (unsigned)cases[i].status ||
		    got->version != (int64_t)cases[i].version ||
		    (got->has_turn ? got->turn : -1) != cases[i].turn ||
		    (got->has_winner ? got->winner : -1) != cases[i].winner ||
		    got->n_players != cases[i].players ||
		    got->n_moves != cases[i].moves || got->n_columns != 7 ||
		    got->updated_at != 999 + got->version ||
		    got->created_at != 1000)
			fail_msg("%s: status %d, version %d, turn %d, winner "
				 "%d, %zu players, %zu moves",
				 cases[i].name, (int)got->status,
				 (int)got->version, got->turn, got->winner,
				 got->n_players, got->n_moves);
		arena_release(&mem);
	}
}

static void test_requests(void **state)
{
	struct arena mem;
	struct match m;
	size_t version = 0;

	(void)state;
	arena_init(&mem, 1 << 20);
	play(&m, &mem, "oj34");
	assert_int_equal(match_seat(&m, SLICE("sub-bob")), 1);
	assert_int_equal(match_seat(&m, SLICE("sub-eve")), -1);
	assert_string_equal(match_done(&m, 0, "r2", &version)->move, "3");
	assert_int_equal(version, 3);
	assert_null(match_done(&m, 1, "r2", &version)); /* another's request */
	assert_null(match_done(&m, 0, "r9", &version));
	assert_null(match_player(&m, 2));
	arena_release(&mem);
}

static void test_seats(void **state)
{
	struct arena mem;
	struct match m;
	const Parlor__Game__V1__Match *now;

	(void)state;
	arena_init(&mem, 1 << 20);
	play(&m, &mem, "OJRml");
	now = match_at(&m, match_version(&m));
	assert_null(now->players[0]->sub); /* bob, who began, has left */
	assert_null(now->players[0]->name);
	assert_string_equal(now->players[1]->sub, "sub-ada");
	assert_string_equal(now->rematch_id, "again");
	assert_int_equal(now->winner, 0);
	assert_int_equal(match_end(&m), 3);
	assert_int_equal(match_seat(&m, SLICE("sub-ada")), 1);
	assert_int_equal(match_seat(&m, SLICE("sub-bob")), -1);
	play(&m, &mem, "O");
	assert_int_equal(match_free_seat(&m), 0);
	assert_int_equal(match_end(&m), 0);
	arena_release(&mem);
}

static void test_reading(void **state)
{
	static const struct {
		const char *name, *script;
		int result;
	} cases[] = {
		{ "what was written", "oj3", 0 },
		{ "nothing happened", "", -E_LOSS },
		{ "joined before it was opened", "jo", -E_LOSS },
		{ "opened twice", "oo", -E_LOSS },
		{ "a move without a second player", "o3", -E_LOSS },
		{ "a move that isn't allowed", "oj9", -E_LOSS },
		{ "cancelled by who waited", "oc", 0 },
		{ "cancelled before", "co", -E_LOSS },
		{ "cancelled and joined", "ocj", -E_LOSS },
		{ "cancelled when it was played", "ojc", -E_LOSS },
		{ "both on one seat", "oJ", -E_LOSS },
		{ "the first to come moves second", "OJ3", 0 },
		{ "somebody left", "ojrl", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena mem;
		struct match m, again;
		struct fault fault = { 0 };
		int result;

		arena_init(&mem, 1 << 20);
		play(&m, &mem, cases[i].script);
		result = match_read(&again, &mem,
				    message_pack(&m.state->base, &mem), &fault);
		if (result != cases[i].result)
			fail_msg("%s: got %d", cases[i].name, result);
		arena_release(&mem);
	}
}

static void test_ids(void **state)
{
	uint8_t low[MATCH_ID_RANDOM] = { 0 }, high[MATCH_ID_RANDOM];
	char first[MATCH_ID_SIZE], second[MATCH_ID_SIZE];

	(void)state;
	memset(high, 255, sizeof(high));
	match_id_make(1764100000000, high, first);
	match_id_make(1764100000001, low, second);
	assert_true(match_id_valid(first) && match_id_valid(second));
	assert_true(strcmp(first, second) < 0); /* in order of time */
	assert_false(match_id_valid(NULL));
	assert_false(match_id_valid(""));
	first[3] = '#';
	assert_false(match_id_valid(first));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_seats),
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_ids),
	};

	parlor__game__v1__player__init(&ada);
	parlor__game__v1__player__init(&bob);
	ada.sub = (char *)(uintptr_t) "sub-ada";
	ada.name = (char *)(uintptr_t) "ada";
	bob.sub = (char *)(uintptr_t) "sub-bob";
	bob.name = (char *)(uintptr_t) "bob";
	return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
