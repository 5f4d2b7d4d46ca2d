/* lib/conf/setting.c - a daemon's settings as a table: reading them */
#include "lib/conf/setting.h"
#include "lib/conf/nearest.h"
#include "lib/conf/reading.h"

#include <ctype.h>
#include <errno.h>
#include <unistd.h>

enum { NAME_MAX_TEXT = 128 };

static const char suite[] = "suite";

/* ---- the environment --------------------------------------------------------- */

static void variable_name(const char *section, const char *key,
			  char out[NAME_MAX_TEXT])
{
	snprintf(out, NAME_MAX_TEXT, "PARLOR_%s_%s", section, key);
	for (char *at = out; *at; at++)
		*at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
}

/* "a, b" as the list it means. */
static struct yaml_node *split(struct reading *r, const char *text)
{
	return yaml_parse(slice_of(arena_printf(r->mem, "[%s]", text)), r->file,
			  r->mem, r->fault);
}

static struct yaml_node *variable(struct reading *r, const struct setting *row,
				  const char *text)
{
	struct yaml_node *node;

	if (row->type == SETTING_LIST && text[0] != '[')
		node = split(r, text);
	else if (row->type >= SETTING_LIST)
		node = yaml_parse(slice_of(text), r->file, r->mem, r->fault);
	else {
		node = arena_zalloc(r->mem, sizeof(*node));
		if (node) /* text as it is, whatever YAML would make of it */
			node->text = slice_of(text);
	}
	if (node)
		node->line = 0;
	return node;
}

static bool starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* A variable of our sections that no row knows is a mistake, too. */
static int check_variables(const struct setting *rows, const char *section,
			   bool shared_only, struct fault *fault)
{
	char prefix[NAME_MAX_TEXT], name[NAME_MAX_TEXT];

	variable_name(section, "", prefix);
	for (char **at = environ; at && *at; at++) {
		const struct setting *row = rows;
		size_t size = strcspn(*at, "=");

		if (!starts(*at, prefix))
			continue;
		for (; row->key; row++) {
			variable_name(section, row->key, name);
			if (strlen(name) == size && starts(*at, name) &&
			    (!shared_only || row->flags & SETTING_SHARED))
				break;
		}
		if (!row->key)
			return fault_set(fault, E_INVALID,
					 "%.*s: no such setting", (int)size,
					 *at);
	}
	return 0;
}

/* ---- a section --------------------------------------------------------------- */

struct sections {
	const char *name;		     /* the daemon's */
	const struct yaml_node *own, *suite; /* either may be NULL */
};

/* An empty variable takes away what the file says. */
static bool can_be_absent(const struct setting *row)
{
	return !(row->flags & SETTING_REQUIRED) &&
	       (row->type == SETTING_TEXT || row->type == SETTING_SECRET ||
		row->type >= SETTING_LIST);
}

/* Looks in one section, the environment first. 1 when it was there. */
static int look(struct reading *r, const struct setting *row,
		const char *section, const struct yaml_node *map, void *base)
{
	char name[NAME_MAX_TEXT];
	const struct yaml_node *node;
	const char *file = r->file, *text;
	int result;

	variable_name(section, row->key, name);
	text = getenv(name);
	if (text && !*text && can_be_absent(row))
		return 1;
	if (text) {
		r->file = "environment";
		snprintf(r->path, sizeof(r->path), "%s", name);
		node = variable(r, row, text);
		result =
		    node ? reading_value(r, row, node, base) : -r->fault->code;
		r->file = file;
		return result < 0 ? result : 1;
	}
	node = reading_written(map, row->key);
	if (!node)
		return 0;
	snprintf(r->path, sizeof(r->path), "%s", section);
	result = reading_with_key(r, row, node, base);
	return result < 0 ? result : 1;
}

static int read_setting(struct reading *r, const struct setting *row,
			const struct sections *s, void *base)
{
	int found = look(r, row, s->name, s->own, base);

	if (found == 0 && (row->flags & SETTING_SHARED))
		found = look(r, row, suite, s->suite, base);
	if (found)
		return found < 0 ? found : 0;
	snprintf(r->path, sizeof(r->path), "%s", s->name);
	if (row->flags & SETTING_REQUIRED)
		return reading_missing(r, row, s->own);
	return reading_with_key(r, row, NULL, base);
}

static int find_section(struct reading *r, const struct yaml_node *root,
			const char *name, const struct yaml_node **out)
{
	const struct yaml_node *node = root ? yaml_find(root, name) : NULL;

	*out = NULL;
	if (!node || yaml_is_null(node))
		return 0;
	snprintf(r->path, sizeof(r->path), "%s", name);
	if (node->kind != YAML_MAP)
		return reading_refuse(r, node, "keys and values belong here");
	*out = node;
	return 0;
}

