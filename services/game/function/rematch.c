/* services/game/function/rematch.c - the same two, the other one beginning
 *
 * Who asks first opens the match, and says so in the one that is over; who asks
 * second finds it there and joins it. Of two at once one finds the other's.
 */
#include "services/game/match/change.h"
#include "services/game/match/opening.h"

enum { ATTEMPTS = 5 };

struct rematch {
	const char *request_id;
	struct match over; /* the match that is */
	int seat;	   /* of who asks, in it */
};

static int read_over(struct event *e, const char *match_id, struct rematch *r)
{
	if (table_load(e, match_id, &r->over) != 0)
		return -e->fault.code;
	r->seat = match_seat(&r->over, e->user.sub);
	if (r->seat < 0)
		return event_fail(e, E_DENIED,
				  "you are no player of match '%s'", match_id);
	if (!match_end(&r->over))
		return change_refuse(e, &r->over, E_PRECONDITION,
				     "the match is not over");
	return 0;
}

/* ---- the one that was opened before ------------------------------------------------ */

static Parlor__Game__V1__Match *join(struct event *e, const struct rematch *r,
				     const char *match_id)
{
	const struct change change = {
		.match_id = match_id,
		.request_id = r->request_id,
		.kind = MATCH_EVENT(JOINED),
		.newcomer = true,
		.before = true,
	};

	return change_make(e, &change);
}

/* NULL when there is none, or it was cancelled, or the event failed. */
static Parlor__Game__V1__Match *find(struct event *e, const struct rematch *r)
{
	const char *match_id =
	    match_at(&r->over, match_version(&r->over))->rematch_id;
	Parlor__Game__V1__Match *answer;
	struct match m;

	if (!match_id || !table_find(e, match_id, &m))
		return NULL;
	answer = change_answer(e, &m, r->request_id);
	if (answer && match_seat(&m, e->user.sub) < 0 &&
	    answer->status == MATCH_STATUS(WAITING))
		return join(e, r, match_id);
	return answer && answer->status != MATCH_STATUS(CANCELLED) ? answer
								   : NULL;
}

/* ---- a new one ------------------------------------------------------------------------ */

static void note(struct event *e, struct rematch *r, const struct match *next)
{
	Parlor__Game__V1__MatchEvent event =
	    PARLOR__GAME__V1__MATCH_EVENT__INIT;

	event.has_kind = event.has_seat = event.has_at = true;
	event.kind = MATCH_EVENT(REMATCHED);
	event.seat = r->seat;
	event.at = e->time_ms;
	event.request_id = (char *)(uintptr_t)r->request_id;
	event.rematch_id = next->state->match_id;
	match_append(&r->over, &event);
}

/* Is beaten when the other one asks at the same time. */
static enum saved open_next(struct event *e, struct rematch *r,
			    Parlor__Game__V1__Match **answer)
{
	const Parlor__Game__V1__Player *other =
	    match_player(&r->over, 1 - r->seat);
	const struct opening opening = {
		.game = r->over.game,
		.opponent = other->has_computer ? MATCH_OPPONENT(COMPUTER)
						: MATCH_OPPONENT(LINK),
		.level = other->computer,
		.seat = 1 - r->seat,
		.invited = other->sub,
		.request_id = r->request_id,
	};
	struct match next;
	enum saved saved;

	if (!other->has_computer && !other->sub) {
		change_refuse(e, &r->over, E_PRECONDITION,
			      "the other player has left");
		return SAVE_FAILED;
	}
	opening_make(e, &opening, &next);
	note(e, r, &next);
	saved = save_rematch(e, &r->over, &next);
	*answer = saved == SAVED ? match_at(&next, match_version(&next)) : NULL;
	return saved;
}

static Parlor__Game__V1__Match *play_again(struct event *e,
					   const char *match_id,
					   const char *request_id)
{
	struct rematch r = { .request_id = request_id };
	Parlor__Game__V1__Match *answer;

	for (int i = 0; i < ATTEMPTS; i++) {
		if (read_over(e, match_id, &r) != 0)
			return NULL;
		answer = find(e, &r);
		if (answer || event_failed(e))
			return answer;
		switch (open_next(e, &r, &answer)) {
		case SAVED:
		case SAVE_FAILED:
			return answer;
		case SAVE_REPEATED:
			event_fail(e, E_INVALID,
				   "request_id was used for something else");
			return NULL;
		case SAVE_BEATEN:
			break;
		}
	}
	event_fail(e, E_ABORTED, "the match keeps changing; try again");
	return NULL;
}

static void rematch(struct event *e)
{
	const Parlor__Game__V1__RematchRequest *request =
	    event_request(e, &parlor__game__v1__rematch_request__descriptor);
	Parlor__Game__V1__RematchResponse answer =
	    PARLOR__GAME__V1__REMATCH_RESPONSE__INIT;
	const char *request_id = NULL;

	if (request && !match_id_valid(request->match_id))
		event_fail(e, E_INVALID, "match_id must be a match's");
	if (request)
		request_id = change_request_id(e, request->request_id);
	if (request_id && !event_failed(e))
		answer.match = play_again(e, request->match_id, request_id);
	event_reply(e, &answer.base);
}

int main(int argc, char **argv)
{
	return function_main(argc, argv, rematch);
}
