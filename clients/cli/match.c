/* clients/cli/match.c - the commands of a match, one request each */
#include "clients/cli/board.h"
#include "clients/cli/command.h"
#include "clients/cli/profile.h"

#include <stdio.h>

enum { LIST_LIMIT = 20 };

/* A request has an id, so asking again for a while does no harm. */
static struct matches matches_of(struct cli *c)
{
	return (struct matches){ c, ASK_PATIENCE_MS };
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
	board_draw(c, m, profile.sub);
	return 0;
}

int match_create(struct cli *c)
{
	struct matches matches = matches_of(c);

	return show(c, matches_create(&matches, cli_argument(c, 0)),
		    "parlor.game.v1.CreateMatchResponse");
}

int match_join(struct cli *c)
{
	struct matches matches = matches_of(c);

	return show(c, matches_join(&matches, cli_argument(c, 0)),
		    "parlor.game.v1.JoinMatchResponse");
}

int match_show(struct cli *c)
{
	struct matches matches = matches_of(c);

	return show(c, matches_get(&matches, cli_argument(c, 0), 0),
		    "parlor.game.v1.GetMatchResponse");
}

/* The version that the move names is the one that stands now: who types a move
 * has looked at the board. */
int match_move(struct cli *c)
{
	struct matches matches = matches_of(c);
	const char *match_id = cli_argument(c, 0);
	const Parlor__Game__V1__Match *m = matches_get(&matches, match_id, 0);

	if (m)
		m = matches_move(&matches, match_id, m->version,
				 cli_argument(c, 1));
	return show(c, m, "parlor.game.v1.PlayMoveResponse");
}

int match_resign(struct cli *c)
{
	struct matches matches = matches_of(c);

	return show(c, matches_resign(&matches, cli_argument(c, 0)),
		    "parlor.game.v1.ResignResponse");
}

int match_cancel(struct cli *c)
{
	struct matches matches = matches_of(c);

	return show(c, matches_cancel(&matches, cli_argument(c, 0)),
		    "parlor.game.v1.CancelMatchResponse");
}

int match_rematch(struct cli *c)
{
	struct matches matches = matches_of(c);

	return show(c, matches_rematch(&matches, cli_argument(c, 0)),
		    "parlor.game.v1.RematchResponse");
}

int match_list(struct cli *c)
{
	struct matches matches = matches_of(c);
	const Parlor__Game__V1__ListMatchesResponse *answer =
	    matches_list(&matches, LIST_LIMIT);
	struct profile profile;

	if (!answer || profile_read(c, &profile) != 0)
		return -c->fault.code;
	if (c->json)
		return cli_print_json(c, "parlor.game.v1.ListMatchesResponse",
				      0);
	for (size_t i = 0; i < answer->n_matches; i++) {
		const Parlor__Game__V1__Match *m = answer->matches[i];

		printf("%s  %s  %s: %s\n", m->match_id, m->game,
		       board_names(c, m), board_status(c, m, profile.sub));
	}
	return 0;
}
