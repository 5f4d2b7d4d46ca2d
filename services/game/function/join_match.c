/* services/game/function/join_match.c - a player takes the free seat of a match
 *
 * Of the one that is named, or of the one of a game that has waited longest.
 * Several may reach for the same one: who is beaten looks again. Who finds none
 * may open one, on condition that nobody else has begun to wait since the queue
 * was looked at; so of two who ask at once one finds the other.
 */
#include "lib/item/item.h"
#include "services/game/match/change.h"
#include "services/game/match/opening.h"

/* An attempt takes four calls at most, of the hundred that an event has. */
enum { CANDIDATES = 20, ATTEMPTS = 24 };

/* ---- one match ------------------------------------------------------------------ */

static int check_invited(struct event *e, const struct change *c,
			 const struct match *m, int seat)
{
	(void)c;
	(void)seat;
	if (m->state->invited && !slice_is(e->user.sub, m->state->invited))
		return event_fail(e, E_DENIED,
				  "match '%s' waits for somebody else",
				  m->state->match_id);
	return 0;
}

static Parlor__Game__V1__Match *join_this(struct event *e, const char *match_id,
					  const char *request_id)
{
	const struct change change = {
		.match_id = match_id,
		.request_id = request_id,
		.kind = MATCH_EVENT(JOINED),
		.newcomer = true,
		.before = true,
		.check = check_invited,
	};

	return change_make(e, &change);
}

/* ---- the queue ------------------------------------------------------------------- */

struct queue {
	const struct game *game;
	const char *request_id;
	bool or_open;
	/* who waits, the longest first; NULL: nobody does */
	const char *other, *own;
	int64_t guard; /* at that time; unless too many wait to matter */
};

/* A row of the queue: somebody who waits, or the guard, which comes last. */
static void note(struct event *e, struct queue *q, struct slice row)
{
	struct slice id = item_find_text(row, ITEM_S, "match_id");
	bool own = slice_equal(item_find_text(row, ITEM_S, "sub"), e->user.sub);
	const char **whose = own ? &q->own : &q->other;

	if (id.size == 0)
		q->guard = item_find_i64(row, "guard_version", 0);
	else if (!*whose && item_find_i64(row, "expires_at", INT64_MAX) >
				e->time_ms / 1000)
		*whose = arena_copy(e->mem, id.data, id.size);
}

static void look(struct event *e, struct queue *q)
{
	struct table_query query = {
		.pk = arena_printf(e->mem, "open#%s", q->game->name),
		.sk_prefix = "",
		.limit = CANDIDATES,
		.after = row_open_after(e->mem, q->game->name,
					e->time_ms - OPENING_WAITS_MS),
	};

	q->guard = 0;
	q->other = q->own = NULL;
	if (table_query(e, &query) != 0)
		return;
	for (size_t i = 0; i < query.count; i++)
		note(e, q, slice_make(query.items[i].data, query.items[i].len));
}

/* The user's own match, as an answer that a repeat gets too. */
static Parlor__Game__V1__Match *stay(struct event *e, const struct queue *q)
{
	Parlor__Game__V1__Match *now;
	struct match m;

	if (table_load(e, q->own, &m) != 0)
		return NULL;
	now = match_now(&m, e->time_ms);
	if (now && now->status == MATCH_STATUS(CANCELLED))
		event_fail(e, E_PRECONDITION, "the match was cancelled");
	else
		save_request(e, q->own, q->request_id);
	return event_failed(e) ? NULL : now;
}

static Parlor__Game__V1__Match *open_one(struct event *e, const struct queue *q)
{
	const struct opening opening = { .game = q->game,
					 .opponent = MATCH_OPPONENT(OPEN),
					 .request_id = q->request_id };
	struct match m;

	opening_make(e, &opening, &m);
	switch (e->mem->full ? SAVE_FAILED : save_waiting(e, &m, q->guard)) {
	case SAVED:
		return match_now(&m, e->time_ms);
	case SAVE_REPEATED:
		event_fail(e, E_INVALID,
			   "request_id was used for something else");
		return NULL;
	case SAVE_BEATEN:
		event_fail(e, E_PRECONDITION, "somebody waits");
		return NULL;
	case SAVE_FAILED:
		return NULL;
	}
	return NULL;
}

