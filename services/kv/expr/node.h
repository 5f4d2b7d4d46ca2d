/* services/kv/expr/node.h - the tree an expression becomes
 *
 * Made by this room's parsers, and with build.h by those who read the same
 * meaning in another form; looked into by this room alone. Nodes live in the
 * arena of the scope they were made in.
 */
#ifndef PARLOR_KV_NODE_H
#define PARLOR_KV_NODE_H

#include "services/kv/expr/expr.h"

/* A step into a map, by name, or into a list. */
struct kv_step {
	struct slice name; /* null data: a list's index */
	uint32_t index;
};

struct kv_path {
	size_t count;
	size_t place; /* the how manyeth path of its scope it is */
	struct kv_step steps[];
};

enum kv_node_kind {
	/* operands */
	NODE_PATH,
	NODE_VALUE,
	NODE_SIZE,
	NODE_PLUS,
	NODE_MINUS,
	NODE_IF_NOT_EXISTS,
	NODE_LIST_APPEND,
	/* conditions */
	NODE_EQ,
	NODE_NE,
	NODE_LT,
	NODE_LE,
	NODE_GT,
	NODE_GE,
	NODE_BETWEEN,
	NODE_IN,
	NODE_EXISTS,
	NODE_NOT_EXISTS,
	NODE_TYPE,
	NODE_BEGINS_WITH,
	NODE_CONTAINS,
	NODE_NOT,
	NODE_AND,
	NODE_OR,
};

static inline bool node_is_condition(enum kv_node_kind kind)
{
	return kind >= NODE_EQ;
}

struct kv_node {
	enum kv_node_kind kind;
	bool function, parentheses;
	const char *name; /* of the operator or function, for errors */
	size_t count;
	const struct kv_node **args;
	const struct kv_path *path; /* of NODE_PATH */
	struct item_value value;    /* of NODE_VALUE */
};

/* ---- paths (path.c) --------------------------------------------------------
 */

/* What a step leads to in a map or list, or ITEM_NONE. */
struct item_value kv_step_find(const struct kv_step *,
			       const struct item_value *);

/* What a path names in an item, or ITEM_NONE. */
struct item_value kv_path_find(const struct kv_path *, struct slice item);

/* "[a, b, [1]]" into `out`, cut where it does not fit. */
void kv_path_show(const struct kv_path *, char *out, size_t size);

/* Orders steps: names by bytes, before indexes. */
int kv_step_compare(const struct kv_step *, const struct kv_step *);

/* Orders paths by their steps, a path before those within it. */
int kv_path_compare(const struct kv_path *, const struct kv_path *);

/* Puts paths in order; refuses two of which one is within the other, or that
 * see a map and a list in the same place. */
int kv_paths_sort(const struct kv_path **, size_t count, const char *what,
		  struct fault *);

/* How many of the paths at `paths` have the same step at `depth` as the
 * first. */
size_t kv_paths_group(const struct kv_path *const *paths, size_t count,
		      size_t depth);

#endif
