/* services/game/function/cancel_match.c - a player waits no longer */
#include "services/game/match/change.h"

static void cancel_match(struct event *e)
{
	const Parlor__Game__V1__CancelMatchRequest *request =
	    event_request(e,
			  &parlor__game__v1__cancel_match_request__descriptor);
	Parlor__Game__V1__CancelMatchResponse answer =
	    PARLOR__GAME__V1__CANCEL_MATCH_RESPONSE__INIT;

	if (request && !match_id_valid(request->match_id))
		event_fail(e, E_INVALID, "match_id must be a match's");
	if (request && !event_failed(e)) {
		const struct change change = {
			.match_id = request->match_id,
			.request_id = change_request_id(e, request->request_id),
			.kind = MATCH_EVENT(CANCELLED),
			.before = true,
		};

		answer.match = change_make(e, &change);
	}
	event_reply(e, &answer.base);
}

int main(int argc, char **argv)
{
	return function_main(argc, argv, cancel_match);
}
