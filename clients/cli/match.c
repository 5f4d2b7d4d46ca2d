/* clients/cli/match.c - the commands of a match, one request each */
#include "clients/cli/command.h"
#include "clients/cli/endpoints.h"
#include "clients/cli/matches.h"
#include "clients/cli/profile.h"

#include <stdio.h>

static char *text(const char *constant)
{
	return (char *)(uintptr_t)constant;
}

/* Prints the match of an answer, or its message as JSON. */
static int show(struct cli *c, const Parlor__Game__V1__Match *m,
		const char *message)
{
	struct profile profile;

	if (c->fault.code != E_NONE)
		return -c->fault.code;
	if (c->json)
		return cli_print_json(c, message, 0);
	if (!m)
		return cli_fail(c, E_LOSS, "the answer has no match");
	if (profile_read(c, &profile) != 0)
		return -c->fault.code;
	printf("match %s: %s\n", m->match_id, matches_names(c, m));
	matches_draw(m);
	puts(matches_status(c, m, profile.sub));
	return 0;
}

int match_create(struct cli *c)
{
	Parlor__Game__V1__CreateMatchRequest request =
	    PARLOR__GAME__V1__CREATE_MATCH_REQUEST__INIT;
	const Parlor__Game__V1__CreateMatchResponse *answer;

	if (endpoints_need(c) != 0)
		return -c->fault.code;
	request.game = text(cli_argument(c, 0));
	request.request_id = text(ask_request_id(c));
	answer =
	    matches_ask(c, "CreateMatch", ASK_PATIENCE_MS, &request.base,
			&parlor__game__v1__create_match_response__descriptor);
	return show(c, answer ? answer->match : NULL,
		    "parlor.game.v1.CreateMatchResponse");
}

int match_join(struct cli *c)
{
	Parlor__Game__V1__JoinMatchRequest request =
	    PARLOR__GAME__V1__JOIN_MATCH_REQUEST__INIT;
	const Parlor__Game__V1__JoinMatchResponse *answer;

	if (endpoints_need(c) != 0)
		return -c->fault.code;
	request.match_id = text(cli_argument(c, 0));
	request.request_id = text(ask_request_id(c));
	answer =
	    matches_ask(c, "JoinMatch", ASK_PATIENCE_MS, &request.base,
			&parlor__game__v1__join_match_response__descriptor);
	return show(c, answer ? answer->match : NULL,
		    "parlor.game.v1.JoinMatchResponse");
}

static const Parlor__Game__V1__Match *get(struct cli *c)
{
	Parlor__Game__V1__GetMatchRequest request =
	    PARLOR__GAME__V1__GET_MATCH_REQUEST__INIT;
	const Parlor__Game__V1__GetMatchResponse *answer;

	if (endpoints_need(c) != 0)
		return NULL;
	request.match_id = text(cli_argument(c, 0));
	answer = matches_ask(c, "GetMatch", ASK_PATIENCE_MS, &request.base,
			     &parlor__game__v1__get_match_response__descriptor);
	return answer ? answer->match : NULL;
}

int match_show(struct cli *c)
{
	return show(c, get(c), "parlor.game.v1.GetMatchResponse");
}

/* The version that the move names is the one that stands now: who types a move
 * has looked at the board. */
int match_move(struct cli *c)
{
	const Parlor__Game__V1__Match *seen = get(c);
	Parlor__Game__V1__PlayMoveRequest request =
	    PARLOR__GAME__V1__PLAY_MOVE_REQUEST__INIT;
	const Parlor__Game__V1__PlayMoveResponse *answer;

	if (!seen)
		return show(c, NULL, "parlor.game.v1.GetMatchResponse");
	request.match_id = text(cli_argument(c, 0));
	request.move = text(cli_argument(c, 1));
	request.has_version = true;
	request.version = seen->version;
	request.request_id = text(ask_request_id(c));
	answer = matches_ask(c, "PlayMove", ASK_PATIENCE_MS, &request.base,
			     &parlor__game__v1__play_move_response__descriptor);
	return show(c, answer ? answer->match : NULL,
		    "parlor.game.v1.PlayMoveResponse");
}

int match_resign(struct cli *c)
{
	Parlor__Game__V1__ResignRequest request =
	    PARLOR__GAME__V1__RESIGN_REQUEST__INIT;
	const Parlor__Game__V1__ResignResponse *answer;

	if (endpoints_need(c) != 0)
		return -c->fault.code;
	request.match_id = text(cli_argument(c, 0));
	request.request_id = text(ask_request_id(c));
	answer = matches_ask(c, "Resign", ASK_PATIENCE_MS, &request.base,
			     &parlor__game__v1__resign_response__descriptor);
	return show(c, answer ? answer->match : NULL,
		    "parlor.game.v1.ResignResponse");
}

int match_list(struct cli *c)
{
	Parlor__Game__V1__ListMatchesRequest request =
	    PARLOR__GAME__V1__LIST_MATCHES_REQUEST__INIT;
	const Parlor__Game__V1__ListMatchesResponse *answer;
	struct profile profile;

	if (endpoints_need(c) != 0)
		return -c->fault.code;
	answer =
	    matches_ask(c, "ListMatches", ASK_PATIENCE_MS, &request.base,
			&parlor__game__v1__list_matches_response__descriptor);
	if (!answer || profile_read(c, &profile) != 0)
		return -c->fault.code;
	if (c->json)
		return cli_print_json(c, "parlor.game.v1.ListMatchesResponse",
				      0);
	for (size_t i = 0; i < answer->n_matches; i++) {
		const Parlor__Game__V1__Match *m = answer->matches[i];

		printf("%s  %s  %s: %s\n", m->match_id, m->game,
		       matches_names(c, m), matches_status(c, m, profile.sub));
	}
	return 0;
}
