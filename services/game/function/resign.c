/* services/game/function/resign.c - a player gives a match up */
#include "services/game/match/change.h"

static void resign(struct event *e)
{
	const Parlor__Game__V1__ResignRequest *request =
	    event_request(e, &parlor__game__v1__resign_request__descriptor);
	Parlor__Game__V1__ResignResponse answer =
	    PARLOR__GAME__V1__RESIGN_RESPONSE__INIT;

	if (request && !match_id_valid(request->match_id))
		event_fail(e, E_INVALID, "match_id must be a match's");
	if (request && !event_failed(e)) {
		struct change change = {
			.match_id = request->match_id,
			.request_id = change_request_id(e, request->request_id),
			.kind = MATCH_EVENT(RESIGNED),
		};

		answer.match = change_make(e, &change);
	}
	event_reply(e, &answer.base);
}

int main(int argc, char **argv)
{
	return function_main(argc, argv, resign);
}
