/* lib/conf/reading.c - a value from YAML into the place of its row */
#include "lib/conf/reading.h"
#include "lib/conf/nearest.h"
#include "lib/conf/value.h"

#include <stdarg.h>

enum { RAW_MAX = 1 << 20 };

int reading_refuse(struct reading *r, const struct yaml_node *node,
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

static const char *nearest_key(const struct setting *rows, const char *word)
{
	struct nearest n;

	nearest_init(&n, word);
	for (; rows->key; rows++)
		nearest_consider(&n, rows->key);
	return n.best;
}

/* ---- values ------------------------------------------------------------------ */

static void *place(const struct setting *row, void *base)
{
	return (char *)base + row->offset;
}

/* Is its path one that the data directory goes in front of? */
static bool is_relative(struct slice address)
{
	return (slice_starts(address, SLICE("unix:")) ||
		slice_starts(address, SLICE("file:"))) &&
	       address.size > 5 && address.data[5] != '/';
}

static const char *addresses_of(struct reading *r, struct slice text)
{
	const char *out = NULL;

	while (text.size) {
		struct slice one = slice_trim(slice_cut(&text, ','));
		int scheme = is_relative(one) ? 5 : 0;

		out =
		    arena_printf(r->mem, "%s%s%.*s%s%s%.*s", out ? out : "",
				 out ? "," : "", scheme, (const char *)one.data,
				 scheme ? r->data_dir : "", scheme ? "/" : "",
				 (int)one.size - scheme,
				 (const char *)one.data + scheme);
	}
	return out;
}

static const char *text_of(struct reading *r, const struct setting *row,
			   struct slice text)
{
	if (row->flags & SETTING_ADDRESSES && r->data_dir)
		return addresses_of(r, text);
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
	return reading_refuse(r, node, "'%.60s' is not one of %s",
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
		return reading_refuse(r, node, "%s", why);
	if (*out < row->min) {
		put_bound(row, row->min, bound, sizeof(bound));
		return reading_refuse(r, node, "less than %s", bound);
	}
	if (row->max && *out > row->max) {
		put_bound(row, row->max, bound, sizeof(bound));
		return reading_refuse(r, node, "more than %s", bound);
	}
	return 0;
}

static int read_scalar(struct reading *r, const struct setting *row,
		       const struct yaml_node *node, void *out)
{
	const char *why;

	if (node->kind != YAML_SCALAR)
		return reading_refuse(r, node, "a single value belongs here");
	switch (row->type) {
	case SETTING_BOOL:
		why = value_bool(node->text, out);
		return why ? reading_refuse(r, node, "%s", why) : 0;
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
		return reading_refuse(r, node, "a list belongs here");
	texts = arena_array(r->mem, node->count + 1, sizeof(*texts));
	for (size_t i = 0; texts && i < node->count; i++) {
		if (node->items[i]->kind != YAML_SCALAR)
			return reading_refuse(r, node->items[i],
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
		result = reading_refuse(r, node, "keys and values belong here");
	else if (key && yaml_find(node, name->key))
		result = reading_refuse(r, node, "'%s' stands in front already",
					name->key);
	else {
		if (key)
			*(const char **)place(name, base) =
			    text_of(r, name, key->text);
		result = reading_rows(r, row->rows, node, base);
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
		return reading_refuse(r, node, "a list or a map belongs here");
	if (map && !key_row(row->rows))
		return reading_refuse(r, node, "a list belongs here");
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
		result = reading_refuse(r, node, "too big");
	else
		*out = arena_copy(r->mem, buffer_slice(&json).data,
				  buffer_size(&json));
	buffer_release(&json);
	return result;
}

int reading_value(struct reading *r, const struct setting *row,
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
		return reading_refuse(r, node, "the settings are too big");
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
	return reading_value(r, row, node, base);
}

int reading_refuse_key(struct reading *r, const struct setting *rows,
		       const struct yaml_node *key)
{
	const char *near = nearest_key(rows, (const char *)key->text.data);
	size_t length = strlen(r->path);

	snprintf(r->path + length, sizeof(r->path) - length, ".%s",
		 (const char *)key->text.data);
	return near ? reading_refuse(r, key,
				     "no such setting (is '%s' what is meant?)",
				     near)
		    : reading_refuse(r, key, "no such setting");
}

static bool knows(const struct setting *rows, struct slice key)
{
	while (rows->key && !slice_is(key, rows->key))
		rows++;
	return rows->key != NULL;
}

int reading_check_keys(struct reading *r, const struct setting *rows,
		       const struct yaml_node *map)
{
	for (size_t i = 0; i < map->count; i++)
		if (!knows(rows, map->keys[i]->text))
			return reading_refuse_key(r, rows, map->keys[i]);
	return 0;
}

/* The value written under a key; a key with nothing behind it is not set. */
struct yaml_node *reading_written(const struct yaml_node *map, const char *key)
{
	struct yaml_node *node = map ? yaml_find(map, key) : NULL;

	return node && !yaml_is_null(node) ? node : NULL;
}

int reading_with_key(struct reading *r, const struct setting *row,
		     const struct yaml_node *node, void *base)
{
	size_t length = strlen(r->path);
	int result;

	snprintf(r->path + length, sizeof(r->path) - length, ".%s", row->key);
	result = node ? reading_value(r, row, node, base)
		      : read_default(r, row, base);
	r->path[length] = '\0';
	return result;
}

int reading_missing(struct reading *r, const struct setting *row,
		    const struct yaml_node *near)
{
	return reading_refuse(r, near, "'%s' is required (%s)", row->key,
			      row->help);
}

/* The rows of a table's struct; a map's key is there already. */
int reading_rows(struct reading *r, const struct setting *rows,
		 const struct yaml_node *map, void *base)
{
	int result = reading_check_keys(r, rows, map);

	for (; rows->key && result == 0; rows++) {
		struct yaml_node *node = reading_written(map, rows->key);

		if (!node && (rows->flags & SETTING_KEY) &&
		    *(const char **)place(rows, base))
			continue;
		if (!node && (rows->flags & SETTING_REQUIRED))
			return reading_missing(r, rows, map);
		result = reading_with_key(r, rows, node, base);
	}
	return result;
}