/* Everything in `suite` is some daemon's shared row; all have the same. */
static int check_suite(struct reading *r, const struct setting *rows,
		       const struct yaml_node *map)
{
	for (size_t i = 0; map && i < map->count; i++) {
		const struct setting *row = rows;

		while (row->key && !(row->flags & SETTING_SHARED &&
				     slice_is(map->keys[i]->text, row->key)))
			row++;
		snprintf(r->path, sizeof(r->path), "%s", suite);
		if (!row->key)
			return reading_refuse_key(r, rows, map->keys[i]);
	}
	return 0;
}

/* -E_UNAVAILABLE when it is there and cannot be read; *root is NULL when it is
 * not there. */
static int load(const char *file, struct arena *mem, struct yaml_node **root,
		struct fault *fault)
{
	FILE *stream = file ? fopen(file, "re") : NULL;
	struct buffer text;
	uint8_t *at;

	*root = NULL;
	if (!stream && (!file || errno == ENOENT))
		return 0;
	if (!stream)
		return fault_set(fault, E_UNAVAILABLE, "cannot open '%s': %s",
				 file, strerror(errno));
	buffer_init(&text, YAML_BYTES_MAX + 4096);
	while (!feof(stream) && !ferror(stream) &&
	       (at = buffer_reserve(&text, 4096)))
		buffer_added(&text, fread(at, 1, 4096, stream));
	if (ferror(stream))
		fault_set(fault, E_UNAVAILABLE, "cannot read '%s': %s", file,
			  strerror(errno));
	else
		*root = yaml_parse(buffer_slice(&text), file, mem, fault);
	if (*root && (*root)->kind != YAML_MAP && !yaml_is_null(*root))
		fault_set(fault, E_INVALID, "%s:%d: sections belong here", file,
			  (*root)->line);
	fclose(stream);
	buffer_release(&text);
	return -fault->code;
}

int setting_read(const struct setting *rows, const char *file,
		 const char *section, const char *data_dir, struct arena *mem,
		 void *out, struct fault *fault)
{
	struct reading r = { .file = file ? file : "settings",
			     .data_dir = data_dir,
			     .mem = mem,
			     .fault = fault };
	struct sections s = { .name = section };
	struct yaml_node *root;

	if (load(file, mem, &root, fault) < 0 ||
	    find_section(&r, root, section, &s.own) < 0 ||
	    find_section(&r, root, suite, &s.suite) < 0 ||
	    check_suite(&r, rows, s.suite) < 0 ||
	    check_variables(rows, section, false, fault) < 0 ||
	    check_variables(rows, suite, true, fault) < 0)
		return -fault->code;
	snprintf(r.path, sizeof(r.path), "%s", section);
	if (s.own && reading_check_keys(&r, rows, s.own) < 0)
		return -fault->code;
	for (; rows->key; rows++)
		if (read_setting(&r, rows, &s, out) < 0)
			return -fault->code;
	return 0;
}

int setting_read_file(const struct setting *rows, const char *file,
		      const char *data_dir, struct arena *mem, void *out,
		      struct fault *fault)
{
	struct reading r = {
		.file = file, .data_dir = data_dir, .mem = mem, .fault = fault
	};
	struct yaml_node *root;

	if (load(file, mem, &root, fault) < 0)
		return -fault->code;
	if (!root)
		return fault_set(fault, E_UNAVAILABLE, "no file '%s'", file);
	return reading_rows(&r, rows, root, out);
}

int setting_check_sections(const char *file, const char *const *sections,
			   struct fault *fault)
{
	struct yaml_node *root;
	struct arena mem;

	arena_init(&mem, 64 << 20);
	load(file, &mem, &root, fault);
	for (size_t i = 0; root && !fault->code && i < root->count; i++) {
		const char *key = (const char *)root->keys[i]->text.data;
		struct nearest n;
		const char *const *at = sections;

		nearest_init(&n, key);
		while (*at && strcmp(*at, key) != 0)
			nearest_consider(&n, *at++);
		if (*at)
			continue;
		fault_set(fault, E_INVALID,
			  "%s:%d: %.64s: no such section%s%s%s", file,
			  root->keys[i]->line, key, n.best ? " (is '" : "",
			  n.best ? n.best : "",
			  n.best ? "' what is meant?)" : "");
	}
	arena_release(&mem);
	return -fault->code;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool setting_same(const struct setting *row, const void *a, const void *b)
{
	const void *left = (const char *)a + row->offset;
	const void *right = (const char *)b + row->offset;

	switch (row->type) {
	case SETTING_BOOL:
		return *(const bool *)left == *(const bool *)right;
	case SETTING_CHOICE:
		return *(const int *)left == *(const int *)right;
	case SETTING_INTEGER:
	case SETTING_DURATION:
	case SETTING_SIZE:
		return *(const int64_t *)left == *(const int64_t *)right;
	default:
		return same_text(*(const char *const *)left,
				 *(const char *const *)right);
	}
}
