/* services/kv/expr/apply.c - an item after an update
 *
 * First what each action makes of its place is computed, all from the item as
 * it was. Then the item is written again from its end: what no path leads to is
 * copied as it stands.
 */
#include "services/kv/expr/action.h"
#include "services/kv/model/item.h"
#include "services/kv/model/number.h"
#include "services/kv/model/writer.h"

/* What is to stand in an action's place; ITEM_NONE: nothing. */
struct update {
	const struct kv_path *const *paths;
	struct item_value *results; /* of each path */
	struct slice item;	    /* as it was */
	const char *mismatch;	    /* of the request's form */
	struct arena *mem;
	struct fault *fault;
	struct kv_writer out;
};

static int wrong_type(struct update *u)
{
	return fault_set(u->fault, E_INVALID, "%s",
			 u->mismatch ? u->mismatch
				     : "An operand in the update expression "
				       "has an incorrect data type");
}

static int invalid_path(struct update *u)
{
	return fault_set(u->fault, E_INVALID,
			 "The document path provided in the update expression "
			 "is invalid for update");
}

/* ---- values ----------------------------------------------------------------
 */

static int add_numbers(struct update *u, const struct item_value *a,
		       const struct item_value *b, bool minus,
		       struct item_value *out)
{
	struct kv_number left, right;
	char text[KV_NUMBER_TEXT];
	size_t size;

	if (a->type != ITEM_N || b->type != ITEM_N)
		return wrong_type(u);
	if (kv_number_parse(a->bytes, &left, u->fault) ||
	    kv_number_parse(b->bytes, &right, u->fault) ||
	    kv_number_add(&left, &right, minus, &left, u->fault))
		return -E_INVALID;
	size = kv_number_format(&left, text);
	*out =
	    (struct item_value){ .type = ITEM_N,
				 .bytes = arena_slice(u->mem,
						      slice_make(text, size)) };
	return 0;
}

/* A list's bytes are its members', one behind the other. */
static int append_lists(struct update *u, const struct item_value *a,
			const struct item_value *b, struct item_value *out)
{
	uint8_t *both = arena_alloc(u->mem, a->bytes.size + b->bytes.size);

	if (a->type != ITEM_L || b->type != ITEM_L)
		return wrong_type(u);
	if (!both)
		return fault_set(u->fault, E_INVALID, "too much data");
	if (a->bytes.size)
		memcpy(both, a->bytes.data, a->bytes.size);
	if (b->bytes.size)
		memcpy(both + a->bytes.size, b->bytes.data, b->bytes.size);
	*out = (struct item_value){
		.type = ITEM_L,
		.bytes = slice_make(both, a->bytes.size + b->bytes.size)
	};
	return 0;
}

static int read_value(struct update *, const struct kv_node *,
		      struct item_value *);

static int read_pair(struct update *u, const struct kv_node *node,
		     struct item_value *out)
{
	struct item_value a, b;

	if (read_value(u, node->args[0], &a) ||
	    read_value(u, node->args[1], &b))
		return -E_INVALID;
	return node->kind == NODE_LIST_APPEND
		   ? append_lists(u, &a, &b, out)
		   : add_numbers(u, &a, &b, node->kind == NODE_MINUS, out);
}

static int read_value(struct update *u, const struct kv_node *node,
		      struct item_value *out)
{
	switch (node->kind) {
	case NODE_VALUE:
		*out = node->value;
		return 0;
	case NODE_PATH:
		*out = kv_path_find(node->path, u->item);
		if (out->type)
			return 0;
		return fault_set(u->fault, E_INVALID,
				 "The provided expression refers to an "
				 "attribute that does not exist in the item");
	case NODE_IF_NOT_EXISTS:
		*out = kv_path_find(node->args[0]->path, u->item);
		return out->type ? 0 : read_value(u, node->args[1], out);
	default:
		return read_pair(u, node, out);
	}
}

/* ---- sets ------------------------------------------------------------------
 * Both are in order: a walk over the two gives their union or difference. */

static size_t read_members(struct update *u, const struct item_value *set,
			   struct slice **members)
{
	size_t count = kv_value_count(set);
	struct slice rest = set->bytes;
	struct item_value member;

	*members = arena_array(u->mem, count + 1, sizeof(**members));
	for (size_t i = 0; *members && i < count; i++) {
		item_next_value(set->type, &rest, &member);
		(*members)[i] = member.bytes;
	}
	return *members ? count : 0;
}

