/* services/game/function/create_match.c - a player opens a match and waits */
#include "services/game/match/change.h"

static void open_match(struct event *e, struct match *m,
		       const struct game *game, const char *request_id)
{
	Parlor__Game__V1__MatchEvent event =
	    PARLOR__GAME__V1__MATCH_EVENT__INIT;
	uint8_t random[MATCH_ID_RANDOM];
	char id[MATCH_ID_SIZE];

	event_random(e, random, sizeof(random));
	match_id_make(e->time_ms, random, id);
	match_init(m, e->mem, id, game);
	event.has_kind = event.has_seat = event.has_at = true;
	event.kind = MATCH_EVENT(OPENED);
	event.at = e->time_ms;
	event.request_id = (char *)(uintptr_t)request_id;
	event.player = change_player(e);
	match_append(m, &event);
}

/* The match that the request opened before. */
static Parlor__Game__V1__Match *opened_before(struct event *e,
					      const struct game *game,
					      const char *request_id)
{
	const char *id = table_request(e, request_id);
	const Parlor__Game__V1__MatchEvent *done;
	struct match m;
	size_t version;

	if (!id || table_load(e, id, &m) != 0)
		return NULL;
	done =
	    match_done(&m, match_seat(&m, e->user.sub), request_id, &version);
	if (done && done->kind == MATCH_EVENT(OPENED) && m.game == game)
		return match_at(&m, version);
	event_fail(e, E_INVALID, "request_id was used for something else");
	return NULL;
}

static Parlor__Game__V1__Match *create(struct event *e, const struct game *game,
				       const char *request_id)
{
	struct match m;

	open_match(e, &m, game, request_id);
	if (e->mem->full)
		return NULL;
	event_cost_tag(e, arena_printf(e->mem, "match#%s", m.state->match_id));
	switch (table_save(e, &m)) {
	case TABLE_SAVED:
		return match_at(&m, match_version(&m));
	case TABLE_REPEATED:
		return opened_before(e, game, request_id);
	case TABLE_BEATEN:
		event_fail(e, E_ABORTED, "try again");
		return NULL;
	case TABLE_FAILED:
		return NULL;
	}
	return NULL;
}

static void create_match(struct event *e)
{
	const Parlor__Game__V1__CreateMatchRequest *request =
	    event_request(e,
			  &parlor__game__v1__create_match_request__descriptor);
	Parlor__Game__V1__CreateMatchResponse answer =
	    PARLOR__GAME__V1__CREATE_MATCH_RESPONSE__INIT;
	const struct game *game = NULL;
	const char *request_id = NULL;

	if (request) {
		game = game_find(slice_of(request->game));
		request_id = change_request_id(e, request->request_id);
	}
	if (request && !game)
		event_fail(e, E_INVALID, "game '%s' is not known",
			   request->game ? request->game : "");
	if (!event_failed(e))
		answer.match = create(e, game, request_id);
	event_reply(e, &answer.base);
}

int main(int argc, char **argv)
{
	return function_main(argc, argv, create_match);
}
