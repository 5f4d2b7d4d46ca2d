/* clients/cli/play.c - a whole match in the terminal
 *
 * Looks at the match with the version it has, draws what is new, takes a move
 * when it is the player's turn. All it knows is the match's id and version, and
 * each move keeps its request id, so it carries on by itself when a daemon goes
 * away and comes back.
 */
#include "clients/cli/command.h"
#include "clients/cli/endpoints.h"
#include "clients/cli/matches.h"
#include "clients/cli/profile.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { PAUSE_MS = 300, PAUSE_MAX_MS = 1500, LIST_MAX = 100, LINE_SIZE = 256 };

#define USUAL_GAME "connect-four"

struct seat {
	const char *match_id, *sub;
	int64_t version; /* that was drawn; 0: none yet */
	bool my_turn, over, left;
	int pause;
};

static char *text(const char *constant)
{
	return (char *)(uintptr_t)constant;
}

static void tell_waiting(void)
{
	fputs("the connection is lost; trying again\n", stderr);
}

/* Asks for as long as it takes. */
static void *ask_match(struct cli *c, const char *method,
		       const ProtobufCMessage *request,
		       const ProtobufCMessageDescriptor *answer)
{
	struct ask ask = { .base = c->endpoints.gateway,
			   .method = arena_printf(&c->mem,
						  "parlor.game.v1.Matches/%s",
						  method),
			   .as = ASK_AS_PLAYER,
			   .patience_ms = ASK_FOREVER,
			   .waiting = tell_waiting };

	return ask_message(c, &ask, request, answer);
}

/* ---- which match -------------------------------------------------------------------- */

static const Parlor__Game__V1__Match *join(struct cli *c, const char *match_id,
					   const char *game)
{
	Parlor__Game__V1__JoinMatchRequest request =
	    PARLOR__GAME__V1__JOIN_MATCH_REQUEST__INIT;
	const Parlor__Game__V1__JoinMatchResponse *answer;

	request.match_id = text(match_id);
	request.game = text(game);
	request.request_id = text(ask_request_id(c));
	answer = ask_match(c, "JoinMatch", &request.base,
			   &parlor__game__v1__join_match_response__descriptor);
	return answer ? answer->match : NULL;
}

static const Parlor__Game__V1__Match *create(struct cli *c)
{
	Parlor__Game__V1__CreateMatchRequest request =
	    PARLOR__GAME__V1__CREATE_MATCH_REQUEST__INIT;
	const Parlor__Game__V1__CreateMatchResponse *answer;

	request.game = text(USUAL_GAME);
	request.request_id = text(ask_request_id(c));
	answer =
	    ask_match(c, "CreateMatch", &request.base,
		      &parlor__game__v1__create_match_response__descriptor);
	return answer ? answer->match : NULL;
}

/* The player's latest match that isn't over; one being played goes first. */
static const Parlor__Game__V1__Match *under_way(struct cli *c)
{
	Parlor__Game__V1__ListMatchesRequest request =
	    PARLOR__GAME__V1__LIST_MATCHES_REQUEST__INIT;
	const Parlor__Game__V1__ListMatchesResponse *answer;
	const Parlor__Game__V1__Match *waiting = NULL;

	request.has_limit = true;
	request.limit = LIST_MAX;
	answer =
	    ask_match(c, "ListMatches", &request.base,
		      &parlor__game__v1__list_matches_response__descriptor);
	for (size_t i = 0; answer && i < answer->n_matches; i++) {
		const Parlor__Game__V1__Match *m = answer->matches[i];

		if (m->status == MATCHES_STATUS(PLAYING))
			return m;
		if (m->status == MATCHES_STATUS(WAITING) && !waiting)
			waiting = m;
	}
	return waiting;
}

static const Parlor__Game__V1__Match *any_match(struct cli *c)
{
	const Parlor__Game__V1__Match *m = under_way(c);

	if (m || c->fault.code != E_NONE)
		return m;
	m = join(c, NULL, USUAL_GAME);
	if (m || c->fault.code != E_MISSING)
		return m;
	fault_clear(&c->fault);
	return create(c);
}

/* What is new about the match: NULL if nothing, or if it failed. */
static const Parlor__Game__V1__Match *look(struct cli *c,
					   const struct seat *seat)
{
	Parlor__Game__V1__GetMatchRequest request =
	    PARLOR__GAME__V1__GET_MATCH_REQUEST__INIT;
	const Parlor__Game__V1__GetMatchResponse *answer;

	request.match_id = text(seat->match_id);
	request.has_known_version = seat->version > 0;
	request.known_version = seat->version;
	answer = ask_match(c, "GetMatch", &request.base,
			   &parlor__game__v1__get_match_response__descriptor);
	return answer ? answer->match : NULL;
}

/* The match named, joined if the player isn't in it yet. */
static const Parlor__Game__V1__Match *named_match(struct cli *c,
						  const char *match_id)
{
	struct seat stranger = { .match_id = match_id };
	const Parlor__Game__V1__Match *m = look(c, &stranger);

	if (m || c->fault.code != E_DENIED)
		return m;
	fault_clear(&c->fault);
	return join(c, match_id, NULL);
}

/* ---- playing ------------------------------------------------------------------------- */

