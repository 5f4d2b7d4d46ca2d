/* services/kv/expr/build.h - the trees of expressions, piece by piece
 *
 * What a request says in another form than an expression becomes the same tree,
 * made with these. All of it is in the scope's arena; when that is full the
 * scope's fault says so and the result is NULL, which each function takes for
 * an argument too, so that only the last result needs a look.
 */
#ifndef PARLOR_KV_BUILD_H
#define PARLOR_KV_BUILD_H

#include "services/kv/expr/action.h"

/* A node with room for `count` arguments, to be filled in. */
struct kv_node *kv_build_room(struct kv_scope *, enum kv_node_kind,
			      size_t count);

/* Steps that begin with a name, KV_PATH_STEPS_MAX at most; they are copied.
 * The scope notes the first name as touched. */
const struct kv_path *kv_build_path(struct kv_scope *, const struct kv_step *,
				    size_t count);

/* A path of one name, which is the whole name. */
const struct kv_path *kv_build_name(struct kv_scope *, struct slice name);

/* Operands: a path; a value, canonical, whose bytes stay where they are. */
const struct kv_node *kv_build_operand(struct kv_scope *,
				       const struct kv_path *);
const struct kv_node *kv_build_value(struct kv_scope *,
				     const struct item_value *);

/* An operator or function of these arguments. */
const struct kv_node *kv_build_node(struct kv_scope *, enum kv_node_kind,
				    const struct kv_node *const *args,
				    size_t count);

/* Conditions under AND or OR; NULL for none of them. However many there are,
 * the tree is shallow. */
const struct kv_node *kv_build_junction(struct kv_scope *, enum kv_node_kind,
					const struct kv_node *const *conditions,
					size_t count);

/* The last steps of the compilers in expr.h, with their errors. The paths and
 * actions are put in order where they stand, and stay there. */
int kv_build_projection(struct kv_scope *, const struct kv_path **,
			size_t count, struct kv_paths *);

/* What a path names as an attribute of its own. */
struct kv_column {
	struct slice name;
	const struct kv_path *path;
};

/* A projection of columns, put in order where they stand; of two of one name
 * the later holds. */
int kv_build_columns(struct kv_scope *, struct kv_column *, size_t count,
		     struct kv_paths *);

int kv_build_update(struct kv_scope *, struct kv_action *, size_t count,
		    struct kv_update *);

#endif
