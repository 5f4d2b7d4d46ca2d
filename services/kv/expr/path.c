/* services/kv/expr/path.c - document paths */
#include "services/kv/expr/node.h"

#include <stdlib.h>

static struct item_value find_member(struct slice list, uint32_t index)
{
	struct item_value member;

	while (item_next_value(ITEM_L, &list, &member) > 0)
		if (index-- == 0)
			return member;
	return (struct item_value){ 0 };
}

struct item_value kv_step_find(const struct kv_step *step,
			       const struct item_value *value)
{
	if (value->type != (step->name.data ? ITEM_M : ITEM_L))
		return (struct item_value){ 0 };
	return step->name.data ? item_find_slice(value->bytes, step->name)
			       : find_member(value->bytes, step->index);
}

struct item_value kv_path_find(const struct kv_path *path, struct slice item)
{
	struct item_value value = { .type = ITEM_M, .bytes = item };

	for (size_t i = 0; i < path->count; i++)
		value = kv_step_find(&path->steps[i], &value);
	return value;
}

void kv_path_show(const struct kv_path *path, char *out, size_t size)
{
	size_t at = 0;

	for (size_t i = 0; i < path->count && at < size; i++) {
		const struct kv_step *step = &path->steps[i];
		const char *before = i ? ", " : "[";

		if (step->name.data)
			at += (size_t)snprintf(out + at, size - at, "%s%.*s",
					       before, SLICE_ARGS(step->name));
		else
			at += (size_t)snprintf(out + at, size - at, "%s[%u]",
					       before, step->index);
	}
	if (at < size)
		snprintf(out + at, size - at, "]");
}

int kv_step_compare(const struct kv_step *a, const struct kv_step *b)
{
	if (a->name.data && b->name.data)
		return slice_compare(a->name, b->name);
	if (a->name.data || b->name.data)
		return a->name.data ? -1 : 1;
	return (a->index > b->index) - (a->index < b->index);
}

int kv_path_compare(const struct kv_path *a, const struct kv_path *b)
{
	size_t common = a->count < b->count ? a->count : b->count;

	for (size_t i = 0; i < common; i++) {
		int order = kv_step_compare(&a->steps[i], &b->steps[i]);

		if (order != 0)
			return order;
	}
	return (a->count > b->count) - (a->count < b->count);
}

static int by_path(const void *a, const void *b)
{
	return kv_path_compare(*(const struct kv_path *const *)a,
			       *(const struct kv_path *const *)b);
}

static int refuse_pair(const struct kv_path *a, const struct kv_path *b,
		       const char *verb, const char *what, struct fault *f)
{
	const struct kv_path *first = a->place < b->place ? a : b;
	char one[256], two[256];

	kv_path_show(first, one, sizeof(one));
	kv_path_show(first == a ? b : a, two, sizeof(two));
	return fault_set(f, E_INVALID,
			 "Invalid %s: Two document paths %s with each other; "
			 "must remove or rewrite one of these paths; path one: "
			 "%s, path two: %s",
			 what, verb, one, two);
}

/* Of neighbours in order: a path within another one, and the last name before
 * an index at the same place, are always neighbours. */
static int check_pair(const struct kv_path *a, const struct kv_path *b,
		      const char *what, struct fault *f)
{
	size_t common = a->count < b->count ? a->count : b->count, i = 0;

	while (i < common && kv_step_compare(&a->steps[i], &b->steps[i]) == 0)
		i++;
	if (i == common)
		return refuse_pair(a, b, "overlap", what, f);
	if (!a->steps[i].name.data != !b->steps[i].name.data)
		return refuse_pair(a, b, "conflict", what, f);
	return 0;
}

int kv_paths_sort(const struct kv_path **paths, size_t count, const char *what,
		  struct fault *f)
{
	qsort(paths, count, sizeof(*paths), by_path);
	for (size_t i = 1; i < count; i++)
		if (check_pair(paths[i - 1], paths[i], what, f))
			return -E_INVALID;
	return 0;
}

size_t kv_paths_group(const struct kv_path *const *paths, size_t count,
		      size_t depth)
{
	size_t same = 1;

	while (same < count && kv_step_compare(&paths[0]->steps[depth],
					       &paths[same]->steps[depth]) == 0)
		same++;
	return same;
}
