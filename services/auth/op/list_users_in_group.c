/* services/auth/op/list_users_in_group.c - who is in a group, in order of names */
#include "services/auth/op/list_users.h"
#include "services/auth/store/users.h"

static void next(struct call *);

static void user_found(struct call *c)
{
	struct auth_list_users *s = c->state;

	if (!call_failed(c) && s->admin.user &&
	    auth_groups_have(&s->admin.user->groups, s->group))
		s->rows[s->count++] = s->admin.user;
	next(c);
}

static void next(struct call *c)
{
	struct auth_list_users *s = c->state;

	if (!call_failed(c) && s->at < s->members.count) {
		auth_users_get(c, s->members.names[s->at++], &s->admin.user,
			       user_found);
		return;
	}
	if (!call_failed(c) && s->members.more && s->at)
		auth_page_go_on(c, &s->page, s->members.names[s->at - 1]);
	s->admin.done(c);
}

static void listed(struct call *c)
{
	struct auth_list_users *s = c->state;

	s->rows = arena_array(c->mem, s->members.count + 1, sizeof(*s->rows));
	call_status(c);
	next(c);
}

static void found(struct call *c)
{
	struct auth_list_users *s = c->state;

	if (!call_failed(c) && (!s->found || s->found->going))
		call_fail(c, E_MISSING, "Group not found.");
	if (call_failed(c)) {
		s->admin.done(c);
		return;
	}
	s->members.after = s->page.after;
	s->members.limit = s->page.rows;
	auth_groups_members(c, s->group, &s->members, listed);
}

static void look(struct call *c)
{
	struct auth_list_users *s = c->state;

	if (auth_page_read(c, &s->page))
		s->admin.done(c);
	else
		auth_groups_get(c, s->group, &s->found, found);
}

void auth_list_users_in_group(struct call *c, struct auth_list_users *s)
{
	auth_admin_begin(c, &s->admin, look);
}
