/* services/game/match/rows.c - a match's items in the table */
#include "services/game/match/rows.h"
#include "lib/item/item.h"
#include "lib/wire/message.h"

enum { ROW_MAX = 400 * 1024, REQUEST_KEPT_MS = 24 * 60 * 60 * 1000 };

/* ---- pieces --------------------------------------------------------------------- */

static void put_s(struct buffer *row, const char *name, const char *text)
{
	if (text)
		item_put_text(row, name, ITEM_S, slice_of(text));
}

/* The row's bytes in the arena; the buffer is done with. */
static struct slice finish(struct arena *mem, struct buffer *row)
{
	struct slice bytes = arena_slice(mem, buffer_slice(row));

	if (row->failed)
		mem->full = true;
	buffer_release(row);
	return bytes;
}

/* In seconds, of milliseconds. */
static void put_end(struct buffer *row, int64_t expires_at)
{
	item_put_i64(row, "expires_at", expires_at / 1000);
}

static void begin(struct buffer *row, const char *pk, const char *sk)
{
	buffer_init(row, ROW_MAX);
	put_s(row, "pk", pk);
	put_s(row, "sk", sk);
}

struct slice row_key(struct arena *mem, const char *pk, const char *sk)
{
	struct buffer row;

	begin(&row, pk, sk);
	return finish(mem, &row);
}

/* ---- the match itself ------------------------------------------------------------- */

static const char *match_pk(struct arena *mem, const char *match_id)
{
	return arena_printf(mem, "match#%s", match_id);
}

struct slice row_match_key(struct arena *mem, const char *match_id)
{
	return row_key(mem, match_pk(mem, match_id), "state");
}

struct slice row_match(const struct match *m)
{
	struct buffer row;

	begin(&row, match_pk(m->mem, m->state->match_id), "state");
	item_put_i64(&row, "match_version", (int64_t)match_version(m));
	if (match_version(m) < m->game->players && m->state->has_expires_at)
		put_end(&row, m->state->expires_at);
	item_put_text(&row, "state", ITEM_B,
		      message_pack(&m->state->base, m->mem));
	return finish(m->mem, &row);
}

/* ---- views ------------------------------------------------------------------------- */

static void put_players(struct buffer *row, const Parlor__Game__V1__Match *m)
{
	struct buffer list, player;

	buffer_init(&list, ROW_MAX);
	buffer_init(&player, ROW_MAX);
	for (size_t i = 0; i < m->n_players; i++) {
		buffer_reset(&player);
		put_s(&player, "sub", m->players[i]->sub);
		put_s(&player, "name", m->players[i]->name);
		if (m->players[i]->has_computer)
			item_put_i64(&player, "computer",
				     m->players[i]->computer);
		item_put_value(&list, ITEM_L, ITEM_M, buffer_slice(&player));
	}
	item_put_inner(row, "players", ITEM_L, buffer_slice(&list));
	buffer_release(&player);
	buffer_release(&list);
}

static void put_texts(struct buffer *row, const char *name, char **texts,
		      size_t count)
{
	struct buffer list;

	buffer_init(&list, ROW_MAX);
	for (size_t i = 0; i < count; i++)
		item_put_value(&list, ITEM_L, ITEM_S, slice_of(texts[i]));
	item_put_inner(row, name, ITEM_L, buffer_slice(&list));
	buffer_release(&list);
}

/* Values of enums, by their numbers; the unspecified ones have no name. */
static const char *const status_names[] = {
	[MATCH_STATUS(WAITING)] = "waiting",
	[MATCH_STATUS(PLAYING)] = "playing",
	[MATCH_STATUS(WON)] = "won",
	[MATCH_STATUS(DRAWN)] = "drawn",
	[MATCH_STATUS(RESIGNED)] = "resigned",
	[MATCH_STATUS(CANCELLED)] = "cancelled",
};
static const char *const opponent_names[] = {
	[MATCH_OPPONENT(OPEN)] = "open",
	[MATCH_OPPONENT(LINK)] = "link",
	[MATCH_OPPONENT(COMPUTER)] = "computer",
};

#define COUNT(names) (sizeof(names) / sizeof(*(names)))

/* What views and results have in common. */
static void put_match(struct buffer *row, const Parlor__Game__V1__Match *m)
{
	put_s(row, "match_id", m->match_id);
	put_s(row, "game", m->game);
	put_s(row, "status", status_names[m->status]);
	item_put_i64(row, "version", m->version);
	put_players(row, m);
	if (m->has_turn)
		item_put_i64(row, "turn", m->turn);
	put_texts(row, "moves", m->moves, m->n_moves);
	if (m->has_winner)
		item_put_i64(row, "winner", m->winner);
	item_put_i64(row, "created_at", m->created_at);
	item_put_i64(row, "updated_at", m->updated_at);
	put_texts(row, "columns", m->columns, m->n_columns);
	if (m->has_opponent)
		put_s(row, "opponent", opponent_names[m->opponent]);
	if (m->has_expires_at)
		put_end(row, m->expires_at);
	put_s(row, "rematch_id", m->rematch_id);
}

