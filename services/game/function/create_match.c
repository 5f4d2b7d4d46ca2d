/* services/game/function/create_match.c - a player opens a match
 *
 * And waits for another player, or plays against the computer at once.
 */
#include "services/game/match/change.h"
#include "services/game/match/opening.h"

enum { LEVEL_USUAL = 2 };

/* The match that the request opened before. */
static Parlor__Game__V1__Match *opened_before(struct event *e,
					      const struct opening *o)
{
	const char *id = table_request(e, o->request_id);
	const Parlor__Game__V1__MatchEvent *done;
	struct match m;
	size_t version;

	if (!id || table_load(e, id, &m) != 0)
		return NULL;
	done = match_done(&m, match_seat(&m, e->user.sub), o->request_id,
			  &version);
	if (done && done->kind == MATCH_EVENT(OPENED) && m.game == o->game &&
	    m.state->opponent == o->opponent)
		return match_at(&m, match_answered(&m, version));
	event_fail(e, E_INVALID, "request_id was used for something else");
	return NULL;
}

static Parlor__Game__V1__Match *create(struct event *e, const struct opening *o)
{
	struct match m;

	opening_make(e, o, &m);
	if (e->mem->full)
		return NULL;
	switch (save_match(e, &m)) {
	case SAVED:
		return match_at(&m, match_version(&m));
	case SAVE_REPEATED:
		return opened_before(e, o);
	case SAVE_BEATEN:
		event_fail(e, E_ABORTED, "try again");
		return NULL;
	case SAVE_FAILED:
		return NULL;
	}
	return NULL;
}

static void check(struct event *e,
		  const Parlor__Game__V1__CreateMatchRequest *request,
		  const struct opening *o)
{
	if (!o->game)
		event_fail(e, E_INVALID, "game '%s' is not known",
			   request->game ? request->game : "");
	else if (o->opponent < MATCH_OPPONENT(OPEN) ||
		 o->opponent > MATCH_OPPONENT(COMPUTER))
		event_fail(e, E_INVALID,
			   "opponent must be open, link or computer");
	else if (request->has_level && o->opponent != MATCH_OPPONENT(COMPUTER))
		event_fail(e, E_INVALID, "level is for a computer");
	else if (o->level < 1 || o->level > GAME_LEVELS)
		event_fail(e, E_INVALID, "level must be 1 to %d", GAME_LEVELS);
}

static void create_match(struct event *e)
{
	const Parlor__Game__V1__CreateMatchRequest *request =
	    event_request(e,
			  &parlor__game__v1__create_match_request__descriptor);
	Parlor__Game__V1__CreateMatchResponse answer =
	    PARLOR__GAME__V1__CREATE_MATCH_RESPONSE__INIT;

	if (request) {
		const struct opening opening = {
			.game = game_find(slice_of(request->game)),
			.opponent = request->has_opponent
					? request->opponent
					: MATCH_OPPONENT(OPEN),
			.level =
			    request->has_level ? request->level : LEVEL_USUAL,
			.request_id = change_request_id(e, request->request_id),
		};

		check(e, request, &opening);
		if (!event_failed(e))
			answer.match = create(e, &opening);
	}
	event_reply(e, &answer.base);
}

int main(int argc, char **argv)
{
	return function_main(argc, argv, create_match);
}
