/* lib/daemon/args.h - a daemon's command line, from a table */
#ifndef PARLOR_DAEMON_ARGS_H
#define PARLOR_DAEMON_ARGS_H

#include "lib/base/buffer.h"

enum args_verb {
	ARGS_RUN,
	ARGS_CHECK,
	ARGS_EXAMPLE,
	ARGS_HEALTH,
	ARGS_HELP,
	ARGS_MANUAL,
	ARGS_VERSION,
	ARGS_COMMAND,
};

struct args {
	enum args_verb verb;
	const char *config, *data, *listen, *admin_listen, *address_file;
	/* what has no dashes: a command of the daemon's own, and its operand */
	const char *command, *operand;
};

/* Reads the line; -E_INVALID, after a line on standard error, when it cannot
 * be used. */
int args_read(int argc, char **argv, struct args *);

/* The options, as lines of --help and as a man page's. */
void args_help(struct buffer *);
void args_manual(struct buffer *);

#endif
