/* lib/conf/example.c - a daemon's settings as a table: explaining them */
#include "lib/conf/setting.h"

enum { WIDTH = 78, HELP_COLUMN = 26 };

static const char *const type_names[] = {
	[SETTING_TEXT] = "text",      [SETTING_SECRET] = "secret",
	[SETTING_INTEGER] = "number", [SETTING_BOOL] = "true or false",
	[SETTING_DURATION] = "time",  [SETTING_SIZE] = "size",
	[SETTING_CHOICE] = "choice",  [SETTING_LIST] = "list",
	[SETTING_TABLE] = "table",    [SETTING_RAW] = "YAML",
};

static void put_bytes(struct buffer *b, char byte, size_t count)
{
	while (count--)
		buffer_put_byte(b, (uint8_t)byte);
}

/* What may stand there, in brackets behind the sentence. */
static void put_domain(struct buffer *b, const struct setting *row)
{
	buffer_printf(b, " (%s", type_names[row->type]);
	for (size_t i = 0; row->type == SETTING_CHOICE && row->choices[i]; i++)
		buffer_printf(b, "%s%s", i ? ", " : ": ", row->choices[i]);
	if (row->type == SETTING_INTEGER && row->max)
		buffer_printf(b, ", %lld to %lld", (long long)row->min,
			      (long long)row->max);
	if (row->flags & SETTING_REQUIRED)
		buffer_put_text(b, ", required");
	buffer_put_text(b, row->flags & SETTING_START ? ", at start)" : ")");
}

/* `text` in lines that each begin with `indent` blanks and `lead`; the first
 * one goes on at `column`. */
static void put_wrapped(struct buffer *b, struct slice text, size_t column,
			size_t indent, const char *lead)
{
	bool fresh = true;

	while (text.size) {
		struct slice word = slice_cut(&text, ' ');

		if (!fresh && column + 1 + word.size > WIDTH) {
			buffer_put_byte(b, '\n');
			fresh = true;
			column = 0;
		}
		if (fresh) {
			put_bytes(b, ' ',
				  column < indent ? indent - column : 1);
			buffer_put_text(b, lead);
			column = indent + strlen(lead);
		} else {
			buffer_put_byte(b, ' ');
			column++;
		}
		fresh = false;
		buffer_put_slice(b, word);
		column += word.size;
	}
	buffer_put_byte(b, '\n');
}

static void put_sentence(struct buffer *b, const struct setting *row,
			 size_t indent, const char *lead)
{
	struct buffer text;

	buffer_init(&text, 4096);
	buffer_put_text(&text, row->help);
	put_domain(&text, row);
	put_wrapped(b, buffer_slice(&text), 0, indent, lead);
	buffer_release(&text);
}

/* Would YAML take the text for something else without quotes? */
static bool needs_quotes(const char *text)
{
	return strchr("#{}[],&*?|<>=!%@'\"-:", *text) || strstr(text, ": ") ||
	       strstr(text, " #");
}

static void put_value(struct buffer *b, const struct setting *row)
{
	if (row->value && row->type == SETTING_TEXT && needs_quotes(row->value))
		buffer_printf(b, " \"%s\"", row->value);
	else if (row->value)
		buffer_printf(b, " %s", row->value);
}

static bool belongs(const struct setting *row, const char *section)
{
	bool shared = row->flags & SETTING_SHARED;

	return shared == (strcmp(section, "suite") == 0);
}

/* A table's struct, as a list's first item would be written. */
static void put_struct(struct buffer *b, const struct setting *rows,
		       size_t indent)
{
	const char *dash = "- ";

	for (; rows->key; rows++, dash = "  ") {
		put_sentence(b, rows, indent, "#     # ");
		put_bytes(b, ' ', indent);
		buffer_printf(b, "#   %s%s:", dash, rows->key);
		put_value(b, rows);
		buffer_put_byte(b, '\n');
	}
}

void setting_example(const struct setting *rows, const char *section,
		     struct buffer *b)
{
	buffer_printf(b, "%s:\n", section);
	for (; rows->key; rows++) {
		if (!belongs(rows, section))
			continue;
		put_sentence(b, rows, 2, "# ");
		buffer_printf(b, "  #%s:", rows->key);
		put_value(b, rows);
		buffer_put_byte(b, '\n');
		if (rows->type == SETTING_TABLE)
			put_struct(b, rows->rows, 2);
	}
}

static void help_row(struct buffer *b, const struct setting *row, size_t indent)
{
	size_t column = indent + strlen(row->key);
	struct buffer text;

	put_bytes(b, ' ', indent);
	buffer_put_text(b, row->key);
	buffer_init(&text, 4096);
	buffer_put_text(&text, row->help);
	put_domain(&text, row);
	if (row->value)
		buffer_printf(&text, " [%s]", row->value);
	put_wrapped(b, buffer_slice(&text), column, HELP_COLUMN, "");
	buffer_release(&text);
	for (const struct setting *inner = row->rows; inner && inner->key;
	     inner++)
		help_row(b, inner, indent + 2);
}

void setting_help(const struct setting *rows, const char *section,
		  struct buffer *b)
{
	for (; rows->key; rows++)
		if (belongs(rows, section))
			help_row(b, rows, 2);
}

/* roff takes a dot at a line's start and a backslash for its own. */
static void put_roff(struct buffer *b, const char *text)
{
	if (*text == '.' || *text == '\'')
		buffer_put_text(b, "\\&");
	for (; *text; text++) {
		if (*text == '\\')
			buffer_put_text(b, "\\e");
		else if (*text == '-')
			buffer_put_text(b, "\\-");
		else
			buffer_put_byte(b, (uint8_t)*text);
	}
}

static void manual_row(struct buffer *b, const struct setting *row)
{
	buffer_put_text(b, ".TP\n.B ");
	put_roff(b, row->key);
	buffer_put_byte(b, '\n');
	put_roff(b, row->help);
	put_domain(b, row);
	if (row->value) {
		buffer_put_text(b, " Default: ");
		put_roff(b, row->value);
		buffer_put_byte(b, '.');
	}
	buffer_put_byte(b, '\n');
	if (!row->rows)
		return;
	buffer_put_text(b, ".RS\n");
	for (const struct setting *inner = row->rows; inner->key; inner++)
		manual_row(b, inner);
	buffer_put_text(b, ".RE\n");
}

void setting_manual(const struct setting *rows, const char *section,
		    struct buffer *b)
{
	for (; rows->key; rows++)
		if (belongs(rows, section))
			manual_row(b, rows);
}
