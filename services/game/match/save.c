/* services/game/match/save.c - writing what follows from what happened */
#include "services/game/match/save.h"
#include "lib/item/item.h"

enum { ANY_GUARD = -1 };

static const struct slice no_values = { 0 };

/* ---- pieces --------------------------------------------------------------------- */

static struct slice number(struct arena *mem, const char *name, int64_t value)
{
	struct buffer row;
	struct slice bytes;

	buffer_init(&row, 256);
	item_put_i64(&row, name, value);
	bytes = arena_slice(mem, buffer_slice(&row));
	buffer_release(&row);
	return bytes;
}

/* That the table has the match as it was read, or not at all. */
static struct condition unchanged(const struct match *m)
{
	if (m->stored == 0)
		return (struct condition){ "attribute_not_exists(pk)",
					   no_values, SAVE_BEATEN };
	return (struct condition){
		"match_version = :before",
		number(m->mem, ":before", (int64_t)m->stored), SAVE_BEATEN
	};
}

/* Has anything of that kind happened since the match was read? */
static bool has_happened(const struct match *m,
			 Parlor__Game__V1__MatchEventKind kind)
{
	for (size_t i = m->stored; i < match_version(m); i++)
		if (m->state->events[i]->kind == kind)
			return true;
	return false;
}

static bool waits(const struct match *m, size_t version)
{
	return version > 0 && match_is_open(m) &&
	       match_status(m, version) == MATCH_STATUS(WAITING);
}

/* ---- what follows ---------------------------------------------------------------- */

static void add_match(struct transaction *t, const struct match *m)
{
	struct condition condition = unchanged(m);

	transaction_put(t, row_match(m), &condition);
}

/* A request gives one match, however often it is made. */
static void add_request(struct transaction *t, const char *match_id,
			const char *sub, const char *request_id)
{
	int64_t now = t->e->time_ms;
	struct condition condition = {
		"attribute_not_exists(pk) OR expires_at < :now",
		number(t->e->mem, ":now", now / 1000), SAVE_REPEATED
	};

	transaction_put(t,
			row_request(t->e->mem, match_id, sub, request_id, now),
			&condition);
}

/* Of who has sat down. */
static void add_sitting(struct transaction *t, const struct match *m)
{
	const Parlor__Game__V1__MatchEvent *first = m->state->events[m->stored];

	if (first->player)
		add_request(t, m->state->match_id, first->player->sub,
			    first->request_id);
}

static void add_views(struct transaction *t, const Parlor__Game__V1__Match *now)
{
	for (size_t i = 0; i < now->n_players; i++)
		if (now->players[i]->sub)
			transaction_put(t,
					row_view(t->e->mem,
						 now->players[i]->sub, now),
					NULL);
}

static void add_guard(struct transaction *t, const struct match *m,
		      int64_t guard)
{
	struct arena *mem = t->e->mem;
	struct condition unchanged = { ROW_GUARD_CONDITION, no_values,
				       SAVE_BEATEN };
	struct update update = { .expression = ROW_GUARD_UPDATE };

	update.values = guard == ANY_GUARD ? number(mem, ":one", 1)
					   : row_guard_values(mem, guard);
	transaction_update(t, row_guard_key(mem, m->game->name), &update,
			   guard == ANY_GUARD ? NULL : &unchanged);
}

static void add_queue(struct transaction *t, const struct match *m,
		      int64_t guard)
{
	bool before = waits(m, m->stored), now = waits(m, match_version(m));

	if (now && !before) {
		transaction_put(t, row_open(m), NULL);
		add_guard(t, m, guard);
	}
	if (before && !now)
		transaction_delete(t, row_open_key(m), NULL);
}

/* A match against a computer would be too easy a way up. */
static void add_record(struct transaction *t,
		       const Parlor__Game__V1__Match *end, int seat)
{
	struct update update = {
		.expression = ROW_RECORD_UPDATE,
		.reserved = "name",
		.values = row_record_values(t->e->mem, end, seat),
	};

	if (end->opponent != MATCH_OPPONENT(COMPUTER))
		transaction_update(t, row_record_key(t->e->mem, end, seat),
				   &update, NULL);
}

/* Results, which lose a name when its player leaves, and records, once. */
static void add_end(struct transaction *t, const struct match *m)
{
	size_t at = match_end(m);
	bool ends = at > m->stored;
	const Parlor__Game__V1__Match *end = at ? match_at(m, at) : NULL;

	if (!end || !(ends || has_happened(m, MATCH_EVENT(LEFT))))
		return;
	for (int seat = 0; (size_t)seat < end->n_players; seat++) {
		if (!end->players[seat]->sub)
			continue;
		transaction_put(t, row_result(t->e->mem, end, seat), NULL);
		if (ends)
			add_record(t, end, seat);
	}
}

static void add_all(struct transaction *t, const struct match *m, int64_t guard)
{
	const Parlor__Game__V1__Match *now = match_at(m, match_version(m));

	if (t->e->mem->full || !now) {
		event_fail(t->e, E_EXHAUSTED, "the match is too large");
		return;
	}
	add_match(t, m);
	add_sitting(t, m);
	add_views(t, now);
	add_queue(t, m, guard);
	add_end(t, m);
}

/* ---- the transactions -------------------------------------------------------------- */

enum saved save_waiting(struct event *e, const struct match *m, int64_t guard)
{
	struct transaction t = { .e = e };

	add_all(&t, m, guard);
	return event_failed(e) ? SAVE_FAILED : transaction_commit(&t);
}

enum saved save_match(struct event *e, const struct match *m)
{
	return save_waiting(e, m, ANY_GUARD);
}

enum saved save_request(struct event *e, const char *match_id,
			const char *request_id)
{
	struct transaction t = { .e = e };

	add_request(&t, match_id, (const char *)e->user.sub.data, request_id);
	return transaction_commit(&t);
}

enum saved save_rematch(struct event *e, const struct match *over,
			const struct match *rematch)
{
	struct transaction t = { .e = e };

	add_all(&t, over, ANY_GUARD);
	add_all(&t, rematch, ANY_GUARD);
	return event_failed(e) ? SAVE_FAILED : transaction_commit(&t);
}

static bool has_people(const struct match *m)
{
	for (int seat = 0; (size_t)seat < m->game->players; seat++) {
		const Parlor__Game__V1__Player *player = match_player(m, seat);

		if (player && player->sub)
			return true;
	}
	return false;
}

static void add_removal(struct transaction *t, const struct match *m)
{
	struct condition condition = unchanged(m);

	transaction_delete(t, row_match_key(t->e->mem, m->state->match_id),
			   &condition);
	transaction_delete(t, row_open_key(m), NULL);
}

enum saved save_departure(struct event *e, const struct match *m)
{
	const char *sub = (const char *)e->user.sub.data;
	const char *match_id = m->state->match_id;
	size_t end = match_end(m);
	struct transaction t = { .e = e };

	if (has_people(m))
		add_all(&t, m, ANY_GUARD);
	else
		add_removal(&t, m);
	transaction_delete(&t, row_view_key(e->mem, sub, match_id), NULL);
	if (end)
		transaction_delete(&t,
				   row_result_key(e->mem, sub,
						  m->state->events[end - 1]->at,
						  match_id),
				   NULL);
	return event_failed(e) ? SAVE_FAILED : transaction_commit(&t);
}
