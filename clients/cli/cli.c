/* clients/cli/cli.c - from the arguments to a command and its exit status */
#include "clients/cli/cli.h"
#include "clients/cli/command.h"
#include "clients/cli/connection.h"
#include "clients/cli/help.h"
#include "clients/cli/options.h"

#include <stdio.h>

enum { LIFE_MAX = 16 << 20, MEM_MAX = 256 << 20, OUTPUT_MAX = 64 << 20 };

/* ---- running ---------------------------------------------------------------------- */

static int show_help(struct cli *c)
{
	int taken;
	const struct command *row =
	    command_find(c->arguments, c->argument_count, &taken);
	const char *prefix = cli_argument(c, 0);

	if (row)
		help_command(row);
	else
		help_all(prefix ? prefix : "");
	return 0;
}

static int run_command(struct cli *c, unsigned options_used)
{
	int taken = 0;
	const struct command *row =
	    command_find(c->arguments, c->argument_count, &taken);

	if (c->argument_count == 0)
		return cli_misuse(c, "what shall be done? See 'parlor --help'");
	if (!row)
		return cli_misuse(c,
				  "unknown command '%s': see 'parlor --help'",
				  cli_argument(c, 0));
	c->arguments += taken;
	c->argument_count -= taken;
	if (options_used & ~row->options)
		return cli_misuse(c, "'%s' has no such option", row->name);
	if (!command_takes(row, c->argument_count))
		return cli_misuse(c, "usage: parlor %s %s", row->name,
				  row->arguments);
	return row->run(c);
}

static int run(struct cli *c, int argc, char **argv)
{
	struct options_read read = { VERB_RUN, 0 };

	if (options_read(c, argc, argv, &read) != 0)
		return -c->fault.code;
	if (c->argument_count > 0 && strcmp(c->arguments[0], "help") == 0) {
		c->arguments++;
		c->argument_count--;
		read.verb = VERB_HELP;
	}
	switch (read.verb) {
	case VERB_HELP:
		return show_help(c);
	case VERB_MANUAL:
		help_manual();
		return 0;
	case VERB_VERSION:
		puts("parlor " PARLOR_VERSION);
		return 0;
	case VERB_RUN:
		break;
	}
	return run_command(c, read.used);
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

	arena_init(&c.life, LIFE_MAX);
	arena_init(&c.mem, MEM_MAX);
	run(&c, argc, argv);
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
