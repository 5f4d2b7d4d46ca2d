/* lib/conf/setting.c - a daemon's settings as a table: reading them */
#include "lib/conf/setting.h"
#include "lib/conf/value.h"
#include "lib/conf/yaml.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <unistd.h>

enum { PATH_MAX_TEXT = 200, NAME_MAX_TEXT = 128, RAW_MAX = 1 << 20 };

static const char suite[] = "suite";

/* Where a value was found, for errors, and where values go. */
struct reading {
	const char *file; /* or the variable's name */
	const char *data_dir;
	struct arena *mem;
	struct fault *fault;
	char path[PATH_MAX_TEXT]; /* "gateway.routes[2].method" */
};

static int refuse(struct reading *r, const struct yaml_node *node,
		  const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int refuse(struct reading *r, const struct yaml_node *node,
		  const char *format, ...)
{
	/* without a section a path begins with its dot */
	const char *path = r->path[0] == '.' ? r->path + 1 : r->path;
	char why[256];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	if (node && node->line)
		return fault_set(r->fault, E_INVALID, "%s:%d: %s: %s", r->file,
				 node->line, path, why);
	return fault_set(r->fault, E_INVALID, "%s: %s: %s", r->file, path, why);
}

/* ---- the nearest known key -------------------------------------------------- */

/* How many letters differ (Levenshtein), of short words. */
static size_t distance(const char *a, const char *b)
{
	size_t row[65], width = strlen(b);

	if (strlen(a) > 64 || width > 64)
		return SIZE_MAX;
	for (size_t j = 0; j <= width; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= width; j++) {
			size_t best = corner + (a[i - 1] != b[j - 1]);

			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			corner = row[j];
			row[j] = best;
		}
	}
	return row[width];
}

struct nearest {
	const char *word, *best;
	size_t distance;
};

static void consider(struct nearest *n, const char *candidate)
{
	size_t d = distance(n->word, candidate);

	if (d <= 1 + strlen(n->word) / 3 && d < n->distance) {
		n->distance = d;
		n->best = candidate;
	}
}

static const char *nearest_key(const struct setting *rows, const char *word)
{
	struct nearest n = { word, NULL, SIZE_MAX };

	for (; rows->key; rows++)
		consider(&n, rows->key);
	return n.best;
}

/* ---- values ------------------------------------------------------------------ */

static int read_rows(struct reading *r, const struct setting *rows,
		     const struct yaml_node *map, void *base);

static void *place(const struct setting *row, void *base)
{
	return (char *)base + row->offset;
}

static const char *text_of(struct reading *r, const struct setting *row,
			   struct slice text)
{
	if (!(row->flags & SETTING_PATH) || !text.size || text.data[0] == '/' ||
	    !r->data_dir)
		return arena_copy(r->mem, text.data, text.size);
	return arena_printf(r->mem, "%s/%.*s", r->data_dir, SLICE_ARGS(text));
}

static int read_choice(struct reading *r, const struct setting *row,
		       const struct yaml_node *node, int *out)
{
	char all[160] = "";
	size_t used = 0;

	for (int i = 0; row->choices[i]; i++) {
		if (slice_is(node->text, row->choices[i]))
			return *out = i, 0;
		used +=
		    (size_t)snprintf(all + used,
				     used < sizeof(all) ? sizeof(all) - used
							: 0,
				     "%s%s", i ? ", " : "", row->choices[i]);
	}
	return refuse(r, node, "'%.60s' is not one of %s",
		      (const char *)node->text.data, all);
}

/* The larger unit that a bound is a whole number of. */
static void put_bound(const struct setting *row, int64_t value, char *out,
		      size_t size)
{
	bool bytes = row->type == SETTING_SIZE;
	int64_t step = bytes ? 1024 : 1000;
	static const char *const units[2][4] = { { "ms", "s", "", "" },
						 { "B", "KB", "MB", "GB" } };
	size_t unit = 0;

	if (row->type != SETTING_INTEGER)
		while (value && value % step == 0 && unit < (bytes ? 3u : 1u)) {
			value /= step;
			unit++;
		}
	snprintf(out, size, "%lld%s", (long long)value,
		 row->type == SETTING_INTEGER ? "" : units[bytes][unit]);
}

