/* clients/cli/help.h - help and the manual page, from the rows */
#ifndef PARLOR_CLI_HELP_H
#define PARLOR_CLI_HELP_H

#include "clients/cli/command.h"

/* How to use one command. */
void help_command(const struct command *);

/* All commands whose name begins with `prefix`. */
void help_all(const char *prefix);

void help_manual(void);

#endif
