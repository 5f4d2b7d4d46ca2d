/* services/game/function/delete_player.c - a player leaves for good
 *
 * Match by match, each left in one transaction that also takes the name out of
 * it, and then what is kept for the player alone. That may be more than one
 * event has time for, so it does some and says whether it is done.
 */
#include "lib/item/item.h"
#include "services/game/match/change.h"

enum { MATCHES = 10, ROWS = 25, ATTEMPTS = 5 };

static const char *sub_of(const struct event *e)
{
	return (const char *)e->user.sub.data;
}

/* ---- matches -------------------------------------------------------------------- */

static void resign(struct event *e, struct match *m, int seat)
{
	Parlor__Game__V1__MatchEvent event =
	    PARLOR__GAME__V1__MATCH_EVENT__INIT;

	event.has_kind = event.has_seat = event.has_at = true;
	event.kind = MATCH_EVENT(RESIGNED);
	event.seat = seat;
	event.at = e->time_ms;
	match_append(m, &event);
}

/* A view of what is no match of the user's any more. */
static enum saved forget_view(struct event *e, const char *match_id)
{
	struct transaction t = { .e = e };

	transaction_delete(&t, row_view_key(e->mem, sub_of(e), match_id), NULL);
	return transaction_commit(&t);
}

static enum saved leave(struct event *e, const char *match_id)
{
	const Parlor__Game__V1__Match *now;
	struct match m;
	int seat = -1;

	if (table_find(e, match_id, &m))
		seat = match_seat(&m, e->user.sub);
	if (event_failed(e))
		return SAVE_FAILED;
	if (seat < 0)
		return forget_view(e, match_id);
	now = match_now(&m, e->time_ms);
	if (now && now->status == MATCH_STATUS(PLAYING))
		resign(e, &m, seat);
	match_leave(&m, seat, e->time_ms);
	return save_departure(e, &m);
}

/* Has the match been left? Others may be changing it. */
static bool leave_match(struct event *e, const char *match_id)
{
	for (int i = 0; i < ATTEMPTS; i++) {
		enum saved saved = leave(e, match_id);

		if (saved != SAVE_BEATEN)
			return saved == SAVED;
	}
	return false;
}

/* True when there are no more. */
static bool leave_matches(struct event *e)
{
	struct table_query query = {
		.pk = arena_printf(e->mem, "view#%s", sub_of(e)),
		.sk_prefix = "match#",
		.limit = MATCHES,
	};
	bool left = table_query(e, &query) == 0 && query.more.size == 0;

	for (size_t i = 0; i < query.count; i++) {
		struct slice id = item_find_text(slice_make(query.items[i].data,
							    query.items[i].len),
						 ITEM_S, "match_id");

		left &= leave_match(e, arena_copy(e->mem, id.data, id.size));
	}
	return left;
}

/* ---- the rest -------------------------------------------------------------------- */

/* Deletes items of the user's partition of that name; true when there are no
 * more. */
static bool forget(struct event *e, const char *name)
{
	struct table_query query = {
		.pk = arena_printf(e->mem, "%s#%s", name, sub_of(e)),
		.sk_prefix = "",
		.limit = ROWS,
	};
	struct transaction t = { .e = e };

	if (table_query(e, &query) != 0)
		return false;
	for (size_t i = 0; i < query.count; i++) {
		struct slice sk = item_find_text(slice_make(query.items[i].data,
							    query.items[i].len),
						 ITEM_S, "sk");

		transaction_delete(&t,
				   row_key(e->mem, query.pk,
					   arena_copy(e->mem, sk.data,
						      sk.size)),
				   NULL);
	}
	return (t.count == 0 || transaction_commit(&t) == SAVED) &&
	       query.more.size == 0;
}

static void delete_player(struct event *e)
{
	const Parlor__Game__V1__DeletePlayerRequest *request =
	    event_request(e,
			  &parlor__game__v1__delete_player_request__descriptor);
	Parlor__Game__V1__DeletePlayerResponse answer =
	    PARLOR__GAME__V1__DELETE_PLAYER_RESPONSE__INIT;

	answer.has_done = true;
	if (request && change_needs_user(e) == 0)
		answer.done = leave_matches(e) && forget(e, "results") &&
			      forget(e, "player");
	event_reply(e, &answer.base);
}

int main(int argc, char **argv)
{
	return function_main(argc, argv, delete_player);
}
