/* clients/cli/command.h - what the parlor command can do, a row each
 *
 * A row is the only truth about a command: finding it, checking its arguments,
 * its help and the manual page read the row. Adding one is a row and a function.
 */
#ifndef PARLOR_CLI_COMMAND_H
#define PARLOR_CLI_COMMAND_H

#include "clients/cli/cli.h"

enum command_option {
	OPTION_EMAIL = 1 << 0,
	OPTION_PASSWORD_STDIN = 1 << 1,
	OPTION_INIT = 1 << 2,
	OPTION_OPPONENT = 1 << 3,
	OPTION_GUEST = 1 << 4,
	OPTION_KEY = 1 << 5,
	OPTION_EXPLAIN = 1 << 6,
};

struct command {
	const char *name;      /* one word, or two: "match create" */
	const char *arguments; /* "USER [CODE]": brackets may be left out */
	const char *help;      /* one sentence */
	unsigned options;
	int (*run)(struct cli *);
};

/* Ends with an empty row. */
extern const struct command commands[];

/* The row whose name stands at the beginning of `words`, and how many of these
 * it took; NULL if there is none. */
const struct command *command_find(char *const *words, int count, int *taken);

/* Does this number of arguments fit the row? */
bool command_takes(const struct command *, int count);

/* Whose operations the command calls by name; NULL: it does something else. */
const char *command_service(const struct command *);

/* Commands, by the files that hold them. */
int sign_up(struct cli *);
int confirm(struct cli *);
int sign_in(struct cli *);
int sign_out(struct cli *);
int whoami(struct cli *);
int delete_account(struct cli *);
int match_create(struct cli *);
int match_join(struct cli *);
int match_move(struct cli *);
int match_show(struct cli *);
int match_resign(struct cli *);
int match_cancel(struct cli *);
int match_rematch(struct cli *);
int match_list(struct cli *);
int play(struct cli *);
int results(struct cli *);
int leaderboard(struct cli *);
int kv_key_create(struct cli *);
int kv_key_list(struct cli *);
int kv_key_revoke(struct cli *);
int policy_explain(struct cli *);
int kv_bill(struct cli *);
int kv(struct cli *);
int auth_keys_rotate(struct cli *);
int auth(struct cli *);
int call(struct cli *);
int init(struct cli *);

#endif
