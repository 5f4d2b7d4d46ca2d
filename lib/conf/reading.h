/* lib/conf/reading.h - a value from YAML into the place of its row
 *
 * For setting.c: what it refuses is said with the file, the line and the path
 * of keys that lead there.
 */
#ifndef PARLOR_CONF_READING_H
#define PARLOR_CONF_READING_H

#include "lib/conf/setting.h"
#include "lib/conf/yaml.h"

enum { READING_PATH = 200 };

/* Where a value was found, for errors, and where values go. */
struct reading {
	const char *file; /* or the variable's name */
	const char *data_dir;
	struct arena *mem;
	struct fault *fault;
	char path[READING_PATH]; /* "gateway.routes[2].method" */
};

/* Refuses what stands at the node, or, without one, at the path. */
int reading_refuse(struct reading *, const struct yaml_node *,
		   const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Refuses a key of a map that is none of these rows'. */
int reading_refuse_key(struct reading *, const struct setting *rows,
		       const struct yaml_node *key);
int reading_check_keys(struct reading *, const struct setting *rows,
		       const struct yaml_node *map);
int reading_missing(struct reading *, const struct setting *row,
		    const struct yaml_node *near);

/* The value written under a key; a key with nothing behind it is not set. The
 * map may be NULL. */
struct yaml_node *reading_written(const struct yaml_node *map, const char *key);

/* The value into its place in the struct at `base`. */
int reading_value(struct reading *, const struct setting *row,
		  const struct yaml_node *, void *base);

/* The same under the row's key; without a node, the row's default. */
int reading_with_key(struct reading *, const struct setting *row,
		     const struct yaml_node *, void *base);

/* All rows of a struct from a map; a table's key may be in its place already. */
int reading_rows(struct reading *, const struct setting *rows,
		 const struct yaml_node *map, void *base);

#endif
