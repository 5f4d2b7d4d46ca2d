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

const Parlor__Game__V1__Match *matches_create(const struct matches *matches,
					      const char *game)
{
	Parlor__Game__V1__CreateMatchRequest request =
	    PARLOR__GAME__V1__CREATE_MATCH_REQUEST__INIT;
	const Parlor__Game__V1__CreateMatchResponse *answer;

	request.game = ask_text(game);
	request.request_id = ask_text(ask_request_id(matches->cli));
	answer =
	    ask(matches, "parlor.game.v1.Matches/CreateMatch", &request.base,
		&parlor__game__v1__create_match_response__descriptor);
	return answer ? answer->match : NULL;
}

const Parlor__Game__V1__Match *matches_join(const struct matches *matches,
					    const char *match_id,
					    const char *game)
{
	Parlor__Game__V1__JoinMatchRequest request =
	    PARLOR__GAME__V1__JOIN_MATCH_REQUEST__INIT;
	const Parlor__Game__V1__JoinMatchResponse *answer;

	request.match_id = ask_text(match_id);
	request.game = match_id ? NULL : ask_text(game);
	request.request_id = ask_text(ask_request_id(matches->cli));
	answer = ask(matches, "parlor.game.v1.Matches/JoinMatch", &request.base,
		     &parlor__game__v1__join_match_response__descriptor);
	return answer ? answer->match : NULL;
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