static int read_number(struct reading *r, const struct setting *row,
		       const struct yaml_node *node, int64_t *out)
{
	const char *why =
	    row->type == SETTING_SIZE	    ? value_size(node->text, out)
	    : row->type == SETTING_DURATION ? value_duration(node->text, out)
					    : value_integer(node->text, out);
	char bound[32];

	if (why)
		return refuse(r, node, "%s", why);
	if (*out < row->min) {
		put_bound(row, row->min, bound, sizeof(bound));
		return refuse(r, node, "less than %s", bound);
	}
	if (row->max && *out > row->max) {
		put_bound(row, row->max, bound, sizeof(bound));
		return refuse(r, node, "more than %s", bound);
	}
	return 0;
}

static int read_scalar(struct reading *r, const struct setting *row,
		       const struct yaml_node *node, void *out)
{
	const char *why;

	if (node->kind != YAML_SCALAR)
		return refuse(r, node, "a single value belongs here");
	switch (row->type) {
	case SETTING_BOOL:
		why = value_bool(node->text, out);
		return why ? refuse(r, node, "%s", why) : 0;
	case SETTING_CHOICE:
		return read_choice(r, row, node, out);
	case SETTING_INTEGER:
	case SETTING_DURATION:
	case SETTING_SIZE:
		return read_number(r, row, node, out);
	default:
		*(const char **)out = text_of(r, row, node->text);
		return 0;
	}
}

static int read_list(struct reading *r, const struct setting *row,
		     const struct yaml_node *node, struct setting_list *out)
{
	const char **texts;

	if (node->kind != YAML_LIST)
		return refuse(r, node, "a list belongs here");
	texts = arena_array(r->mem, node->count + 1, sizeof(*texts));
	for (size_t i = 0; texts && i < node->count; i++) {
		if (node->items[i]->kind != YAML_SCALAR)
			return refuse(r, node->items[i],
				      "a list of texts belongs here");
		texts[i] = text_of(r, row, node->items[i]->text);
	}
	*out = (struct setting_list){ texts, node->count };
	return 0;
}

static const struct setting *key_row(const struct setting *rows)
{
	while (rows->key && !(rows->flags & SETTING_KEY))
		rows++;
	return rows->key ? rows : NULL;
}

/* One struct of a table: `key` stands in front of it when the table is a map. */
static int read_row(struct reading *r, const struct setting *row,
		    const struct yaml_node *key, const struct yaml_node *node,
		    size_t index, void *base)
{
	const struct setting *name = key_row(row->rows);
	size_t length = strlen(r->path);
	int result;

	if (key)
		snprintf(r->path + length, sizeof(r->path) - length, ".%s",
			 (const char *)key->text.data);
	else
		snprintf(r->path + length, sizeof(r->path) - length, "[%zu]",
			 index);
	if (node->kind != YAML_MAP)
		result = refuse(r, node, "keys and values belong here");
	else if (key && yaml_find(node, name->key))
		result =
		    refuse(r, node, "'%s' stands in front already", name->key);
	else {
		if (key)
			*(const char **)place(name, base) =
			    text_of(r, name, key->text);
		result = read_rows(r, row->rows, node, base);
	}
	r->path[length] = '\0';
	return result;
}

static int read_table(struct reading *r, const struct setting *row,
		      const struct yaml_node *node, struct setting_list *out)
{
	bool map = node->kind == YAML_MAP;
	char *structs;

	if (node->kind == YAML_SCALAR)
		return refuse(r, node, "a list or a map belongs here");
	if (map && !key_row(row->rows))
		return refuse(r, node, "a list belongs here");
	structs = arena_array(r->mem, node->count + 1, row->row_size);
	for (size_t i = 0; structs && i < node->count; i++) {
		int result =
		    read_row(r, row, map ? node->keys[i] : NULL, node->items[i],
			     i, structs + i * row->row_size);

		if (result < 0)
			return result;
	}
	*out = (struct setting_list){ structs, node->count };
	return 0;
}

static int read_raw(struct reading *r, const struct yaml_node *node,
		    const char **out)
{
	struct buffer json;
	int result = 0;

	buffer_init(&json, RAW_MAX);
	yaml_put_json(&json, node);
	if (json.failed)
		result = refuse(r, node, "too big");
	else
		*out = arena_copy(r->mem, buffer_slice(&json).data,
				  buffer_size(&json));
	buffer_release(&json);
	return result;
}

