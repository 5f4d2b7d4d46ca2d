/* services/auth/op/admin_list_groups_for_user.c - the groups that a user is in
 *
 * In the order in which they take precedence. A page's token is the name of the
 * last one on it; whoever has left that group meanwhile begins again.
 */
#include "services/auth/op/list_groups.h"

static void next(struct call *c);

static void found(struct call *c)
{
	struct auth_list_groups *s = c->state;

	if (!call_failed(c) && s->found)
		s->rows[s->count++] = *s->found;
	next(c);
}

static void next(struct call *c)
{
	struct auth_list_groups *s = c->state;
	const struct auth_groups *groups = &s->admin.user->groups;

	if (!call_failed(c) && s->at < groups->count &&
	    s->count < s->page.rows) {
		auth_groups_get(c, groups->rows[s->at++].name, &s->found,
				found);
		return;
	}
	if (!call_failed(c) && s->at < groups->count)
		auth_page_go_on(c, &s->page, groups->rows[s->at - 1].name);
	s->admin.done(c);
}

static void user_found(struct call *c)
{
	struct auth_list_groups *s = c->state;
	const struct auth_groups *groups = &s->admin.user->groups;

	if (!auth_page_read(c, &s->page))
		s->rows = arena_array(c->mem, s->page.rows, sizeof(*s->rows));
	if (call_status(c)) {
		s->admin.done(c);
		return;
	}
	for (size_t i = 0; i < groups->count; i++)
		if (slice_equal(groups->rows[i].name, s->page.after))
			s->at = i + 1;
	next(c);
}

void auth_admin_list_groups_for_user(struct call *c, struct auth_list_groups *s)
{
	auth_admin_find(c, &s->admin, user_found);
}
