/* services/game/match/match.c - a match is what happened in it */
#include "services/game/match/match.h"
#include "lib/wire/message.h"

/* ---- ids -------------------------------------------------------------------- */

/* Crockford's base 32, whose characters sort as they count. */
static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";

enum { ID_TIME = MATCH_ID_SIZE - 1 - MATCH_ID_RANDOM };

void match_id_make(int64_t time_ms, const uint8_t random[MATCH_ID_RANDOM],
		   char out[MATCH_ID_SIZE])
{
	for (int i = ID_TIME - 1; i >= 0; i--, time_ms >>= 5)
		out[i] = digits[time_ms & 31];
	for (int i = 0; i < MATCH_ID_RANDOM; i++)
		out[ID_TIME + i] = digits[random[i] & 31];
	out[MATCH_ID_SIZE - 1] = '\0';
}

bool match_id_valid(const char *id)
{
	return id && strlen(id) == MATCH_ID_SIZE - 1 &&
	       strspn(id, digits) == MATCH_ID_SIZE - 1;
}

/* ---- making and reading ----------------------------------------------------- */

void match_init(struct match *m, struct arena *mem, const char *id,
		const struct game *game)
{
	*m = (struct match){ .mem = mem, .game = game };
	m->state = arena_alloc(mem, sizeof(*m->state));
	if (!m->state)
		return;
	parlor__game__v1__match_state__init(m->state);
	m->state->match_id = arena_copy(mem, id, strlen(id));
	m->state->game = arena_copy(mem, game->name, strlen(game->name));
}

static bool sits_down(const Parlor__Game__V1__MatchEvent *event)
{
	return event->kind == MATCH_EVENT(OPENED) ||
	       event->kind == MATCH_EVENT(JOINED);
}

/* The event by which somebody had taken the seat at a version; NULL while
 * nobody has. */
static Parlor__Game__V1__MatchEvent *taken_by(const struct match *m,
					      size_t version, int seat)
{
	for (size_t i = 0; i < m->game->players && i < version; i++) {
		Parlor__Game__V1__MatchEvent *event = m->state->events[i];

		if (sits_down(event) && event->seat == seat)
			return event;
	}
	return NULL;
}

/* While seats are free: the first opens the match, others join it, or it is
 * cancelled and that was all. */
static bool may_begin(const struct match *m, size_t i)
{
	const Parlor__Game__V1__MatchEvent *event = m->state->events[i];

	if (event->kind == MATCH_EVENT(CANCELLED))
		return i > 0 && i + 1 == match_version(m);
	return sits_down(event) &&
	       (event->kind == MATCH_EVENT(OPENED)) == (i == 0) &&
	       event->player && taken_by(m, i + 1, event->seat) == event;
}

/* Then comes everything else. */
static bool may_follow(const Parlor__Game__V1__MatchEvent *event)
{
	return !sits_down(event) && event->kind != MATCH_EVENT(CANCELLED) &&
	       (event->kind != MATCH_EVENT(MOVED) || event->move) &&
	       (event->kind != MATCH_EVENT(REMATCHED) || event->rematch_id);
}

static bool is_in_order(const struct match *m)
{
	size_t players = m->game->players;

	for (size_t i = 0; i < match_version(m); i++) {
		const Parlor__Game__V1__MatchEvent *event = m->state->events[i];

		if (event->seat < 0 || (size_t)event->seat >= players ||
		    !(i < players ? may_begin(m, i) : may_follow(event)))
			return false;
	}
	return match_version(m) > 0;
}

int match_read(struct match *m, struct arena *mem, struct slice bytes,
	       struct fault *fault)
{
	struct game_state position;

	*m = (struct match){ .mem = mem };
	m->state = message_unpack(&parlor__game__v1__match_state__descriptor,
				  bytes, mem, fault);
	if (!m->state)
		return -fault->code;
	m->game = game_find(slice_of(m->state->game));
	if (!m->game || !m->state->match_id || !is_in_order(m) ||
	    match_position(m, match_version(m), &position) != 0)
		return fault_set(fault, E_LOSS,
				 "the stored match is none of ours");
	m->stored = match_version(m);
	return 0;
}

/* ---- who sits where, and what was done ---------------------------------------- */

const Parlor__Game__V1__Player *match_player(const struct match *m, int seat)
{
	const Parlor__Game__V1__MatchEvent *event =
	    taken_by(m, match_version(m), seat);

	return event ? event->player : NULL;
}

int match_seat(const struct match *m, struct slice sub)
{
	for (int seat = 0; (size_t)seat < m->game->players; seat++) {
		const Parlor__Game__V1__Player *player = match_player(m, seat);

		if (player && player->sub && slice_is(sub, player->sub))
			return seat;
	}
	return -1;
}

