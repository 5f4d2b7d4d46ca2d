/* services/kv/expr/index.c - what an expression names that an index has not */
#include "services/kv/expr/node.h"

#define INVALID "One or more parameter values were invalid: "

enum { SHOWN_MAX = 16 }; /* names in an error */

/* First names of paths that the index does not project, each once. */
struct missing {
	const struct kv_table *table;
	const struct kv_index *index;
	struct slice names[SHOWN_MAX];
	size_t count;
};

static void note(struct missing *m, struct slice name)
{
	if (m->count == SHOWN_MAX ||
	    kv_index_projects(m->table, m->index, name))
		return;
	for (size_t i = 0; i < m->count; i++)
		if (slice_equal(m->names[i], name))
			return;
	m->names[m->count++] = name;
}

static void note_paths(struct missing *m, const struct kv_paths *paths)
{
	for (size_t i = 0; paths && i < paths->count; i++)
		note(m, paths->paths[i]->steps[0].name);
}

static void note_node(struct missing *m, const struct kv_node *node)
{
	if (!node)
		return;
	if (node->kind == NODE_PATH)
		note(m, node->path->steps[0].name);
	for (size_t i = 0; i < node->count; i++)
		note_node(m, node->args[i]);
}

/* "a, b" into `out`. */
static const char *show(const struct missing *m, char out[FAULT_TEXT])
{
	size_t at = 0;

	for (size_t i = 0; i < m->count && at < FAULT_TEXT; i++)
		at += (size_t)snprintf(out + at, FAULT_TEXT - at, "%s%.*s",
				       i ? ", " : "", SLICE_ARGS(m->names[i]));
	return out;
}

bool kv_paths_projected(const struct kv_paths *paths,
			const struct kv_table *table,
			const struct kv_index *index)
{
	struct missing m = { .table = table, .index = index };

	note_paths(&m, paths);
	return m.count == 0;
}

int kv_paths_check_index(const struct kv_paths *paths,
			 const struct kv_table *table,
			 const struct kv_index *index, struct fault *f)
{
	struct missing m = { .table = table, .index = index };
	char names[FAULT_TEXT];

	note_paths(&m, paths);
	if (m.count == 0)
		return 0;
	return fault_set(f, E_INVALID,
			 INVALID "Global secondary index %.*s does not project "
				 "[%s]",
			 SLICE_ARGS(index->name), show(&m, names));
}

int kv_filter_check_index(const struct kv_node *filter,
			  const struct kv_table *table,
			  const struct kv_index *index, struct fault *f)
{
	struct missing m = { .table = table, .index = index };
	char names[FAULT_TEXT];

	note_node(&m, filter);
	if (m.count == 0)
		return 0;
	return fault_set(f, E_INVALID,
			 INVALID "Secondary index %.*s does not project one or "
				 "more filter attributes: [%s]",
			 SLICE_ARGS(index->name), show(&m, names));
}
