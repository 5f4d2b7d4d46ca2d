/* clients/cli/board.c - a match as text */
#include "clients/cli/board.h"

#include <stdio.h>
#include <unistd.h>

int board_seat(const Parlor__Game__V1__Match *m, const char *sub)
{
	for (size_t i = 0; i < m->n_players; i++)
		if (m->players[i]->sub && strcmp(m->players[i]->sub, sub) == 0)
			return (int)i;
	return -1;
}

bool board_is_over(const Parlor__Game__V1__Match *m)
{
	return m->status == MATCHES_STATUS(WON) ||
	       m->status == MATCHES_STATUS(DRAWN) ||
	       m->status == MATCHES_STATUS(RESIGNED) ||
	       m->status == MATCHES_STATUS(CANCELLED);
}

/* ---- words -------------------------------------------------------------------------- */

static const char *name_of(const Parlor__Game__V1__Match *m, int seat)
{
	const char *name = seat >= 0 && (size_t)seat < m->n_players
			       ? m->players[seat]->name
			       : NULL;

	return name ? name : "somebody";
}

const char *board_names(struct cli *c, const Parlor__Game__V1__Match *m)
{
	if (m->n_players < 2)
		return name_of(m, 0);
	return arena_printf(&c->mem, "%s against %s", name_of(m, 0),
			    name_of(m, 1));
}

static const char *won(struct cli *c, const Parlor__Game__V1__Match *m,
		       int seat)
{
	const char *how =
	    m->status == MATCHES_STATUS(RESIGNED) ? " by resignation" : "";

	if (seat < 0)
		return arena_printf(&c->mem, "%s won%s", name_of(m, m->winner),
				    how);
	return arena_printf(&c->mem, "you %s%s",
			    seat == m->winner ? "won" : "lost", how);
}

const char *board_status(struct cli *c, const Parlor__Game__V1__Match *m,
			 const char *sub)
{
	int seat = board_seat(m, sub);

	switch (m->status) {
	case MATCHES_STATUS(WAITING):
		return "waiting for a second player";
	case MATCHES_STATUS(PLAYING):
		return seat == m->turn
			   ? "it is your turn"
			   : arena_printf(&c->mem, "it is %s's turn",
					  name_of(m, m->turn));
	case MATCHES_STATUS(WON):
	case MATCHES_STATUS(RESIGNED):
		return won(c, m, seat);
	case MATCHES_STATUS(DRAWN):
		return "a draw";
	case MATCHES_STATUS(CANCELLED):
		return "cancelled, nobody came";
	default:
		return "";
	}
}

/* ---- the board ------------------------------------------------------------------------ */

/* How a disc of each player, an empty place and a wall look. */
static const struct look {
	const char *discs[2], *empty, *wall;
} plain = { { "X", "O" }, ".", " " }, coloured = {
	{ "\033[31m●\033[0m", "\033[33m●\033[0m" }, "·", "\033[34m│\033[0m"
};

enum { ROWS = 6 };

static void draw_place(const struct look *look, const char *column, size_t row)
{
	bool taken = row < strlen(column);

	printf("%s %s ", look->wall,
	       !taken ? look->empty : look->discs[column[row] == '1']);
}

static void draw_places(const Parlor__Game__V1__Match *m,
			const struct look *look)
{
	for (size_t row = ROWS; row-- > 0;) {
		for (size_t i = 0; i < m->n_columns; i++)
			draw_place(look, m->columns[i], row);
		printf("%s\n", look->wall);
	}
	for (size_t i = 0; i < m->n_columns; i++)
		printf("  %zu ", i);
	putchar('\n');
}

void board_draw(struct cli *c, const Parlor__Game__V1__Match *m,
		const char *sub)
{
	const struct look *look = isatty(STDOUT_FILENO) ? &coloured : &plain;

	printf("match %s: %s\n", m->match_id, board_names(c, m));
	draw_places(m, look);
	for (int seat = 0; (size_t)seat < m->n_players; seat++)
		printf("  %s %s", look->discs[seat % 2], name_of(m, seat));
	printf("\n%s\n", board_status(c, m, sub));
}
