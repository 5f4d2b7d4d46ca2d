/* clients/cli/options.c - the options of the parlor command, a row each */
#include "clients/cli/options.h"
#include "clients/cli/command.h"

#define IN_CLI(member) offsetof(struct cli, member)

const struct option_row option_rows[] = {
	{ "--email", "ADDRESS", IN_CLI(email), OPTION_EMAIL, VERB_RUN,
	  "Where the code is sent." },
	{ "--password-stdin", NULL, IN_CLI(password_stdin),
	  OPTION_PASSWORD_STDIN, VERB_RUN,
	  "Read the password's line from standard input, not the terminal." },
	{ "--guest", NULL, IN_CLI(guest), OPTION_GUEST, VERB_RUN,
	  "Sign in without an account, under a name that is drawn." },
	{ "--data", "DIR", IN_CLI(data), OPTION_INIT, VERB_RUN,
	  "The data directory to make." },
	{ "--port-base", "N", IN_CLI(port_base), OPTION_INIT, VERB_RUN,
	  "The gateway's port; auth, kv and game have the next ones, the admin "
	  "listeners those 10 above. Else 8080 to 8083, and 9080 to 9083." },
	{ "--deploy", "DIR", IN_CLI(deploy), OPTION_INIT, VERB_RUN,
	  "The game's deployment: functions.yaml and gateway.yaml." },
	{ "--opponent", "WHO", IN_CLI(opponent), OPTION_OPPONENT, VERB_RUN,
	  "Who the other player of a new match may be: open (whoever comes "
	  "first), link (who is told of it) or computer." },
	{ "--level", "N", IN_CLI(level), OPTION_OPPONENT, VERB_RUN,
	  "How well the computer plays: 1 (easy) to 3." },
	{ "--principal", "WHO", IN_CLI(principal), OPTION_KEY, VERB_RUN,
	  "Whom the key signs for: admin, service:NAME (none of the suite's "
	  "own) or user:SUB." },
	{ "--policy", "FILE", IN_CLI(policy), OPTION_KEY, VERB_RUN,
	  "What the key may do beyond what its principal may: IAM's JSON." },
	{ "--keys", "KEY,...", IN_CLI(ask_keys), OPTION_EXPLAIN, VERB_RUN,
	  "The partition keys that the request names." },
	{ "--attributes", "NAME,...", IN_CLI(ask_attributes), OPTION_EXPLAIN,
	  VERB_RUN, "The attributes that it touches." },
	{ "--select", "WORD", IN_CLI(ask_select), OPTION_EXPLAIN, VERB_RUN,
	  "Its Select, as COUNT." },
	{ "--returns", "WORD", IN_CLI(ask_returns), OPTION_EXPLAIN, VERB_RUN,
	  "Its ReturnValues, as ALL_OLD." },
	{ "--groups", "NAME,...", IN_CLI(ask_groups), OPTION_EXPLAIN, VERB_RUN,
	  "The user's groups." },
	{ "--sub", "SUB", IN_CLI(ask_sub), OPTION_EXPLAIN, VERB_RUN,
	  "The user for whom a function or service acts." },
	{ "--service", "NAME", IN_CLI(ask_service), OPTION_EXPLAIN, VERB_RUN,
	  "The service that lends to a function." },
	{ "--endpoints", "FILE", IN_CLI(endpoints_file), 0, VERB_RUN,
	  "The suite's endpoints.json; else the one that PARLOR_ENDPOINTS "
	  "names, ./var/endpoints.json or the one in the config directory." },
	{ "--profile", "NAME", IN_CLI(profile_name), 0, VERB_RUN,
	  "Whose sign-in to use, for several players on one machine." },
	{ "--json", NULL, IN_CLI(json), 0, VERB_RUN,
	  "Print the answer message as a line of JSON." },
	{ "--help", NULL, 0, 0, VERB_HELP,
	  "Say what can be done, or how to use the command." },
	{ "--version", NULL, 0, 0, VERB_VERSION, "Print the version." },
	{ "--manual", NULL, 0, 0, VERB_MANUAL,
	  "Print the manual page, in roff's man macros." },
	{ 0 }
};

static const struct option_row *option_find(struct slice name)
{
	for (const struct option_row *row = option_rows; row->name; row++)
		if (slice_is(name, row->name))
			return row;
	return NULL;
}

/* Takes the option at argv[*at]; its value, which may be the next one, too. */
static int take_option(struct cli *c, char **argv, int *at,
		       struct options_read *read)
{
	struct slice rest = slice_of(argv[*at]);
	const char *value = strchr(argv[*at], '=');
	const struct option_row *row = option_find(slice_cut(&rest, '='));
	void *member = row ? (char *)c + row->offset : NULL;

	if (!row)
		return cli_misuse(c, "unknown option '%s'", argv[*at]);
	if (!row->value && value)
		return cli_misuse(c, "'%s' takes no value", row->name);
	if (row->value && !value && !argv[*at + 1])
		return cli_misuse(c, "'%s' takes a value", row->name);
	read->used |= row->needs;
	if (row->verb != VERB_RUN)
		read->verb = row->verb;
	else if (row->value)
		*(const char **)member = value ? value + 1 : argv[++*at];
	else
		*(bool *)member = true;
	return 0;
}

int options_read(struct cli *c, int argc, char **argv,
		 struct options_read *read)
{
	int words = 0;
	bool ended = false;

	c->arguments = argv + 1;
	for (int at = 1; at < argc; at++) {
		char *text = argv[at];

		if (ended || text[0] != '-' || text[1] == '\0')
			c->arguments[words++] = text;
		else if (strcmp(text, "--") == 0)
			ended = true;
		else if (take_option(c, argv, &at, read) != 0)
			return -c->fault.code;
	}
	c->argument_count = words;
	return 0;
}