int match_free_seat(const struct match *m)
{
	int seat = 0;

	while (match_player(m, seat))
		seat++;
	return seat;
}

bool match_is_open(const struct match *m)
{
	return !m->state->has_opponent ||
	       m->state->opponent == MATCH_OPPONENT(OPEN);
}

void match_append(struct match *m, const Parlor__Game__V1__MatchEvent *event)
{
	Parlor__Game__V1__MatchState *state = m->state;
	Parlor__Game__V1__MatchEvent **events =
	    arena_array(m->mem, state->n_events + 1,
			sizeof(Parlor__Game__V1__MatchEvent *));
	Parlor__Game__V1__MatchEvent *copy = arena_alloc(m->mem, sizeof(*copy));

	if (!events || !copy)
		return;
	for (size_t i = 0; i < state->n_events; i++)
		events[i] = state->events[i];
	*copy = *event;
	events[state->n_events++] = copy;
	state->events = events;
}

const Parlor__Game__V1__MatchEvent *match_done(const struct match *m, int seat,
					       const char *request_id,
					       size_t *version)
{
	for (size_t i = 0; i < m->state->n_events; i++) {
		const Parlor__Game__V1__MatchEvent *event = m->state->events[i];

		if (event->seat == seat && event->request_id &&
		    strcmp(event->request_id, request_id) == 0) {
			*version = i + 1;
			return event;
		}
	}
	return NULL;
}

size_t match_answered(const struct match *m, size_t version)
{
	while (version < match_version(m)) {
		const Parlor__Game__V1__Player *player =
		    match_player(m, m->state->events[version]->seat);

		if (!player || !player->has_computer)
			break;
		version++;
	}
	return version;
}

void match_leave(struct match *m, int seat, int64_t at)
{
	Parlor__Game__V1__MatchEvent event =
	    PARLOR__GAME__V1__MATCH_EVENT__INIT;
	Parlor__Game__V1__Player *nobody = arena_alloc(m->mem, sizeof(*nobody));

	if (!nobody)
		return;
	parlor__game__v1__player__init(nobody);
	taken_by(m, match_version(m), seat)->player = nobody;
	event.has_kind = event.has_seat = event.has_at = true;
	event.kind = MATCH_EVENT(LEFT);
	event.seat = seat;
	event.at = at;
	match_append(m, &event);
}

/* ---- what players see --------------------------------------------------------- */

int match_position(const struct match *m, size_t version,
		   struct game_state *position)
{
	struct fault refused = { 0 };

	game_start(m->game, position);
	for (size_t i = 0; i < version; i++) {
		const Parlor__Game__V1__MatchEvent *event = m->state->events[i];

		if (event->kind == MATCH_EVENT(MOVED) &&
		    game_play(m->game, position, (unsigned)event->seat,
			      slice_of(event->move), &refused) != 0)
			return -E_LOSS;
	}
	return 0;
}

/* The latest of that kind within a version; NULL if there is none. */
static const Parlor__Game__V1__MatchEvent *latest(
    const struct match *m, size_t version,
    Parlor__Game__V1__MatchEventKind kind)
{
	while (version-- > 0)
		if (m->state->events[version]->kind == kind)
			return m->state->events[version];
	return NULL;
}

static void show_result(const struct match *m, size_t version,
			const struct game_state *position,
			Parlor__Game__V1__Match *out)
{
	const Parlor__Game__V1__MatchEvent *resigned =
	    latest(m, version, MATCH_EVENT(RESIGNED));

	out->has_status = true;
	if (resigned) {
		out->status = MATCH_STATUS(RESIGNED);
		out->has_winner = true;
		out->winner = 1 - resigned->seat;
	} else if (position->result == GAME_WON) {
		out->status = MATCH_STATUS(WON);
		out->has_winner = true;
		out->winner = (int32_t)position->winner;
	} else if (position->result == GAME_DRAWN) {
		out->status = MATCH_STATUS(DRAWN);
	} else if (latest(m, version, MATCH_EVENT(CANCELLED))) {
		out->status = MATCH_STATUS(CANCELLED);
	} else if (version < m->game->players) {
		out->status = MATCH_STATUS(WAITING);
		out->has_expires_at = m->state->has_expires_at;
		out->expires_at = m->state->expires_at;
	} else {
		out->status = MATCH_STATUS(PLAYING);
		out->has_turn = true;
		out->turn = (int32_t)position->turn;
	}
}

Parlor__Game__V1__MatchStatus match_status(const struct match *m,
					   size_t version)
{
	Parlor__Game__V1__Match out = PARLOR__GAME__V1__MATCH__INIT;
	struct game_state position;

	match_position(m, version, &position);
	show_result(m, version, &position, &out);
	return out.status;
}

