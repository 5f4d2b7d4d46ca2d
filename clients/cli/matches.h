/* clients/cli/matches.h - the game's operations, as the player */
#ifndef PARLOR_CLI_MATCHES_H
#define PARLOR_CLI_MATCHES_H

#include "clients/cli/ask.h"

#include "parlor/game/v1/matches.pb-c.h"

/* Generated names, short enough to read. */
#define MATCHES_STATUS(status) \
	PARLOR__GAME__V1__MATCH_STATUS__MATCH_STATUS_##status

#define MATCHES_USUAL_GAME "connect-four"

/* Each asks the gateway, for as long as `patience_ms` says, and gives the match
 * of the answer. NULL when it was refused, with the fault set, or when the
 * answer has none. */
struct matches {
	struct cli *cli;
	int patience_ms;
};

/* With the opponent and level that the run's options say. */
const Parlor__Game__V1__Match *matches_create(const struct matches *,
					      const char *game);
const Parlor__Game__V1__Match *matches_join(const struct matches *,
					    const char *match_id);
/* Joins the match of the game that has waited longest, or waits in one. */
const Parlor__Game__V1__Match *matches_find(const struct matches *,
					    const char *game);
/* No match when `known_version` (0: none) still stands. */
const Parlor__Game__V1__Match *matches_get(const struct matches *,
					   const char *match_id,
					   int64_t known_version);
const Parlor__Game__V1__Match *matches_move(const struct matches *,
					    const char *match_id,
					    int64_t version, const char *move);
const Parlor__Game__V1__Match *matches_resign(const struct matches *,
					      const char *match_id);
const Parlor__Game__V1__Match *matches_cancel(const struct matches *,
					      const char *match_id);
const Parlor__Game__V1__Match *matches_rematch(const struct matches *,
					       const char *match_id);
/* The latest first. */
const Parlor__Game__V1__ListMatchesResponse *matches_list(
    const struct matches *, int limit);

#endif