static int read_value(struct reading *r, const struct setting *row,
		      const struct yaml_node *node, void *base)
{
	void *out = place(row, base);
	int result;

	if (row->type == SETTING_LIST)
		result = read_list(r, row, node, out);
	else if (row->type == SETTING_TABLE)
		result = read_table(r, row, node, out);
	else if (row->type == SETTING_RAW)
		result = read_raw(r, node, out);
	else
		result = read_scalar(r, row, node, out);
	if (result == 0 && r->mem->full)
		return refuse(r, node, "the settings are too big");
	return result;
}

static int read_default(struct reading *r, const struct setting *row,
			void *base)
{
	struct yaml_node *node;

	if (!row->value)
		return 0;
	node = yaml_parse(slice_of(row->value), "default", r->mem, r->fault);
	if (!node)
		return -r->fault->code;
	node->line = 0;
	return read_value(r, row, node, base);
}

static int refuse_key(struct reading *r, const struct setting *rows,
		      const struct yaml_node *key)
{
	const char *near = nearest_key(rows, (const char *)key->text.data);
	size_t length = strlen(r->path);

	snprintf(r->path + length, sizeof(r->path) - length, ".%s",
		 (const char *)key->text.data);
	return near ? refuse(r, key, "no such setting (is '%s' what is meant?)",
			     near)
		    : refuse(r, key, "no such setting");
}

static bool knows(const struct setting *rows, struct slice key)
{
	while (rows->key && !slice_is(key, rows->key))
		rows++;
	return rows->key != NULL;
}

static int check_keys(struct reading *r, const struct setting *rows,
		      const struct yaml_node *map)
{
	for (size_t i = 0; i < map->count; i++)
		if (!knows(rows, map->keys[i]->text))
			return refuse_key(r, rows, map->keys[i]);
	return 0;
}

/* The value written under a key; a key with nothing behind it is not set. */
static struct yaml_node *written(const struct yaml_node *map, const char *key)
{
	struct yaml_node *node = map ? yaml_find(map, key) : NULL;

	return node && !yaml_is_null(node) ? node : NULL;
}

static int with_key(struct reading *r, const struct setting *row,
		    const struct yaml_node *node, void *base)
{
	size_t length = strlen(r->path);
	int result;

	snprintf(r->path + length, sizeof(r->path) - length, ".%s", row->key);
	result =
	    node ? read_value(r, row, node, base) : read_default(r, row, base);
	r->path[length] = '\0';
	return result;
}

static int missing(struct reading *r, const struct setting *row,
		   const struct yaml_node *near)
{
	return refuse(r, near, "'%s' is required (%s)", row->key, row->help);
}

/* The rows of a table's struct; a map's key is there already. */
static int read_rows(struct reading *r, const struct setting *rows,
		     const struct yaml_node *map, void *base)
{
	int result = check_keys(r, rows, map);

	for (; rows->key && result == 0; rows++) {
		struct yaml_node *node = written(map, rows->key);

		if (!node && (rows->flags & SETTING_KEY) &&
		    *(const char **)place(rows, base))
			continue;
		if (!node && (rows->flags & SETTING_REQUIRED))
			return missing(r, rows, map);
		result = with_key(r, rows, node, base);
	}
	return result;
}

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
		    node ? read_value(r, row, node, base) : -r->fault->code;
		r->file = file;
		return result < 0 ? result : 1;
	}
	node = written(map, row->key);
	if (!node)
		return 0;
	snprintf(r->path, sizeof(r->path), "%s", section);
	result = with_key(r, row, node, base);
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
		return missing(r, row, s->own);
	return with_key(r, row, NULL, base);
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
		return refuse(r, node, "keys and values belong here");
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
			return refuse_key(r, rows, map->keys[i]);
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
	if (s.own && check_keys(&r, rows, s.own) < 0)
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
	return read_rows(&r, rows, root, out);
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
		struct nearest n = { key, NULL, SIZE_MAX };
		const char *const *at = sections;

		while (*at && strcmp(*at, key) != 0)
			consider(&n, *at++);
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
