/* lib/conf/yaml.h - a YAML document as a tree that remembers its lines
 *
 * Bounded in every way: bytes, depth, and nodes counted as if every alias were
 * written out, so that no short text unfolds to a long one. Keys are texts and
 * stand once in their map.
 */
#ifndef PARLOR_CONF_YAML_H
#define PARLOR_CONF_YAML_H

#include "lib/base/arena.h"
#include "lib/base/buffer.h"
#include "lib/base/fault.h"

enum { YAML_BYTES_MAX = 4 << 20, YAML_DEPTH_MAX = 32, YAML_NODES_MAX = 100000 };

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind;
	int line;
	size_t weight;	   /* itself and all below it */
	struct slice text; /* a scalar's, with a NUL behind it, none within */
	bool plain;	   /* written without quotes */
	size_t count;	   /* of a list or a map */
	struct yaml_node **items; /* a list's, or a map's values */
	struct yaml_node **keys;  /* a map's, all scalars */
};

/* The document, or NULL with "NAME:LINE: why" in the fault. An empty one is an
 * empty map. All of it in the arena. */
struct yaml_node *yaml_parse(struct slice text, const char *name,
			     struct arena *, struct fault *);

/* The value under a key, or NULL. */
struct yaml_node *yaml_find(const struct yaml_node *map, const char *key);

/* Is it `null`, `~` or nothing at all? */
bool yaml_is_null(const struct yaml_node *);

/* The same as JSON; plain scalars that JSON knows (numbers, true, false, null)
 * are these, others are strings. */
void yaml_put_json(struct buffer *, const struct yaml_node *);

#endif