/* Nobody is found twice: who was waiting too does so no longer. False if
 * somebody has come meanwhile. */
static bool withdraw(struct event *e, const char *match_id)
{
	const struct change change = {
		.match_id = match_id,
		.request_id = change_request_id(e, NULL),
		.kind = MATCH_EVENT(CANCELLED),
		.before = true,
	};

	if (change_make(e, &change) || e->fault.code != E_PRECONDITION)
		return true;
	fault_clear(&e->fault);
	return false;
}

static Parlor__Game__V1__Match *take_or_wait(struct event *e,
					     const struct queue *q)
{
	if (!q->other && !q->or_open)
		event_fail(e, E_MISSING, "no match of '%s' waits for a player",
			   q->game->name);
	if (event_failed(e))
		return NULL;
	if (q->own && (!q->other || !withdraw(e, q->own)))
		return stay(e, q);
	return q->other ? join_this(e, q->other, q->request_id)
			: open_one(e, q);
}

/* What the request was answered before; NULL if it is new. */
static Parlor__Game__V1__Match *repeat(struct event *e, const struct queue *q)
{
	const char *match_id = table_request(e, q->request_id);
	struct match m;

	if (!match_id || table_load(e, match_id, &m) != 0)
		return NULL;
	if (m.game == q->game && match_seat(&m, e->user.sub) >= 0)
		return change_answer(e, &m, q->request_id);
	event_fail(e, E_INVALID, "request_id was used for something else");
	return NULL;
}

/* By others, or by the same request at the same time, which has then done what
 * it asks for. */
static bool was_beaten(const struct event *e)
{
	return e->fault.code == E_PRECONDITION || e->fault.code == E_ABORTED ||
	       e->fault.code == E_INVALID;
}

static Parlor__Game__V1__Match *join_any(struct event *e, struct queue *q)
{
	Parlor__Game__V1__Match *match = repeat(e, q);
	bool done;

	for (int i = 0; !match && !event_failed(e) && i < ATTEMPTS; i++) {
		look(e, q);
		match = take_or_wait(e, q);
		if (match || !was_beaten(e))
			return match;
		done = e->fault.code == E_INVALID;
		fault_clear(&e->fault);
		if (done)
			match = repeat(e, q);
	}
	if (!match)
		event_fail(e, E_UNAVAILABLE, "others were faster; try again");
	return match;
}

/* ---- the request ------------------------------------------------------------------- */

static void check(struct event *e,
		  const Parlor__Game__V1__JoinMatchRequest *request)
{
	if (!request->match_id == !request->game)
		event_fail(e, E_INVALID, "match_id or game is needed");
	else if (request->match_id && !match_id_valid(request->match_id))
		event_fail(e, E_INVALID, "match_id must be a match's");
	else if (request->match_id && request->or_open)
		event_fail(e, E_INVALID, "or_open is for a game");
	else if (request->game && !game_find(slice_of(request->game)))
		event_fail(e, E_INVALID, "game '%s' is not known",
			   request->game);
}

static Parlor__Game__V1__Match *join(
    struct event *e, const Parlor__Game__V1__JoinMatchRequest *request)
{
	struct queue queue = {
		.game = game_find(slice_of(request->game)),
		.request_id = change_request_id(e, request->request_id),
		.or_open = request->or_open,
	};

	if (event_failed(e))
		return NULL;
	return queue.game ? join_any(e, &queue)
			  : join_this(e, request->match_id, queue.request_id);
}

static void join_match(struct event *e)
{
	const Parlor__Game__V1__JoinMatchRequest *request =
	    event_request(e, &parlor__game__v1__join_match_request__descriptor);
	Parlor__Game__V1__JoinMatchResponse answer =
	    PARLOR__GAME__V1__JOIN_MATCH_RESPONSE__INIT;

	if (request)
		check(e, request);
	if (request && !event_failed(e))
		answer.match = join(e, request);
	event_reply(e, &answer.base);
}

int main(int argc, char **argv)
{
	return function_main(argc, argv, join_match);
}
