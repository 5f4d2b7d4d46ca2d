/* services/kv/expr/projection.c - the part of an item that paths name */
#include "services/kv/expr/build.h"
#include "services/kv/expr/parser.h"
#include "services/kv/model/item.h"
#include "services/kv/model/writer.h"

#include <stdlib.h>

#define WHAT "ProjectionExpression"

int kv_build_projection(struct kv_scope *scope, const struct kv_path **paths,
			size_t count, struct kv_paths *out)
{
	*out = (struct kv_paths){ .paths = paths, .count = count };
	return kv_paths_sort(paths, count, WHAT, scope->fault);
}

static int by_name(const void *a, const void *b)
{
	const struct kv_column *left = a, *right = b;
	int order = slice_compare(left->name, right->name);

	if (order != 0)
		return order;
	return (left->path->place > right->path->place) -
	       (left->path->place < right->path->place);
}

int kv_build_columns(struct kv_scope *scope, struct kv_column *columns,
		     size_t count, struct kv_paths *out)
{
	const struct kv_path **paths =
	    arena_array(scope->mem, count + 1, sizeof(*paths));
	struct slice *names =
	    arena_array(scope->mem, count + 1, sizeof(*names));

	*out = (struct kv_paths){ .paths = paths, .names = names };
	if (!paths || !names)
		return fault_set(scope->fault, E_INVALID, "too much data");
	qsort(columns, count, sizeof(*columns), by_name);
	for (size_t i = 0; i < count; i++) {
		if (i + 1 < count &&
		    slice_equal(columns[i].name, columns[i + 1].name))
			continue;
		names[out->count] = columns[i].name;
		paths[out->count++] = columns[i].path;
	}
	return 0;
}

int kv_projection_compile(struct kv_scope *scope, struct slice text,
			  struct kv_paths *out)
{
	/* a path takes two bytes at least */
	enum { PATHS_MAX = KV_EXPR_SIZE_MAX / 2 + 1 };
	const struct kv_path **paths;
	struct parser p;
	size_t count = 0;

	*out = (struct kv_paths){ 0 };
	if (!parser_start(&p, scope, WHAT, text))
		return -E_INVALID;
	paths = arena_array(scope->mem, text.size / 2 + 1, sizeof(*paths));
	do {
		const struct kv_path *path = paths ? parser_path(&p) : NULL;

		if (!path)
			break;
		paths[count++] = path;
	} while (count < PATHS_MAX && parser_take(&p, ","));
	if (!paths)
		parser_fail(&p, "too much data");
	if (parser_end(&p))
		return -E_INVALID;
	return kv_build_projection(scope, paths, count, out);
}

/* ---- applying --------------------------------------------------------------
 * Paths are in order, as names are: each level is a merge of the two. It is
 * written from its end, so both are gathered first and walked backwards. */

struct pick {
	const struct kv_path *const *paths; /* of the same first step */
	size_t count;
	struct slice name;
	struct item_value value;
};

static bool write_value(struct kv_writer *, const struct item_value *,
			const struct kv_path *const *, size_t count,
			size_t depth);

/* What one level keeps, in order; the count. */
static size_t pick_members(const struct item_value *of,
			   const struct kv_path *const *paths, size_t count,
			   size_t depth, struct pick *picks)
{
	size_t picked = 0, same;

	for (size_t i = 0; i < count; i += same) {
		const struct kv_step *step = &paths[i]->steps[depth];
		struct pick *pick = &picks[picked];

		same = kv_paths_group(&paths[i], count - i, depth);
		*pick = (struct pick){ &paths[i], same, step->name,
				       kv_step_find(step, of) };
		picked += pick->value.type != ITEM_NONE;
	}
	return picked;
}

/* The inside of a map or list; false when nothing of it is named. */
static bool write_members(struct kv_writer *w, const struct item_value *of,
			  const struct kv_path *const *paths, size_t count,
			  size_t depth)
{
	struct pick *picks = arena_array(w->mem, count, sizeof(*picks));
	size_t picked =
	    picks ? pick_members(of, paths, count, depth, picks) : 0;
	bool some = false;

	for (size_t i = picked; i > 0; i--) {
		struct pick *pick = &picks[i - 1];
		size_t mark = kv_writer_size(w);

		if (!write_value(w, &pick->value, pick->paths, pick->count,
				 depth + 1))
			continue;
		some = true;
		if (pick->name.data)
			kv_writer_entry(w, pick->name, mark);
		else
			kv_writer_member(w, mark);
	}
	return some;
}

static bool write_value(struct kv_writer *w, const struct item_value *value,
			const struct kv_path *const *paths, size_t count,
			size_t depth)
{
	size_t mark = kv_writer_size(w);

	if (paths[0]->count == depth) {
		kv_writer_value(w, value);
		return true;
	}
	if (!write_members(w, value, paths, count, depth))
		return false;
	kv_writer_head(w, value->type, mark);
	return true;
}

static void write_columns(struct kv_writer *w, const struct kv_paths *paths,
			  struct slice item)
{
	for (size_t i = paths->count; i > 0; i--) {
		struct item_value value =
		    kv_path_find(paths->paths[i - 1], item);

		if (value.type)
			kv_writer_attribute(w, paths->names[i - 1], &value);
	}
}

struct slice kv_projection_apply(const struct kv_paths *paths,
				 struct slice item, struct arena *mem)
{
	struct item_value whole = { .type = ITEM_M, .bytes = item };
	struct kv_writer w;

	kv_writer_init(&w, mem, KV_ITEM_BYTES_MAX);
	if (paths->names)
		write_columns(&w, paths, item);
	else if (paths->count)
		write_members(&w, &whole, paths->paths, paths->count, 0);
	return kv_writer_slice(&w);
}
