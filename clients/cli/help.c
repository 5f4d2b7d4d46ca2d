/* clients/cli/help.c - help and the manual page, from the rows */
#include "clients/cli/help.h"
#include "clients/cli/options.h"

#include <stdio.h>

enum { TEXT_WIDTH = 66 };

static const struct status_row {
	enum exit_status status;
	const char *help;
} statuses[] = {
	{ EXIT_OK, "done" },
	{ EXIT_REFUSED, "refused" },
	{ EXIT_USAGE, "unusable arguments" },
	{ EXIT_UNREACHABLE, "unreachable" },
};

enum { STATUS_COUNT = sizeof(statuses) / sizeof(*statuses) };

/* ---- help ------------------------------------------------------------------------ */

/* "match move MATCH MOVE", and the options it needs or may have. */
static void print_usage(const struct command *row)
{
	printf("%s%s%s", row->name, *row->arguments ? " " : "", row->arguments);
	if (row->options & OPTION_EMAIL)
		fputs(" --email ADDRESS", stdout);
	if (row->options & OPTION_PASSWORD_STDIN)
		fputs(" [--password-stdin]", stdout);
	if (row->options & OPTION_OPPONENT)
		fputs(" [--opponent WHO] [--level N]", stdout);
	putchar('\n');
}

/* In lines behind eight blanks. */
static void print_sentence(struct slice text)
{
	size_t column = 0;

	printf("       ");
	while (text.size > 0) {
		struct slice word = slice_cut(&text, ' ');

		if (column + word.size + 1 > TEXT_WIDTH) {
			printf("\n       ");
			column = 0;
		}
		printf(" %.*s", SLICE_ARGS(word));
		column += word.size + 1;
	}
	putchar('\n');
}

/* Those that every command has, and those of `flags`. */
static void print_options(unsigned flags)
{
	for (const struct option_row *row = option_rows; row->name; row++) {
		if (row->needs & ~flags)
			continue;
		printf("  %s%s%s\n", row->name, row->value ? " " : "",
		       row->value ? row->value : "");
		print_sentence(slice_of(row->help));
	}
}

/* Names of operations, as they stand in the proto. */
static void print_operations(const char *service)
{
	const struct descriptor_method *method;
	struct buffer names;

	buffer_init(&names, 1 << 16);
	for (size_t i = 0;
	     (method = descriptor_method_at(descriptor_set_parlor(), i)); i++) {
		if (!slice_is(method->service, service))
			continue;
		if (buffer_size(&names))
			buffer_put_byte(&names, ' ');
		buffer_put_slice(&names, method->name);
	}
	puts("\noperations:");
	print_sentence(buffer_slice(&names));
	buffer_release(&names);
}

void help_command(const struct command *row)
{
	printf("usage: parlor [OPTION]... ");
	print_usage(row);
	print_sentence(slice_of(row->help));
	if (command_service(row))
		print_operations(command_service(row));
	puts("\noptions:");
	print_options(row->options);
}

void help_all(const char *prefix)
{
	puts("usage: parlor [OPTION]... COMMAND\n\ncommands:");
	for (const struct command *row = commands; row->name; row++)
		if (slice_starts(slice_of(row->name), slice_of(prefix))) {
			printf("  ");
			print_usage(row);
			print_sentence(slice_of(row->help));
		}
	puts("\noptions:");
	print_options(0);
	printf("\nexit status:");
	for (size_t i = 0; i < STATUS_COUNT; i++)
		printf("%s %d %s", i ? "," : "", statuses[i].status,
		       statuses[i].help);
	putchar('\n');
}

/* ---- the manual page ---------------------------------------------------------------- */

/* roff would make hyphens of minus signs. */
static void print_roff(const char *text)
{
	for (; *text; text++)
		printf("%s%c", *text == '-' ? "\\" : "", *text);
}

static void print_roff_entry(const char *name, const char *value,
			     const char *help)
{
	printf(".TP\n\\fB");
	print_roff(name);
	printf("\\fR \\fI%s\\fR\n", value ? value : "");
	print_roff(help);
	putchar('\n');
}

void help_manual(void)
{
	puts(
	    ".TH parlor 1 \"\" \"Parlor " PARLOR_VERSION "\"\n"
	    ".SH NAME\nparlor \\- plays, and asks the suite for anything else\n"
	    ".SH SYNOPSIS\n.B parlor\n.RI [ OPTION ]...\n.I COMMAND\n"
	    ".SH COMMANDS");
	for (const struct command *row = commands; row->name; row++)
		print_roff_entry(row->name, row->arguments, row->help);
	puts(".SH OPTIONS");
	for (const struct option_row *row = option_rows; row->name; row++)
		print_roff_entry(row->name, row->value, row->help);
	puts(".SH EXIT STATUS");
	for (size_t i = 0; i < STATUS_COUNT; i++)
		printf(".TP\n.B %d\n%s\n", statuses[i].status,
		       statuses[i].help);
	puts(".SH FILES\n.TP\n.I $PARLOR_HOME, else "
	     "$XDG_CONFIG_HOME/parlor, else ~/.config/parlor\nHolds "
	     ".I profiles/NAME.json\n, the tokens of a sign\\-in, for its "
	     "owner alone.\n"
	     ".SH SEE ALSO\n.BR parlor\\-auth (8),\n.BR parlor\\-kv (8),\n"
	     ".BR parlor\\-gateway (8),\n.BR parlor\\-game (8)");
}
