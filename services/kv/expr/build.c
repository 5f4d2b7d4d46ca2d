/* services/kv/expr/build.c - the trees of expressions, piece by piece */
#include "services/kv/expr/build.h"
#include "services/kv/expr/scope.h"
#include "services/kv/model/item.h"

static void *no_memory(struct kv_scope *scope)
{
	fault_set(scope->fault, E_INVALID, "too much data");
	return NULL;
}

struct kv_node *kv_build_room(struct kv_scope *scope, enum kv_node_kind kind,
			      size_t count)
{
	struct kv_node *node = arena_zalloc(scope->mem, sizeof(*node));
	const struct kv_node **args =
	    arena_array(scope->mem, count + 1, sizeof(*args));

	if (!node || !args)
		return no_memory(scope);
	node->kind = kind;
	node->name = "";
	node->args = args;
	node->count = count;
	return node;
}

/* ---- operands --------------------------------------------------------------
 */

const struct kv_path *kv_build_path(struct kv_scope *scope,
				    const struct kv_step *steps, size_t count)
{
	size_t size = count * sizeof(*steps), place = scope->touched_count;
	struct kv_path *path = arena_zalloc(scope->mem, sizeof(*path) + size);

	for (size_t i = 0; i < count; i++)
		if (steps[i].name.data &&
		    kv_name_check(steps[i].name, scope->fault) < 0)
			return NULL;
	if (!path || !kv_scope_touch(scope, steps[0].name))
		return no_memory(scope);
	path->count = count;
	path->place = place;
	memcpy(path->steps, steps, size);
	return path;
}

const struct kv_path *kv_build_name(struct kv_scope *scope, struct slice name)
{
	return kv_build_path(scope, &(struct kv_step){ .name = name }, 1);
}

const struct kv_node *kv_build_operand(struct kv_scope *scope,
				       const struct kv_path *path)
{
	struct kv_node *node = path ? kv_build_room(scope, NODE_PATH, 0) : NULL;

	if (node)
		node->path = path;
	return node;
}

const struct kv_node *kv_build_value(struct kv_scope *scope,
				     const struct item_value *value)
{
	struct kv_node *node = kv_build_room(scope, NODE_VALUE, 0);

	if (node)
		node->value = *value;
	return node;
}

/* ---- operators -------------------------------------------------------------
 */

const struct kv_node *kv_build_node(struct kv_scope *scope,
				    enum kv_node_kind kind,
				    const struct kv_node *const *args,
				    size_t count)
{
	struct kv_node *node = kv_build_room(scope, kind, count);

	for (size_t i = 0; node && i < count; i++) {
		if (!args[i])
			return NULL;
		node->args[i] = args[i];
	}
	return node;
}

const struct kv_node *kv_build_junction(struct kv_scope *scope,
					enum kv_node_kind kind,
					const struct kv_node *const *conditions,
					size_t count)
{
	size_t half = count / 2;
	const struct kv_node *args[2];

	if (count < 2)
		return count ? conditions[0] : NULL;
	args[0] = kv_build_junction(scope, kind, conditions, half);
	args[1] =
	    kv_build_junction(scope, kind, conditions + half, count - half);
	return kv_build_node(scope, kind, args, 2);
}