static int combine_sets(struct update *u, const struct item_value *have,
			const struct item_value *given, bool add,
			struct item_value *out)
{
	struct slice *left, *right;
	size_t i = read_members(u, have, &left);
	size_t j = read_members(u, given, &right);
	struct kv_writer w;

	kv_writer_init(&w, u->mem, KV_ITEM_BYTES_MAX);
	while (i > 0 || j > 0) {
		int order = i == 0   ? -1
			    : j == 0 ? 1
				     : kv_set_compare(have->type, left[i - 1],
						      right[j - 1]);

		if (add || order > 0)
			kv_writer_bytes(&w, 1,
					order >= 0 ? left[i - 1]
						   : right[j - 1]);
		i -= order >= 0;
		j -= order <= 0;
	}
	*out = (struct item_value){ 0 };
	if (w.full)
		return fault_set(u->fault, E_INVALID, "too much data");
	if (kv_writer_size(&w))
		*out = (struct item_value){ .type = have->type,
					    .bytes = kv_writer_slice(&w) };
	return 0;
}

/* ADD and DELETE, whose value is a constant. */
static int combine(struct update *u, const struct kv_action *action,
		   struct item_value *out)
{
	struct item_value have = kv_path_find(action->path, u->item);
	const struct item_value *given = &action->value->value;
	bool add = action->kind == ACTION_ADD;

	if (have.type == ITEM_NONE) {
		*out = add ? *given : have;
		return 0;
	}
	if (have.type != given->type)
		return wrong_type(u);
	return have.type == ITEM_N ? add_numbers(u, &have, given, false, out)
				   : combine_sets(u, &have, given, add, out);
}

/* ---- depth -----------------------------------------------------------------
 */

/* How many lists and maps are within each other. */
static size_t depth_of(const struct item_value *value)
{
	struct slice rest = value->bytes, name;
	struct item_value member;
	size_t most = 0, depth;

	if (value->type != ITEM_M && value->type != ITEM_L)
		return 0;
	while ((value->type == ITEM_M
		    ? item_next(&rest, &name, &member)
		    : item_next_value(ITEM_L, &rest, &member)) > 0) {
		depth = depth_of(&member);
		most = depth > most ? depth : most;
	}
	return 1 + most;
}

static int compute(struct update *u, const struct kv_action *action,
		   struct item_value *out)
{
	*out = (struct item_value){ 0 };
	if (action->kind == ACTION_ADD || action->kind == ACTION_DELETE)
		return combine(u, action, out);
	if (action->kind == ACTION_SET && read_value(u, action->value, out))
		return -E_INVALID;
	if (action->path->count - 1 + depth_of(out) > KV_DEPTH_MAX)
		return fault_set(u->fault, E_INVALID,
				 "Nesting Levels have exceeded supported "
				 "limits");
	return 0;
}

/* ---- writing ---------------------------------------------------------------
 * `from` and `count` select the actions whose paths share the steps that lead
 * here; `depth` is how many steps that were. */

struct group {
	size_t from, count;
	const struct kv_step *step;
};

struct entry {
	struct slice name;
	struct item_value value;
};

static int write_inside(struct update *, const struct item_value *, size_t from,
			size_t count, size_t depth);

static struct group *find_groups(struct update *u, size_t from, size_t count,
				 size_t depth, size_t *found)
{
	struct group *groups = arena_array(u->mem, count, sizeof(*groups));
	size_t same;

	*found = 0;
	for (size_t i = 0; groups && i < count; i += same) {
		const struct kv_path *const *paths = &u->paths[from + i];

		same = kv_paths_group(paths, count - i, depth);
		groups[(*found)++] =
		    (struct group){ from + i, same, &paths[0]->steps[depth] };
	}
	return groups;
}

/* The value of a place that paths lead to, which has `have` or nothing. */
static int write_place(struct update *u, const struct group *group,
		       const struct item_value *have, size_t depth)
{
	const struct kv_path *path = u->paths[group->from];
	size_t mark = kv_writer_size(&u->out);

	if (path->count == depth + 1) {
		if (u->results[group->from].type)
			kv_writer_value(&u->out, &u->results[group->from]);
		return 0;
	}
	if (have->type != (path->steps[depth + 1].name.data ? ITEM_M : ITEM_L))
		return invalid_path(u);
	if (write_inside(u, have, group->from, group->count, depth + 1))
		return -E_INVALID;
	kv_writer_head(&u->out, have->type, mark);
	return 0;
}

