/* services/game/match/change.c - the story that all changes of a match share */
#include "services/game/match/change.h"

enum { ATTEMPTS = 5, REQUEST_ID_MAX = 36 };

/* ---- who asks, and by which request --------------------------------------------- */

static bool is_visible(const char *text)
{
	for (; *text; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

static const char *fresh_id(struct event *e)
{
	uint64_t random[2];

	event_random(e, random, sizeof(random));
	return arena_printf(e->mem, "%016llx%016llx",
			    (unsigned long long)random[0],
			    (unsigned long long)random[1]);
}

int change_needs_user(struct event *e)
{
	return e->user.sub.size > 0
		   ? 0
		   : event_fail(e, E_UNAUTHENTICATED,
				"a player's access token is needed");
}

const char *change_request_id(struct event *e, const char *given)
{
	if (change_needs_user(e) != 0)
		return NULL;
	if (!given)
		return fresh_id(e);
	if (!*given || strlen(given) > REQUEST_ID_MAX || !is_visible(given)) {
		event_fail(e, E_INVALID,
			   "request_id must have 1 to %d visible characters",
			   REQUEST_ID_MAX);
		return NULL;
	}
	return given;
}

Parlor__Game__V1__Player *change_player(struct event *e)
{
	Parlor__Game__V1__Player *player = arena_alloc(e->mem, sizeof(*player));

	if (!player)
		return NULL;
	parlor__game__v1__player__init(player);
	player->sub = arena_copy(e->mem, e->user.sub.data, e->user.sub.size);
	player->name =
	    arena_copy(e->mem, e->user.username.data, e->user.username.size);
	return player;
}

/* ---- the story ---------------------------------------------------------------------- */

int change_refuse(struct event *e, const struct match *m, int code,
		  const char *why)
{
	const Parlor__Game__V1__Match *now = match_at(m, match_version(m));

	event_fail(e, code, "%s", why);
	if (now)
		event_fail_detail(e, &now->base);
	return -code;
}

/* Was it the same that the request did before? */
static bool is_same(const struct change *c,
		    const Parlor__Game__V1__MatchEvent *done, size_t version)
{
	return done->kind == c->kind &&
	       (!c->move || (done->move && strcmp(c->move, done->move) == 0)) &&
	       (c->version == 0 || c->version == (int64_t)version - 1);
}

static Parlor__Game__V1__Match *answer_again(
    struct event *e, const struct change *c, const struct match *m,
    const Parlor__Game__V1__MatchEvent *done, size_t version)
{
	if (is_same(c, done, version))
		return match_at(m, version);
	event_fail(e, E_INVALID, "request_id was used for something else");
	return NULL;
}

static int check_seat(struct event *e, const struct change *c,
		      const struct match *m, int seat)
{
	if (c->newcomer)
		return seat < 0 ? 0
				: change_refuse(e, m, E_PRECONDITION,
						"you are in this match");
	if (seat < 0)
		return event_fail(e, E_DENIED,
				  "you are no player of match '%s'",
				  m->state->match_id);
	if (match_version(m) < m->game->players)
		return change_refuse(e, m, E_PRECONDITION,
				     "the match waits for a player");
	if (match_is_over(match_at(m, match_version(m))))
		return change_refuse(e, m, E_PRECONDITION, "the match is over");
	return 0;
}

static void happen(struct event *e, const struct change *c, struct match *m,
		   int seat)
{
	Parlor__Game__V1__MatchEvent event =
	    PARLOR__GAME__V1__MATCH_EVENT__INIT;

	event.has_kind = event.has_seat = event.has_at = true;
	event.kind = c->kind;
	event.seat = c->newcomer ? (int32_t)match_version(m) : seat;
	event.at = e->time_ms;
	event.request_id = (char *)(uintptr_t)c->request_id;
	event.move = (char *)(uintptr_t)c->move;
	if (c->newcomer)
		event.player = change_player(e);
	match_append(m, &event);
}

/* One attempt: TABLE_BEATEN asks for another. */
static enum table_saved attempt(struct event *e, const struct change *c,
				Parlor__Game__V1__Match **answer)
{
	struct match m;
	const Parlor__Game__V1__MatchEvent *done;
	size_t version;
	int seat;
	enum table_saved saved;

	if (table_load(e, c->match_id, &m) != 0)
		return TABLE_FAILED;
	seat = match_seat(&m, e->user.sub);
	done = seat < 0 ? NULL : match_done(&m, seat, c->request_id, &version);
	if (done) {
		*answer = answer_again(e, c, &m, done, version);
		return TABLE_SAVED;
	}
	if (check_seat(e, c, &m, seat) != 0 ||
	    (c->check && c->check(e, c, &m, seat) != 0))
		return TABLE_FAILED;
	happen(e, c, &m, seat);
	saved = table_save(e, &m);
	if (saved == TABLE_SAVED)
		*answer = match_at(&m, match_version(&m));
	return saved;
}

Parlor__Game__V1__Match *change_make(struct event *e, const struct change *c)
{
	Parlor__Game__V1__Match *answer = NULL;

	if (event_failed(e))
		return NULL;
	event_cost_tag(e, arena_printf(e->mem, "match#%s", c->match_id));
	for (int i = 0; i < ATTEMPTS; i++)
		switch (attempt(e, c, &answer)) {
		case TABLE_SAVED:
		case TABLE_FAILED:
			return answer;
		case TABLE_REPEATED:
			event_fail(e, E_INVALID,
				   "request_id was used for something else");
			return NULL;
		case TABLE_BEATEN:
			break;
		}
	event_fail(e, E_ABORTED, "the match keeps changing; try again");
	return NULL;
}