/* Columns and moves as lists of texts. */
static char **show_columns(const struct match *m,
			   const struct game_state *position)
{
	size_t count = m->game->columns;
	char **columns = arena_array(m->mem, count, sizeof(*columns));
	struct buffer text;

	buffer_init(&text, GAME_STATE_SIZE);
	for (size_t i = 0; columns && i < count; i++) {
		buffer_reset(&text);
		m->game->column(position, i, &text);
		columns[i] = arena_copy(m->mem, buffer_slice(&text).data,
					buffer_size(&text));
	}
	buffer_release(&text);
	return columns;
}

/* Those who had sat down, in the order of their turns. */
static void show_players(const struct match *m, size_t version,
			 Parlor__Game__V1__Match *out)
{
	size_t seats = m->game->players;

	out->players =
	    arena_array(m->mem, seats, sizeof(Parlor__Game__V1__Player *));
	for (int seat = 0; out->players && (size_t)seat < seats; seat++) {
		const Parlor__Game__V1__MatchEvent *event =
		    taken_by(m, version, seat);

		if (event)
			out->players[out->n_players++] = event->player;
	}
}

static void show_moves(const struct match *m, size_t version,
		       Parlor__Game__V1__Match *out)
{
	out->moves = arena_array(m->mem, version, sizeof(char *));
	for (size_t i = 0; out->moves && i < version; i++)
		if (m->state->events[i]->kind == MATCH_EVENT(MOVED))
			out->moves[out->n_moves++] = m->state->events[i]->move;
}

static void show_rematch(const struct match *m, size_t version,
			 Parlor__Game__V1__Match *out)
{
	const Parlor__Game__V1__MatchEvent *rematched =
	    latest(m, version, MATCH_EVENT(REMATCHED));

	out->rematch_id = rematched ? rematched->rematch_id : NULL;
}

Parlor__Game__V1__Match *match_at(const struct match *m, size_t version)
{
	Parlor__Game__V1__Match *out = arena_alloc(m->mem, sizeof(*out));
	struct game_state position;

	if (!out)
		return NULL;
	parlor__game__v1__match__init(out);
	match_position(m, version, &position);
	show_result(m, version, &position, out);
	show_players(m, version, out);
	show_moves(m, version, out);
	show_rematch(m, version, out);
	out->match_id = m->state->match_id;
	out->game = m->state->game;
	out->has_opponent = m->state->has_opponent;
	out->opponent = m->state->opponent;
	out->has_version = out->has_created_at = out->has_updated_at = true;
	out->version = (int64_t)version;
	out->created_at = m->state->events[0]->at;
	out->updated_at = m->state->events[version - 1]->at;
	out->columns = show_columns(m, &position);
	out->n_columns = out->columns ? m->game->columns : 0;
	return out;
}

Parlor__Game__V1__Match *match_now(const struct match *m, int64_t time_ms)
{
	Parlor__Game__V1__Match *now = match_at(m, match_version(m));

	if (now)
		match_expire(now, time_ms);
	return now;
}

void match_expire(Parlor__Game__V1__Match *m, int64_t time_ms)
{
	if (m->status != MATCH_STATUS(WAITING) || !m->has_expires_at ||
	    m->expires_at > time_ms)
		return;
	m->status = MATCH_STATUS(CANCELLED);
	m->has_expires_at = false;
}

static bool is_over(Parlor__Game__V1__MatchStatus status)
{
	return status == MATCH_STATUS(WON) || status == MATCH_STATUS(DRAWN) ||
	       status == MATCH_STATUS(RESIGNED);
}

size_t match_end(const struct match *m)
{
	size_t version = match_version(m);

	if (!is_over(match_status(m, version)))
		return 0;
	while (m->state->events[version - 1]->kind != MATCH_EVENT(MOVED) &&
	       m->state->events[version - 1]->kind != MATCH_EVENT(RESIGNED))
		version--;
	return version;
}

/* ---- the computer ------------------------------------------------------------- */

void match_reply(struct match *m, int64_t at, uint64_t seed)
{
	Parlor__Game__V1__MatchEvent event =
	    PARLOR__GAME__V1__MATCH_EVENT__INIT;
	const Parlor__Game__V1__Player *player;
	struct game_state position;
	char move[GAME_MOVE_MAX + 1];

	if (match_status(m, match_version(m)) != MATCH_STATUS(PLAYING))
		return;
	match_position(m, match_version(m), &position);
	player = match_player(m, (int)position.turn);
	if (!player || !player->has_computer)
		return;
	m->game->choose(&position, player->computer, seed, move);
	event.has_kind = event.has_seat = event.has_at = true;
	event.kind = MATCH_EVENT(MOVED);
	event.seat = (int32_t)position.turn;
	event.at = at;
	event.move = arena_copy(m->mem, move, strlen(move));
	match_append(m, &event);
}
