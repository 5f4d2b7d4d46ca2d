/* tests/unit/services/game/match/rows.c - a match's items in the table */
#include "services/game/match/rows.h"
#include "lib/item/item.h"
#include "lib/wire/message.h"
#include "services/game/rules/connect_four.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void add(struct match *m, Parlor__Game__V1__MatchEventKind kind,
		int seat, const char *player, const char *move)
{
	Parlor__Game__V1__MatchEvent event =
	    PARLOR__GAME__V1__MATCH_EVENT__INIT;

	event.has_kind = event.has_seat = event.has_at = true;
	event.kind = kind;
	event.seat = seat;
	event.at = 1764100000000 + (int64_t)match_version(m);
	event.move = (char *)(uintptr_t)move;
	if (player) {
		event.player = arena_alloc(m->mem, sizeof(*event.player));
		parlor__game__v1__player__init(event.player);
		event.player->sub = arena_printf(m->mem, "sub-%s", player);
		event.player->name = arena_printf(m->mem, "%s", player);
	}
	match_append(m, &event);
}

/* Ada against Bob, who resigns. */
static void resigned_match(struct match *m, struct arena *mem)
{
	arena_init(mem, 1 << 20);
	match_init(m, mem, "1jd5k2m3ax7f2k9q3c0", &connect_four);
	add(m, MATCH_EVENT(OPENED), 0, "ada", NULL);
	add(m, MATCH_EVENT(JOINED), 1, "bob", NULL);
	add(m, MATCH_EVENT(MOVED), 0, NULL, "3");
	add(m, MATCH_EVENT(RESIGNED), 1, NULL, NULL);
}

static void assert_text(struct slice item, const char *name, const char *want)
{
	struct slice got = item_find_text(item, ITEM_S, name);

	if (!slice_is(got, want))
		fail_msg("%s: got '%.*s', want '%s'", name, SLICE_ARGS(got),
			 want);
}

static void test_view(void **state)
{
	struct arena mem;
	struct match m;

	(void)state;
	resigned_match(&m, &mem);
	for (size_t version = 1; version <= match_version(&m); version++) {
		Parlor__Game__V1__Match *want = match_at(&m, version);
		struct slice row = row_view(&mem, "sub-ada", want);
		Parlor__Game__V1__Match *got = row_view_read(&mem, row);

		assert_text(row, "pk", "view#sub-ada");
		assert_text(row, "sk", "match#1jd5k2m3ax7f2k9q3c0");
		assert_true(slice_equal(message_pack(&want->base, &mem),
					message_pack(&got->base, &mem)));
	}
	arena_release(&mem);
}

/* What only some matches have is read as it was written. */
static void test_view_of_more(void **state)
{
	struct arena mem;
	struct match m;
	Parlor__Game__V1__Match *want, *got;

	(void)state;
	resigned_match(&m, &mem);
	m.state->has_opponent = m.state->has_expires_at = true;
	m.state->opponent = MATCH_OPPONENT(COMPUTER);
	m.state->expires_at = 1764100600000;
	m.state->events[0]->player->has_computer = true;
	m.state->events[0]->player->computer = 3;
	m.state->events[0]->player->sub = NULL;
	want = match_at(&m, 1);
	assert_true(want->has_expires_at);
	want->rematch_id = arena_printf(&mem, "again");
	got = row_view_read(&mem, row_view(&mem, "sub-ada", want));
	assert_true(slice_equal(message_pack(&want->base, &mem),
				message_pack(&got->base, &mem)));
	arena_release(&mem);
}

static void test_end(void **state)
{
	struct arena mem;
	struct match m;
	Parlor__Game__V1__Match *end;
	struct slice row;

	(void)state;
	resigned_match(&m, &mem);
	end = match_at(&m, match_version(&m));
	row = row_result(&mem, end, 0);
	assert_text(row, "pk", "results#sub-ada");
	assert_text(row, "sk", "1764100000003#1jd5k2m3ax7f2k9q3c0");
	assert_text(row, "outcome", "won");
	assert_text(row, "status", "resigned");
	assert_text(row_result(&mem, end, 1), "outcome", "lost");
	assert_text(row_record_key(&mem, end, 1), "sk", "record#connect-four");
	row = row_record_values(&mem, end, 0);
	assert_text(row, ":board", "connect-four#1");
	assert_int_equal(item_find_i64(row, ":win", -1), 1);
	assert_int_equal(item_find_i64(row, ":score", -1), 3);
	assert_int_equal(item_find_i64(row_record_values(&mem, end, 1),
				       ":score", -1),
			 0);
	end->has_winner = false; /* as if drawn */
	row = row_record_values(&mem, end, 1);
	assert_int_equal(item_find_i64(row, ":draw", -1), 1);
	assert_int_equal(item_find_i64(row, ":score", -1), 1);
	arena_release(&mem);
}

static void test_waiting(void **state)
{
	struct arena mem;
	struct match m;
	struct slice row;

	(void)state;
	resigned_match(&m, &mem);
	row = row_open(&m);
	assert_text(row, "pk", "open#connect-four");
	assert_text(row, "sk", "1764100000000#1jd5k2m3ax7f2k9q3c0");
	assert_text(row, "sub", "sub-ada");
	m.state->has_expires_at = true;
	m.state->expires_at = 1764100600000;
	row = row_open(&m);
	assert_int_equal(item_find_i64(row, "expires_at", 0), 1764100600);
	assert_text(row_open_after(&mem, "connect-four", 5000), "sk",
		    "0000000005000#");
	row = row_request(&mem, "m", "sub-ada", "q1", 5000);
	assert_text(row, "pk", "player#sub-ada");
	assert_text(row, "sk", "request#q1");
	assert_int_equal(item_find_i64(row, "expires_at", 0), 5 + 86400);
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_view),
		cmocka_unit_test(test_view_of_more),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_waiting),
	};

	return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
