/* services/auth/op/list_groups.c - the pool's groups, in order of their names */
#include "services/auth/op/list_groups.h"

static void listed(struct call *c)
{
	struct auth_list_groups *s = c->state;

	s->rows = s->stored.rows;
	s->count = s->stored.count;
	if (s->stored.more && s->count)
		auth_page_go_on(c, &s->page, s->rows[s->count - 1].name);
	s->admin.done(c);
}

static void list(struct call *c)
{
	struct auth_list_groups *s = c->state;

	if (auth_page_read(c, &s->page)) {
		s->admin.done(c);
		return;
	}
	s->stored.after = s->page.after;
	s->stored.limit = s->page.rows;
	auth_groups_list(c, &s->stored, listed);
}

void auth_list_groups(struct call *c, struct auth_list_groups *s)
{
	auth_admin_begin(c, &s->admin, list);
}