static void show(struct cli *c, struct seat *seat,
		 const Parlor__Game__V1__Match *m)
{
	if (m->version < seat->version)
		return; /* an answer that took the slow way */
	seat->version = m->version;
	seat->over = matches_over(m);
	seat->my_turn = m->status == MATCHES_STATUS(PLAYING) &&
			matches_seat(m, seat->sub) == m->turn;
	seat->pause = PAUSE_MS;
	if (c->json)
		return;
	if (isatty(STDOUT_FILENO))
		fputs("\033[H\033[2J", stdout);
	printf("match %s: %s\n", m->match_id, matches_names(c, m));
	matches_draw(m);
	puts(matches_status(c, m, seat->sub));
	if (m->status == MATCHES_STATUS(WAITING))
		printf("the other player types: parlor play %s\n", m->match_id);
	fflush(stdout);
}

/* A refused move is told; what stands now came with the refusal. */
static int show_refusal(struct cli *c, struct seat *seat)
{
	const Parlor__Game__V1__Match *m;

	if (c->fault.code != E_PRECONDITION && c->fault.code != E_INVALID)
		return -c->fault.code;
	m = ask_detail(c, &parlor__game__v1__match__descriptor);
	if (m)
		show(c, seat, m);
	fprintf(stderr, "%s\n", c->fault.message);
	fault_clear(&c->fault);
	return 0;
}

static int move(struct cli *c, struct seat *seat, const char *line)
{
	Parlor__Game__V1__PlayMoveRequest request =
	    PARLOR__GAME__V1__PLAY_MOVE_REQUEST__INIT;
	const Parlor__Game__V1__PlayMoveResponse *answer;

	request.match_id = text(seat->match_id);
	request.has_version = true;
	request.version = seat->version;
	request.request_id = text(ask_request_id(c));
	request.move = text(line);
	answer = ask_match(c, "PlayMove", &request.base,
			   &parlor__game__v1__play_move_response__descriptor);
	if (!answer || !answer->match)
		return show_refusal(c, seat);
	show(c, seat, answer->match);
	return 0;
}

static int resign(struct cli *c, struct seat *seat)
{
	Parlor__Game__V1__ResignRequest request =
	    PARLOR__GAME__V1__RESIGN_REQUEST__INIT;
	const Parlor__Game__V1__ResignResponse *answer;

	request.match_id = text(seat->match_id);
	request.request_id = text(ask_request_id(c));
	answer = ask_match(c, "Resign", &request.base,
			   &parlor__game__v1__resign_response__descriptor);
	if (!answer || !answer->match)
		return show_refusal(c, seat);
	show(c, seat, answer->match);
	return 0;
}

/* Takes a line from the player: a move, or what to do else. */
static int take_turn(struct cli *c, struct seat *seat)
{
	char line[LINE_SIZE];
	struct slice word;

	fputs("your move (r resigns, q leaves): ", stderr);
	if (!fgets(line, sizeof(line), stdin)) {
		seat->left = true;
		return 0;
	}
	line[strcspn(line, "\r\n")] = '\0';
	word = slice_trim(slice_of(line));
	if (slice_is(word, "q"))
		seat->left = true;
	else if (slice_is(word, "r"))
		return resign(c, seat);
	else if (word.size > 0)
		return move(c, seat, arena_copy(&c->mem, word.data, word.size));
	return 0;
}

static void wait_a_while(struct seat *seat)
{
	struct timespec left = { seat->pause / 1000,
				 seat->pause % 1000 * 1000000L };

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
	seat->pause += seat->pause < PAUSE_MAX_MS ? PAUSE_MS : 0;
}

static int play_on(struct cli *c, struct seat *seat)
{
	while (!seat->over && !seat->left) {
		const Parlor__Game__V1__Match *m;

		arena_reset(&c->mem);
		if (seat->my_turn) {
			if (take_turn(c, seat) != 0)
				return -c->fault.code;
			continue;
		}
		wait_a_while(seat);
		m = look(c, seat);
		if (c->fault.code != E_NONE)
			return -c->fault.code;
		if (m)
			show(c, seat, m);
	}
	return 0;
}

static char *keep(struct cli *c, const char *words)
{
	return arena_copy(&c->life, words, strlen(words));
}

/* The last words: the match as it is now, or how to come back. */
static int conclude(struct cli *c, struct seat *seat)
{
	if (c->json) {
		seat->version = 0;
		return look(c, seat)
			   ? cli_print_json(c,
					    "parlor.game.v1.GetMatchResponse",
					    0)
			   : -c->fault.code;
	}
	if (seat->left)
		printf("the match goes on: parlor play %s\n", seat->match_id);
	return 0;
}

int play(struct cli *c)
{
	const char *named = cli_argument(c, 0);
	const Parlor__Game__V1__Match *m;
	struct profile profile;
	struct seat seat = { .pause = PAUSE_MS };

	if (endpoints_need(c) != 0 || profile_read(c, &profile) != 0)
		return -c->fault.code;
	m = named ? named_match(c, named) : any_match(c);
	if (!m)
		return cli_fail(c, E_LOSS, "the answer has no match");
	seat.match_id = keep(c, m->match_id);
	seat.sub = keep(c, profile.sub);
	show(c, &seat, m);
	if (play_on(c, &seat) != 0)
		return -c->fault.code;
	return conclude(c, &seat);
}
