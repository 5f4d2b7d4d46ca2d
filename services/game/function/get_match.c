/* services/game/function/get_match.c - a player looks at a match
 *
 * Reads the player's own view, so it can show nothing that the player may not
 * see. Only when there is none it asks whether there is such a match at all.
 */
#include "services/game/match/change.h"

static Parlor__Game__V1__Match *show(struct event *e, struct slice view)
{
	Parlor__Game__V1__Match *match = row_view_read(e->mem, view);

	if (match)
		match_expire(match, e->time_ms);
	return match;
}

/* That it is cancelled by time is news without a version. */
static bool is_known(const Parlor__Game__V1__GetMatchRequest *request,
		     const Parlor__Game__V1__Match *match)
{
	return request->has_known_version &&
	       request->known_version == match->version &&
	       match->status != MATCH_STATUS(CANCELLED);
}

static bool is_over(const Parlor__Game__V1__Match *match)
{
	return match->status != MATCH_STATUS(WAITING) &&
	       match->status != MATCH_STATUS(PLAYING);
}

static Parlor__Game__V1__Match *look(struct event *e, const char *match_id)
{
	const char *sub =
	    arena_copy(e->mem, e->user.sub.data, e->user.sub.size);
	struct slice view =
	    table_get(e, row_view_key(e->mem, sub, match_id), NULL);

	if (event_failed(e))
		return NULL;
	if (view.size > 0)
		return show(e, view);
	if (table_get(e, row_match_key(e->mem, match_id), "pk").size > 0)
		event_fail(e, E_DENIED, "you are no player of match '%s'",
			   match_id);
	event_fail(e, E_MISSING, "no match '%s'", match_id);
	return NULL;
}

static void get_match(struct event *e)
{
	const Parlor__Game__V1__GetMatchRequest *request =
	    event_request(e, &parlor__game__v1__get_match_request__descriptor);
	Parlor__Game__V1__GetMatchResponse answer =
	    PARLOR__GAME__V1__GET_MATCH_RESPONSE__INIT;

	change_needs_user(e);
	if (request && !match_id_valid(request->match_id))
		event_fail(e, E_INVALID, "match_id must be a match's");
	if (request && !event_failed(e))
		answer.match = look(e, request->match_id);
	if (answer.match && is_over(answer.match))
		event_final(e);
	if (answer.match && is_known(request, answer.match))
		answer.match = NULL;
	event_reply(e, &answer.base);
}

int main(int argc, char **argv)
{
	return function_main(argc, argv, get_match);
}
