/* clients/cli/play.c - a whole match in the terminal
 *
 * Looks at the match with the version it has, draws what is new, takes a move
 * when it is the player's turn. All it knows is the match's id and version, and
 * each move keeps its request id while it is asked again, so it carries on by
 * itself when a daemon goes away and comes back.
 */
#include "clients/cli/board.h"
#include "clients/cli/command.h"
#include "clients/cli/profile.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { PAUSE_MS = 300, PAUSE_MAX_MS = 1500, LIST_MAX = 100, LINE_SIZE = 256 };

struct seat {
	const char *match_id, *sub;
	int64_t version; /* that was drawn; 0: none yet */
	bool my_turn, over, left;
	int pause;
};

/* Who sits at the board waits for as long as it takes. */
static struct matches patiently(struct cli *c)
{
	return (struct matches){ c, ASK_FOREVER };
}

/* ---- which match -------------------------------------------------------------------- */

/* The player's latest match that isn't over; one being played goes first. */
static const Parlor__Game__V1__Match *under_way(const struct matches *matches)
{
	const Parlor__Game__V1__ListMatchesResponse *answer =
	    matches_list(matches, LIST_MAX);
	const Parlor__Game__V1__Match *waiting = NULL;

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
	struct matches matches = patiently(c);
	const Parlor__Game__V1__Match *m;

	if (c->opponent || c->level)
		return matches_create(&matches, MATCHES_USUAL_GAME);
	m = under_way(&matches);
	return m || c->fault.code != E_NONE
		   ? m
		   : matches_find(&matches, MATCHES_USUAL_GAME);
}

/* The match named, joined if the player isn't in it yet. */
static const Parlor__Game__V1__Match *named_match(struct cli *c,
						  const char *match_id)
{
	struct matches matches = patiently(c);
	const Parlor__Game__V1__Match *m = matches_get(&matches, match_id, 0);

	if (m || c->fault.code != E_DENIED)
		return m;
	fault_clear(&c->fault);
	return matches_join(&matches, match_id);
}

/* ---- playing ------------------------------------------------------------------------- */

static void show(struct cli *c, struct seat *seat,
		 const Parlor__Game__V1__Match *m)
{
	if (m->version < seat->version)
		return; /* an answer that took the slow way */
	seat->version = m->version;
	seat->over = board_is_over(m);
	seat->my_turn = m->status == MATCHES_STATUS(PLAYING) &&
			board_seat(m, seat->sub) == m->turn;
	seat->pause = PAUSE_MS;
	if (c->json)
		return;
	if (isatty(STDOUT_FILENO))
		fputs("\033[H\033[2J", stdout);
	board_draw(c, m, seat->sub);
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

/* After a request of the player's: what became of it. */
static int show_answer(struct cli *c, struct seat *seat,
		       const Parlor__Game__V1__Match *m)
{
	if (!m)
		return show_refusal(c, seat);
	show(c, seat, m);
	return 0;
}

/* Takes a line from the player: a move, or what to do else. */
static int take_turn(struct cli *c, struct seat *seat)
{
	struct matches matches = patiently(c);
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
		return show_answer(c, seat,
				   matches_resign(&matches, seat->match_id));
	else if (word.size > 0)
		return show_answer(
		    c, seat,
		    matches_move(&matches, seat->match_id, seat->version,
				 arena_copy(&c->mem, word.data, word.size)));
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
	struct matches matches = patiently(c);

	while (!seat->over && !seat->left) {
		const Parlor__Game__V1__Match *m;

		arena_reset(&c->mem);
		if (seat->my_turn) {
			if (take_turn(c, seat) != 0)
				return -c->fault.code;
			continue;
		}
		wait_a_while(seat);
		m = matches_get(&matches, seat->match_id, seat->version);
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
	struct matches matches = patiently(c);

	if (c->json)
		return matches_get(&matches, seat->match_id, 0)
			   ? cli_print_json(c,
					    "parlor.game.v1.GetMatchResponse",
					    0)
			   : -c->fault.code;
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

	if (profile_read(c, &profile) != 0)
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
