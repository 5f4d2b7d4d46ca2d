/* services/game/function/play_move.c - a player moves
 *
 * Refused, with the match as it stands, unless the player saw its latest
 * version. Two moves at once both pass this check, but only one is saved; the
 * other begins again and is then refused here.
 */
#include "services/game/match/change.h"

static int check(struct event *e, const struct change *c, const struct match *m,
		 int seat)
{
	struct game_state position;
	struct fault fault = { 0 };

	if (c->version != (int64_t)match_version(m))
		return change_refuse(e, m, E_PRECONDITION,
				     "the match has another version");
	match_position(m, match_version(m), &position);
	if (game_play(m->game, &position, (unsigned)seat, slice_of(c->move),
		      &fault) == 0)
		return 0;
	return change_refuse(e, m, fault.code, fault.message);
}

static bool is_valid(struct event *e,
		     const Parlor__Game__V1__PlayMoveRequest *request)
{
	if (!match_id_valid(request->match_id))
		event_fail(e, E_INVALID, "match_id must be a match's");
	else if (!request->has_version || request->version < 1)
		event_fail(e, E_INVALID,
			   "version must be that of the match you saw");
	else if (!request->move || !*request->move ||
		 strlen(request->move) > GAME_MOVE_MAX)
		event_fail(e, E_INVALID, "move must have 1 to %d characters",
			   GAME_MOVE_MAX);
	return !event_failed(e);
}

static void play_move(struct event *e)
{
	const Parlor__Game__V1__PlayMoveRequest *request =
	    event_request(e, &parlor__game__v1__play_move_request__descriptor);
	Parlor__Game__V1__PlayMoveResponse answer =
	    PARLOR__GAME__V1__PLAY_MOVE_RESPONSE__INIT;

	if (request && is_valid(e, request)) {
		struct change change = {
			.match_id = request->match_id,
			.request_id = change_request_id(e, request->request_id),
			.kind = MATCH_EVENT(MOVED),
			.move = request->move,
			.version = request->version,
			.check = check,
		};

		answer.match = change_make(e, &change);
	}
	event_reply(e, &answer.base);
}

int main(int argc, char **argv)
{
	return function_main(argc, argv, play_move);
}
