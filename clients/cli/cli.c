/* clients/cli/cli.c - from the arguments to a command and its exit status */
#include "clients/cli/cli.h"
#include "clients/cli/command.h"
#include "clients/cli/connection.h"

#include <stdio.h>

enum { LIFE_MAX = 16 << 20, MEM_MAX = 256 << 20, OUTPUT_MAX = 64 << 20 };

/* ---- arguments ------------------------------------------------------------------ */

static const struct option_row {
	const char *name;
	bool is_flag;	/* a bool of struct cli, else a text */
	size_t offset;	/* there */
	unsigned needs; /* the command's option flag; 0: all have it */
} options[] = {
	{ "--endpoints", false, offsetof(struct cli, endpoints_file), 0 },
	{ "--profile", false, offsetof(struct cli, profile_name), 0 },
	{ "--json", true, offsetof(struct cli, json), 0 },
	{ "--email", false, offsetof(struct cli, email), OPTION_EMAIL },
	{ "--password-stdin", true, offsetof(struct cli, password_stdin),
	  OPTION_PASSWORD_STDIN },
};

enum { OPTION_COUNT = sizeof(options) / sizeof(*options) };

struct parsed {
	bool help, version;
	unsigned used; /* the command's option flags that were given */
};

static const struct option_row *option_find(struct slice name)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (slice_is(name, options[i].name))
			return &options[i];
	return NULL;
}

/* Takes the option at argv[*at]; its value, which may be the next one, too. */
static int take_option(struct cli *c, char **argv, int *at,
		       struct parsed *parsed)
{
	struct slice rest = slice_of(argv[*at]);
	const char *value = strchr(argv[*at], '=');
	const struct option_row *row = option_find(slice_cut(&rest, '='));

	if (!row)
		return cli_misuse(c, "unknown option '%s'", argv[*at]);
	parsed->used |= row->needs;
	if (row->is_flag && value)
		return cli_misuse(c, "'%s' takes no value", row->name);
	if (!row->is_flag && !value && !argv[*at + 1])
		return cli_misuse(c, "'%s' takes a value", row->name);
	if (row->is_flag)
		*((bool *)(void *)((char *)c + row->offset)) = true;
	else
		*((const char **)(void *)((char *)c + row->offset)) =
		    value ? value + 1 : argv[++*at];
	return 0;
}

/* Does a command begin here whose arguments are its own to read? */
static bool is_raw(char **words, int count)
{
	int taken;
	const struct command *row = command_find(words, count, &taken);

	return row && (row->options & OPTION_RAW);
}

/* Options may stand anywhere; what is left are words. "--" ends the options. */
static int parse(struct cli *c, int argc, char **argv, struct parsed *parsed)
{
	int words = 0;
	bool ended = false;

	for (int at = 1; at < argc; at++) {
		char *text = argv[at];

		ended = ended || is_raw(argv + 1, words);
		if (ended || text[0] != '-' || text[1] == '\0') {
			argv[1 + words++] = text;
		} else if (strcmp(text, "--") == 0) {
			ended = true;
		} else if (strcmp(text, "--help") == 0 ||
			   strcmp(text, "-h") == 0) {
			parsed->help = true;
		} else if (strcmp(text, "--version") == 0) {
			parsed->version = true;
		} else if (take_option(c, argv, &at, parsed) != 0) {
			return -c->fault.code;
		}
	}
	c->arguments = argv + 1;
	c->argument_count = words;
	return 0;
}

/* ---- running ---------------------------------------------------------------------- */

static int show_help(struct cli *c, const struct command *row)
{
	const char *prefix = cli_argument(c, 0);

	if (row)
		command_help(row);
	else
		command_help_all(prefix && strcmp(prefix, "help") != 0 ? prefix
								       : "");
	return 0;
}

static int run_command(struct cli *c, const struct parsed *parsed)
{
	int taken = 0;
	const struct command *row =
	    command_find(c->arguments, c->argument_count, &taken);
	const char *first = cli_argument(c, 0);

	if (parsed->help || (first && strcmp(first, "help") == 0))
		return show_help(c, row);
	if (!row)
		return cli_misuse(c,
				  first ? "unknown command '%s'%s"
					: "what shall be done?%s%s",
				  first ? first : "", ": see 'parlor --help'");
	c->arguments += taken;
	c->argument_count -= taken;
	if (parsed->used & ~row->options)
		return cli_misuse(c, "'%s' has no such option", row->name);
	if (!command_takes(row, c->argument_count))
		return cli_misuse(c, "usage: parlor %s %s", row->name,
				  row->arguments);
	return row->run(c);
}

static enum exit_status status_of(const struct cli *c)
{
	switch (c->fault.code) {
	case E_NONE:
		return EXIT_OK;
	case E_PARAMETER:
		return EXIT_USAGE;
	case E_UNAVAILABLE:
	case E_DEADLINE:
		return EXIT_UNREACHABLE;
	default:
		return EXIT_REFUSED;
	}
}

static void print_fault(const struct cli *c)
{
	const char *exception =
	    c->tells_exception ? fault_row(c->fault.code)->aws : "";

	fprintf(stderr, "parlor: %s%s%s\n", exception, *exception ? ": " : "",
		c->fault.message);
}

int cli_main(int argc, char **argv)
{
	struct cli c = { 0 };
	struct parsed parsed = { 0 };

	arena_init(&c.life, LIFE_MAX);
	arena_init(&c.mem, MEM_MAX);
	if (parse(&c, argc, argv, &parsed) == 0) {
		if (parsed.version)
			puts("parlor " PARLOR_VERSION);
		else
			run_command(&c, &parsed);
	}
	if (fflush(stdout) != 0)
		cli_fail(&c, E_INTERNAL, "cannot write to standard output");
	if (c.fault.code != E_NONE)
		print_fault(&c);
	connections_release(&c);
	arena_release(&c.mem);
	arena_release(&c.life);
	return (int)status_of(&c);
}

int cli_print_json(struct cli *c, const char *message, unsigned json_flags)
{
	const struct descriptor_message *type =
	    descriptor_message_find(descriptor_set_parlor(), slice_of(message));
	struct buffer text;

	buffer_init(&text, OUTPUT_MAX);
	if (json_from_message(type, c->answer, json_flags, &text, &c->fault) ==
	    0)
		printf("%.*s\n", SLICE_ARGS(buffer_slice(&text)));
	buffer_release(&text);
	return -c->fault.code;
}
