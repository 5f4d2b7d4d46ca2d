/* clients/cli/options.h - the options of the parlor command, a row each */
#ifndef PARLOR_CLI_OPTIONS_H
#define PARLOR_CLI_OPTIONS_H

#include "clients/cli/cli.h"

/* What to do instead of running a command. */
enum option_verb { VERB_RUN, VERB_HELP, VERB_VERSION, VERB_MANUAL };

struct option_row {
	const char *name;  /* "--profile" */
	const char *value; /* "NAME"; NULL: it has none */
	size_t offset;	   /* in struct cli: a text, or a bool without value */
	unsigned needs;	   /* flag of the commands that have it; 0: all */
	enum option_verb verb; /* if not VERB_RUN, nothing else is set */
	const char *help;      /* one sentence */
};

/* Ends with an empty row. */
extern const struct option_row option_rows[];

struct options_read {
	enum option_verb verb;
	unsigned used; /* `needs` of those that were given */
};

/* Sorts argv into options, which may stand anywhere before "--", and the
 * words left, which become the run's arguments. */
int options_read(struct cli *, int argc, char **argv, struct options_read *);

#endif
