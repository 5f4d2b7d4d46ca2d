/* services/game/function/list_matches.c - a player's matches, latest first */
#include "services/game/match/change.h"

#include "lib/item/item.h"

enum { LIMIT_MAX = 100, LIMIT_USUAL = 20 };

static void list(struct event *e,
		 const Parlor__Game__V1__ListMatchesRequest *request,
		 Parlor__Game__V1__ListMatchesResponse *answer)
{
	const char *sub =
	    arena_copy(e->mem, e->user.sub.data, e->user.sub.size);
	struct table_query query = {
		.pk = arena_printf(e->mem, "view#%s", sub),
		.sk_prefix = "match#",
		.limit = request->has_limit ? request->limit : LIMIT_USUAL,
		.backward = true,
	};

	if (request->page_token)
		query.after = row_view_key(e->mem, sub, request->page_token);
	if (table_query(e, &query) != 0)
		return;
	answer->matches =
	    arena_array(e->mem, query.count, sizeof(Parlor__Game__V1__Match *));
	for (size_t i = 0; answer->matches && i < query.count; i++) {
		Parlor__Game__V1__Match *match =
		    row_view_read(e->mem, slice_make(query.items[i].data,
						     query.items[i].len));

		if (!match)
			return;
		match_expire(match, e->time_ms);
		answer->matches[answer->n_matches++] = match;
	}
	if (query.more.size > 0 && answer->n_matches > 0)
		answer->next_page_token =
		    answer->matches[answer->n_matches - 1]->match_id;
}

static void list_matches(struct event *e)
{
	const Parlor__Game__V1__ListMatchesRequest *request =
	    event_request(e,
			  &parlor__game__v1__list_matches_request__descriptor);
	Parlor__Game__V1__ListMatchesResponse answer =
	    PARLOR__GAME__V1__LIST_MATCHES_RESPONSE__INIT;

	change_needs_user(e);
	if (request && request->has_limit &&
	    (request->limit < 1 || request->limit > LIMIT_MAX))
		event_fail(e, E_INVALID, "limit must be 1 to %d", LIMIT_MAX);
	if (request && request->page_token &&
	    !match_id_valid(request->page_token))
		event_fail(e, E_INVALID,
			   "page_token must be an answer's next_page_token");
	if (request && !event_failed(e))
		list(e, request, &answer);
	event_reply(e, &answer.base);
}

int main(int argc, char **argv)
{
	return function_main(argc, argv, list_matches);
}