struct slice row_view_key(struct arena *mem, const char *sub,
			  const char *match_id)
{
	return row_key(mem, arena_printf(mem, "view#%s", sub),
		       arena_printf(mem, "match#%s", match_id));
}

struct slice row_view(struct arena *mem, const char *sub,
		      const Parlor__Game__V1__Match *m)
{
	struct buffer row;

	begin(&row, arena_printf(mem, "view#%s", sub),
	      arena_printf(mem, "match#%s", m->match_id));
	put_match(&row, m);
	return finish(mem, &row);
}

/* NULL when it is absent. */
static char *text_of(struct arena *mem, struct slice item, const char *name)
{
	struct slice text = item_find_text(item, ITEM_S, name);

	return text.size > 0 ? arena_copy(mem, text.data, text.size) : NULL;
}

static size_t count_of(struct slice list)
{
	struct item_value value;
	size_t count = 0;

	while (item_next_value(ITEM_L, &list, &value) > 0)
		count++;
	return count;
}

static char **texts_of(struct arena *mem, struct slice item, const char *name,
		       size_t *count)
{
	struct slice list = item_find(item, name).bytes;
	char **texts = arena_array(mem, count_of(list), sizeof(*texts));
	struct item_value value;

	*count = 0;
	while (texts && item_next_value(ITEM_L, &list, &value) > 0)
		texts[(*count)++] =
		    arena_copy(mem, value.bytes.data, value.bytes.size);
	return texts;
}

/* The number of a name among `count`; 0 if it is none of them. */
static int value_of(struct slice item, const char *attribute,
		    const char *const names[], size_t count)
{
	struct slice text = item_find_text(item, ITEM_S, attribute);

	for (size_t i = 1; i < count; i++)
		if (slice_is(text, names[i]))
			return (int)i;
	return 0;
}

/* A number that fits the field, or absent. */
static int32_t small_of(struct slice item, const char *name,
			protobuf_c_boolean *has)
{
	int64_t value = item_find_i64(item, name, -1);

	*has = value >= 0 && value <= INT32_MAX;
	return *has ? (int32_t)value : 0;
}

static void players_of(struct arena *mem, struct slice item,
		       Parlor__Game__V1__Match *out)
{
	struct slice list = item_find(item, "players").bytes;
	size_t count = count_of(list);
	struct item_value value;

	out->players =
	    arena_array(mem, count, sizeof(Parlor__Game__V1__Player *));
	while (out->players && item_next_value(ITEM_L, &list, &value) > 0) {
		Parlor__Game__V1__Player *player =
		    arena_alloc(mem, sizeof(*player));

		if (!player)
			return;
		parlor__game__v1__player__init(player);
		player->sub = text_of(mem, value.bytes, "sub");
		player->name = text_of(mem, value.bytes, "name");
		player->computer =
		    small_of(value.bytes, "computer", &player->has_computer);
		out->players[out->n_players++] = player;
	}
}

Parlor__Game__V1__Match *row_view_read(struct arena *mem, struct slice item)
{
	Parlor__Game__V1__Match *out = arena_alloc(mem, sizeof(*out));

	if (!out)
		return NULL;
	parlor__game__v1__match__init(out);
	out->match_id = text_of(mem, item, "match_id");
	out->game = text_of(mem, item, "game");
	out->has_status = true;
	out->status =
	    (Parlor__Game__V1__MatchStatus)value_of(item, "status",
						    status_names,
						    COUNT(status_names));
	out->turn = small_of(item, "turn", &out->has_turn);
	out->winner = small_of(item, "winner", &out->has_winner);
	out->has_version = out->has_created_at = out->has_updated_at = true;
	out->version = item_find_i64(item, "version", 0);
	out->created_at = item_find_i64(item, "created_at", 0);
	out->updated_at = item_find_i64(item, "updated_at", 0);
	players_of(mem, item, out);
	out->moves = texts_of(mem, item, "moves", &out->n_moves);
	out->columns = texts_of(mem, item, "columns", &out->n_columns);
	out->opponent =
	    (Parlor__Game__V1__Opponent)value_of(item, "opponent",
						 opponent_names,
						 COUNT(opponent_names));
	out->has_opponent = out->opponent != MATCH_OPPONENT(UNSPECIFIED);
	out->expires_at = 1000 * item_find_i64(item, "expires_at", 0);
	out->has_expires_at = out->expires_at > 0;
	out->rematch_id = text_of(mem, item, "rematch_id");
	return out;
}

