/* clients/cli/matches.c - the game's operations, as the player */
#include "clients/cli/matches.h"

static void *ask(const struct matches *matches, const char *method,
		 const ProtobufCMessage *request,
		 const ProtobufCMessageDescriptor *answer)
{
	struct ask ask = { .at = AT_GATEWAY,
			   .method = method,
			   .as = ASK_AS_PLAYER,
			   .patience_ms = matches->patience_ms };

	return ask_message(matches->cli, &ask, request, answer);
}

/* Reads the run's options into the request. */
static int choose_opponent(struct cli *c,
			   Parlor__Game__V1__CreateMatchRequest *request)
{
	static const struct {
		const char *name;
		Parlor__Game__V1__Opponent value;
	} rows[] = {
		{ "open", PARLOR__GAME__V1__OPPONENT__OPPONENT_OPEN },
		{ "link", PARLOR__GAME__V1__OPPONENT__OPPONENT_LINK },
		{ "computer", PARLOR__GAME__V1__OPPONENT__OPPONENT_COMPUTER },
	};
	uint64_t level = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (c->opponent && strcmp(c->opponent, rows[i].name) == 0) {
			request->has_opponent = true;
			request->opponent = rows[i].value;
		}
	if (c->opponent && !request->has_opponent)
		return cli_misuse(c, "'--opponent' is open, link or computer");
	request->has_level = c->level != NULL;
	if (c->level && slice_to_u64(slice_of(c->level), 3, &level) != 0)
		return cli_misuse(c, "'--level' is a number, 1 to 3");
	request->level = (int32_t)level;
	return 0;
}

const Parlor__Game__V1__Match *matches_create(const struct matches *matches,
					      const char *game)
{
	Parlor__Game__V1__CreateMatchRequest request =
	    PARLOR__GAME__V1__CREATE_MATCH_REQUEST__INIT;
	const Parlor__Game__V1__CreateMatchResponse *answer;

	if (choose_opponent(matches->cli, &request) != 0)
		return NULL;
	request.game = ask_text(game);
	request.request_id = ask_text(ask_request_id(matches->cli));
	answer =
	    ask(matches, "parlor.game.v1.Matches/CreateMatch", &request.base,
		&parlor__game__v1__create_match_response__descriptor);
	return answer ? answer->match : NULL;
}

static const Parlor__Game__V1__Match *join(
    const struct matches *matches, Parlor__Game__V1__JoinMatchRequest *request)
{
	const Parlor__Game__V1__JoinMatchResponse *answer;

	request->request_id = ask_text(ask_request_id(matches->cli));
	answer =
	    ask(matches, "parlor.game.v1.Matches/JoinMatch", &request->base,
		&parlor__game__v1__join_match_response__descriptor);
	return answer ? answer->match : NULL;
}

const Parlor__Game__V1__Match *matches_join(const struct matches *matches,
					    const char *match_id)
{
	Parlor__Game__V1__JoinMatchRequest request =
	    PARLOR__GAME__V1__JOIN_MATCH_REQUEST__INIT;

	request.match_id = ask_text(match_id);
	return join(matches, &request);
}

const Parlor__Game__V1__Match *matches_find(const struct matches *matches,
					    const char *game)
{
	Parlor__Game__V1__JoinMatchRequest request =
	    PARLOR__GAME__V1__JOIN_MATCH_REQUEST__INIT;

	request.game = ask_text(game);
	request.has_or_open = request.or_open = true;
	return join(matches, &request);
}

const Parlor__Game__V1__Match *matches_get(const struct matches *matches,
					   const char *match_id,
					   int64_t known_version)
{
	Parlor__Game__V1__GetMatchRequest request =
	    PARLOR__GAME__V1__GET_MATCH_REQUEST__INIT;
	const Parlor__Game__V1__GetMatchResponse *answer;

	request.match_id = ask_text(match_id);
	request.has_known_version = known_version > 0;
	request.known_version = known_version;
	answer = ask(matches, "parlor.game.v1.Matches/GetMatch", &request.base,
		     &parlor__game__v1__get_match_response__descriptor);
	return answer ? answer->match : NULL;
}

const Parlor__Game__V1__Match *matches_move(const struct matches *matches,
					    const char *match_id,
					    int64_t version, const char *move)
{
	Parlor__Game__V1__PlayMoveRequest request =
	    PARLOR__GAME__V1__PLAY_MOVE_REQUEST__INIT;
	const Parlor__Game__V1__PlayMoveResponse *answer;

	request.match_id = ask_text(match_id);
	request.has_version = true;
	request.version = version;
	request.request_id = ask_text(ask_request_id(matches->cli));
	request.move = ask_text(move);
	answer = ask(matches, "parlor.game.v1.Matches/PlayMove", &request.base,
		     &parlor__game__v1__play_move_response__descriptor);
	return answer ? answer->match : NULL;
}

const Parlor__Game__V1__Match *matches_resign(const struct matches *matches,
					      const char *match_id)
{
	Parlor__Game__V1__ResignRequest request =
	    PARLOR__GAME__V1__RESIGN_REQUEST__INIT;
	const Parlor__Game__V1__ResignResponse *answer;

	request.match_id = ask_text(match_id);
	request.request_id = ask_text(ask_request_id(matches->cli));
	answer = ask(matches, "parlor.game.v1.Matches/Resign", &request.base,
		     &parlor__game__v1__resign_response__descriptor);
	return answer ? answer->match : NULL;
}

const Parlor__Game__V1__Match *matches_cancel(const struct matches *matches,
					      const char *match_id)
{
	Parlor__Game__V1__CancelMatchRequest request =
	    PARLOR__GAME__V1__CANCEL_MATCH_REQUEST__INIT;
	const Parlor__Game__V1__CancelMatchResponse *answer;

	request.match_id = ask_text(match_id);
	request.request_id = ask_text(ask_request_id(matches->cli));
	answer =
	    ask(matches, "parlor.game.v1.Matches/CancelMatch", &request.base,
		&parlor__game__v1__cancel_match_response__descriptor);
	return answer ? answer->match : NULL;
}

const Parlor__Game__V1__Match *matches_rematch(const struct matches *matches,
					       const char *match_id)
{
	Parlor__Game__V1__RematchRequest request =
	    PARLOR__GAME__V1__REMATCH_REQUEST__INIT;
	const Parlor__Game__V1__RematchResponse *answer;

	request.match_id = ask_text(match_id);
	request.request_id = ask_text(ask_request_id(matches->cli));
	answer = ask(matches, "parlor.game.v1.Matches/Rematch", &request.base,
		     &parlor__game__v1__rematch_response__descriptor);
	return answer ? answer->match : NULL;
}

const Parlor__Game__V1__ListMatchesResponse *matches_list(
    const struct matches *matches, int limit)
{
	Parlor__Game__V1__ListMatchesRequest request =
	    PARLOR__GAME__V1__LIST_MATCHES_REQUEST__INIT;

	request.has_limit = true;
	request.limit = limit;
	return ask(matches, "parlor.game.v1.Matches/ListMatches", &request.base,
		   &parlor__game__v1__list_matches_response__descriptor);
}
