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

Parlor__Game__V1__Player *change_computer(struct event *e, int level)
{
	Parlor__Game__V1__Player *player = arena_alloc(e->mem, sizeof(*player));

	if (!player)
		return NULL;
	parlor__game__v1__player__init(player);
	player->name = arena_printf(e->mem, "computer");
	player->has_computer = true;
	player->computer = level;
	return player;
}

void change_reply(struct event *e, struct match *m)
{
	uint64_t seed;

	event_random(e, &seed, sizeof(seed));
	match_reply(m, e->time_ms, seed);
}

/* ---- the story ---------------------------------------------------------------------- */

int change_refuse(struct event *e, const struct match *m, int code,
		  const char *why)
{
	const Parlor__Game__V1__Match *now = match_now(m, e->time_ms);

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
		return match_at(m, match_answered(m, version));
	event_fail(e, E_INVALID, "request_id was used for something else");
	return NULL;
}

Parlor__Game__V1__Match *change_answer(struct event *e, const struct match *m,
				       const char *request_id)
{
	int seat = match_seat(m, e->user.sub);
	size_t version;

	return match_done(m, seat, request_id, &version)
		   ? match_at(m, match_answered(m, version))
		   : match_now(m, e->time_ms);
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
	return 0;
}

static int check_status(struct event *e, const struct change *c,
			const struct match *m)
{
	static const char *const words[] = {
		[MATCH_STATUS(WAITING)] = "the match waits for a player",
		[MATCH_STATUS(PLAYING)] = "the match has all its players",
		[MATCH_STATUS(WON)] = "the match is over",
		[MATCH_STATUS(DRAWN)] = "the match is over",
		[MATCH_STATUS(RESIGNED)] = "the match is over",
		[MATCH_STATUS(CANCELLED)] = "the match was cancelled",
	};
	const Parlor__Game__V1__Match *now = match_now(m, e->time_ms);

	if (!now)
		return event_fail(e, E_EXHAUSTED, "the match is too large");
	if (now->status ==
	    (c->before ? MATCH_STATUS(WAITING) : MATCH_STATUS(PLAYING)))
		return 0;
	return change_refuse(e, m, E_PRECONDITION, words[now->status]);
}

static void happen(struct event *e, const struct change *c, struct match *m,
		   int seat)
{
	Parlor__Game__V1__MatchEvent event =
	    PARLOR__GAME__V1__MATCH_EVENT__INIT;

	event.has_kind = event.has_seat = event.has_at = true;
	event.kind = c->kind;
	event.seat = c->newcomer ? match_free_seat(m) : seat;
	event.at = e->time_ms;
	event.request_id = (char *)(uintptr_t)c->request_id;
	event.move = (char *)(uintptr_t)c->move;
	if (c->newcomer)
		event.player = change_player(e);
	match_append(m, &event);
	change_reply(e, m);
}

/* One attempt: SAVE_BEATEN asks for another. */
static enum saved attempt(struct event *e, const struct change *c,
			  Parlor__Game__V1__Match **answer)
{
	struct match m;
	const Parlor__Game__V1__MatchEvent *done;
	size_t version;
	int seat;
	enum saved saved;

	if (table_load(e, c->match_id, &m) != 0)
		return SAVE_FAILED;
	seat = match_seat(&m, e->user.sub);
	done = seat < 0 ? NULL : match_done(&m, seat, c->request_id, &version);
	if (done) {
		*answer = answer_again(e, c, &m, done, version);
		return SAVED;
	}
	if (check_seat(e, c, &m, seat) != 0 || check_status(e, c, &m) != 0 ||
	    (c->check && c->check(e, c, &m, seat) != 0))
		return SAVE_FAILED;
	happen(e, c, &m, seat);
	saved = save_match(e, &m);
	if (saved == SAVED)
		*answer = match_at(&m, match_version(&m));
	return saved;
}

Parlor__Game__V1__Match *change_make(struct event *e, const struct change *c)
{
	Parlor__Game__V1__Match *answer = NULL;
	bool repeated = false;

	if (event_failed(e))
		return NULL;
	event_cost_tag(e, arena_printf(e->mem, "match#%s", c->match_id));
	for (int i = 0; i < ATTEMPTS; i++)
		switch (attempt(e, c, &answer)) {
		case SAVED:
		case SAVE_FAILED:
			return answer;
		case SAVE_REPEATED: /* in this match, at the same time? */
			if (repeated) {
				event_fail(e, E_INVALID,
					   "request_id was used for something "
					   "else");
				return NULL;
			}
			repeated = true;
			break;
		case SAVE_BEATEN:
			break;
		}
	event_fail(e, E_ABORTED, "the match keeps changing; try again");
	return NULL;
}