/* ---- who waits ------------------------------------------------------------------------ */

static const char *time_sk(struct arena *mem, int64_t at, const char *match_id)
{
	return arena_printf(mem, "%013lld#%s", (long long)at, match_id);
}

static const char *open_pk(struct arena *mem, const char *game)
{
	return arena_printf(mem, "open#%s", game);
}

static void begin_open(struct buffer *row, const struct match *m)
{
	begin(row, open_pk(m->mem, m->game->name),
	      time_sk(m->mem, m->state->events[0]->at, m->state->match_id));
}

struct slice row_open_key(const struct match *m)
{
	struct buffer row;

	begin_open(&row, m);
	return finish(m->mem, &row);
}

struct slice row_open(const struct match *m)
{
	const Parlor__Game__V1__MatchEvent *opened = m->state->events[0];
	struct buffer row;

	begin_open(&row, m);
	put_s(&row, "match_id", m->state->match_id);
	put_s(&row, "sub", opened->player->sub);
	if (m->state->has_expires_at)
		put_end(&row, m->state->expires_at);
	return finish(m->mem, &row);
}

struct slice row_open_after(struct arena *mem, const char *game,
			    int64_t time_ms)
{
	return row_key(mem, open_pk(mem, game), time_sk(mem, time_ms, ""));
}

struct slice row_guard_key(struct arena *mem, const char *game)
{
	return row_key(mem, open_pk(mem, game), "guard");
}

struct slice row_guard_values(struct arena *mem, int64_t read)
{
	struct buffer row;

	buffer_init(&row, ROW_MAX);
	item_put_i64(&row, ":one", 1);
	item_put_i64(&row, ":read", read);
	return finish(mem, &row);
}

/* ---- what a request did --------------------------------------------------------------- */

struct slice row_request_key(struct arena *mem, const char *sub,
			     const char *request_id)
{
	return row_key(mem, arena_printf(mem, "player#%s", sub),
		       arena_printf(mem, "request#%s", request_id));
}

struct slice row_request(struct arena *mem, const char *match_id,
			 const char *sub, const char *request_id, int64_t at)
{
	struct buffer row;

	begin(&row, arena_printf(mem, "player#%s", sub),
	      arena_printf(mem, "request#%s", request_id));
	put_s(&row, "match_id", match_id);
	put_end(&row, at + REQUEST_KEPT_MS);
	return finish(mem, &row);
}

/* ---- the end ---------------------------------------------------------------------------- */

enum outcome { OUTCOME_WON, OUTCOME_LOST, OUTCOME_DRAWN };

static enum outcome outcome_of(const Parlor__Game__V1__Match *m, int seat)
{
	return !m->has_winner	   ? OUTCOME_DRAWN
	       : m->winner == seat ? OUTCOME_WON
				   : OUTCOME_LOST;
}

static const char *results_pk(struct arena *mem, const char *sub)
{
	return arena_printf(mem, "results#%s", sub);
}

struct slice row_result_key(struct arena *mem, const char *sub, int64_t at,
			    const char *match_id)
{
	return row_key(mem, results_pk(mem, sub), time_sk(mem, at, match_id));
}

struct slice row_result(struct arena *mem, const Parlor__Game__V1__Match *m,
			int seat)
{
	static const char *const names[] = { "won", "lost", "drawn" };
	struct buffer row;

	begin(&row, results_pk(mem, m->players[seat]->sub),
	      time_sk(mem, m->updated_at, m->match_id));
	put_s(&row, "outcome", names[outcome_of(m, seat)]);
	put_match(&row, m);
	return finish(mem, &row);
}

struct slice row_record_key(struct arena *mem, const Parlor__Game__V1__Match *m,
			    int seat)
{
	return row_key(mem,
		       arena_printf(mem, "player#%s", m->players[seat]->sub),
		       arena_printf(mem, "record#%s", m->game));
}

struct slice row_record_values(struct arena *mem,
			       const Parlor__Game__V1__Match *m, int seat)
{
	static const int scores[] = { SCORE_WIN, 0, SCORE_DRAW };
	enum outcome outcome = outcome_of(m, seat);
	struct buffer row;

	buffer_init(&row, ROW_MAX);
	put_s(&row, ":name", m->players[seat]->name);
	put_s(&row, ":board", arena_printf(mem, "%s#" ROWS_SEASON, m->game));
	item_put_i64(&row, ":win", outcome == OUTCOME_WON);
	item_put_i64(&row, ":loss", outcome == OUTCOME_LOST);
	item_put_i64(&row, ":draw", outcome == OUTCOME_DRAWN);
	item_put_i64(&row, ":score", scores[outcome]);
	return finish(mem, &row);
}
