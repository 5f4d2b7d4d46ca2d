/* services/auth/model/group.c - users who are something together */
#include "services/auth/model/group.h"
#include "services/auth/model/user.h"

/* ---- a user's --------------------------------------------------------------
 */

/* Does a come before b? No precedence comes last. */
static bool precedes(const struct auth_group *a, const struct auth_group *b)
{
	uint64_t x = (uint64_t)a->precedence, y = (uint64_t)b->precedence;

	return x != y ? x < y : slice_compare(a->name, b->name) < 0;
}

bool auth_groups_have(const struct auth_groups *groups, struct slice name)
{
	for (size_t i = 0; i < groups->count; i++)
		if (slice_equal(groups->rows[i].name, name))
			return true;
	return false;
}

/* Without the one of that name, with the other one. */
static struct auth_groups change(const struct auth_groups *groups,
				 struct slice without,
				 const struct auth_group *with,
				 struct arena *mem)
{
	struct auth_groups out = { .rows = arena_array(mem, groups->count + 1,
						       sizeof(*out.rows)) };

	if (!out.rows)
		return out;
	for (size_t i = 0; i < groups->count; i++) {
		const struct auth_group *row = &groups->rows[i];

		if (slice_equal(row->name, without))
			continue;
		if (with && precedes(with, row)) {
			out.rows[out.count++] = *with;
			with = NULL;
		}
		out.rows[out.count++] = *row;
	}
	if (with)
		out.rows[out.count++] = *with;
	return out;
}

struct auth_groups auth_groups_with(const struct auth_groups *groups,
				    const struct auth_group *group,
				    struct arena *mem)
{
	return change(groups, group->name, group, mem);
}

struct auth_groups auth_groups_without(const struct auth_groups *groups,
				       struct slice name, struct arena *mem)
{
	return change(groups, name, NULL, mem);
}

struct slice auth_groups_preferred_role(const struct auth_groups *groups)
{
	const struct auth_group *first = NULL;

	for (size_t i = 0; i < groups->count; i++) {
		const struct auth_group *row = &groups->rows[i];

		if (!row->role.size)
			continue;
		if (!first)
			first = row;
		else if (row->precedence == first->precedence &&
			 !slice_equal(row->role, first->role))
			return (struct slice){ 0 };
	}
	return first ? first->role : (struct slice){ 0 };
}
