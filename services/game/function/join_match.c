/* services/game/function/join_match.c - a second player takes a seat
 *
 * Of the match that is named, or of the one of a game that has waited longest.
 * Several may reach for the same one: who is beaten looks again.
 */
#include "lib/item/item.h"
#include "services/game/match/change.h"

enum { CANDIDATES = 20, ATTEMPTS = 5 };

static int check(struct event *e, const struct change *c, const struct match *m,
		 int seat)
{
	(void)c;
	(void)seat;
	if (match_version(m) >= m->game->players)
		return change_refuse(e, m, E_PRECONDITION,
				     "the match has all its players");
	return 0;
}

/* The one that has waited longest and isn't the user's own; NULL and failed
 * when there is none. */
static const char *find_waiting(struct event *e, const char *game)
{
	struct table_query query = {
		.pk = arena_printf(e->mem, "open#%s", game),
		.sk_prefix = "",
		.limit = CANDIDATES,
	};

	if (table_query(e, &query) != 0)
		return NULL;
	for (size_t i = 0; i < query.count; i++) {
		struct slice row =
		    slice_make(query.items[i].data, query.items[i].len);
		struct slice id = item_find_text(row, ITEM_S, "match_id");

		if (!slice_equal(item_find_text(row, ITEM_S, "sub"),
				 e->user.sub))
			return arena_copy(e->mem, id.data, id.size);
	}
	event_fail(e, E_MISSING, "no match of '%s' waits for a player", game);
	return NULL;
}

/* Fails the event unless the longest waiting match, or one after it that still
 * waits, can be joined. */
static Parlor__Game__V1__Match *join_waiting(struct event *e,
					     struct change *change,
					     const char *game)
{
	for (int i = 0; i < ATTEMPTS; i++) {
		Parlor__Game__V1__Match *match;

		change->match_id = find_waiting(e, game);
		if (!change->match_id)
			return NULL;
		match = change_make(e, change);
		if (match || e->fault.code != E_PRECONDITION)
			return match;
		fault_clear(&e->fault); /* somebody else has just joined it */
	}
	event_fail(e, E_ABORTED, "others were faster; try again");
	return NULL;
}

static Parlor__Game__V1__Match *join(
    struct event *e, const Parlor__Game__V1__JoinMatchRequest *request)
{
	struct change change = {
		.match_id = request->match_id,
		.request_id = change_request_id(e, request->request_id),
		.kind = MATCH_EVENT(JOINED),
		.newcomer = true,
		.check = check,
	};

	if (!change.match_id && request->game && !event_failed(e))
		change.match_id = table_request(e, change.request_id);
	if (event_failed(e))
		return NULL;
	if (change.match_id)
		return change_make(e, &change);
	return join_waiting(e, &change, request->game);
}

static void join_match(struct event *e)
{
	const Parlor__Game__V1__JoinMatchRequest *request =
	    event_request(e, &parlor__game__v1__join_match_request__descriptor);
	Parlor__Game__V1__JoinMatchResponse answer =
	    PARLOR__GAME__V1__JOIN_MATCH_RESPONSE__INIT;

	if (request && !request->match_id == !request->game)
		event_fail(e, E_INVALID, "match_id or game is needed");
	else if (request && request->match_id &&
		 !match_id_valid(request->match_id))
		event_fail(e, E_INVALID, "match_id must be a match's");
	else if (request && request->game &&
		 !game_find(slice_of(request->game)))
		event_fail(e, E_INVALID, "game '%s' is not known",
			   request->game);
	if (request && !event_failed(e))
		answer.match = join(e, request);
	event_reply(e, &answer.base);
}

int main(int argc, char **argv)
{
	return function_main(argc, argv, join_match);
}