static const struct item_value nothing = { .type = ITEM_NONE };

static int write_entry(struct update *u, const struct group *group,
		       const struct item_value *have, size_t depth)
{
	size_t mark = kv_writer_size(&u->out);

	if (write_place(u, group, have, depth))
		return -E_INVALID;
	if (kv_writer_size(&u->out) != mark)
		kv_writer_entry(&u->out, group->step->name, mark);
	return 0;
}

static int write_member(struct update *u, const struct group *group,
			const struct item_value *have, size_t depth)
{
	size_t mark = kv_writer_size(&u->out);

	if (write_place(u, group, have, depth))
		return -E_INVALID;
	if (kv_writer_size(&u->out) != mark)
		kv_writer_member(&u->out, mark);
	return 0;
}

static int write_map(struct update *u, const struct entry *entries, size_t e,
		     const struct group *groups, size_t g, size_t depth)
{
	while (e > 0 || g > 0) {
		int order = e == 0   ? -1
			    : g == 0 ? 1
				     : slice_compare(entries[e - 1].name,
						     groups[g - 1].step->name);

		if (order > 0)
			kv_writer_attribute(&u->out, entries[e - 1].name,
					    &entries[e - 1].value);
		else if (write_entry(u, &groups[g - 1],
				     order ? &nothing : &entries[e - 1].value,
				     depth))
			return -E_INVALID;
		e -= order >= 0;
		g -= order <= 0;
	}
	return 0;
}

/* Places past the end are appended in their order. */
static int write_list(struct update *u, const struct entry *members, size_t m,
		      const struct group *groups, size_t g, size_t depth)
{
	for (; g > 0 && groups[g - 1].step->index >= m; g--)
		if (write_member(u, &groups[g - 1], &nothing, depth))
			return -E_INVALID;
	for (; m > 0; m--) {
		size_t mark = kv_writer_size(&u->out);

		if (g > 0 && groups[g - 1].step->index == m - 1) {
			if (write_member(u, &groups[--g], &members[m - 1].value,
					 depth))
				return -E_INVALID;
			continue;
		}
		kv_writer_value(&u->out, &members[m - 1].value);
		kv_writer_member(&u->out, mark);
	}
	return 0;
}

/* The inside of a map or list. */
static int write_inside(struct update *u, const struct item_value *of,
			size_t from, size_t count, size_t depth)
{
	size_t have = kv_value_count(of), found;
	struct entry *entries = arena_array(u->mem, have + 1, sizeof(*entries));
	struct group *groups = find_groups(u, from, count, depth, &found);
	struct slice rest = of->bytes;

	if (!entries || !groups)
		return fault_set(u->fault, E_INVALID, "too much data");
	for (size_t i = 0; i < have; i++) {
		if (of->type == ITEM_M)
			item_next(&rest, &entries[i].name, &entries[i].value);
		else
			item_next_value(ITEM_L, &rest, &entries[i].value);
	}
	return of->type == ITEM_M
		   ? write_map(u, entries, have, groups, found, depth)
		   : write_list(u, entries, have, groups, found, depth);
}

int kv_update_apply(const struct kv_update *update, struct slice item,
		    struct arena *mem, struct slice *out, struct fault *f)
{
	struct item_value whole = { .type = ITEM_M, .bytes = item };
	struct update u = { .paths = update->touched.paths,
			    .item = item,
			    .mismatch = update->mismatch,
			    .mem = mem,
			    .fault = f };

	*out = item;
	if (update->count == 0)
		return 0;
	u.results = arena_array(mem, update->count, sizeof(*u.results));
	if (!u.results)
		return fault_set(f, E_INVALID, "too much data");
	for (size_t i = 0; i < update->count; i++)
		if (compute(&u, &update->actions[i], &u.results[i]))
			return -E_INVALID;
	kv_writer_init(&u.out, mem, KV_ITEM_BYTES_MAX);
	if (write_inside(&u, &whole, 0, update->count, 0))
		return -E_INVALID;
	if (u.out.full)
		return fault_set(f, E_INVALID,
				 "Item size to update has exceeded the maximum "
				 "allowed size");
	*out = kv_writer_slice(&u.out);
	return 0;
}
