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

/* The first event opens the match, others join until all seats are taken, and
 * only then come moves. */
static bool is_in_order(const struct match *m)
{
	size_t players = m->game->players;

	for (size_t i = 0; i < m->state->n_events; i++) {
		const Parlor__Game__V1__MatchEvent *event = m->state->events[i];
		bool seats = event->kind == MATCH_EVENT(OPENED) ||
			     event->kind == MATCH_EVENT(JOINED);

		if (event->seat < 0 || (size_t)event->seat >= players ||
		    seats != (i < players) ||
		    (seats && ((size_t)event->seat != i || !event->player)) ||
		    (event->kind == MATCH_EVENT(MOVED) && !event->move))
			return false;
	}
	return m->state->n_events > 0;
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
	return 0;
}

/* ---- who sits where, and what was done ---------------------------------------- */

const Parlor__Game__V1__Player *match_player(const struct match *m, int seat)
{
	return seat >= 0 && (size_t)seat < m->game->players &&
		       (size_t)seat < m->state->n_events
		   ? m->state->events[seat]->player
		   : NULL;
}

int match_seat(const struct match *m, struct slice sub)
{
	const Parlor__Game__V1__Player *player;

	for (int seat = 0; (player = match_player(m, seat)); seat++)
		if (slice_is(sub, player->sub))
			return seat;
	return -1;
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

static void show_result(const struct match *m, size_t version,
			const struct game_state *position,
			Parlor__Game__V1__Match *out)
{
	const Parlor__Game__V1__MatchEvent *last =
	    m->state->events[version - 1];

	out->has_status = true;
	if (last->kind == MATCH_EVENT(RESIGNED)) {
		out->status = MATCH_STATUS(RESIGNED);
		out->has_winner = true;
		out->winner = 1 - last->seat;
	} else if (position->result == GAME_WON) {
		out->status = MATCH_STATUS(WON);
		out->has_winner = true;
		out->winner = (int32_t)position->winner;
	} else if (position->result == GAME_DRAWN) {
		out->status = MATCH_STATUS(DRAWN);
	} else if (version < m->game->players) {
		out->status = MATCH_STATUS(WAITING);
	} else {
		out->status = MATCH_STATUS(PLAYING);
		out->has_turn = true;
		out->turn = (int32_t)position->turn;
	}
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

static void show_events(const struct match *m, size_t version,
			Parlor__Game__V1__Match *out)
{
	out->players =
	    arena_array(m->mem, version, sizeof(Parlor__Game__V1__Player *));
	out->moves = arena_array(m->mem, version, sizeof(char *));
	for (size_t i = 0; !m->mem->full && i < version; i++) {
		const Parlor__Game__V1__MatchEvent *event = m->state->events[i];

		if (event->player)
			out->players[out->n_players++] = event->player;
		if (event->kind == MATCH_EVENT(MOVED))
			out->moves[out->n_moves++] = event->move;
	}
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
	show_events(m, version, out);
	out->match_id = m->state->match_id;
	out->game = m->state->game;
	out->has_version = out->has_created_at = out->has_updated_at = true;
	out->version = (int64_t)version;
	out->created_at = m->state->events[0]->at;
	out->updated_at = m->state->events[version - 1]->at;
	out->columns = show_columns(m, &position);
	out->n_columns = out->columns ? m->game->columns : 0;
	return out;
}

bool match_is_over(const Parlor__Game__V1__Match *m)
{
	return m->status == MATCH_STATUS(WON) ||
	       m->status == MATCH_STATUS(DRAWN) ||
	       m->status == MATCH_STATUS(RESIGNED);
}
