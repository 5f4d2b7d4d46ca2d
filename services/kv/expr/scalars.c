/* services/kv/expr/scalars.c - no path leads into an attribute of a key */
#include "services/kv/expr/action.h"

static int refuse(const char *what, struct slice name, struct fault *f)
{
	return fault_set(f, E_INVALID,
			 "Key attributes must be scalars; list random access "
			 "'[]' and map lookup '.' are not allowed: %s: %.*s",
			 what, SLICE_ARGS(name));
}

static int check_path(const struct kv_path *path, const struct kv_table *table,
		      struct fault *f)
{
	struct slice name = path->steps[0].name;

	if (path->count == 1)
		return 0;
	if (kv_schema_has(&table->key, name))
		return refuse("Key", name, f);
	return kv_table_uses(table, name) ? refuse("IndexKey", name, f) : 0;
}

int kv_paths_check_scalars(const struct kv_paths *paths,
			   const struct kv_table *table, struct fault *f)
{
	for (size_t i = 0; paths && i < paths->count; i++)
		if (check_path(paths->paths[i], table, f))
			return -E_INVALID;
	return 0;
}

int kv_filter_check_scalars(const struct kv_node *node,
			    const struct kv_table *table, struct fault *f)
{
	if (!node)
		return 0;
	if (node->kind == NODE_PATH && check_path(node->path, table, f))
		return -E_INVALID;
	for (size_t i = 0; i < node->count; i++)
		if (kv_filter_check_scalars(node->args[i], table, f))
			return -E_INVALID;
	return 0;
}

int kv_update_check_scalars(const struct kv_update *update,
			    const struct kv_table *table, struct fault *f)
{
	for (size_t i = 0; i < update->count; i++)
		if (check_path(update->actions[i].path, table, f) ||
		    kv_filter_check_scalars(update->actions[i].value, table, f))
			return -E_INVALID;
	return 0;
}
