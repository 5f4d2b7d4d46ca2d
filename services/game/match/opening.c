/* services/game/match/opening.c - how a match begins */
#include "services/game/match/opening.h"
#include "services/game/match/change.h"

/* By the person who asks, or by a computer when there is a level. */
static void sit_down(struct event *e, struct match *m, const struct opening *o,
		     int level)
{
	Parlor__Game__V1__MatchEvent event =
	    PARLOR__GAME__V1__MATCH_EVENT__INIT;

	event.has_kind = event.has_seat = event.has_at = true;
	event.kind = level ? MATCH_EVENT(JOINED) : MATCH_EVENT(OPENED);
	event.seat = level ? match_free_seat(m) : o->seat;
	event.at = e->time_ms;
	event.player = level ? change_computer(e, level) : change_player(e);
	event.request_id = level ? NULL : (char *)(uintptr_t)o->request_id;
	match_append(m, &event);
}

/* Until when, in whole seconds, as the rows have it. */
static int64_t end_of_waiting(const struct event *e, const struct opening *o)
{
	int64_t end = e->time_ms + (o->opponent == MATCH_OPPONENT(OPEN)
					? OPENING_WAITS_MS
					: OPENING_LINK_WAITS_MS);

	return end - end % 1000;
}

void opening_make(struct event *e, const struct opening *o, struct match *m)
{
	uint8_t random[MATCH_ID_RANDOM];
	char id[MATCH_ID_SIZE];

	event_random(e, random, sizeof(random));
	match_id_make(e->time_ms, random, id);
	event_cost_tag(e, arena_printf(e->mem, "match#%s", id));
	match_init(m, e->mem, id, o->game);
	if (e->mem->full)
		return;
	m->state->has_opponent = true;
	m->state->opponent = o->opponent;
	m->state->invited = (char *)(uintptr_t)o->invited;
	sit_down(e, m, o, 0);
	if (o->opponent == MATCH_OPPONENT(COMPUTER)) {
		sit_down(e, m, o, o->level);
		change_reply(e, m);
	} else {
		m->state->has_expires_at = true;
		m->state->expires_at = end_of_waiting(e, o);
	}
}
