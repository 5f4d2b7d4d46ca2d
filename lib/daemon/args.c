/* lib/daemon/args.c - a daemon's command line, from a table */
#include "lib/daemon/args.h"
#include "lib/base/fault.h"

struct option_row {
	const char *name, *value; /* the value's name, NULL for a verb */
	size_t offset;
	enum args_verb verb;
	const char *help;
};

static const struct option_row rows[] = {
	{ "--config", "FILE", offsetof(struct args, config), ARGS_RUN,
	  "The settings' file; without it parlor.yaml in the data directory, "
	  "or /etc/parlor/parlor.yaml." },
	{ "--data", "DIR", offsetof(struct args, data), ARGS_RUN,
	  "The data directory, /var/lib/parlor without it." },
	{ "--listen", "ADDRESS", offsetof(struct args, listen), ARGS_RUN,
	  "Where to listen, instead of the setting." },
	{ "--admin-listen", "ADDRESS", offsetof(struct args, admin_listen),
	  ARGS_RUN,
	  "Where the admin listener listens, instead of the setting." },
	{ "--address-file", "FILE", offsetof(struct args, address_file),
	  ARGS_RUN,
	  "Once it serves, the first address it listens on is written there, "
	  "as a target file:FILE reads it, and the admin listener's to "
	  "FILE.admin." },
	{ "--check", NULL, 0, ARGS_CHECK,
	  "Say what is wrong with the settings, and end." },
	{ "--health", NULL, 0, ARGS_HEALTH,
	  "Ask the running daemon, through its admin listener, whether it is "
	  "ready; 0 if so, 1 if not." },
	{ "--example", NULL, 0, ARGS_EXAMPLE,
	  "Print the settings, explained, as YAML." },
	{ "--manual", NULL, 0, ARGS_MANUAL,
	  "Print the manual page, in roff's man macros." },
	{ "--help", NULL, 0, ARGS_HELP, "Print the options and settings." },
	{ "--version", NULL, 0, ARGS_VERSION, "Print the version." },
};
enum { ROWS = sizeof(rows) / sizeof(*rows) };

static int unusable(const char *program, const char *argument, const char *why)
{
	fprintf(stderr, "%s: '%s' %s; try --help\n", program, argument, why);
	return -E_INVALID;
}

/* `--name=value` or `--name value`: the row, and where the value stands. */
static const struct option_row *find(const char *argument, const char **value)
{
	for (size_t i = 0; i < ROWS; i++) {
		size_t size = strlen(rows[i].name);

		if (strncmp(argument, rows[i].name, size) != 0)
			continue;
		if (argument[size] == '=' && rows[i].value)
			*value = argument + size + 1;
		if (argument[size] == '\0' || *value)
			return &rows[i];
	}
	return NULL;
}

/* A word without dashes. */
static int read_word(struct args *args, const char *word)
{
	if (args->operand)
		return -E_INVALID;
	*(args->command ? &args->operand : &args->command) = word;
	args->verb = ARGS_COMMAND;
	return 0;
}

int args_read(int argc, char **argv, struct args *args)
{
	*args = (struct args){ 0 };
	for (int i = 1; i < argc; i++) {
		const char *value = NULL;
		const struct option_row *row = find(argv[i], &value);

		if (argv[i][0] != '-' && !read_word(args, argv[i]))
			continue;
		if (!row)
			return unusable(argv[0], argv[i], "is no option");
		if (!row->value) {
			args->verb = row->verb;
			continue;
		}
		if (!value && i + 1 == argc)
			return unusable(argv[0], argv[i], "wants a value");
		*(const char **)(void *)((char *)args + row->offset) =
		    value ? value : argv[++i];
	}
	return 0;
}

void args_help(struct buffer *b)
{
	for (size_t i = 0; i < ROWS; i++)
		buffer_printf(b, "  %s%s%s\n      %s\n", rows[i].name,
			      rows[i].value ? " " : "",
			      rows[i].value ? rows[i].value : "", rows[i].help);
}

void args_manual(struct buffer *b)
{
	for (size_t i = 0; i < ROWS; i++) {
		buffer_put_text(b, ".TP\n.BI \"");
		for (const char *at = rows[i].name; *at; at++)
			buffer_printf(b, *at == '-' ? "\\-" : "%c", *at);
		buffer_printf(b, "\" \"%s%s\"\n%s\n", rows[i].value ? " " : "",
			      rows[i].value ? rows[i].value : "", rows[i].help);
	}
}
